/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A kernel image: found out by its content, loaded into guest memory, described.
 *
 * Sources: the ELF gABI and its x86-64 supplement; Linux Documentation/arch/x86/boot.rst (boot
 * protocol 2.15), Documentation/arch/arm64/booting.rst and
 * Documentation/arch/riscv/boot-image-header.rst; the PVH entry note XEN_ELFNOTE_PHYS32_ENTRY (Xen
 * docs/misc/pvh.pandoc).
 */
#ifndef LOADER_IMAGE_H
#define LOADER_IMAGE_H

#include "loader/blob.h"
#include "loader/decompress.h"
#include "loader/err.h"
#include "loader/gmem.h"
#include "loader/setup_header.h"

#include <stdbool.h>
#include <stdint.h>

MINIVMM_BEGIN

/* The machine that is to run the kernel. */
enum image_machine {
	IMAGE_MACHINE_X86_64,
	IMAGE_MACHINE_AARCH64,
	IMAGE_MACHINE_RISCV64,
};

/* Guest memory that the caller needs for itself. */
struct image_taken {
	const char *what; /* as a message names it: "page tables" */
	gpa_t base;
	uint64_t bytes;
};

/*
 * Where the caller asks for a kernel to be placed. A field that is 0 leaves the choice to the
 * loader; one for another format than the file's is ignored.
 */
struct image_placement {
	gpa_t lowest; /* no byte of the kernel may lie below */
	/*
	 * ELF with physical addresses: in place of @lowest, no byte of a segment may lie in one of
	 * these. Borrowed.
	 */
	const struct image_taken *elf_taken;
	unsigned n_elf_taken;
	/* ELF with physical addresses: added to each of them, and to e_entry. Ignores a PVH entry.
	 */
	uint64_t elf_offset;
	gpa_t bzimage_address;     /* where its protected-mode code lies, ... */
	bool bzimage_code32_start; /* or this: at code32_start */
	/* arm64 and riscv64 Image, and arm64 vmlinux: the 2 MiB aligned base to load it from. */
	gpa_t image_base;
};

/* What the bytes are. Those that image_load() does not load are there to be refused by name. */
enum image_format {
	IMAGE_UNKNOWN,
	IMAGE_ELF,
	IMAGE_BZIMAGE,
	IMAGE_ARM64,   /* the arm64 'Image' */
	IMAGE_RISCV64, /* the riscv64 'Image' */
	IMAGE_GZIP,
	IMAGE_ZSTD,
	IMAGE_XZ,
	IMAGE_LZ4,
	IMAGE_ZBOOT,     /* EFI zboot */
	IMAGE_UKI,       /* a unified kernel image */
	IMAGE_PE,        /* some other PE/COFF program */
	IMAGE_MULTIBOOT, /* no ELF, but with the header of a multiboot or multiboot2 kernel */
	IMAGE_SCRIPT_OR_TEXT,
};

struct image {
	enum image_format format; /* of what was loaded: that inside a gzip file, say */
	gpa_t start;              /* the lowest byte that the kernel occupies */
	gpa_t end; /* past the last byte that it occupies: bss, and a bzImage's init_size */

	/* At least one of the two entries is there. */
	bool has_entry64;
	gpa_t entry64; /* the 64-bit Linux entry: e_entry, a bzImage's load address + 0x200, ... */
	const char *no_entry64; /* has_entry64 is false: why, a constant sentence; else NULL */
	bool has_pvh;
	bool pvh_ignored;   /* there is one, but the kernel does not lie where it counts on */
	gpa_t pvh_entry;    /* from XEN_ELFNOTE_PHYS32_ENTRY, if either is true */
	const char *no_pvh; /* has_pvh is false: why, a constant sentence; else NULL */

	/* x86_64 ELF only: a note says that this is Linux, and so its 64-bit entry is Linux's. */
	bool is_linux;

	/*
	 * bzImage only: the setup header as it lies in the file, from SETUP_HEADER_OFFSET on and as
	 * long as its length byte says (so it may be longer or shorter than struct setup_header);
	 * else length 0.
	 */
	uint8_t setup_header[SETUP_HEADER_MAX_BYTES];
	uint32_t setup_header_bytes;

	/* arm64 only: the size of the kernel's pages, which a CPU may lack; 0: it does not say. */
	uint32_t page_bytes;

	uint64_t cmdline_max;  /* longest command line in bytes without its NUL */
	gpa_t initrd_addr_min; /* lowest address that an initrd may have */
	gpa_t initrd_addr_max; /* highest address that an initrd's last byte may have */
	bool initrd_above_4g;  /* by the 64-bit entry the kernel takes an initrd at any address */
};

/* Looks at the content alone, never at a name. Never fails: IMAGE_UNKNOWN is an answer. */
enum image_format image_probe(struct blob file);

/* A short name for messages: "ELF", "bzImage", "arm64 Image", "gzip file", ... */
const char *image_format_name(enum image_format format);

/*
 * Loads a kernel for @machine into @mem: on x86_64 an ELF vmlinux or a bzImage at the addresses
 * that it asks for; on aarch64 an arm64 Image or ELF vmlinux, on riscv64 an Image, as low as it can
 * lie. On each it may be compressed (gzip, zstd, lz4, xz) or in an EFI zboot image: that is
 * unpacked to the heap, to at most 1 GiB, and freed again; or the .linux of a unified kernel image,
 * whose other sections are the caller's: uki.h. @where may ask for another place. Fills *@img.
 * @file may change meanwhile (see blob.h): *@img says what was checked and loaded. On error guest
 * memory may be partly written. Errors name the format, the field, the value found and what was
 * expected; elf.h, bzimage.h, arm64_image.h, riscv64_image.h, decompress.h, zboot.h and uki.h list
 * theirs. A format that cannot be loaded for @machine, by itself or inside a compressed one, is
 * refused by name.
 */
int image_load_at(struct blob file, enum image_machine machine, const struct gmem *mem,
		  const struct image_placement *where, struct image *img, struct err *e);

/*
 * image_load_at() with @lowest alone: the memory below it belongs to the caller (boot structures,
 * firmware tables).
 */
int image_load(struct blob file, enum image_machine machine, const struct gmem *mem, gpa_t lowest,
	       struct image *img, struct err *e);

/* True for what image_load_at() unpacks. (A bzImage unpacks itself.) */
bool image_is_packed(enum image_format format);

/*
 * Unpacks such a file, to at most image_unpacked_max_bytes. Errors, with nothing to free:
 * decompress()'s and zboot_unpack()'s.
 */
int image_unpack(struct blob file, struct unpacked *out, struct err *e);

/*
 * image_load_at() for what is unpacked already. image_name_outside() puts in front of its error
 * what kind of file that was in, and returns -1.
 */
int image_load_plain(struct blob kernel, enum image_machine machine, const struct gmem *mem,
		     const struct image_placement *where, struct image *img, struct err *e);
int image_name_outside(enum image_format format, struct err *e);

/*
 * Finds what of @file is compressed and, unpacked by decompress(), has the kernel for @machine in
 * it: all or the payload of what image_load_at() unpacks; on x86_64 a bzImage's payload, too; of a
 * unified kernel image, that of its .linux. *@packed is a view of @file; size 0: this format has
 * none. Errors: bzimage_payload()'s, zboot_payload()'s and uki_open()'s.
 */
int image_packed(struct blob file, enum image_machine machine, struct blob *packed, struct err *e);

/* The most bytes that image_load_at() unpacks a file to. */
extern const uint64_t image_unpacked_max_bytes;

MINIVMM_END

#endif

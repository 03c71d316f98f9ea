/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the loaders of all formats share: the machine that a kernel is loaded for, where it is to be
 * placed, and what was loaded.
 */
#ifndef LOADER_LOADED_H
#define LOADER_LOADED_H

#include "loader/gmem.h"
#include "loader/probe.h"
#include "loader/setup_header.h"

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
 * loader. Fields for other formats than the file's are ignored.
 */
struct image_placement {
	gpa_t lowest; /* no byte of the kernel may lie below */
	/*
	 * ELF with physical addresses: the ranges that no byte of a segment may lie in, in place of
	 * the limit @lowest. Borrowed.
	 */
	const struct image_taken *elf_taken;
	unsigned n_elf_taken;
	/*
	 * ELF with physical addresses: added to each of them, and to e_entry. The PVH entry is then
	 * ignored.
	 */
	uint64_t elf_offset;
	gpa_t bzimage_address;     /* where its protected-mode code is loaded, ... */
	bool bzimage_code32_start; /* or, if this is set, at its code32_start */
	/* arm64 and riscv64 Image, and arm64 vmlinux: the 2 MiB aligned base to load it from. */
	gpa_t image_base;
};

struct image {
	enum image_format format; /* of the kernel, not of a gzip file around it */
	gpa_t start;              /* the lowest byte that the kernel occupies */
	gpa_t end; /* past the last byte that it occupies: bss, and a bzImage's init_size */

	/* There is at least one of the two entries. */
	bool has_entry64;
	gpa_t entry64; /* the 64-bit Linux entry: e_entry, a bzImage's load address + 0x200, ... */
	const char *no_entry64; /* why has_entry64 is false, a constant sentence; else NULL */
	bool has_pvh;
	bool pvh_ignored;   /* there is one, but the kernel does not lie where it expects */
	gpa_t pvh_entry;    /* from XEN_ELFNOTE_PHYS32_ENTRY, if either is true */
	const char *no_pvh; /* why has_pvh is false, a constant sentence; else NULL */

	/* x86_64 ELF only: a note says that this is Linux, so that its 64-bit entry is Linux's. */
	bool is_linux;

	/*
	 * bzImage only: the setup header as it lies in the file, from SETUP_HEADER_OFFSET on and as
	 * long as its length byte says (so it may be longer or shorter than struct setup_header);
	 * else length 0.
	 */
	uint8_t setup_header[SETUP_HEADER_MAX_BYTES];
	uint32_t setup_header_bytes;

	/*
	 * arm64 only: the size of the kernel's pages, which not every CPU has; 0: the kernel does
	 * not say.
	 */
	uint32_t page_bytes;

	uint64_t cmdline_max;  /* longest command line in bytes without its NUL */
	gpa_t initrd_addr_min; /* lowest address that an initrd may have */
	gpa_t initrd_addr_max; /* highest address that an initrd's last byte may have */
	bool initrd_above_4g;  /* by its 64-bit entry, the kernel takes an initrd at any address */
};

MINIVMM_END

#endif

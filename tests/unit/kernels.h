/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Synthetic kernels for tests: ELF, bzImage, arm64 and riscv64 Image bytes built from small
 * descriptions, and guest memory to load them into. Shared by the unit tests and the fuzz seeds; a
 * failed precondition aborts.
 */
#ifndef TESTS_UNIT_KERNELS_H
#define TESTS_UNIT_KERNELS_H

#include "loader/arm64_image.h"
#include "loader/blob.h"
#include "loader/image.h"
#include "loader/riscv64_image.h"
#include "loader/uki.h"
#include "loader/zboot.h"

enum { KERNEL_MAX_BYTES = 8192 };

struct kernel {
	enum image_machine machine; /* that it is for; x86_64 unless its maker sets another */
	uint8_t bytes[KERNEL_MAX_BYTES];
	size_t size;
};

struct elf_segment {
	uint32_t type;  /* PT_* */
	uint32_t flags; /* PF_* */
	uint64_t paddr;
	uint64_t memsz;
	uint64_t align;
	const void *bytes; /* NULL: 0xa0 + the segment's number, over and over */
	size_t filesz;
};

/* An x86-64 ELF: header, program headers, then each segment's bytes at the next multiple of 16. */
void kernel_elf(struct kernel *k, uint64_t entry, const struct elf_segment *segment, unsigned n);

/*
 * Three segments: 0 the notes (one PVH note), 1 text at 1 MiB (64 bytes), 2 data at 1 MiB + 4 KiB
 * (32 bytes and a bss up to 4 KiB). e_entry is at the text's start, the PVH entry 16 bytes further.
 * Every truncation of it lacks something that is loaded.
 */
void kernel_elf_small(struct kernel *k);
enum {
	SMALL_ELF_BYTES = 0x170,
	SMALL_ELF_TEXT_OFFSET = 0x110,
	SMALL_ELF_DATA_OFFSET = 0x150,
	SMALL_ELF_ENTRY = 0x100000,
	SMALL_ELF_PVH_ENTRY = 0x100010,
	SMALL_ELF_DATA = 0x101000,
	SMALL_ELF_END = 0x102000,
};

/*
 * Makes an ELF32 for i386 of what kernel_elf() made: its header and program headers are those of
 * ELF32, and segments' bytes lie where they did.
 */
void kernel_elf_to_32(struct kernel *k);

/* The file offset of a field of program header @i of an ELF32. */
#define PHDR32_OFFSET(i, field) (52 + (size_t)(i)*32 + offsetof(Elf32_Phdr, field))

/* The file offset of a field of program header @i. */
#define PHDR_OFFSET(i, field) (64 + (size_t)(i)*56 + offsetof(Elf64_Phdr, field))

/* Appends one note at @used; returns the new length, padded to @align. */
size_t kernel_note(uint8_t *notes, size_t used, const char *name, uint32_t namesz, uint32_t type,
		   const void *desc, uint32_t descsz, size_t align);

/*
 * A bzImage of 2 KiB: one setup sector, 1 KiB of code, loaded at 1 MiB with an init_size of 8 KiB,
 * relocatable by 4 KiB. Its boot sector is full of 0xff, as that of Linux 6.1.88 was.
 */
void kernel_bzimage_small(struct kernel *k);
enum {
	SMALL_BZIMAGE_BYTES = 2048,
	SMALL_BZIMAGE_CODE = 1024,
	SMALL_BZIMAGE_HEADER_END = 0x26c,
};

/*
 * An arm64 Image of 4 KiB with 4 KiB of bss, text_offset 0, 4 KiB pages. After the header each
 * byte is its offset divided by 16.
 */
void kernel_arm64_small(struct kernel *k);
enum {
	SMALL_ARM64_BYTES = 0x1000,
	SMALL_ARM64_IMAGE_SIZE = 0x2000,
	SMALL_ARM64_FLAGS = 0xa, /* 4 KiB pages, anywhere */
};

/* A riscv64 Image, of the same size and with the same bytes after its header. */
void kernel_riscv64_small(struct kernel *k);
enum { SMALL_RISCV64_TEXT_OFFSET = 0x200000 };

/*
 * An arm64 vmlinux: two segments at virtual addresses, text (0x100 bytes, which begin with the
 * header of an arm64 Image whose image_size is 16 KiB) and, 8 KiB further on, data (32 bytes and a
 * bss up to 4 KiB). e_entry is at the text's start. Every truncation of it lacks something that is
 * loaded.
 */
void kernel_elf_arm64_small(struct kernel *k);
enum {
	SMALL_ELF_ARM64_BYTES = 0x1d0,
	SMALL_ELF_ARM64_TEXT_OFFSET = 0xb0, /* in the file */
	SMALL_ELF_ARM64_TEXT_BYTES = 0x100,
	SMALL_ELF_ARM64_DATA_OFFSET = 0x1b0, /* in the file */
	SMALL_ELF_ARM64_DATA = 0x2000,       /* in memory, from the text's start */
	SMALL_ELF_ARM64_IMAGE_SIZE = 0x4000,
};
#define SMALL_ELF_ARM64_START 0xffff800080000000u

/* The file offset of a field of the arm64 Image header. */
#define ARM64_OFFSET(field) offsetof(struct arm64_image_header, field)

/*
 * An EFI zboot image around @payload: its header, which calls the payload's kind @compression, the
 * payload at ZBOOT_PAYLOAD, and 4 bytes more.
 */
void kernel_zboot(struct kernel *k, const char *compression, struct blob payload);
enum { ZBOOT_PAYLOAD = 0x200 };

/* A section of a unified kernel image. */
struct uki_part {
	const char *name;
	struct blob bytes;
};
#define UKI_TEXT(name, text)                                                                       \
	{                                                                                          \
		name,                                                                              \
		{                                                                                  \
			(const uint8_t *)(text), sizeof(text) - 1                                  \
		}                                                                                  \
	}

/*
 * A unified kernel image for @machine: the PE header at UKI_PE, its section table at UKI_TABLE,
 * then the sections' bytes, each padded to a multiple of 16. A part may lie in @k itself: it is
 * copied.
 */
void kernel_uki(struct kernel *k, enum image_machine machine, const struct uki_part *part,
		unsigned n);
enum { UKI_PE = 0x40, UKI_TABLE = 0x68 };

/* The file offset of a field of the section header @i. */
#define UKI_OFFSET(i, field)                                                                       \
	(UKI_TABLE + (size_t)(i) * sizeof(struct pe_section_header) +                              \
	 offsetof(struct pe_section_header, field))

/* Overwrites @width bytes at @offset with the little-endian @value. */
void kernel_put(struct kernel *k, size_t offset, unsigned width, uint64_t value);

/* The file offset of a field of the setup header. */
#define SETUP_OFFSET(field) (SETUP_HEADER_OFFSET + offsetof(struct setup_header, field))

/*
 * image_load_at() of the kernel's first @size bytes, which are copied to a heap block of just that
 * size, so that AddressSanitizer sees a read beyond it.
 */
int kernel_load_at(const struct kernel *k, size_t size, const struct gmem *mem,
		   const struct image_placement *where, struct image *img, struct err *e);
/* The same with @lowest alone. */
int kernel_load(const struct kernel *k, size_t size, const struct gmem *mem, gpa_t lowest,
		struct image *img, struct err *e);

/* Guest RAM from 0 on, every byte 0xcc; guest_fini() gives it back. */
struct guest {
	struct gmem mem;
	uint8_t *host;
};
void guest_init(struct guest *g, size_t size);
void guest_fini(struct guest *g);

/* True when nothing was written to it. */
bool guest_untouched(const struct guest *g);

/* One patched field of a small kernel, and the error or the effect that it must have. */
struct patch {
	size_t offset;
	unsigned width;
	uint64_t value;
	const char *text;
};

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The arm64 'Image' (Linux Documentation/arch/arm64/booting.rst, section 4). An arm64 vmlinux
 * begins with the same header in its lowest segment.
 */
#ifndef LOADER_ARM64_IMAGE_H
#define LOADER_ARM64_IMAGE_H

#include "loader/loaded.h"

#include <stddef.h>

MINIVMM_BEGIN

/* All fields are little-endian. */
struct arm64_image_header {
	uint32_t code0;
	uint32_t code1;
	uint64_t text_offset; /* of the kernel from a 2 MiB aligned base */
	uint64_t image_size;  /* with its bss; 0 before Linux 3.17 */
	uint64_t flags;       /* ARM64_IMAGE_* */
	uint64_t res2, res3, res4;
	uint32_t magic;
	uint32_t res5; /* the offset of the PE header, for EFI */
};
_Static_assert(sizeof(struct arm64_image_header) == 64, "booting.rst: a 64-byte header");
_Static_assert(offsetof(struct arm64_image_header, flags) == 24, "booting.rst");
_Static_assert(offsetof(struct arm64_image_header, magic) == 0x38, "booting.rst");

#define ARM64_IMAGE_MAGIC      0x644d5241u /* "ARM\x64" */
#define ARM64_IMAGE_BIG_ENDIAN 0x1u        /* flags */
#define ARM64_IMAGE_PAGE_SHIFT 1           /* flags, 2 bits: 1, 2, 3 are 4, 16, 64 KiB */
#define ARM64_IMAGE_PAGE_MASK  0x3u

/*
 * Copies the file to text_offset bytes above a 2 MiB aligned base: where->image_base or, if that is
 * 0, the lowest one from where->lowest on with room for the whole kernel in RAM. This suits either
 * value of bit 3 of flags, "anywhere" or "close to the start of RAM". See image_load_at() for the
 * parameters.
 *
 * The kernel occupies image_size bytes, of which those after the file's are left as they are: the
 * kernel clears its bss. Where image_size is 0 (before Linux 3.17), text_offset is taken to be
 * 0x80000, and 16 MiB after the file's bytes are kept free, because nothing tells how much the
 * kernel needs.
 *
 * A kernel that is longer than its image_size occupies its whole length: in a vmlinux of Linux
 * 6.18, section .modinfo can lie after the end that image_size counts to.
 *
 * Refused: a file that ends inside its header; the magic; a big-endian kernel; no room in RAM (the
 * base, too, must lie in RAM, and all of it below 2^48); an image_base that is not aligned, is
 * below where->lowest or has no room.
 */
int arm64_image_load(struct blob file, const struct gmem *mem, const struct image_placement *where,
		     struct image *img, struct err *e);

/*
 * Checks the header at the beginning of @kernel, chooses the kernel's place as above and fills
 * *@img except for its format; writes nothing to guest memory. @bytes is the length that the kernel
 * is known to have. For arm64_image_load(), and for an ELF that has this header.
 */
int arm64_image_place(struct blob kernel, uint64_t bytes, const struct gmem *mem,
		      const struct image_placement *where, struct image *img, struct err *e);

/*
 * Describes any arm64 kernel that occupies [@start, @end): the limits of its command line and its
 * initrd, no PVH entry, and an entry at @start. format and page_bytes are left 0.
 */
struct image arm64_image_describe(gpa_t start, gpa_t end);

MINIVMM_END

#endif

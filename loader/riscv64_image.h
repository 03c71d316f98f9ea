/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The riscv64 'Image' (Linux Documentation/arch/riscv/boot-image-header.rst and boot.rst).
 */
#ifndef LOADER_RISCV64_IMAGE_H
#define LOADER_RISCV64_IMAGE_H

#include "loader/loaded.h"

#include <stddef.h>

MINIVMM_BEGIN

/* All fields are little-endian. */
struct riscv64_image_header {
	uint32_t code0;
	uint32_t code1;
	uint64_t text_offset; /* of the kernel from a 2 MiB aligned base */
	uint64_t image_size;  /* with its bss */
	uint64_t flags;       /* RISCV64_IMAGE_* */
	uint32_t version;     /* major in bits 31:16, minor in bits 15:0 */
	uint32_t res1;
	uint64_t res2;
	uint64_t magic; /* deprecated since version 0.2; ignored here */
	uint32_t magic2;
	uint32_t res3; /* the offset of the PE header, for EFI */
};
_Static_assert(sizeof(struct riscv64_image_header) == 64, "boot-image-header.rst: 64 bytes");
_Static_assert(offsetof(struct riscv64_image_header, version) == 32, "boot-image-header.rst");
_Static_assert(offsetof(struct riscv64_image_header, magic2) == 0x38, "boot-image-header.rst");

#define RISCV64_IMAGE_MAGIC2     0x05435352u /* "RSC\x05" */
#define RISCV64_IMAGE_BIG_ENDIAN 0x1u        /* flags */

/*
 * Copies the file to text_offset bytes above a 2 MiB aligned base: where->image_base or, if that is
 * 0, the lowest one from where->lowest on with room for the whole kernel in RAM. The kernel
 * occupies image_size bytes, or as many as the file has if those are more. See image_load_at() for
 * the parameters.
 *
 * The initrd must lie above the kernel: Linux before 6.4 drops RAM below itself.
 *
 * Refused: a file that ends inside its header; the magic; a major version other than 0; a
 * big-endian kernel; image_size 0 (the document says that it is mandatory); no room in RAM (the
 * base, too, must lie in RAM, and all of it below 2^56); an image_base that is not aligned, is
 * below where->lowest or has no room.
 */
int riscv64_image_load(struct blob file, const struct gmem *mem,
		       const struct image_placement *where, struct image *img, struct err *e);

MINIVMM_END

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Loads a kernel, of whatever format its content has, into guest memory, and describes it.
 *
 * Sources: the ELF gABI and its x86-64 supplement; Linux Documentation/arch/x86/boot.rst (boot
 * protocol 2.15), Documentation/arch/arm64/booting.rst and
 * Documentation/arch/riscv/boot-image-header.rst; the PVH entry note XEN_ELFNOTE_PHYS32_ENTRY (Xen
 * docs/misc/pvh.pandoc).
 */
#ifndef LOADER_IMAGE_H
#define LOADER_IMAGE_H

#include "loader/loaded.h"
#include "loader/unwrap.h"

MINIVMM_BEGIN

/*
 * Loads a kernel for @machine into @mem, and fills *@img:
 *	on x86_64 an ELF vmlinux or a bzImage, at the addresses that it asks for;
 *	on aarch64 an arm64 Image or ELF vmlinux, as low as it can lie;
 *	on riscv64 an Image, likewise.
 * @where may ask for another place. The kernel may be compressed (gzip, zstd, lz4, xz) or in an EFI
 * zboot image; then it is unpacked to the heap, to at most 1 GiB, and freed again. It may also be
 * the .linux of a unified kernel image, whose other sections are left to the caller: uki.h. @file
 * may change meanwhile (see blob.h): *@img describes what was checked and loaded. On error guest
 * memory may be partly written.
 *
 * Errors name the format, the field, the value found and what was expected; elf.h, bzimage.h,
 * arm64_image.h, riscv64_image.h, decompress.h, zboot.h and uki.h list theirs. A format that cannot
 * be loaded for @machine, by itself or inside a compressed one, is refused by name.
 */
int image_load_at(struct blob file, enum image_machine machine, const struct gmem *mem,
		  const struct image_placement *where, struct image *img, struct err *e);

/*
 * image_load_at() with @lowest alone: the memory below it belongs to the caller (boot structures,
 * firmware tables).
 */
int image_load(struct blob file, enum image_machine machine, const struct gmem *mem, gpa_t lowest,
	       struct image *img, struct err *e);

/*
 * Unpacks a file for which image_is_packed() is true, to at most image_unpacked_max_bytes. Errors,
 * with nothing to free: those of decompress() and zboot_unpack().
 */
int image_unpack(struct blob file, struct unpacked *out, struct err *e);

/* image_load_at() for a kernel that is unpacked already. */
int image_load_plain(struct blob kernel, enum image_machine machine, const struct gmem *mem,
		     const struct image_placement *where, struct image *img, struct err *e);

/* Adds to an error what @format of file the kernel was in: "inside this gzip file". Returns -1. */
int image_name_outside(enum image_format format, struct err *e);

/*
 * What is packed in @file: unwrap_open() and unwrap_packed() in one call. *@packed is a view of
 * @file; size 0: nothing is packed. Errors: theirs.
 */
int image_packed(struct blob file, enum image_machine machine, struct blob *packed, struct err *e);

MINIVMM_END

#endif

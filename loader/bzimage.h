/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * bzImage: the x86 boot protocol's container (Documentation/arch/x86/boot.rst).
 */
#ifndef LOADER_BZIMAGE_H
#define LOADER_BZIMAGE_H

#include "loader/loaded.h"

MINIVMM_BEGIN

/*
 * Loads the protected-mode code for the 64-bit entry. The load address is
 *	pref_address, unless that lies below where->lowest or init_size bytes there are not all RAM;
 *	then, if relocatable_kernel is set, the lowest multiple of kernel_alignment above it, above
 *	where->lowest and 1 MiB where they are; or, where the caller asks for it,
 *	code32_start, or any address.
 * The kernel occupies all from its load address to the end of the init_size bytes that begin where
 * the code unpacks it to, which is not below pref_address. All that lies below 4 GiB, so that
 * identity page tables for the first 4 GiB are enough to enter it.
 * See image_load_at() for the parameters.
 *
 * Refused: a file that ends inside its setup header or setup sectors; boot_flag; "HdrS"; a
 * protocol version under 2.12 (the first with xloadflags); a setup header that ends, by its length
 * byte, before init_size does or beyond 0x290; loadflags without LOADED_HIGH; XLF_KERNEL_64 clear;
 * kernel_alignment not a power of two; syssize: no code at the 64-bit entry, or code of which the
 * file lacks 16 bytes or more; init_size smaller than that code; pref_address below where->lowest
 *or outside RAM for a kernel that is not relocatable; no room in RAM; an address that the caller
 *asks for and that is below where->lowest, above pref_address for a kernel that is not relocatable,
 *or without room.
 *
 * Bytes after the code that syssize gives are ignored: distributions' signed kernels have some. Up
 * to 15 bytes of it may be missing, for syssize counts in 16 bytes; guest memory is left as it is
 * there.
 */
int bzimage_load(struct blob file, const struct gmem *mem, const struct image_placement *where,
		 struct image *img, struct err *e);

/*
 * What the setup header says, in *@h and in *@img: all of it but where the kernel lies and how it
 * is entered. Refused: what bzimage_load() refuses up to kernel_alignment.
 */
int bzimage_describe(struct blob file, struct setup_header *h, struct image *img, struct err *e);

/*
 * The compressed kernel inside, as payload_offset and payload_length say: what decompress() takes.
 * (With a stream other than gzip's, its last 4 bytes are the unpacked size.) *@payload is a view of
 * @file.
 *
 * Refused: what bzimage_load() refuses about the header's extent and the code; payload_length=0; a
 * payload outside the code.
 */
int bzimage_payload(struct blob file, struct blob *payload, struct err *e);

/*
 * What the kernel calls itself: kernel_version's text, cut to @size with its NUL and with '?' for
 * what is not printable ASCII. "" when the file is no bzImage or has none.
 * Source: boot.rst, field kernel_version.
 */
void bzimage_version(struct blob file, char *text, size_t size);

MINIVMM_END

#endif

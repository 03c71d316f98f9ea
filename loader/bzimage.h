/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * bzImage: the x86 boot protocol's container (Documentation/arch/x86/boot.rst).
 */
#ifndef LOADER_BZIMAGE_H
#define LOADER_BZIMAGE_H

#include "loader/loaded.h"

MINIVMM_BEGIN

/*
 * Loads the protected-mode code for the 64-bit entry. The load address is the first of these that
 * applies:
 *	where->bzimage_address, or with where->bzimage_code32_start, code32_start;
 *	pref_address, if that is not below where->lowest and has init_size bytes of RAM;
 *	if relocatable_kernel is set, the lowest multiple of kernel_alignment that has them and is
 *	not below pref_address, where->lowest or 1 MiB.
 * The kernel occupies everything from its load address to the end of the init_size bytes that begin
 * where the code unpacks it to, which is never below pref_address. All of that lies below 4 GiB, so
 * that identity page tables for the first 4 GiB are enough to enter it. See image_load_at() for the
 * parameters.
 *
 * Refused: a file that ends inside its setup header or setup sectors; boot_flag; "HdrS"; a protocol
 * version under 2.12 (the first with xloadflags); a setup header that ends, by its length byte,
 * before init_size does or beyond 0x290; loadflags without LOADED_HIGH; XLF_KERNEL_64 clear;
 * kernel_alignment not a power of two; a syssize that leaves no code at the 64-bit entry, or counts
 * 16 bytes or more that the file does not have; init_size smaller than that code; pref_address
 * below where->lowest or outside RAM for a kernel that is not relocatable; no room in RAM; a
 * requested address that is below where->lowest, has no room, or is above pref_address for a kernel
 * that is not relocatable.
 *
 * Bytes after the code are ignored: signed kernels of distributions have some. Up to 15 bytes of
 * the code may be missing, because syssize counts units of 16 bytes; guest memory is left unchanged
 * there.
 */
int bzimage_load(struct blob file, const struct gmem *mem, const struct image_placement *where,
		 struct image *img, struct err *e);

/*
 * Fills *@h and *@img with what the setup header says: everything but where the kernel lies and how
 * it is entered. Refused: what bzimage_load() refuses, up to kernel_alignment.
 */
int bzimage_describe(struct blob file, struct setup_header *h, struct image *img, struct err *e);

/*
 * Finds the compressed kernel by payload_offset and payload_length, as decompress() takes it.
 * (After a stream other than gzip's, its last 4 bytes are the unpacked size.) *@payload is a view
 * of @file.
 *
 * Refused: what bzimage_load() refuses about the header's extent and the code; payload_length=0; a
 * payload outside the code.
 */
int bzimage_payload(struct blob file, struct blob *payload, struct err *e);

/*
 * Writes the version that kernel_version points to, cut to @size bytes with its NUL; '?' stands for
 * each byte that is not printable ASCII. Writes "" when the file is no bzImage or has no version.
 * Source: boot.rst, field kernel_version.
 */
void bzimage_version(struct blob file, char *text, size_t size);

MINIVMM_END

#endif

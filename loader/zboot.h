/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * EFI zboot images: a PE program that unpacks a kernel (Linux
 * drivers/firmware/efi/libstub/zboot-header.S and Makefile.zboot, from Linux 6.1 on).
 */
#ifndef LOADER_ZBOOT_H
#define LOADER_ZBOOT_H

#include "loader/decompress.h"

#include <stddef.h>

MINIVMM_BEGIN

/* All fields are little-endian. */
struct zboot_header {
	char mz[4];   /* "MZ" and two zeros */
	char zimg[4]; /* "zimg" */
	uint32_t payload_offset;
	/*
	 * Without the 4 bytes of unpacked size that follow it (gzip has them in its own format). A
	 * size that counts them is accepted, too.
	 */
	uint32_t payload_size;
	uint32_t reserved[2];
	char compression[32]; /* with its NUL: "gzip", "lz4", "lzma", "lzo", "xzkern", "zstd22" */
};
_Static_assert(offsetof(struct zboot_header, compression) == 24, "zboot-header.S");
_Static_assert(sizeof(struct zboot_header) == 0x38, "zboot-header.S: the PE magic's place");

/*
 * Finds the compressed kernel: a view of @file. decompress() recognises the compression by the
 * payload's own bytes. The header has a word for it, too; a word for a compression that
 * decompress() does not know is refused here, where the error can quote it. Errors: a file that
 * ends inside its header; such a word; a payload outside the file.
 */
int zboot_payload(struct blob file, struct blob *payload, struct err *e);

/*
 * Unpacks the payload; see decompress() for @max_bytes and @out. Errors, with nothing to free:
 * those of zboot_payload() and of decompress().
 */
int zboot_unpack(struct blob file, uint64_t max_bytes, struct unpacked *out, struct err *e);

MINIVMM_END

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Unpacks gzip, zstd, lz4 and xz data through their libraries, each of which a build may leave out.
 * The one part of the loader that allocates.
 */
#ifndef LOADER_DECOMPRESS_H
#define LOADER_DECOMPRESS_H

#include "loader/blob.h"
#include "loader/err.h"

MINIVMM_BEGIN

/* Unpacked bytes. Whoever gets them calls unpacked_free(). */
struct unpacked {
	uint8_t *data;
	size_t size;
	size_t room; /* allocated */
};

/*
 * Unpacks @in, which is one stream of gzip, zstd, lz4 (a frame, or the legacy format that Linux
 * uses) or xz, recognised by its magic. After it there may be 4 bytes with its unpacked size modulo
 * 2^32, little-endian: Linux's build appends them (scripts/Makefile.lib, size_append). @in may
 * change meanwhile (see blob.h): the libraries are given copies, a piece at a time.
 *
 * Errors, with nothing to free: none of these formats; one that this build has no library for; more
 * than @max_bytes unpacked; data that is corrupt (with the byte where the library noticed) or cut
 * short; anything else after the stream, be it a second one, a frame to be skipped, or padding; a
 * window of more than 128 MiB; no memory.
 */
int decompress(struct blob in, uint64_t max_bytes, struct unpacked *out, struct err *e);

void unpacked_free(struct unpacked *u);

MINIVMM_END

#endif

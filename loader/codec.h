/* SPDX-License-Identifier: BSD-3-Clause */
/* One compression format's library, as decompress.c drives it. */
#ifndef LOADER_CODEC_H
#define LOADER_CODEC_H

#include "loader/api.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The input that is left to read and the room that is left to fill; each step advances both. */
struct codec_io {
	const uint8_t *in; /* a copy, which nobody else writes to */
	size_t in_bytes;   /* at least CODEC_IN_MIN, unless in_later is 0 */
	size_t in_later;   /* more bytes, which later steps will get */
	uint8_t *out;
	size_t out_bytes;
};

enum { CODEC_IN_MIN = 4 };

struct codec {
	/* The state of one stream, or NULL: no memory. */
	void *(*begin)(void);
	/*
	 * Unpacks some more. *@end becomes true after the stream's last byte. Returns NULL, or a
	 * constant text that says what is wrong with the data.
	 */
	const char *(*step)(void *state, struct codec_io *io, bool *end);
	void (*end)(void *state);
};

/* Each exists where the build has its library: HAVE_GZIP and so on. */
extern const struct codec codec_gzip, codec_zstd, codec_lz4, codec_xz;

/* Advances @io by what a library has read and filled. */
static inline void codec_advance(struct codec_io *io, size_t in, size_t out)
{
	io->in += in;
	io->in_bytes -= in;
	io->out += out;
	io->out_bytes -= out;
}

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* gzip (RFC 1952), through zlib. */
#include "loader/codec.h"

#define ZLIB_CONST /* its next_in may point to const */
#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

enum { GZIP_ONLY = 16 }; /* inflateInit2(): added to the window's bits */

static void *begin(void)
{
	z_stream *z = calloc(1, sizeof(*z));
	if (z && inflateInit2(z, MAX_WBITS + GZIP_ONLY) != Z_OK) {
		free(z);
		return NULL;
	}
	return z;
}

static unsigned at_most_uint(size_t n)
{
	return n < UINT_MAX ? (unsigned)n : UINT_MAX;
}

static const char *step(void *state, struct codec_io *io, bool *end)
{
	z_stream *z = state;
	z->next_in = io->in;
	z->avail_in = at_most_uint(io->in_bytes);
	z->next_out = io->out;
	z->avail_out = at_most_uint(io->out_bytes);
	int r = inflate(z, Z_NO_FLUSH);
	codec_advance(io, (size_t)(z->next_in - io->in), (size_t)(z->next_out - io->out));
	*end = r == Z_STREAM_END;
	if (r == Z_OK || r == Z_STREAM_END || r == Z_BUF_ERROR) /* the last: nothing to do */
		return NULL;
	return z->msg ? z->msg : "corrupt";
}

static void end(void *state)
{
	inflateEnd(state);
	free(state);
}

const struct codec codec_gzip = {begin, step, end};

/* SPDX-License-Identifier: BSD-3-Clause */
/* zstd (RFC 8878), through libzstd. Its decoder refuses windows of more than 128 MiB by itself. */
#include "loader/codec.h"

#include <zstd.h>

static void *begin(void)
{
	return ZSTD_createDStream();
}

static const char *step(void *state, struct codec_io *io, bool *end)
{
	ZSTD_inBuffer in = {io->in, io->in_bytes, 0};
	ZSTD_outBuffer out = {io->out, io->out_bytes, 0};
	size_t r = ZSTD_decompressStream(state, &out, &in);
	codec_advance(io, in.pos, out.pos);
	*end = r == 0;
	return ZSTD_isError(r) ? ZSTD_getErrorName(r) : NULL;
}

static void end(void *state)
{
	ZSTD_freeDStream(state);
}

const struct codec codec_zstd = {begin, step, end};

/* SPDX-License-Identifier: BSD-3-Clause */
/* xz, through liblzma. */
#include "loader/codec.h"

#include <lzma.h>
#include <stdlib.h>

static const uint64_t memory_bytes = 160 << 20; /* enough for a dictionary of 128 MiB */

static const struct {
	lzma_ret ret;
	const char *text;
} problems[] = {
	{LZMA_MEM_ERROR, "no memory"},
	{LZMA_MEMLIMIT_ERROR, "its dictionary is larger than 128 MiB"},
	{LZMA_FORMAT_ERROR, "not an xz stream"},
	{LZMA_OPTIONS_ERROR, "an option that is not supported"},
};

static void *begin(void)
{
	lzma_stream *s = calloc(1, sizeof(*s));
	if (s && lzma_stream_decoder(s, memory_bytes, 0) != LZMA_OK) {
		free(s);
		return NULL;
	}
	return s;
}

static const char *step(void *state, struct codec_io *io, bool *end)
{
	lzma_stream *s = state;
	s->next_in = io->in;
	s->avail_in = io->in_bytes;
	s->next_out = io->out;
	s->avail_out = io->out_bytes;
	lzma_ret r = lzma_code(s, LZMA_RUN);
	codec_advance(io, io->in_bytes - s->avail_in, io->out_bytes - s->avail_out);
	*end = r == LZMA_STREAM_END;
	if (r == LZMA_OK || r == LZMA_STREAM_END ||
	    r == LZMA_BUF_ERROR) /* the last: nothing to do */
		return NULL;
	for (size_t i = 0; i < sizeof(problems) / sizeof(problems[0]); i++)
		if (problems[i].ret == r)
			return problems[i].text;
	return "corrupt";
}

static void end(void *state)
{
	lzma_end(state);
	free(state);
}

const struct codec codec_xz = {begin, step, end};

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lz4, through liblz4: frames (lz4_Frame_format.md of the lz4 project), and the legacy format of
 * the same document, which Linux uses: a magic, then blocks of at most 8 MiB, each behind its
 * packed size. The legacy format has no end mark.
 */
#include "loader/codec.h"

#include <lz4.h>
#include <lz4frame.h>
#include <stdlib.h>
#include <string.h>

enum { LEGACY_MAGIC = 0x184c2102, LEGACY_BLOCK_BYTES = 8 << 20 };

struct lz4 {
	bool started, legacy; /* the magic was read: which of the two it is */
	LZ4F_dctx *frame;
	uint8_t *block; /* legacy: one unpacked block, of which [at, bytes) is still to be taken */
	size_t at, bytes;
	uint64_t unpacked; /* legacy: the bytes of all blocks so far */
};

static void *begin(void)
{
	struct lz4 *z = calloc(1, sizeof(*z));
	if (!z)
		return NULL;
	if (!LZ4F_isError(LZ4F_createDecompressionContext(&z->frame, LZ4F_VERSION)))
		return z;
	free(z);
	return NULL;
}

static void end(void *state)
{
	struct lz4 *z = state;
	LZ4F_freeDecompressionContext(z->frame);
	free(z->block);
	free(z);
}

static const char *frame_step(struct lz4 *z, struct codec_io *io, bool *done)
{
	size_t in = io->in_bytes, out = io->out_bytes;
	size_t r = LZ4F_decompress(z->frame, io->out, &out, io->in, &in, NULL);
	if (LZ4F_isError(r))
		return LZ4F_getErrorName(r);
	codec_advance(io, in, out);
	*done = r == 0;
	return NULL;
}

static uint32_t peek(const struct codec_io *io)
{
	uint32_t word = 0;
	memcpy(&word, io->in, io->in_bytes < sizeof(word) ? io->in_bytes : sizeof(word));
	return word;
}

/* Unpacks the next block to z->block, or finds the end. */
static const char *next_block(struct lz4 *z, struct codec_io *io, bool *done)
{
	uint32_t packed = peek(io);
	*done = io->in_bytes == 0 || (io->in_bytes == 4 && packed == (uint32_t)z->unpacked);
	if (*done)
		return NULL;
	if (io->in_bytes < sizeof(packed) || packed > io->in_bytes - sizeof(packed))
		return "a block goes past the end of the data";
	if (packed > (uint32_t)LZ4_COMPRESSBOUND(LEGACY_BLOCK_BYTES))
		return "a block is larger than 8 MiB";
	int n = LZ4_decompress_safe((const char *)io->in + sizeof(packed), (char *)z->block,
				    (int)packed, LEGACY_BLOCK_BYTES);
	if (n <= 0)
		return "a block does not unpack";
	codec_advance(io, sizeof(packed) + packed, 0);
	z->at = 0;
	z->bytes = (size_t)n;
	z->unpacked += z->bytes;
	return NULL;
}

static const char *legacy_step(struct lz4 *z, struct codec_io *io, bool *done)
{
	if (z->at == z->bytes)
		return next_block(z, io, done);
	size_t n = z->bytes - z->at < io->out_bytes ? z->bytes - z->at : io->out_bytes;
	memcpy(io->out, z->block + z->at, n);
	z->at += n;
	codec_advance(io, 0, n);
	return NULL;
}

static const char *begin_legacy(struct lz4 *z, struct codec_io *io)
{
	z->started = z->legacy = true;
	z->block = malloc(LEGACY_BLOCK_BYTES);
	codec_advance(io, sizeof(uint32_t), 0); /* the magic */
	return z->block ? NULL : "no memory";
}

static const char *step(void *state, struct codec_io *io, bool *done)
{
	struct lz4 *z = state;
	if (z->legacy)
		return legacy_step(z, io, done);
	if (!z->started && peek(io) == LEGACY_MAGIC)
		return begin_legacy(z, io);
	z->started = true;
	return frame_step(z, io, done);
}

const struct codec codec_lz4 = {begin, step, end};

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lz4, through liblz4: frames (lz4_Frame_format.md of the lz4 project), and the legacy format of
 * the same document, which Linux uses: a magic, then blocks of at most 8 MiB, each after its
 * packed size. The legacy format has no end mark.
 */
#include "loader/codec.h"

#include <lz4.h>
#include <lz4frame.h>
#include <stdlib.h>
#include <string.h>

enum {
	LEGACY_MAGIC = 0x184c2102,
	LEGACY_BLOCK_BYTES = 8 << 20,
	LEGACY_PACKED_MAX = LZ4_COMPRESSBOUND(LEGACY_BLOCK_BYTES),
};

struct lz4 {
	bool started, legacy; /* the magic was read: which of the two it is */
	LZ4F_dctx *frame;
	/* The rest is for legacy streams: one packed block, as it comes in, ... */
	uint8_t *packed;
	size_t packed_room;        /* allocated */
	size_t packed_bytes, read; /* 0: its size is still to be read */
	/* ... and unpacked, of which [at, bytes) is still to be taken. */
	uint8_t *block;
	size_t at, bytes;
	uint64_t unpacked; /* the bytes of all blocks so far */
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
	free(z->packed);
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
	_Static_assert(sizeof(word) <= CODEC_IN_MIN, "a word comes in one piece");
	memcpy(&word, io->in, io->in_bytes < sizeof(word) ? io->in_bytes : sizeof(word));
	return word;
}

/* Makes room for a packed block. */
static bool make_room(struct lz4 *z, size_t bytes)
{
	if (bytes <= z->packed_room)
		return true;
	free(z->packed);
	z->packed = malloc(bytes);
	z->packed_room = z->packed ? bytes : 0;
	return z->packed != NULL;
}

/* Reads how long the next block is, or finds the end. */
static const char *next_block(struct lz4 *z, struct codec_io *io, bool *done)
{
	size_t left = io->in_bytes + io->in_later;
	uint32_t packed = peek(io);
	*done = left == 0 || (left == 4 && packed == (uint32_t)z->unpacked);
	if (*done)
		return NULL;
	if (left < sizeof(packed) || packed > left - sizeof(packed))
		return "a block goes past the end of the data";
	if (packed > LEGACY_PACKED_MAX)
		return "a block is larger than 8 MiB";
	if (!packed)
		return "a block is empty";
	codec_advance(io, sizeof(packed), 0);
	z->packed_bytes = packed;
	z->read = 0;
	return make_room(z, packed) ? NULL : "no memory";
}

/* Takes in what there is of a block, and unpacks the block when it is complete. */
static const char *read_block(struct lz4 *z, struct codec_io *io)
{
	size_t n = z->packed_bytes - z->read;
	n = n < io->in_bytes ? n : io->in_bytes;
	memcpy(z->packed + z->read, io->in, n);
	codec_advance(io, n, 0);
	z->read += n;
	if (z->read < z->packed_bytes)
		return NULL;
	int bytes = LZ4_decompress_safe((const char *)z->packed, (char *)z->block,
					(int)z->packed_bytes, LEGACY_BLOCK_BYTES);
	if (bytes <= 0)
		return "a block does not unpack";
	z->packed_bytes = 0;
	z->at = 0;
	z->bytes = (size_t)bytes;
	z->unpacked += z->bytes;
	return NULL;
}

static const char *legacy_step(struct lz4 *z, struct codec_io *io, bool *done)
{
	if (z->packed_bytes)
		return read_block(z, io);
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

/* SPDX-License-Identifier: BSD-3-Clause */
/* Compression for tests: see pack.h. */
#include "pack.h"

#include <stdlib.h>

const char *const packing_name[] = {"gzip", "zstd", "lz4", "lz4", "xz"};

static inline void must(bool ok)
{
	if (!ok)
		abort();
}

/* Each fills @dst, which has @room bytes, and returns how many it took. */

#ifdef HAVE_GZIP
#define ZLIB_CONST
#include <zlib.h>

static size_t pack_gzip(struct blob in, uint8_t *dst, size_t room)
{
	z_stream z = {.next_in = in.data,
		      .avail_in = (unsigned)in.size,
		      .next_out = dst,
		      .avail_out = (unsigned)room};
	must(deflateInit2(&z, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	must(deflate(&z, Z_FINISH) == Z_STREAM_END);
	must(deflateEnd(&z) == Z_OK);
	return z.total_out;
}
#endif

#ifdef HAVE_ZSTD
#include <zstd.h>

static size_t pack_zstd(struct blob in, uint8_t *dst, size_t room)
{
	ZSTD_CCtx *z = ZSTD_createCCtx();
	must(z && !ZSTD_isError(ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1)));
	size_t n = ZSTD_compress2(z, dst, room, in.data, in.size);
	must(!ZSTD_isError(n));
	ZSTD_freeCCtx(z);
	return n;
}
#endif

#ifdef HAVE_LZ4
#include <lz4.h>
#include <lz4frame.h>

enum { LEGACY_BLOCK = 8 << 20 };

static size_t pack_lz4_frame(struct blob in, uint8_t *dst, size_t room)
{
	LZ4F_preferences_t preferences = {
		.frameInfo = {.contentChecksumFlag = LZ4F_contentChecksumEnabled}};
	size_t n = LZ4F_compressFrame(dst, room, in.data, in.size, &preferences);
	must(!LZ4F_isError(n));
	return n;
}

static size_t pack_lz4_legacy(struct blob in, uint8_t *dst, size_t room)
{
	size_t n = 4;
	memcpy(dst, "\x02\x21\x4c\x18", 4);
	for (size_t at = 0; at < in.size; at += LEGACY_BLOCK) {
		size_t len = in.size - at < LEGACY_BLOCK ? in.size - at : LEGACY_BLOCK;
		int packed = LZ4_compress_default((const char *)in.data + at, (char *)dst + n + 4,
						  (int)len, (int)(room - n - 4));
		must(packed > 0);
		memcpy(dst + n, &packed, 4);
		n += 4 + (size_t)packed;
	}
	return n;
}
#endif

#ifdef HAVE_XZ
#include <lzma.h>

static size_t pack_xz(struct blob in, uint8_t *dst, size_t room)
{
	size_t n = 0;
	must(lzma_easy_buffer_encode(0, LZMA_CHECK_CRC32, NULL, in.data, in.size, dst, &n, room) ==
	     LZMA_OK);
	return n;
}
#endif

static size_t (*const packers[PACKINGS])(struct blob in, uint8_t *dst, size_t room) = {
#ifdef HAVE_GZIP
	[PACK_GZIP] = pack_gzip,
#endif
#ifdef HAVE_ZSTD
	[PACK_ZSTD] = pack_zstd,
#endif
#ifdef HAVE_LZ4
	[PACK_LZ4_FRAME] = pack_lz4_frame,
	[PACK_LZ4_LEGACY] = pack_lz4_legacy,
#endif
#ifdef HAVE_XZ
	[PACK_XZ] = pack_xz,
#endif
};

bool pack_data(enum packing how, struct blob in, struct blob *out)
{
	size_t room = in.size + in.size / 16 + 65536; /* more than any of them needs */
	if (!packers[how])
		return false;
	uint8_t *dst = malloc(room);
	must(dst);
	*out = (struct blob){dst, packers[how](in, dst, room)};
	return true;
}

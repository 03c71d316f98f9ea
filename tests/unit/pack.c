/* SPDX-License-Identifier: BSD-3-Clause */
/* Compression for tests: see pack.h. */
#include "pack.h"

#include <stdlib.h>
#ifdef HAVE_GZIP
#include <zlib.h>
#endif
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif
#ifdef HAVE_LZ4
#include <lz4.h>
#include <lz4frame.h>
#endif
#ifdef HAVE_XZ
#include <lzma.h>
#endif

enum { LEGACY_BLOCK = 8 << 20 };

const char *const packing_name[] = {"gzip", "zstd", "lz4", "lz4", "xz"};

static void must(bool ok)
{
	if (!ok)
		abort();
}

/* Each fills @dst, which has @room bytes; returns how many it took, 0: no library. */
static size_t pack_gzip(struct blob in, uint8_t *dst, size_t room)
{
#ifdef HAVE_GZIP
	z_stream z = {.avail_in = (unsigned)in.size, .avail_out = (unsigned)room, .next_out = dst};
	memcpy(&z.next_in, &in.data, sizeof(in.data)); /* which is not const there */
	must(deflateInit2(&z, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	must(deflate(&z, Z_FINISH) == Z_STREAM_END);
	must(deflateEnd(&z) == Z_OK);
	return z.total_out;
#else
	(void)in, (void)dst, (void)room;
	return 0;
#endif
}

static size_t pack_zstd(struct blob in, uint8_t *dst, size_t room)
{
#ifdef HAVE_ZSTD
	ZSTD_CCtx *z = ZSTD_createCCtx();
	must(z && !ZSTD_isError(ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1)));
	size_t n = ZSTD_compress2(z, dst, room, in.data, in.size);
	must(!ZSTD_isError(n));
	ZSTD_freeCCtx(z);
	return n;
#else
	(void)in, (void)dst, (void)room;
	return 0;
#endif
}

static size_t pack_lz4_frame(struct blob in, uint8_t *dst, size_t room)
{
#ifdef HAVE_LZ4
	LZ4F_preferences_t wish = {
		.frameInfo = {.contentChecksumFlag = LZ4F_contentChecksumEnabled}};
	size_t n = LZ4F_compressFrame(dst, room, in.data, in.size, &wish);
	must(!LZ4F_isError(n));
	return n;
#else
	(void)in, (void)dst, (void)room;
	return 0;
#endif
}

static size_t pack_lz4_legacy(struct blob in, uint8_t *dst, size_t room)
{
#ifdef HAVE_LZ4
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
#else
	(void)in, (void)dst, (void)room;
	return 0;
#endif
}

static size_t pack_xz(struct blob in, uint8_t *dst, size_t room)
{
#ifdef HAVE_XZ
	size_t n = 0;
	must(lzma_easy_buffer_encode(0, LZMA_CHECK_CRC32, NULL, in.data, in.size, dst, &n, room) ==
	     LZMA_OK);
	return n;
#else
	(void)in, (void)dst, (void)room;
	return 0;
#endif
}

bool pack_data(enum packing how, struct blob in, struct blob *out)
{
	static size_t (*const packers[])(struct blob, uint8_t *, size_t) = {
		pack_gzip, pack_zstd, pack_lz4_frame, pack_lz4_legacy, pack_xz};
	size_t room = in.size + in.size / 16 + 65536; /* more than any of them needs */
	uint8_t *dst = malloc(room);
	must(dst);
	*out = (struct blob){dst, packers[how](in, dst, room)};
	if (out->size == 0)
		free(dst);
	return out->size > 0;
}

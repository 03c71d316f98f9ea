/* SPDX-License-Identifier: BSD-3-Clause */
#include "loader/decompress.h"

#include "pack.h"
#include "suite.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#ifdef HAVE_XZ
#include <lzma.h>
#endif

static struct err e;
static struct unpacked u;

/* Bytes that can be compressed, but not to next to nothing. */
static struct blob sample(size_t size)
{
	uint8_t *data = malloc(size ? size : 1);
	uint32_t state = 1;
	ck_assert_ptr_nonnull(data);
	for (size_t i = 0; i < size; i++) {
		state = state * 1664525 + 1013904223;
		data[i] = (uint8_t)(state >> 24 & 0x13);
	}
	return (struct blob){data, size};
}

static void release(struct blob b)
{
	free((void *)(uintptr_t)b.data);
}

/* @size bytes of @b on a heap block of just that size, so that ASan sees a read beyond it. */
static struct blob copy(struct blob b, size_t size)
{
	uint8_t *data = malloc(size ? size : 1);
	ck_assert_ptr_nonnull(data);
	memcpy(data, b.data, size < b.size ? size : b.size);
	if (size > b.size)
		memset(data + b.size, 0x77, size - b.size);
	return (struct blob){data, size};
}

/* decompress() of @b's first @size bytes (after its end: 0x77). */
static int unpack_part(struct blob b, size_t size, uint64_t max)
{
	struct blob part = copy(b, size);
	int r = decompress(part, max, &u, &e);
	release(part);
	return r;
}

static void expect_error(const char *fmt, ...)
{
	char text[ERR_TEXT_BYTES];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ck_assert_str_eq(e.text, text);
	ck_assert_ptr_null(u.data);
	ck_assert_uint_eq(u.size, 0);
}

static const size_t sizes[] = {0, 1, 4096, 65535, 65536, 65537, 131072, (8 << 20) + 1};

START_TEST(unpacks)
{
	struct blob in, out;
	for (int i = 0; i < COUNT(sizes); i++) {
		in = sample(sizes[i]);
		if (!pack_data((enum packing)_i, in, &out)) {
			release(in);
			return;
		}
		/* Into just enough, and into plenty. */
		for (int j = 0; j < 2; j++) {
			ck_assert_msg(decompress(out, j ? UINT64_MAX : sizes[i], &u, &e) == 0,
				      "%s, %zu bytes: %s", packing_name[_i], sizes[i], e.text);
			ck_assert_uint_eq(u.size, sizes[i]);
			if (u.size)
				ck_assert(memcmp(u.data, in.data, u.size) == 0);
			unpacked_free(&u);
			ck_assert_ptr_null(u.data);
		}
		release(in);
		release(out);
	}
}
END_TEST

START_TEST(refuses_more_than_its_limit)
{
	struct blob in = sample(200000), out;
	static const size_t limits[] = {0, 1, 65535, 65536, 131071, 199999};
	if (pack_data((enum packing)_i, in, &out)) {
		for (int i = 0; i < COUNT(limits); i++) {
			ck_assert_int_eq(decompress(out, limits[i], &u, &e), -1);
			expect_error("%s: it unpacks to more than %zu bytes", packing_name[_i],
				     limits[i]);
		}
		release(out);
	}
	release(in);
}
END_TEST

START_TEST(every_truncation_is_refused)
{
	struct blob in = sample(3000), out;
	bool legacy = _i == PACK_LZ4_LEGACY;
	if (pack_data((enum packing)_i, in, &out)) {
		/* From the whole magic on; a legacy lz4 stream may end after its magic. */
		for (size_t size = legacy ? 5 : 6; size < out.size; size++) {
			ck_assert_msg(unpack_part(out, size, UINT64_MAX) == -1, "%s: %zu of %zu",
				      packing_name[_i], size, out.size);
			if (legacy)
				expect_error("lz4: a block goes past the end of the data, at byte "
					     "4 of %zu",
					     size);
			else
				ck_assert_msg(strstr(e.text, "cut short"), "%s", e.text);
			ck_assert_ptr_null(u.data);
		}
		release(out);
	}
	release(in);
}
END_TEST

/* All but legacy lz4 have checksums: a bit that is wrong anywhere is noticed, or means nothing. */
START_TEST(every_wrong_bit)
{
	struct blob in = sample(500), out;
	if (pack_data((enum packing)_i, in, &out)) {
		for (size_t bit = 0; bit < out.size * 8; bit++) {
			struct blob bad = copy(out, out.size);
			((uint8_t *)(uintptr_t)bad.data)[bit / 8] ^= (uint8_t)(1 << bit % 8);
			int r = decompress(bad, 1 << 20, &u, &e);
			if (r == 0 && _i != PACK_LZ4_LEGACY) {
				ck_assert_uint_eq(u.size, in.size);
				ck_assert(memcmp(u.data, in.data, u.size) == 0);
			}
			unpacked_free(&u);
			release(bad);
		}
		release(out);
	}
	release(in);
}
END_TEST

/* @a and @b in one block on the heap. */
static struct blob join(struct blob a, struct blob b)
{
	struct blob both = copy(a, a.size + b.size);
	memcpy((uint8_t *)(uintptr_t)both.data + a.size, b.data, b.size);
	return both;
}

/*
 * @stream, which unpacks to @unpacked bytes, is refused for @more after it. A legacy lz4 stream
 * has no end mark: what follows is read as another block.
 */
static void expect_refused_with(enum packing how, struct blob stream, size_t unpacked,
				struct blob more)
{
	struct blob both = join(stream, more);
	ck_assert_int_eq(decompress(both, UINT64_MAX, &u, &e), -1);
	if (how == PACK_LZ4_LEGACY)
		expect_error("lz4: a block goes past the end of the data, at byte %zu of %zu",
			     stream.size, both.size);
	else
		expect_error("%s: the stream ends at byte %zu, and %zu bytes follow, expected none "
			     "or 4 with its unpacked size (%zu)",
			     packing_name[how], stream.size, more.size, unpacked);
	release(both);
}

START_TEST(refuses_what_follows)
{
	uint8_t bytes[70];
	struct blob in = sample(3000), out;
	memset(bytes, 0x77, sizeof(bytes));
	if (pack_data((enum packing)_i, in, &out)) {
		for (size_t more = 1; more <= sizeof(bytes); more++)
			expect_refused_with((enum packing)_i, out, in.size,
					    (struct blob){bytes, more});
		expect_refused_with((enum packing)_i, out, in.size, out);
		release(out);
	}
	release(in);
}
END_TEST

/* As Linux's build appends it. The last row is empty: its size is four zeros. */
START_TEST(takes_its_size_after_it)
{
	static const size_t unpacked[] = {3000, 300000, 0};
	for (int i = 0; i < COUNT(unpacked); i++) {
		struct blob in = sample(unpacked[i]), out;
		if (pack_data((enum packing)_i, in, &out)) {
			uint32_t size = (uint32_t)in.size;
			struct blob more = {(const uint8_t *)&size, 4};
			struct blob sized = join(out, more);
			ck_assert_msg(decompress(sized, UINT64_MAX, &u, &e) == 0, "%s", e.text);
			ck_assert_uint_eq(u.size, in.size);
			unpacked_free(&u);
			release(sized);
			size++;
			expect_refused_with((enum packing)_i, out, in.size, more);
			size = __builtin_bswap32(3000);
			expect_refused_with((enum packing)_i, out, in.size, more);
			release(out);
		}
		release(in);
	}
}
END_TEST

/* Padding of these formats, which readers of a whole file skip. */
static const struct {
	enum packing how;
	const char *bytes;
	size_t len;
} skipped[] = {
	{PACK_ZSTD, "\x50\x2a\x4d\x18\x04\0\0\0skip", 12}, /* RFC 8878, 3.1.2 */
	{PACK_LZ4_FRAME, "\x50\x2a\x4d\x18\x04\0\0\0skip", 12},
	{PACK_XZ, "\0\0\0\0", 4}, /* xz-file-format.txt, 2.2: stream padding */
	{PACK_XZ, "\0\0\0\0\0\0\0\0", 8},
	{PACK_GZIP, "\0\0\0\0", 4}, /* as on tapes */
};

START_TEST(skips_nothing)
{
	struct blob in = sample(3000), out;
	if (pack_data(skipped[_i].how, in, &out)) {
		expect_refused_with(
			skipped[_i].how, out, in.size,
			(struct blob){(const uint8_t *)skipped[_i].bytes, skipped[_i].len});
		release(out);
	}
	release(in);
}
END_TEST

static const struct {
	const char *bytes;
	size_t len;
	const char *text; /* with the library */
	const char *name; /* of the library's option */
} broken[] = {
	{"\x1f\x8b", 2, "gzip: its 2 bytes are cut short: 0 are unpacked, and there is no end",
	 "gzip"},
	{"\x1f\x8b\x07\0", 4, "gzip: unknown compression method, at byte 4 of 4", "gzip"},
	{"\x1f\x8b\x08\xe0\0\0\0\0\0\0", 10, "gzip: unknown header flags set, at byte 4 of 10",
	 "gzip"},
	{"\x1f\x8b\x08\0\0\0\0\0\0\0\x07", 11, "gzip: invalid block type, at byte 11 of 11",
	 "gzip"},
	/* An empty stream with a wrong checksum. */
	{"\x1f\x8b\x08\0\0\0\0\0\0\0\x03\0\x01\0\0\0\0\0\0\0", 20,
	 "gzip: incorrect data check, at byte 16 of 20", "gzip"},
	{"\x28\xb5\x2f\xfd", 4,
	 "zstd: its 4 bytes are cut short: 0 are unpacked, and there is no end", "zstd"},
	/* A window of 2^28. */
	{"\x28\xb5\x2f\xfd\0\x90\0\0\0", 9,
	 "zstd: Frame requires too much memory for decoding, at byte 0 of 9", "zstd"},
	{"\x04\x22\x4d\x18", 4,
	 "lz4: its 4 bytes are cut short: 0 are unpacked, and there is no end", "lz4"},
	{"\x04\x22\x4d\x18\0\0\0\0\0\0\0\0\0\0\0", 15,
	 "lz4: ERROR_headerVersion_wrong, at byte 0 of 15", "lz4"},
	{"\x02\x21\x4c\x18\x01\0\0", 7,
	 "lz4: a block goes past the end of the data, at byte 4 of 7", "lz4"},
	{"\x02\x21\x4c\x18\x02\0\0\0\0", 9,
	 "lz4: a block goes past the end of the data, at byte 4 of 9", "lz4"},
	{"\x02\x21\x4c\x18\x01\0\0\0\xff", 9, "lz4: a block does not unpack, at byte 9 of 9",
	 "lz4"},
	{"\x02\x21\x4c\x18\0\0\0\0\0", 9, "lz4: a block is empty, at byte 4 of 9", "lz4"},
	{"\xfd\x37zXZ\0\0\x04\0\0\0\0", 12, "xz: corrupt, at byte 12 of 12", "xz"},
	{"", 0, "the data is not compressed by gzip, zstd, lz4 or xz", NULL},
	{"\x1f", 1, "the data is not compressed by gzip, zstd, lz4 or xz", NULL},
	{"\x7f\x45\x4c\x46", 4, "the data is not compressed by gzip, zstd, lz4 or xz", NULL},
	{"\x5d\0\0\x80\0\xff\xff", 7, "the data is not compressed by gzip, zstd, lz4 or xz", NULL},
};

/* Compiled a second time without any library (test_decompress_without): then that is the error. */
static bool have(const char *name)
{
	static const char *const names[] = {
#ifdef HAVE_GZIP
		"gzip",
#endif
#ifdef HAVE_ZSTD
		"zstd",
#endif
#ifdef HAVE_LZ4
		"lz4",
#endif
#ifdef HAVE_XZ
		"xz",
#endif
		"",
	};
	for (int i = 0; i < COUNT(names); i++)
		if (!name || strcmp(names[i], name) == 0)
			return true;
	return false;
}

START_TEST(says_what_is_wrong)
{
	struct blob bytes = {(const uint8_t *)broken[_i].bytes, broken[_i].len};
	ck_assert_int_eq(unpack_part(bytes, bytes.size, 1 << 20), -1);
	if (have(broken[_i].name))
		expect_error("%s", broken[_i].text);
	else
		expect_error("%s: this minivmm was built without %s", broken[_i].name,
			     broken[_i].name);
}
END_TEST

START_TEST(lz4_legacy_blocks_have_a_limit)
{
	size_t size = 8 + (8 << 20) + (8 << 20) / 255 + 17;
	uint8_t *data = calloc(1, size);
	uint32_t packed_bytes = (uint32_t)size - 8;
	ck_assert_ptr_nonnull(data);
	memcpy(data, "\x02\x21\x4c\x18", 4);
	memcpy(data + 4, &packed_bytes, 4);
	ck_assert_int_eq(decompress((struct blob){data, size}, UINT64_MAX, &u, &e), -1);
	if (have("lz4"))
		expect_error("lz4: a block is larger than 8 MiB, at byte 4 of %zu", size);
	free(data);
}
END_TEST

#ifdef HAVE_XZ
/* The block header of a small stream, its dictionary's size and its checksum changed. */
START_TEST(xz_has_a_limit_for_its_dictionary)
{
	static const struct {
		uint8_t dictionary; /* bits 0-5: 2 or 3 times a power of two */
		const char *text;
	} cases[] = {
		{30, NULL}, /* 128 MiB */
		{32, "xz: its dictionary is larger than 128 MiB, at byte %zu of %zu"},
		{41, "xz: an option that is not supported, at byte %zu of %zu"},
	};
	struct blob in = sample(100), out;
	ck_assert(pack_data(PACK_XZ, in, &out));
	uint8_t *header = (uint8_t *)(uintptr_t)out.data + 12; /* after the stream's header */
	size_t size = (header[0] + 1u) * 4, end = 12 + size;
	uint8_t *lzma2 = memmem(header, size, "\x21\x01", 2); /* the filter, 1 byte of options */
	ck_assert_ptr_nonnull(lzma2);
	for (int i = 0; i < COUNT(cases); i++) {
		lzma2[2] = cases[i].dictionary;
		uint32_t crc = lzma_crc32(header, size - 4, 0);
		memcpy(header + size - 4, &crc, 4);
		int r = decompress(out, UINT64_MAX, &u, &e);
		if (cases[i].text) {
			char text[ERR_TEXT_BYTES];
			snprintf(text, sizeof(text), cases[i].text, end, out.size);
			ck_assert_int_eq(r, -1);
			expect_error("%s", text);
		} else {
			ck_assert_msg(r == 0, "%s", e.text);
			unpacked_free(&u);
		}
	}
	release(in);
	release(out);
}
END_TEST
#endif

int main(void)
{
	Suite *s = suite_create("decompress");
	TCase *tc = tcase_create("decompress");
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, unpacks, 0, PACKINGS);
	tcase_add_loop_test(tc, refuses_more_than_its_limit, 0, PACKINGS);
	tcase_add_loop_test(tc, every_truncation_is_refused, 0, PACKINGS);
	tcase_add_loop_test(tc, every_wrong_bit, 0, PACKINGS);
	tcase_add_loop_test(tc, refuses_what_follows, 0, PACKINGS);
	tcase_add_loop_test(tc, takes_its_size_after_it, 0, PACKINGS);
	tcase_add_loop_test(tc, skips_nothing, 0, COUNT(skipped));
	tcase_add_loop_test(tc, says_what_is_wrong, 0, COUNT(broken));
	tcase_add_test(tc, lz4_legacy_blocks_have_a_limit);
#ifdef HAVE_XZ
	tcase_add_test(tc, xz_has_a_limit_for_its_dictionary);
#endif
	suite_add_tcase(s, tc);
	return run_suite(s);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* What an initrd is, and what keeps Linux from unpacking it. */
#include "loader/cpio.h"
#include "loader/initrd_scan.h"
#include "pack.h"
#include "suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 8192 };

static uint8_t bytes[ROOM];
static size_t size;
static struct initrd_scan scan;

static void setup(void)
{
	memset(bytes, 0, sizeof(bytes));
	size = 0;
}

static void append(const void *data, size_t n)
{
	ck_assert_uint_le(n, ROOM - size);
	if (n)
		memcpy(bytes + size, data, n);
	size += n;
}

/* An archive with a file of 100 bytes. */
static void append_cpio(void)
{
	static const uint8_t content[100] = "content";
	struct cpio c;
	struct err e;
	cpio_init(&c, bytes + size, ROOM - size);
	ck_assert_int_eq(cpio_add_dir(&c, "dir", 0755, &e), 0);
	ck_assert_int_eq(cpio_add_file(&c, "dir/f", 0644, (struct blob){content, 100}, &e), 0);
	ck_assert_int_eq(cpio_finish(&c, &e), 0);
	size += c.used;
}

/* On the heap, in a block of just that size, for AddressSanitizer. */
static void look_at(size_t n)
{
	uint8_t *copy = malloc(n ? n : 1);
	ck_assert_ptr_nonnull(copy);
	memcpy(copy, bytes, n);
	initrd_scan((struct blob){copy, n}, &scan);
	free(copy);
}

static void expect(const char *format, const char *config, uint64_t unpacked, const char *problem)
{
	look_at(size);
	ck_assert_str_eq(scan.problem.text, problem);
	ck_assert_pstr_eq(scan.format, format);
	ck_assert_pstr_eq(scan.config, config);
	ck_assert_uint_eq(scan.unpacked_bytes, unpacked);
}

START_TEST(nothing)
{
	expect(NULL, NULL, 0, "");
	size = 1001; /* zeros */
	expect(NULL, NULL, 0, "");
}
END_TEST

START_TEST(archives_one_after_another)
{
	append_cpio();
	expect("cpio", NULL, 100, "");
	size += 4;
	append_cpio();
	expect("cpio", NULL, 200, "");
	append("BZh9", 4);
	expect("bzip2", "RD_BZIP2", 200, "");
}
END_TEST

static const struct {
	const char *magic;
	size_t len;
	const char *format, *config, *problem;
} formats[] = {
	{"\x1f\x8b\x08", 3, "gzip", "RD_GZIP", ""},
	{"BZh9", 4, "bzip2", "RD_BZIP2", ""},
	{"\x5d\0\0\x80", 4, "lzma", "RD_LZMA", ""},
	{"\x89LZO", 4, "lzo", "RD_LZO", ""},
	{"\x02\x21\x4c\x18", 4, "lz4", "RD_LZ4", ""},
	{"\x04\x22\x4d\x18", 4, "lz4 frame", NULL,
	 "an lz4 frame, but Linux's decoder knows lz4's legacy format alone: lz4 -l"},
	{"\xfd\x37zXZ\0\0\0", 8, "xz", "RD_XZ", ""},
	{"\xfd\x37zXZ\0\0\1", 8, "xz", "RD_XZ", ""},
	{"\xfd\x37zXZ\0\0\4", 8, "xz", "RD_XZ",
	 "xz with CRC64 for a check, but Linux's decoder knows CRC32 alone: xz --check=crc32"},
	{"\xfd\x37zXZ\0\0\x0a", 8, "xz", "RD_XZ",
	 "xz with SHA-256 for a check, but Linux's decoder knows CRC32 alone: xz --check=crc32"},
	{"hsqs", 4, "file system", NULL, ""},
	{"\x7f\x45LF", 4, NULL, NULL,
	 "at byte 0 (7f 45 4c 46) there is neither a cpio archive nor one that is compressed in a "
	 "way that Linux knows"},
	{"07070", 5, "cpio", NULL, "a cpio archive that is cut short: it ends at byte 5"},
	{"070707000", 9, "cpio", NULL,
	 "a cpio archive of the old format, but Linux unpacks the new one alone: cpio -H newc"},
	{"0707010000000x", 14, "cpio", NULL,
	 "a cpio archive that is cut short: it ends at byte 14"},
};

START_TEST(a_format)
{
	append(formats[_i].magic, formats[_i].len);
	expect(formats[_i].format, formats[_i].config, 0, formats[_i].problem);
}
END_TEST

START_TEST(an_ext2_image)
{
	size = 2048;
	memcpy(bytes + 0x400, "x", 1);
	memcpy(bytes + 0x438, "\x53\xef", 2);
	expect("file system", NULL, 0, "");
}
END_TEST

START_TEST(what_follows_an_archive)
{
	append_cpio();
	append("junk", 4);
	look_at(size);
	ck_assert_str_eq(scan.problem.text,
			 "at byte 512 (6a 75 6e 6b) there is neither a cpio archive nor one that "
			 "is compressed in a way that Linux knows");
	ck_assert_uint_eq(scan.unpacked_bytes, 100);
	size = 0;
	append_cpio();
	bytes[7] = 'x'; /* a digit of the inode: not looked at; then one of the file's size */
	expect("cpio", NULL, 100, "");
	bytes[54] = 'x';
	expect("cpio", NULL, 0, "a cpio archive with no entry's header at byte 0");
}
END_TEST

/* A header that is not there, or bytes of a file: Linux says nothing when they are missing. */
START_TEST(an_archive_that_is_cut_short)
{
	append_cpio();
	for (size_t n = 1; n < size; n++) {
		look_at(n);
		bool trailer_is_whole = n >= 332 + 110 + sizeof("TRAILER!!!");
		bool between_entries = n == 116 || n == 332;
		ck_assert_msg(!scan.problem.text[0] == (trailer_is_whole || between_entries),
			      "%zu: %s", n, scan.problem.text);
	}
}
END_TEST

START_TEST(packed_by_the_libraries)
{
	static const struct {
		const char *format;
		bool has_size;
		const char *problem;
	} expected[PACKINGS] = {
		[PACK_GZIP] = {"gzip", true, ""},
		[PACK_ZSTD] = {"zstd", true, ""},
		[PACK_LZ4_FRAME] = {"lz4 frame", false, "an lz4 frame"},
		[PACK_LZ4_LEGACY] = {"lz4", false, ""},
		[PACK_XZ] = {"xz", false, ""},
	};
	static uint8_t content[3000];
	struct blob packed;
	if (!pack_data((enum packing)_i, (struct blob){content, sizeof(content)}, &packed))
		return;
	append(packed.data, packed.size);
	free((void *)(uintptr_t)packed.data);
	look_at(size);
	ck_assert_str_eq(scan.format, expected[_i].format);
	ck_assert_uint_eq(scan.unpacked_bytes, expected[_i].has_size ? sizeof(content) : 0);
	ck_assert(strncmp(scan.problem.text, expected[_i].problem, strlen(expected[_i].problem)) ==
		  0);
	ck_assert_int_eq(!scan.problem.text[0], !expected[_i].problem[0]);
}
END_TEST

/* RFC 8878: descriptor, then a window (2^(10+e) and eighths of it), an id, the content's size. */
static const struct {
	const char *header;
	size_t len;
	uint64_t window, content;
} frames[] = {
	{"\x28\xb5\x2f\xfd\x00\x58", 6, 2 << 20, 0},
	{"\x28\xb5\x2f\xfd\x04\xa9", 6, (1ull << 31) + (1ull << 28), 0},
	{"\x28\xb5\x2f\xfd\x20\x07", 6, 7, 7},
	{"\x28\xb5\x2f\xfd\x60\x00\x01", 7, 512, 512},
	{"\x28\xb5\x2f\xfd\xa1\xff\x00\x00\x00\x01", 10, 1 << 24, 1 << 24},
	{"\x28\xb5\x2f\xfd\xc0\x00\x00\x00\x00\x00\x00\x01\x00\x00", 14, 1024, 1ull << 40},
	{"\x28\xb5\x2f\xfd\xe0\x00\x00", 7, 0, 0}, /* cut short */
	{"\x28\xb5\x2f\xfd", 4, 0, 0},
};

START_TEST(zstd_frames)
{
	append(frames[_i].header, frames[_i].len);
	expect("zstd", "RD_ZSTD", frames[_i].content, "");
	ck_assert_uint_eq(scan.window_bytes, frames[_i].window);
}
END_TEST

/* gzip's trailer is not believed where gzip cannot have packed so well. */
START_TEST(a_size_that_cannot_be)
{
	append("\x1f\x8b\x08", 3);
	size = 100;
	memcpy(bytes + 96, "\0\0\0\1", 4);
	expect("gzip", "RD_GZIP", 0, "");
	memcpy(bytes + 96, "\0\0\1\0", 4);
	expect("gzip", "RD_GZIP", 65536, "");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("initrd_scan");
	TCase *tc = tcase_create("initrd_scan");
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, nothing);
	tcase_add_test(tc, archives_one_after_another);
	tcase_add_loop_test(tc, a_format, 0, COUNT(formats));
	tcase_add_test(tc, an_ext2_image);
	tcase_add_test(tc, what_follows_an_archive);
	tcase_add_test(tc, an_archive_that_is_cut_short);
	tcase_add_loop_test(tc, packed_by_the_libraries, 0, PACKINGS);
	tcase_add_loop_test(tc, zstd_frames, 0, COUNT(frames));
	tcase_add_test(tc, a_size_that_cannot_be);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Unpacked kernels in the cache. */
#include "caching.h"
#include "vmm/base/mapped.h"

#include <sys/resource.h>

static struct cached found;

START_TEST(keeps_and_finds)
{
	char path[512];
	struct stat st;
	ck_assert(!cache_get(&cache, &key, &found));
	ck_assert(cache_put(&cache, &key, text("unpacked")));
	ck_assert(cache_put(&cache, &key, text("unpacked"))); /* in its place */
	ck_assert(!cache_get(&cache, &other_key, &found));
	ck_assert(cache_get(&cache, &key, &found));
	ck_assert_uint_eq(found.data.size, 8);
	ck_assert_mem_eq(found.data.data, "unpacked", 8);
	ck_assert_uint_eq(files(path), 1);
	ck_assert(!stat(path, &st) && (st.st_mode & 07777) == 0600);
	ck_assert_str_eq(mapped_path(found.data.data), path);
	cached_free(&found);
	ck_assert_str_eq(cache.problem.text, "");
}
END_TEST

/* FIPS 180-4's example, and XXH64's: the two are not to be mixed up. */
START_TEST(digests)
{
	static const uint8_t abc[32] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea,
					0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
					0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c,
					0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};
	struct digest d;
	digest_make(text("abc"), &d);
	ck_assert_mem_eq(d.bytes, abc, sizeof(abc));
	ck_assert_uint_eq(digest64(text("abc")), 0x44bc2cf5ad770999);
}
END_TEST

enum { ENTRY_BYTES = 8 + 8 + 8 + 8 + 32 }; /* "unpacked" and its trailer */

/* One byte changed, one lost or more, nothing left: not used, and removed. */
START_TEST(damage_is_noticed)
{
	char path[512];
	ck_assert(cache_put(&cache, &key, text("unpacked")));
	ck_assert_uint_eq(files(path), 1);
	int fd = open(path, O_RDWR);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(lseek(fd, 0, SEEK_END), ENTRY_BYTES);
	if (_i < ENTRY_BYTES)
		ck_assert_int_eq(pwrite(fd, "\xaa", 1, _i), 1);
	else
		ck_assert_int_eq(ftruncate(fd, ENTRY_BYTES - 1 - (_i - ENTRY_BYTES) * 8), 0);
	close(fd);
	ck_assert(!cache_get(&cache, &key, &found));
	ck_assert_uint_eq(found.mapping.size, 0);
	ck_assert_uint_eq(files(path), 0);
	ck_assert_str_eq(cache.problem.text, "");
	ck_assert(cache_put(&cache, &key, text("unpacked")));
	ck_assert(cache_get(&cache, &key, &found));
	cached_free(&found);
}
END_TEST

/* A whole file by another's name, of the same length. */
START_TEST(renamed)
{
	char path[512], other[512];
	ck_assert(cache_put(&cache, &other_key, text("poisoned")));
	ck_assert_uint_eq(files(other), 1);
	ck_assert(cache_put(&cache, &key, text("unpacked")));
	snprintf(path, sizeof(path), "%s/moved", folder);
	ck_assert_int_eq(rename(other, path), 0);
	char target[512];
	DIR *dir = opendir(folder);
	for (const struct dirent *d; (d = readdir(dir));)
		if (strncmp(d->d_name, "kernel-", 7) == 0)
			snprintf(target, sizeof(target), "%s/%s", folder, d->d_name);
	closedir(dir);
	ck_assert_int_eq(rename(path, target), 0);
	ck_assert(!cache_get(&cache, &key, &found));
	ck_assert_uint_eq(files(path), 0);
}
END_TEST

/* Makes a hole of the data, and moves the trailer, which says so. */
static void grow(const char *path, off_t bytes)
{
	enum { TRAILER_BYTES = ENTRY_BYTES - 8, BYTES_AT = 8 };
	uint8_t trailer[TRAILER_BYTES];
	uint64_t data_bytes = (uint64_t)(bytes - TRAILER_BYTES);
	int fd = open(path, O_RDWR);

	ck_assert_int_eq(pread(fd, trailer, sizeof(trailer), 8), TRAILER_BYTES);
	memcpy(trailer + BYTES_AT, &data_bytes, sizeof(data_bytes));
	ck_assert_int_eq(ftruncate(fd, 0), 0);
	ck_assert_int_eq(pwrite(fd, trailer, sizeof(trailer), (off_t)data_bytes), TRAILER_BYTES);
	close(fd);
}

/* A planted file that is larger than any that is kept, or has no trailer, is not even mapped. */
START_TEST(a_large_file_costs_nothing)
{
	struct rusage before, after;
	char path[512];

	ck_assert(cache_put(&cache, &key, text("unpacked")));
	ck_assert_uint_eq(files(path), 1);
	if (_i == 0)
		grow(path, CACHE_MAX_BYTES + 1);
	else if (truncate(path, _i == 1 ? CACHE_MAX_BYTES : 4ll << 30))
		return; /* the file system has no such files */
	getrusage(RUSAGE_SELF, &before);
	ck_assert(!cache_get(&cache, &key, &found));
	getrusage(RUSAGE_SELF, &after);
	ck_assert_int_lt(after.ru_maxrss - before.ru_maxrss, 10 << 10); /* KiB */
	ck_assert_uint_eq(files(path), 0);
}
END_TEST

/* What was used a while ago is as if it were new. */
START_TEST(use_makes_young)
{
	char path[512];
	struct stat st;
	struct timespec old[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
	ck_assert(cache_put(&cache, &key, text("unpacked")));
	ck_assert_uint_eq(files(path), 1);
	ck_assert_int_eq(utimensat(AT_FDCWD, path, old, 0), 0);
	ck_assert(cache_get(&cache, &key, &found));
	cached_free(&found);
	ck_assert(!stat(path, &st) && st.st_mtime > 1000);
}
END_TEST

START_TEST(no_cache_is_no_harm)
{
	struct cache none = {.dir_fd = -1};
	ck_assert(!cache_put(&none, &key, text("unpacked")));
	ck_assert(!cache_get(&none, &key, &found));
	cache_close(&none);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("cache");
	TCase *tc = tcase_create("cache");
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, keeps_and_finds);
	tcase_add_test(tc, digests);
	tcase_add_loop_test(tc, damage_is_noticed, 0, ENTRY_BYTES + 8);
	tcase_add_test(tc, renamed);
	tcase_add_loop_test(tc, a_large_file_costs_nothing, 0, 3);
	tcase_add_test(tc, use_makes_young);
	tcase_add_test(tc, no_cache_is_no_harm);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

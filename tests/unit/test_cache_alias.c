/* SPDX-License-Identifier: BSD-3-Clause */
/* Digests that the cache knows by a file's identity. */
#include "vmm/payload/cache_alias.h"

#include "caching.h"

enum { PACKED = 12345 };

static const struct infile_identity id = {.device = 8,
					  .inode = 77,
					  .bytes = 54321,
					  .mtime_ns = 1234567890123456789,
					  .ctime_ns = 1234567890987654321};
static struct digest got;

START_TEST(notes_and_finds)
{
	char path[512];
	struct stat st;

	ck_assert(!cache_alias_find(&cache, &id, PACKED, &got));
	cache_alias_note(&cache, &id, PACKED, &other_key);
	cache_alias_note(&cache, &id, PACKED, &key); /* in its place */
	ck_assert(cache_alias_find(&cache, &id, PACKED, &got));
	ck_assert_mem_eq(&got, &key, sizeof(key));
	ck_assert_uint_eq(files(path), 1);
	ck_assert(!stat(path, &st) && (st.st_mode & 07777) == 0600);
	ck_assert_str_eq(cache.problem.text, "");
}
END_TEST

static struct infile_identity changed(int field)
{
	struct infile_identity other = id;
	uint64_t *const fields[] = {&other.device, &other.inode, &other.bytes, &other.mtime_ns,
				    &other.ctime_ns};

	if (field < COUNT(fields))
		++*fields[field];
	return other;
}

/* Another file, the same one after a change, or other bytes of it. */
START_TEST(each_field_counts)
{
	const struct infile_identity other = changed(_i);

	cache_alias_note(&cache, &id, PACKED, &key);
	ck_assert(!cache_alias_find(&cache, &other, _i < 5 ? PACKED : PACKED + 1, &got));
	ck_assert(cache_alias_find(&cache, &id, PACKED, &got));
}
END_TEST

/* The content counts, not the name: another file's note, whole, by this one's name. */
START_TEST(renamed)
{
	const struct infile_identity other = changed(_i);
	char path[512], wrong[512];

	cache_alias_note(&cache, &id, PACKED, &key);
	ck_assert_uint_eq(files(path), 1);
	ck_assert_int_eq(unlink(path), 0);
	cache_alias_note(&cache, &other, PACKED, &other_key);
	ck_assert_uint_eq(files(wrong), 1);
	ck_assert_int_eq(rename(wrong, path), 0);
	ck_assert(!cache_alias_find(&cache, &id, PACKED, &got));
	cache_alias_note(&cache, &id, PACKED, &key);
	ck_assert(cache_alias_find(&cache, &id, PACKED, &got));
}
END_TEST

enum { ALIAS_BYTES = 8 + 5 * 8 + 8 + 32 + 8 };

START_TEST(damage_is_noticed)
{
	char path[512], byte;

	cache_alias_note(&cache, &id, PACKED, &key);
	ck_assert_uint_eq(files(path), 1);
	int fd = open(path, O_RDWR);
	ck_assert_int_eq(lseek(fd, 0, SEEK_END), ALIAS_BYTES);
	if (_i < ALIAS_BYTES) {
		ck_assert_int_eq(pread(fd, &byte, 1, _i), 1);
		byte ^= 1;
		ck_assert_int_eq(pwrite(fd, &byte, 1, _i), 1);
	} else {
		ck_assert_int_eq(ftruncate(fd, _i == ALIAS_BYTES ? ALIAS_BYTES - 1 : 4ll << 30), 0);
	}
	close(fd);
	ck_assert(!cache_alias_find(&cache, &id, PACKED, &got));
	ck_assert_uint_eq(files(path), 0);
}
END_TEST

START_TEST(nothing_is_known_of_an_unknown_file)
{
	const struct infile_identity none = {0};
	char path[512];

	cache_alias_note(&cache, &none, PACKED, &key);
	ck_assert_uint_eq(files(path), 0);
	ck_assert(!cache_alias_find(&cache, &none, PACKED, &got));
}
END_TEST

START_TEST(one_that_is_not_ours)
{
	cache_alias_note(&cache, &id, PACKED, &key);
	in_base("chmod 0666 minivmm/unpacked/alias-*");
	ck_assert(!cache_alias_find(&cache, &id, PACKED, &got));
	ck_assert_msg(strstr(cache.problem.text, ": its mode is 0666, expected at most 0755"), "%s",
		      cache.problem.text);
	ck_assert_int_eq(cache.dir_fd, -1);
	cache_alias_note(&cache, &id, PACKED, &key);
	ck_assert(!cache_alias_find(&cache, &id, PACKED, &got));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("cache_alias");
	TCase *tc = tcase_create("cache_alias");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, notes_and_finds);
	tcase_add_loop_test(tc, each_field_counts, 0, 6);
	tcase_add_loop_test(tc, renamed, 0, 5);
	tcase_add_loop_test(tc, damage_is_noticed, 0, ALIAS_BYTES + 2);
	tcase_add_test(tc, nothing_is_known_of_an_unknown_file);
	tcase_add_test(tc, one_that_is_not_ours);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

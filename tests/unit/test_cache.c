/* SPDX-License-Identifier: BSD-3-Clause */
#include "vmm/cache.h"

#include "suite.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char base[] = "/tmp/test_cache.XXXXXX";
static char folder[128];
static struct cache cache;
static struct cached found;

static struct blob text(const char *s)
{
	return (struct blob){(const uint8_t *)s, strlen(s)};
}

static void setup(void)
{
	strcpy(base + sizeof(base) - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(base));
	snprintf(folder, sizeof(folder), "%s/minivmm/unpacked", base);
	setenv("XDG_CACHE_HOME", base, 1);
	cache_open(&cache);
}

static void teardown(void)
{
	char command[256];
	cache_close(&cache);
	snprintf(command, sizeof(command), "rm -rf '%s'", base);
	ck_assert_int_eq(system(command), 0);
}

/* The files, and in @path one of them. */
static unsigned files(char path[512])
{
	unsigned n = 0;
	DIR *dir = opendir(folder);
	ck_assert_ptr_nonnull(dir);
	for (const struct dirent *d; (d = readdir(dir));)
		if (d->d_name[0] != '.') {
			snprintf(path, 512, "%s/%s", folder, d->d_name);
			n++;
		}
	closedir(dir);
	return n;
}

START_TEST(keeps_and_finds)
{
	char path[512];
	struct stat st;
	ck_assert(!cache_get(&cache, text("packed"), &found));
	ck_assert(cache_put(&cache, text("packed"), text("unpacked")));
	ck_assert(cache_put(&cache, text("packed"), text("unpacked"))); /* in its place */
	ck_assert(!cache_get(&cache, text("pecked"), &found));
	ck_assert(cache_get(&cache, text("packed"), &found));
	ck_assert_uint_eq(found.data.size, 8);
	ck_assert_mem_eq(found.data.data, "unpacked", 8);
	cached_free(&found);
	ck_assert_uint_eq(files(path), 1);
	ck_assert(!stat(path, &st) && (st.st_mode & 07777) == 0600);
}
END_TEST

/* One byte changed, one lost, nothing left, or a link: not used, and removed. */
START_TEST(damage_is_noticed)
{
	char path[512];
	ck_assert(cache_put(&cache, text("packed"), text("unpacked")));
	ck_assert_uint_eq(files(path), 1);
	int fd = open(path, O_RDWR);
	ck_assert_int_ge(fd, 0);
	if (_i < 32)
		ck_assert_int_eq(pwrite(fd, "\xaa", 1, _i), 1);
	else if (_i < 34)
		ck_assert_int_eq(ftruncate(fd, _i == 32 ? 31 : 0), 0);
	else
		ck_assert(!unlink(path) && !symlink("/etc/passwd", path));
	close(fd);
	ck_assert(!cache_get(&cache, text("packed"), &found));
	ck_assert_uint_eq(found.mapping.size, 0);
	if (_i < 34)
		ck_assert_uint_eq(files(path), 0);
	ck_assert(cache_put(&cache, text("packed"), text("unpacked")));
	ck_assert(cache_get(&cache, text("packed"), &found));
	cached_free(&found);
}
END_TEST

static void make_file(const char *name, off_t bytes, time_t age)
{
	char path[256];
	struct timespec times[2] = {{.tv_sec = time(NULL) - age}, {.tv_sec = time(NULL) - age}};
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	int fd = open(path, O_WRONLY | O_CREAT, 0600);
	ck_assert(fd >= 0 && !ftruncate(fd, bytes) && !futimens(fd, times));
	close(fd);
}

static bool is_there(const char *name)
{
	return faccessat(cache.dir_fd, name, F_OK, 0) == 0;
}

START_TEST(the_oldest_go_first)
{
	make_file("older", 200 << 20, 20);
	make_file("oldest", 200 << 20, 30);
	make_file("new", 112 << 20, 10);
	ck_assert(cache_put(&cache, text("packed"), text("unpacked")));
	ck_assert(is_there("older") && !is_there("oldest") && is_there("new"));
	ck_assert(cache_get(&cache, text("packed"), &found));
	cached_free(&found);
}
END_TEST

/* What was used a while ago is as if it were new. */
START_TEST(use_makes_young)
{
	char path[512];
	struct stat st;
	struct timespec old[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
	ck_assert(cache_put(&cache, text("packed"), text("unpacked")));
	ck_assert_uint_eq(files(path), 1);
	ck_assert_int_eq(utimensat(AT_FDCWD, path, old, 0), 0);
	ck_assert(cache_get(&cache, text("packed"), &found));
	cached_free(&found);
	ck_assert(!stat(path, &st) && st.st_mtime > 1000);
}
END_TEST

START_TEST(no_cache_is_no_harm)
{
	struct cache none;
	setenv("XDG_CACHE_HOME", "/dev/null", 1);
	cache_open(&none);
	ck_assert_int_eq(none.dir_fd, -1);
	ck_assert(!cache_put(&none, text("packed"), text("unpacked")));
	ck_assert(!cache_get(&none, text("packed"), &found));
	cache_close(&none);
}
END_TEST

START_TEST(home_without_xdg)
{
	char path[512];
	struct stat st;
	struct cache other;
	unsetenv("XDG_CACHE_HOME");
	setenv("HOME", base, 1);
	cache_open(&other);
	ck_assert(cache_put(&other, text("packed"), text("unpacked")));
	cache_close(&other);
	snprintf(path, sizeof(path), "%s/.cache/minivmm/unpacked", base);
	ck_assert(!stat(path, &st) && (st.st_mode & 07777) == 0700);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("cache");
	TCase *tc = tcase_create("cache");
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, keeps_and_finds);
	tcase_add_loop_test(tc, damage_is_noticed, 0, 35);
	tcase_add_test(tc, the_oldest_go_first);
	tcase_add_test(tc, use_makes_young);
	tcase_add_test(tc, no_cache_is_no_harm);
	tcase_add_test(tc, home_without_xdg);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

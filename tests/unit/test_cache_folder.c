/* SPDX-License-Identifier: BSD-3-Clause */
/* Whose the cache's folders and files are, and which of them go when there is no room. */
#include "caching.h"

#define DIGITS8  "0123abcd"
#define DIGITS16 DIGITS8 DIGITS8
#define DIGITS64 DIGITS16 DIGITS16 DIGITS16 DIGITS16

static struct cached found;
static const char name[] =
	"kernel-736f6d65206b6579000000000000000000000000000000000000000000000000";

/* Opens it anew. @suffix: how the path that it complains about ends; NULL: it is in order. */
static void check_open(const char *suffix, const char *complaint)
{
	char expected[512] = "";

	cache_close(&cache);
	cache_open(&cache);
	if (suffix)
		snprintf(expected, sizeof(expected), "%s%s: %s", base, suffix, complaint);
	ck_assert_str_eq(cache.problem.text, expected);
	ck_assert_int_eq(cache.dir_fd >= 0, !suffix);
}

START_TEST(folders_that_are_not_ours)
{
	static const struct {
		const char *command, *suffix, *complaint;
	} cases[] = {
		{"chmod 0770 minivmm", "/minivmm",
		 "its mode is 0770, expected at most 0755 (chmod go-w)"},
		{"chmod 0702 minivmm", "/minivmm",
		 "its mode is 0702, expected at most 0755 (chmod go-w)"},
		{"chmod 1777 minivmm/unpacked", "/minivmm/unpacked",
		 "its mode is 1777, expected at most 0755 (chmod go-w)"},
		{"chmod 0755 minivmm minivmm/unpacked", NULL, NULL},
		{"mv minivmm real && ln -s real minivmm", "/minivmm",
		 "this is a symbolic link, expected none; XDG_CACHE_HOME may name a folder "
		 "elsewhere"},
		{"mv minivmm/unpacked real && ln -s ../real minivmm/unpacked", "/minivmm/unpacked",
		 "this is a symbolic link, expected none; XDG_CACHE_HOME may name a folder "
		 "elsewhere"},
		{"rm -r minivmm && ln -s nowhere minivmm", "/minivmm",
		 "this is a symbolic link, expected none; XDG_CACHE_HOME may name a folder "
		 "elsewhere"},
		{"rm -r minivmm && touch minivmm", "/minivmm", "Not a directory"},
		{"rm -r minivmm", NULL, NULL},
	};

	in_base(cases[_i].command);
	check_open(cases[_i].suffix, cases[_i].complaint);
	if (cases[_i].suffix)
		ck_assert(!cache_get(&cache, &key, &found) &&
			  !cache_put(&cache, &key, text("unpacked")));
}
END_TEST

START_TEST(files_that_are_not_ours)
{
	static const struct {
		const char *command, *complaint;
	} cases[] = {
		{"chmod 0620 kernel-*", "its mode is 0620, expected at most 0755 (chmod go-w)"},
		{"chmod 0602 kernel-*", "its mode is 0602, expected at most 0755 (chmod go-w)"},
		{"ln kernel-* link", "it has 2 links, expected 1"},
		{"mv kernel-* real && ln -s real $(basename $OLD)",
		 "this is a symbolic link, expected none; XDG_CACHE_HOME may name a folder "
		 "elsewhere"},
		{"rm kernel-* && mkfifo $OLD", "its mode is 0010644, expected a regular file"},
		{"rm kernel-* && mkdir $OLD", "its mode is 0040755, expected a regular file"},
	};
	char expected[512], command[256];

	ck_assert(cache_put(&cache, &key, text("unpacked")));
	setenv("OLD", name, 1);
	snprintf(command, sizeof(command), "cd minivmm/unpacked && %s", cases[_i].command);
	in_base(command);
	ck_assert(!cache_get(&cache, &key, &found));
	snprintf(expected, sizeof(expected), "%s/%s: %s", folder, name, cases[_i].complaint);
	ck_assert_str_eq(cache.problem.text, expected);
	ck_assert(is_there(name)); /* not ours: not removed */
	ck_assert_int_eq(cache.dir_fd, -1);
	ck_assert(!cache_put(&cache, &key, text("unpacked")));
}
END_TEST

/* Only root can give files away. */
START_TEST(of_another_owner)
{
	static const char *const given[] = {"/.cache", "/.cache/minivmm",
					    "/.cache/minivmm/unpacked"};
	char command[256];

	unsetenv("XDG_CACHE_HOME");
	setenv("HOME", base, 1);
	check_open(NULL, NULL);
	ck_assert(cache_put(&cache, &key, text("unpacked")));
	snprintf(command, sizeof(command), "chown 65534 .%s", given[_i]);
	in_base(command);
	check_open(given[_i], "its owner is 65534, expected 0");
	snprintf(command, sizeof(command), "chown 0 .%s && chown 65534 .cache/minivmm/unpacked/*",
		 given[_i]);
	in_base(command);
	check_open(NULL, NULL);
	ck_assert(!cache_get(&cache, &key, &found));
	ck_assert_msg(strstr(cache.problem.text, ": its owner is 65534, expected 0"), "%s",
		      cache.problem.text);
	in_base("chown 65534 . .cache/minivmm/unpacked/* && chown 0 .cache/minivmm/unpacked/*");
	check_open(NULL, NULL); /* the base may be anybody's */
	ck_assert(cache_get(&cache, &key, &found));
	cached_free(&found);
}
END_TEST

/* One that was removed after it was opened, as a new one in its place does, is whole. */
START_TEST(removed_meanwhile)
{
	struct stat st;

	ck_assert(cache_put(&cache, &key, text("unpacked")));
	int fd = cache_open_file(&cache, name, &st);
	ck_assert_int_ge(fd, 0);
	char path[64];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ck_assert(cache_put(&cache, &key, text("unpacked again")));
	ck_assert(cache_get(&cache, &key, &found));
	ck_assert_mem_eq(found.data.data, "unpacked again", 14);
	cached_free(&found);
	close(fd);
}
END_TEST

START_TEST(the_base)
{
	struct stat st;

	in_base("mkdir real && ln -s real link");
	snprintf(folder, sizeof(folder), "%s/link", base); /* the user's word */
	setenv("XDG_CACHE_HOME", folder, 1);
	check_open(NULL, NULL);
	snprintf(folder, sizeof(folder), "%s/real/minivmm/unpacked", base);
	ck_assert(!stat(folder, &st) && (st.st_mode & 07777) == 0700);

	unsetenv("XDG_CACHE_HOME");
	setenv("HOME", base, 1);
	check_open(NULL, NULL);
	snprintf(folder, sizeof(folder), "%s/.cache/minivmm/unpacked", base);
	ck_assert(!stat(folder, &st) && (st.st_mode & 07777) == 0700);
	in_base("chmod 0777 .cache"); /* others may share it */
	check_open(NULL, NULL);
	in_base("rm -r .cache && ln -s real .cache");
	check_open("/.cache", "this is a symbolic link, expected none; XDG_CACHE_HOME may name a "
			      "folder elsewhere");
}
END_TEST

START_TEST(no_base)
{
	static const struct {
		const char *xdg, *home, *complaint;
	} bases[] = {
		{"relative", "relative", "HOME is no absolute path"},
		{"", "", "HOME is no absolute path"},
		{"relative", "/dev/null", "/dev/null: Not a directory"}, /* it is ignored */
		{"/dev/null", "/", "/dev/null: Not a directory"},
		{"/proc/nowhere", "/", "/proc/nowhere: No such file or directory"},
	};

	cache_close(&cache);
	setenv("XDG_CACHE_HOME", bases[_i].xdg, 1);
	setenv("HOME", bases[_i].home, 1);
	cache_open(&cache);
	ck_assert_int_eq(cache.dir_fd, -1);
	ck_assert_str_eq(cache.problem.text, bases[_i].complaint);
}
END_TEST

static void make_file(const char *file, off_t bytes, time_t age)
{
	char path[512];
	struct timespec times[2] = {{.tv_sec = time(NULL) - age}, {.tv_sec = time(NULL) - age}};
	snprintf(path, sizeof(path), "%s/%s", folder, file);
	int fd = open(path, O_WRONLY | O_CREAT, 0600);
	ck_assert(fd >= 0 && !ftruncate(fd, bytes) && !futimens(fd, times));
	close(fd);
}

/* Of all names that we make or made once. */
START_TEST(the_oldest_go_first)
{
	static const char *const oldest[] = {"kernel-" DIGITS64, "alias-" DIGITS16, "new.123.45ef",
					     DIGITS16 "-be1f00"};

	make_file("kernel-" DIGITS8 DIGITS8 DIGITS16 DIGITS16 DIGITS8 "abcdabcd", 200 << 20, 20);
	make_file(oldest[_i], 200 << 20, 30);
	make_file("new.1.1", 112 << 20, 10);
	ck_assert(cache_put(&cache, &key, text("unpacked")));
	ck_assert(is_there("kernel-" DIGITS8 DIGITS8 DIGITS16 DIGITS16 DIGITS8 "abcdabcd") &&
		  !is_there(oldest[_i]) && is_there("new.1.1"));
	ck_assert(cache_get(&cache, &key, &found));
	cached_free(&found);
}
END_TEST

/* Neither counted nor removed: what is not ours by its name, links and folders. */
START_TEST(what_is_not_ours_stays)
{
	static const char *const names[] = {
		"kernel-",          "kernel-" DIGITS64 "0",
		"kernel-" DIGITS16, "Kernel-" DIGITS64,
		"alias-" DIGITS8,   "new.txt",
		"new.1.x",          DIGITS8 "-1",
		DIGITS16 "0-1",     DIGITS16 "-",
		"README",           "akernel-" DIGITS64,
		"new.123.45ef.gz",
	};

	for (int i = 0; i < COUNT(names); i++)
		make_file(names[i], 300 << 20, 1000);
	in_base("mkdir target target/inside && truncate -s 600M target/file && "
		"ln -s ../../target/file minivmm/unpacked/kernel-" DIGITS64 " && "
		"ln -s ../../target minivmm/unpacked/alias-" DIGITS16 " && "
		"mkdir minivmm/unpacked/new.7.7");
	make_file("new.2.2", 512 << 20, 1);
	ck_assert(cache_put(&cache, &key, text("unpacked")));
	ck_assert(!is_there("new.2.2"));
	for (int i = 0; i < COUNT(names); i++)
		ck_assert_msg(is_there(names[i]), "%s", names[i]);
	ck_assert(is_there("kernel-" DIGITS64) && is_there("alias-" DIGITS16) &&
		  is_there("new.7.7"));
	in_base("test -f target/file && test -d target/inside");
}
END_TEST

START_TEST(small_files_count_as_a_block)
{
	make_file("alias-" DIGITS16, 1, 10);
	make_file("new.1.1", CACHE_MAX_BYTES - 8192, 5);
	ck_assert(cache_put(&cache, &key, text("unpacked"))); /* 72 bytes */
	ck_assert(is_there("alias-" DIGITS16));
	make_file("new.1.1", CACHE_MAX_BYTES - 8192, 5);
	ck_assert(cache_put(&cache, &other_key, text("unpacked")));
	ck_assert(!is_there("alias-" DIGITS16) && is_there("new.1.1"));
}
END_TEST

START_TEST(too_much_for_the_cache)
{
	const struct blob parts[] = {{NULL, CACHE_MAX_BYTES}, text("x")}; /* not looked at */

	make_file("new.1.1", 1, 1000);
	ck_assert(!cache_write_file(&cache, name, parts, 2));
	ck_assert(is_there("new.1.1") && !is_there(name));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("cache_folder");
	TCase *tc = tcase_create("cache_folder");
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, folders_that_are_not_ours, 0, 9);
	tcase_add_loop_test(tc, files_that_are_not_ours, 0, 6);
	if (geteuid() == 0)
		tcase_add_loop_test(tc, of_another_owner, 0, 3);
	else
		puts("SKIP of_another_owner: only root can give files away");
	tcase_add_test(tc, removed_meanwhile);
	tcase_add_test(tc, the_base);
	tcase_add_loop_test(tc, no_base, 0, 5);
	tcase_add_loop_test(tc, the_oldest_go_first, 0, 4);
	tcase_add_test(tc, what_is_not_ours_stays);
	tcase_add_test(tc, small_files_count_as_a_block);
	tcase_add_test(tc, too_much_for_the_cache);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

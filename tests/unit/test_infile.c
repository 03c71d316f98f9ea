/* SPDX-License-Identifier: BSD-3-Clause */
/* Whole files, of which others may change what they hold. */
#include "vmm/payload/infile.h"

#include "suite.h"
#include "vmm/base/file.h"
#include "vmm/base/mapped.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BYTES = 200000 }; /* some pages of whatever size, and more than a head */

static char folder[] = "/tmp/test_infile.XXXXXX";
static char path[64];
static struct blob whole;
static struct infile file;
static struct err e;

static void write_file(void)
{
	static uint8_t text[BYTES];

	memset(text, 'x', sizeof(text));
	memcpy(text, "plain", 5);
	ck_assert_int_eq(file_write(path, (struct blob){text, BYTES}, &e), 0);
}

static void setup(void)
{
	strcpy(folder + sizeof(folder) - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/file", folder);
	write_file();
	e.text[0] = '\0';
}

static void teardown(void)
{
	unlink(path);
	rmdir(folder);
}

/* Every byte becomes another, and then the file is emptied. */
static void spoil(void)
{
	static uint8_t text[BYTES];
	int fd = open(path, O_WRONLY);

	memset(text, 'y', sizeof(text));
	ck_assert_int_eq(pwrite(fd, text, BYTES, 0), BYTES);
	ck_assert_int_eq(ftruncate(fd, 0), 0);
	close(fd);
}

static void check_own(struct blob bytes)
{
	ck_assert_uint_eq(bytes.size, BYTES);
	ck_assert_ptr_null(mapped_path(bytes.data));
	spoil();
	ck_assert_mem_eq(bytes.data, "plain", 5);
	for (size_t i = 5; i < BYTES; i++)
		ck_assert_int_eq(bytes.data[i], 'x');
}

START_TEST(what_is_read_stays)
{
	ck_assert_int_eq(infile_read(path, BYTES, &whole, &e), 0);
	check_own(whole);
	infile_free(&whole);
	ck_assert_uint_eq(whole.size, 0);
	infile_free(&whole);
}
END_TEST

/* The head stays, whatever becomes of the file; the rest has its name. */
START_TEST(the_head_is_our_own)
{
	ck_assert_int_eq(infile_open(path, &file, &e), 0);
	ck_assert(file.mapped && file.bytes.size == BYTES && file.bytes.data[BYTES - 1] == 'x');
	ck_assert_ptr_eq(mapped_path(file.bytes.data), path);
	ck_assert_ptr_eq(mapped_path(file.bytes.data + BYTES - 1), path);
	ck_assert_ptr_null(mapped_path(file.bytes.data + BYTES));
	ck_assert_ptr_null(mapped_path(file.bytes.data - 1));
	spoil();
	ck_assert_mem_eq(file.bytes.data, "plainxxx", 8);
	ck_assert_int_eq(file.bytes.data[INFILE_HEAD_BYTES - 1], 'x');

	const uint8_t *was = file.bytes.data;
	infile_close(&file);
	ck_assert_ptr_null(mapped_path(was));
	infile_close(&file);
}
END_TEST

START_TEST(all_can_be_our_own)
{
	ck_assert_int_eq(infile_open(path, &file, &e), 0);
	const uint8_t *was = file.bytes.data;
	ck_assert_int_eq(infile_own(&file, BYTES, &e), 0);
	ck_assert_ptr_eq(file.bytes.data, was);
	ck_assert_int_eq(infile_own(&file, BYTES, &e), 0);
	check_own(file.bytes);
	infile_close(&file);
}
END_TEST

/* A file that is not longer than its head. */
START_TEST(all_head)
{
	ck_assert_int_eq(truncate(path, _i == 0 ? 1 : INFILE_HEAD_BYTES), 0);
	ck_assert_int_eq(infile_open(path, &file, &e), 0);
	ck_assert_uint_eq(file.bytes.size, _i == 0 ? 1 : INFILE_HEAD_BYTES);
	ck_assert(!file.mapped && !mapped_path(file.bytes.data));
	ck_assert_int_eq(infile_own(&file, 1, &e), 0);
	ck_assert_int_eq(file.bytes.data[0], 'p');
	infile_close(&file);
}
END_TEST

/* Not read: a file of 1 TiB that has no byte on the disk. */
START_TEST(too_large)
{
	ck_assert_int_eq(infile_read(path, BYTES - 1, &whole, &e), -1);
	ck_assert_msg(strstr(e.text, "/file: the file has 200000 bytes, expected at most 199999"),
		      "%s", e.text);
	if (truncate(path, 1ll << 40))
		return; /* the file system has no such files */
	ck_assert_int_eq(infile_open(path, &file, &e), 0);
	ck_assert_int_eq(infile_own(&file, 1 << 30, &e), -1);
	ck_assert_msg(strstr(e.text, " bytes, expected at most 1073741824"), "%s", e.text);
	infile_close(&file);
}
END_TEST

START_TEST(cut_while_it_is_open)
{
	ck_assert_int_eq(infile_open(path, &file, &e), 0);
	ck_assert_int_eq(truncate(path, 100000), 0);
	ck_assert_int_eq(infile_own(&file, BYTES, &e), -1);
	ck_assert_msg(strstr(e.text, "/file: the file shrank while it was read: 100000 of 200000 "),
		      "%s", e.text);
	infile_close(&file);
}
END_TEST

/* sysfs says that each of its files has a page, and gives fewer bytes. */
START_TEST(shorter_than_it_says)
{
	static const char sysfs[] = "/sys/devices/system/cpu/online";

	if (access(sysfs, R_OK))
		return;
	ck_assert_int_eq(infile_read(sysfs, BYTES, &whole, &e), -1);
	ck_assert_msg(strstr(e.text, "online: the file shrank while it was read: "), "%s", e.text);
	ck_assert_int_eq(infile_open(sysfs, &file, &e), -1);
	ck_assert_msg(strstr(e.text, "online: the file shrank while it was read: "), "%s", e.text);
}
END_TEST

START_TEST(no_file_at_all)
{
	static const struct {
		const char *path, *err;
	} cases[] = {{"/nonexistent", "/nonexistent: No such file or directory"},
		     {"/", "/: this is a directory, expected a regular file"},
		     {"/dev/null", "/dev/null: this is a device, expected a regular file"}};

	ck_assert_int_eq(infile_read(cases[_i].path, BYTES, &whole, &e), -1);
	ck_assert_str_eq(e.text, cases[_i].err);
	ck_assert_int_eq(infile_open(cases[_i].path, &file, &e), -1);
	ck_assert_str_eq(e.text, cases[_i].err);
}
END_TEST

/* Of @file: the same as fstat() says, or none. */
static void check_identity(bool known)
{
	struct stat st;

	ck_assert_int_eq(stat(file.path, &st), 0);
	ck_assert_uint_eq(file.id.inode, known ? st.st_ino : 0);
	ck_assert_uint_eq(file.id.device, known ? st.st_dev : 0);
	ck_assert_uint_eq(file.id.bytes, known ? (uint64_t)st.st_size : 0);
	ck_assert_int_eq((long)(file.id.mtime_ns % 1000000000), known ? st.st_mtim.tv_nsec : 0);
	ck_assert_int_eq((long)(file.id.ctime_ns / 1000000000), known ? st.st_ctim.tv_sec : 0);
}

/* Files that are 2 s old have an identity, if nobody else may write them. */
START_TEST(identity)
{
	char others[2][sizeof(path) + 8];

	for (int i = 0; i < 2; i++) {
		snprintf(others[i], sizeof(others[i]), "%s.%d", path, i);
		ck_assert_int_eq(file_write(others[i], (struct blob){(const uint8_t *)"x", 1}, &e),
				 0);
	}
	ck_assert_int_eq(chmod(others[0], 0664), 0);
	bool given = chown(others[1], 65534, 65534) == 0; /* only root can */
	ck_assert_int_eq(infile_open(path, &file, &e), 0);
	check_identity(false);
	infile_close(&file);
	usleep(2100000);

	ck_assert_int_eq(infile_open(path, &file, &e), 0);
	check_identity(true);
	ck_assert_int_eq(infile_own(&file, BYTES, &e), 0);
	check_identity(true);
	infile_close(&file);
	for (int i = 0; i < 1 + given; i++) {
		ck_assert_int_eq(infile_open(others[i], &file, &e), 0);
		check_identity(false);
		infile_close(&file);
	}
	ck_assert_int_eq(infile_open(path, &file, &e), 0);
	ck_assert_int_eq(chmod(path, 0600), 0); /* ctime is another now */
	ck_assert_int_eq(infile_own(&file, BYTES, &e), 0);
	check_identity(false);
	infile_close(&file);
	unlink(others[0]);
	unlink(others[1]);
}
END_TEST

START_TEST(names_of_mappings)
{
	static uint8_t bytes[MAPPED_MAX + 1][16];

	for (unsigned i = 0; i <= MAPPED_MAX; i++)
		mapped_add((struct blob){bytes[i], 16}, "a path");
	ck_assert_ptr_nonnull(mapped_path(&bytes[MAPPED_MAX - 1][15]));
	ck_assert_ptr_null(mapped_path(&bytes[MAPPED_MAX][0])); /* no room: no name */
	mapped_remove((struct blob){bytes[1], 16});
	ck_assert_ptr_null(mapped_path(bytes[1]));
	mapped_add((struct blob){bytes[MAPPED_MAX], 16}, "another");
	ck_assert_str_eq(mapped_path(bytes[MAPPED_MAX]), "another");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("infile");
	TCase *tc = tcase_create("infile");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, what_is_read_stays);
	tcase_add_test(tc, the_head_is_our_own);
	tcase_add_test(tc, all_can_be_our_own);
	tcase_add_loop_test(tc, all_head, 0, 2);
	tcase_add_test(tc, too_large);
	tcase_add_test(tc, cut_while_it_is_open);
	tcase_add_test(tc, shorter_than_it_says);
	tcase_add_loop_test(tc, no_file_at_all, 0, 3);
	tcase_add_test(tc, identity);
	tcase_add_test(tc, names_of_mappings);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

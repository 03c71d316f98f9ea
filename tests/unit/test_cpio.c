/* SPDX-License-Identifier: BSD-3-Clause */
#include "loader/cpio.h"
#include "suite.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct blob text(const char *s)
{
	return (struct blob){(const uint8_t *)s, strlen(s)};
}

/* An archive with one of each. */
static int one_of_each(struct cpio *c, struct err *e)
{
	return cpio_add_dir(c, "dev", 0755, e) || cpio_add_device(c, "dev/null", 0666, 1, 3, e) ||
	       cpio_add_file(c, "a", 04755, text("12345"), e) ||
	       cpio_add_file(c, "empty", 0600, text(""), e) || cpio_finish(c, e);
}

/* Byte for byte: header (110), name, zeros to 4, data, zeros to 4. */
START_TEST(bytes)
{
	/*
	 * ino mode uid gid
	 * nlink mtime filesize devmajor
	 * devminor rdevmajor rdevminor namesize
	 * check
	 */
	static const char expected[] = "070701"
				       "00000001000089ED0000000000000000"
				       "00000001000000000000000500000000"
				       "00000000000000000000000000000004"
				       "00000000"
				       "a.b\0\0\0"
				       "12345\0\0\0"
				       "070701"
				       "00000002000021800000000000000000"
				       "00000001000000000000000000000000"
				       "00000000000000050000000100000002"
				       "00000000"
				       "c\0"
				       "070701"
				       "00000000000000000000000000000000"
				       "00000001000000000000000000000000"
				       "0000000000000000000000000000000B"
				       "00000000"
				       "TRAILER!!!\0";
	uint8_t buffer[1024];
	struct cpio c;
	memset(buffer, 0xcc, sizeof(buffer));
	cpio_init(&c, buffer, 512);
	ck_assert_int_eq(cpio_add_file(&c, "a.b", 0104755, text("12345"), NULL), 0);
	ck_assert_uint_eq(c.used, 124);
	ck_assert_int_eq(cpio_add_device(&c, "c", 0600, 5, 1, NULL), 0);
	ck_assert_uint_eq(c.used, 236);
	ck_assert_int_eq(cpio_finish(&c, NULL), 0);
	ck_assert_uint_eq(c.used, 512);
	ck_assert_mem_eq(buffer, expected, 236 + 110 + 11);
	for (size_t i = 236 + 110 + 11; i < 512; i++)
		ck_assert_uint_eq(buffer[i], 0);
	ck_assert_uint_eq(buffer[512], 0xcc);
}
END_TEST

START_TEST(counting_gives_the_size)
{
	struct cpio count, c;
	cpio_init(&count, NULL, 0);
	ck_assert_int_eq(one_of_each(&count, NULL), 0);
	ck_assert_uint_eq(count.used % 512, 0);

	/* In a buffer of just that size, and in none that is smaller. */
	uint8_t *buffer = malloc(count.used);
	cpio_init(&c, buffer, count.used);
	ck_assert_int_eq(one_of_each(&c, NULL), 0);
	ck_assert_uint_eq(c.used, count.used);
	for (size_t capacity = 0; capacity < count.used; capacity++) {
		cpio_init(&c, buffer, capacity);
		ck_assert(one_of_each(&c, NULL));
		ck_assert_uint_le(c.used, capacity);
	}
	free(buffer);
}
END_TEST

START_TEST(errors)
{
	struct err e = {""};
	uint8_t buffer[300];
	char name[258];
	struct cpio c;

	memset(buffer, 0xcc, sizeof(buffer));
	cpio_init(&c, buffer, sizeof(buffer));
	ck_assert_int_eq(cpio_add_dir(&c, "", 0755, &e), -1);
	ck_assert_str_eq(e.text, "cpio: an entry's name is empty");
	ck_assert_int_eq(cpio_add_dir(&c, "/dev", 0755, &e), -1);
	ck_assert_str_eq(e.text, "cpio: the name '/dev' starts with '/'");

	memset(name, 'x', 256);
	name[256] = 0;
	ck_assert_int_eq(cpio_add_device(&c, name, 0600, 5, 1, &e), -1);
	ck_assert_str_eq(e.text, "cpio: the name 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
				 "xxxxxxxxxxxxxxxx...' has 256 characters, the most is 255");
	ck_assert_uint_eq(c.used, 0);
	ck_assert_uint_eq(buffer[0], 0xcc);

	/* Room for just one entry, and what a refused one leaves. */
	ck_assert_int_eq(cpio_add_dir(&c, "dev", 0755, &e), 0);
	ck_assert_uint_eq(c.used, 116);
	ck_assert_int_eq(cpio_add_file(&c, "f", 0644, (struct blob){buffer, 73}, &e), -1);
	ck_assert_str_eq(e.text,
			 "cpio: no room for 'f' with 73 bytes at offset 116: the buffer has 300");
	ck_assert_uint_eq(c.used, 116);
	ck_assert_uint_eq(c.inode, 1);
	ck_assert_uint_eq(buffer[116], 0xcc);
	ck_assert_int_eq(cpio_finish(&c, &e), -1);
	ck_assert_str_eq(
		e.text,
		"cpio: no room for 'TRAILER!!!' with 0 bytes at offset 116: the buffer has 300");

	name[255] = 0;
	cpio_init(&c, NULL, 0);
	ck_assert_int_eq(cpio_add_dir(&c, name, 0755, &e), 0);
	ck_assert_uint_eq(c.used, 368); /* 110 + 256, to a multiple of 4 */
}
END_TEST

#if SIZE_MAX > UINT32_MAX
START_TEST(large_files)
{
	struct err e = {""};
	struct cpio c;
	static const uint8_t byte;
	/* Counting does not look at the data. */
	cpio_init(&c, NULL, 0);
	ck_assert_int_eq(cpio_add_file(&c, "f", 0644, (struct blob){&byte, 0x100000000}, &e), -1);
	ck_assert_str_eq(e.text, "cpio: 'f' has 4294967296 bytes, the most is 4294967295");
	ck_assert_int_eq(cpio_add_file(&c, "f", 0644, (struct blob){&byte, 0xffffffff}, &e), 0);
	ck_assert_uint_eq(c.used, 112 + 0x100000000);
	c.used = SIZE_MAX - 3;
	ck_assert_int_eq(cpio_add_dir(&c, "d", 0755, &e), -1);
	ck_assert_str_eq(e.text, "cpio: no room for 'd' with 0 bytes at offset "
				 "18446744073709551612: the buffer has 18446744073709551615");
}
END_TEST
#endif

/* ---- With the real cpio ---- */

static char folder[] = "/tmp/minivmm-test-cpio-XXXXXX";

static void write_archive(const uint8_t *data, size_t size)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/archive", folder);
	FILE *f = fopen(path, "wb");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(data, 1, size, f), size);
	ck_assert_int_eq(fclose(f), 0);
}

/* Runs @command in the folder; what it wrote to stdout is in @out. */
static int shell(const char *command, char *out, size_t size)
{
	char line[512];
	snprintf(line, sizeof(line), "cd %s && %s", folder, command);
	FILE *p = popen(line, "r"); /* NOLINT: a fixed command */
	ck_assert_ptr_nonnull(p);
	size_t n = fread(out, 1, size - 1, p);
	out[n] = 0;
	return pclose(p);
}

START_TEST(real_cpio)
{
	static uint8_t buffer[8192];
	uint8_t data[3001], back[3002];
	char out[1024];
	struct cpio c;

	if (system("cpio --version >/dev/null 2>&1") != 0) /* NOLINT: a fixed command */
		return;
	ck_assert_ptr_nonnull(mkdtemp(folder));
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7);
	cpio_init(&c, buffer, sizeof(buffer));
	ck_assert_int_eq(cpio_add_dir(&c, "d", 0750, NULL), 0);
	ck_assert_int_eq(cpio_add_file(&c, "d/data", 0751, (struct blob){data, sizeof(data)}, NULL),
			 0);
	ck_assert_int_eq(cpio_add_file(&c, "d/empty", 0644, text(""), NULL), 0);
	ck_assert_int_eq(cpio_finish(&c, NULL), 0);
	write_archive(buffer, c.used);
	ck_assert_int_eq(shell("cpio -idv <archive 2>&1", out, sizeof(out)), 0);
	ck_assert_msg(strncmp(out, "d\nd/data\nd/empty\n", 17) == 0, "%s", out);
	ck_assert_int_eq(
		shell("stat -c '%a %s' d d/data d/empty | cut -d ' ' -f 1", out, sizeof(out)), 0);
	ck_assert_str_eq(out, "750\n751\n644\n");
	ck_assert_int_eq(shell("cat d/data d/empty", (char *)back, sizeof(back)), 0);
	ck_assert_mem_eq(back, data, sizeof(data));

	/* Not everyone may make a device: this one is only listed. */
	cpio_init(&c, buffer, sizeof(buffer));
	ck_assert_int_eq(one_of_each(&c, NULL), 0);
	write_archive(buffer, c.used);
	ck_assert_int_eq(shell("LC_ALL=C cpio --quiet -itvn <archive | tr -s ' ' | cut -d ' ' "
			       "-f 1-6,10-",
			       out, sizeof(out)),
			 0);
	ck_assert_msg(strstr(out, "drwxr-xr-x 1 0 0") && strstr(out, "crw-rw-rw- 1 0 0 1, 3") &&
			      strstr(out, "-rwsr-xr-x 1 0 0 5"),
		      "%s", out);
	ck_assert_int_eq(shell("rm -rf d archive", out, sizeof(out)), 0);
	ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("cpio");
	TCase *t = tcase_create("cpio");
	tcase_add_test(t, bytes);
	tcase_add_test(t, counting_gives_the_size);
	tcase_add_test(t, errors);
#if SIZE_MAX > UINT32_MAX
	tcase_add_test(t, large_files);
#endif
	tcase_add_test(t, real_cpio);
	suite_add_tcase(s, t);
	return run_suite(s);
}

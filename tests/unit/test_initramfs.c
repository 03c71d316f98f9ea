/* SPDX-License-Identifier: BSD-3-Clause */
#include "vmm/payload/initramfs.h"

#include "guest/embedded.h"
#include "suite.h"

#include <check.h>

/* In place of the real one, which only x86_64 hosts have. */
struct blob guest_init(void)
{
	return (struct blob){(const uint8_t *)"THE INIT", 8};
}

static struct blob text(const char *s)
{
	return (struct blob){(const uint8_t *)s, strlen(s)};
}

static const struct init_program none;

static struct init_program script(void)
{
	return (struct init_program){.file = text("#!/bin/sh\n")};
}

/* The entry at @at of a newc archive: checks name and mode, gives the data and the next one's
 * place. */
static size_t entry_of(struct blob all, size_t at, const char *name, const char *mode,
		       struct blob data)
{
	size_t name_end = at + 110 + strlen(name) + 1;
	size_t start = (name_end + 3) & ~(size_t)3;
	ck_assert_uint_eq(at % 4, 0);
	ck_assert_msg(blob_has(all, at, "070701", 6), "no entry at %zu", at);
	ck_assert_msg(blob_has(all, at + 14, mode, 8), "mode of %s: %.8s", name,
		      (const char *)all.data + at + 14);
	ck_assert_msg(blob_has(all, at + 110, name, strlen(name) + 1), "name at %zu", at);
	ck_assert(blob_has(all, start, data.data, data.size));
	return (start + data.size + 3) & ~(size_t)3;
}

static size_t entry(struct blob all, size_t at, const char *name, const char *mode,
		    const char *data)
{
	return entry_of(all, at, name, mode, text(data));
}

static void check_init_archive(struct blob all, size_t at, const char *init, struct blob args)
{
	size_t start = at;
	at = entry(all, at, "dev", "000041ED", "");
	ck_assert(blob_has(all, at + 78, "0000000500000001", 16));
	at = entry(all, at, "dev/console", "00002180", "");
	at = entry(all, at, "minivmm", "000041ED", "");
	at = entry(all, at, "minivmm/init", "000081ED", init);
	at = entry_of(all, at, "minivmm/args", "000081A4", args);
	at = entry(all, at, "init", "000081ED", "THE INIT");
	entry(all, at, "TRAILER!!!", "00000000", "");
	ck_assert_uint_eq((all.size - start) % 512, 0);
}

START_TEST(nothing)
{
	struct initramfs fs;
	ck_assert_int_eq(initramfs_build(NULL, 0, &none, &fs, NULL), 0);
	ck_assert_uint_eq(fs.bytes.size, 0);
	initramfs_free(&fs);
}
END_TEST

START_TEST(one_initrd_is_not_copied)
{
	struct blob initrd = text("abc");
	struct initramfs fs;
	ck_assert_int_eq(initramfs_build(&initrd, 1, &none, &fs, NULL), 0);
	ck_assert_ptr_eq(fs.bytes.data, initrd.data);
	ck_assert_uint_eq(fs.bytes.size, 3);
	initramfs_free(&fs);
	ck_assert_uint_eq(fs.bytes.size, 0);
}
END_TEST

/* At least four zeros after each, the next at a multiple of four, none after the last. */
START_TEST(initrds_one_after_the_other)
{
	static const char expected[] = "a\0\0\0\0\0\0\0bcde\0\0\0\0fghij\0\0\0\0\0\0\0klm";
	struct blob initrds[] = {text("a"), text("bcde"), text("fghij"), text("klm")};
	struct initramfs fs;
	ck_assert_int_eq(initramfs_build(initrds, 4, &none, &fs, NULL), 0);
	ck_assert_uint_eq(fs.bytes.size, sizeof(expected) - 1);
	ck_assert_mem_eq(fs.bytes.data, expected, sizeof(expected) - 1);
	initramfs_free(&fs);
}
END_TEST

START_TEST(init_alone)
{
	static const char *const args[] = {"-v", "", "two words"};
	struct init_program init = {.file = text("\177ELF and more")};
	struct initramfs fs;
	ck_assert_int_eq(initramfs_build(NULL, 0, &init, &fs, NULL), 0);
	check_init_archive(fs.bytes, 0, "\177ELF and more", text(""));
	initramfs_free(&fs);

	init.args = args;
	init.n_args = 3;
	ck_assert_int_eq(initramfs_build(NULL, 0, &init, &fs, NULL), 0);
	check_init_archive(fs.bytes, 0, "\177ELF and more",
			   (struct blob){(const uint8_t *)"-v\0\0two words", 14});
	initramfs_free(&fs);
}
END_TEST

START_TEST(init_after_initrds)
{
	static const char expected[] = "abcde\0\0\0\0\0\0\0f\0\0\0\0\0\0\0";
	struct blob initrds[] = {text("abcde"), text("f")};
	struct init_program init = script();
	struct initramfs fs;
	ck_assert_int_eq(initramfs_build(initrds, 2, &init, &fs, NULL), 0);
	ck_assert_mem_eq(fs.bytes.data, expected, 20);
	check_init_archive(fs.bytes, 20, "#!/bin/sh\n", text(""));
	initramfs_free(&fs);

	ck_assert_int_eq(initramfs_build(initrds, 1, &init, &fs, NULL), 0);
	check_init_archive(fs.bytes, 12, "#!/bin/sh\n", text(""));
	initramfs_free(&fs);
}
END_TEST

static void refused(const struct blob *initrds, unsigned n, struct init_program init,
		    const char *error)
{
	struct err e = {""};
	struct initramfs fs;
	ck_assert_int_eq(initramfs_build(initrds, n, &init, &fs, &e), -1);
	ck_assert_msg(strncmp(e.text, error, strlen(error)) == 0, "%s", e.text);
	ck_assert_uint_eq(fs.bytes.size, 0);
	initramfs_free(&fs);
}

START_TEST(errors)
{
	const uint8_t elf[] = "\177ELF";
	refused(NULL, 0, (struct init_program){.file = text("echo hello\n")},
		"this is neither an ELF program nor a script that starts with #!");
	refused(NULL, 0, (struct init_program){.file = text("#")},
		"this is neither an ELF program nor a script that starts with #!");
#if SIZE_MAX > UINT32_MAX
	refused(NULL, 0, (struct init_program){.file = {elf, 0x100000000}},
		"cpio: 'minivmm/init' has 4294967296 bytes, the most is 4294967295");
#endif
	/* None of these is read. */
	struct blob huge[] = {{elf, SIZE_MAX / 2}, {elf, SIZE_MAX / 2}, {elf, 16}};
	refused(huge, 3, none, "initrds: together they are larger than memory can be");
	huge[1].size -= 1024;
	refused(huge, 2, script(), "initrds: together they are larger than memory can be");
	huge[1].size = 4;
	refused(huge, 2, none, "initramfs: no memory for its ");
}
END_TEST

START_TEST(there_is_a_most_of_arguments)
{
	static const char *args[INIT_ARGS_MAX + 1];
	static char longest[INIT_ARGS_BYTES];
	struct init_program init = script();
	struct initramfs fs;

	for (int i = 0; i <= INIT_ARGS_MAX; i++)
		args[i] = "";
	init.args = args;
	init.n_args = INIT_ARGS_MAX;
	ck_assert_int_eq(initramfs_build(NULL, 0, &init, &fs, NULL), 0);
	initramfs_free(&fs);
	init.n_args = INIT_ARGS_MAX + 1;
	refused(NULL, 0, init, "513 arguments, expected at most 512");

	memset(longest, 'x', sizeof(longest) - 1);
	args[0] = longest;
	init.n_args = 1;
	ck_assert_int_eq(initramfs_build(NULL, 0, &init, &fs, NULL), 0);
	initramfs_free(&fs);
	init.n_args = 2;
	refused(NULL, 0, init, "the arguments are longer than 32768 bytes");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("initramfs");
	TCase *t = tcase_create("initramfs");
	tcase_add_test(t, nothing);
	tcase_add_test(t, one_initrd_is_not_copied);
	tcase_add_test(t, initrds_one_after_the_other);
	tcase_add_test(t, init_alone);
	tcase_add_test(t, init_after_initrds);
	tcase_add_test(t, errors);
	tcase_add_test(t, there_is_a_most_of_arguments);
	suite_add_tcase(s, t);
	return run_suite(s);
}

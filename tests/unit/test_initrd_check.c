/* SPDX-License-Identifier: BSD-3-Clause */
/* What is known of an initrd before the guest runs, and what to try after it panicked. */
#include "pack.h"
#include "suite.h"
#include "vmm/payload/initrd_check.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define MIB     (1ull << 20)
#define NO_ROOT "the guest's kernel panicked: VFS: Unable to mount root fs on unknown-block(0,0)"

static const char crc64[] = "\xfd\x37zXZ\0\0\4", xz[] = "\xfd\x37zXZ\0\0\1", gz[] = "\x1f\x8b\x08";
/* A content of 256 MiB. */
static const char zstd[] = "\x28\xb5\x2f\xfd\xa0\0\0\0\x10";

static struct initrd_check c;
static char text[512];

static void setup(void)
{
	memset(&c, 0, sizeof(c));
	text[0] = '\0';
}

static void add(const char *name, const void *data, size_t size)
{
	initrd_check_add(&c, name, (struct blob){data, size});
}

START_TEST(the_first_problem_is_named)
{
	add("good", gz, sizeof(gz));
	ck_assert_str_eq(c.problem.text, "");
	add("bad", crc64, sizeof(crc64));
	add("worse", "\x7f\x45LF", 4);
	ck_assert_str_eq(c.problem.text, "bad: xz with CRC64 for a check, but Linux's decoder "
					 "knows CRC32 alone: xz --check=crc32");
	ck_assert_str_eq(c.config, "RD_GZIP");
	ck_assert_uint_eq(c.bytes, sizeof(gz) + sizeof(crc64) + 4);
}
END_TEST

START_TEST(what_does_not_fit)
{
	add("large", zstd, sizeof(zstd));
	c.bytes = 20 * MIB;
	initrd_check_ram(&c, 30 * MIB, 562 * MIB);
	ck_assert_str_eq(c.problem.text, "");
	initrd_check_ram(&c, 30 * MIB, 561 * MIB);
	ck_assert(initrd_check_hint(&c, PANIC_NO_ROOT, "write error", text, sizeof(text)));
	ck_assert_ptr_eq(strstr(text, "more --memory: the kernel said \"write error\": the initrd "
				      "does not fit"),
			 text);
	ck_assert_str_eq(c.problem.text,
			 "the initrd does not fit: its 20 MiB take 512 MiB more when they are "
			 "unpacked, by what its headers say, and the kernel takes 30; --memory is "
			 "561 MiB");
}
END_TEST

START_TEST(sizes_that_overflow)
{
	static const char huge[] = "\x28\xb5\x2f\xfd\xe0\xff\xff\xff\xff\xff\xff\xff\xff";
	add("huge", huge, sizeof(huge));
	add("huge", huge, sizeof(huge));
	initrd_check_ram(&c, 30 * MIB, UINT64_MAX - 1);
	ck_assert_ptr_nonnull(strstr(c.problem.text, "does not fit"));
}
END_TEST

START_TEST(no_initrd)
{
	initrd_check_ram(&c, MIB, 0);
	ck_assert_str_eq(c.problem.text, "");
	ck_assert(!initrd_check_hint(&c, PANIC_NO_ROOT, "", text, sizeof(text)));
}
END_TEST

/* A kernel that carries this configuration. */
static void check_config(const char *config)
{
	uint8_t kernel[1024] = "Linux";
	struct blob packed;
	if (!pack_data(PACK_GZIP, (struct blob){(const uint8_t *)config, strlen(config)}, &packed))
		return;
	ck_assert_uint_le(packed.size, sizeof(kernel) - 100);
	memcpy(kernel + 40, "IKCFG_ST", 8);
	memcpy(kernel + 48, packed.data, packed.size);
	memcpy(kernel + 48 + packed.size, "IKCFG_ED", 8);
	free((void *)(uintptr_t)packed.data);
	initrd_check_config(&c, (struct blob){kernel, sizeof(kernel)});
}

START_TEST(the_kernels_configuration)
{
	struct blob packed;
	if (!pack_data(PACK_GZIP, (struct blob){(const uint8_t *)"", 0}, &packed))
		return;
	free((void *)(uintptr_t)packed.data);
	add("xz", xz, sizeof(xz));
	initrd_check_config(&c, (struct blob){(const uint8_t *)"Linux", 5});
	check_config("CONFIG_RD_XZ=y\n");
	ck_assert_str_eq(c.problem.text, "");
	check_config("CONFIG_RD_GZIP=y\n# CONFIG_RD_XZ is not set\n");
	ck_assert_str_eq(c.problem.text, "the initrd is compressed by xz, which this kernel does "
					 "not unpack: CONFIG_RD_XZ is not set");
}
END_TEST

static const struct {
	const char *reason, *said;
	bool problem;
	const char *text; /* NULL: the initrd is not the cause */
} hints[] = {
	{NO_ROOT, "decompressor failed", true,
	 "another initrd: the kernel said \"decompressor failed\": f: xz with CRC64"},
	{NO_ROOT, "", true, "another initrd: f: xz with CRC64"},
	{NO_ROOT, "write error", false,
	 "more --memory: the initrd's files get half of it, and did not fit (it said \"write "
	 "error\")"},
	{NO_ROOT, "ZSTD: Out of memory while allocating", false, "more --memory: unpacking"},
	{NO_ROOT, "compression method lzo not configured", false,
	 "an initrd in another compression, or a kernel with the CONFIG_RD_* for it (it said "
	 "\"compression method lzo not configured\")"},
	{NO_ROOT, "uncompression error", false,
	 "an initrd that is whole: the kernel could not unpack this one (it said \"uncompression "
	 "error\")"},
	{NO_ROOT, "", false, "an initrd with an executable /init in it"},
	{"the guest's kernel panicked: No working init found.", "", false, "an initrd with an"},
	{"the guest's kernel panicked: System is deadlocked on memory", "", false, "more --memory"},
	{"the guest's kernel panicked: Attempted to kill init!", "write error", false,
	 "more --memory"},
	{"the guest's kernel panicked: Attempted to kill init!", "", true, NULL},
	{"the guest's kernel panicked: Attempted to kill init!", "", false, NULL},
};

START_TEST(a_hint)
{
	const char *expected = hints[_i].text;
	if (hints[_i].problem)
		add("f", crc64, sizeof(crc64));
	else
		add("f", gz, sizeof(gz));
	ck_assert_int_eq(initrd_check_hint(&c, panic_cause(hints[_i].reason), hints[_i].said, text,
					   sizeof(text)),
			 expected != NULL);
	ck_assert_msg(!expected || strncmp(text, expected, strlen(expected)) == 0, "%s", text);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("initrd_check");
	TCase *tc = tcase_create("initrd_check");
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, the_first_problem_is_named);
	tcase_add_test(tc, what_does_not_fit);
	tcase_add_test(tc, sizes_that_overflow);
	tcase_add_test(tc, no_initrd);
	tcase_add_test(tc, the_kernels_configuration);
	tcase_add_loop_test(tc, a_hint, 0, COUNT(hints));
	suite_add_tcase(s, tc);
	return run_suite(s);
}

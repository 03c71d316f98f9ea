/* SPDX-License-Identifier: BSD-3-Clause */
#include "loader/banner.h"

#include "suite.h"

#define TEXT(s) s, sizeof(s) - 1

static const struct {
	const char *bytes;
	size_t len;
	const char *found;
} kernels[] = {
	{TEXT("\x7f\x45LF..Linux version 6.1.0-x (a@b) #1 SMP\n\0rest"),
	 "Linux version 6.1.0-x (a@b) #1 SMP"},
	{TEXT("Linux version 6.1"), "Linux version 6.1"},
	{TEXT("Linux version 6.1\0 not this"), "Linux version 6.1"},
	/* A format string is no banner. */
	{TEXT("Linux version %s (%s)\n\0Linux version is\0Linux version 5.10 #2\n"),
	 "Linux version 5.10 #2"},
	{TEXT("Linux version Linux version 3.0"), "Linux version 3.0"},
	/* The one with a build number. */
	{TEXT("Linux version 6.1 # SMP\n..Linux version 6.1 #7 SMP\n"), "Linux version 6.1 #7 SMP"},
	{TEXT("Linux version 6.1 #7 SMP\n..Linux version 6.2 #8 SMP\n"),
	 "Linux version 6.1 #7 SMP"},
	{TEXT("Linux version 6.1 # A\n#1 Linux version 6.2 # B\n"), "Linux version 6.1 # A"},
	{TEXT("Linux version 6.1 #"), "Linux version 6.1 #"},
	{TEXT("Linux version 6\x1b[1m\xff"), "Linux version 6?[1m?"},
	{TEXT("Linux version "), ""},
	{TEXT("linux version 6"), ""},
	{NULL, 0, ""},
};

START_TEST(finds)
{
	char text[64] = "before";
	banner_find((struct blob){(const uint8_t *)kernels[_i].bytes, kernels[_i].len}, text,
		    sizeof(text));
	ck_assert_str_eq(text, kernels[_i].found);
}
END_TEST

START_TEST(is_cut_to_the_room)
{
	char text[18];
	banner_find((struct blob){(const uint8_t *)TEXT("Linux version 6.1.0-x\n")}, text,
		    sizeof(text));
	ck_assert_str_eq(text, "Linux version 6.1");
	banner_find((struct blob){(const uint8_t *)TEXT("Linux version 6.1.0-x\n")}, text, 1);
	ck_assert_str_eq(text, "");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("banner");
	TCase *tc = tcase_create("banner");
	tcase_add_loop_test(tc, finds, 0, COUNT(kernels));
	tcase_add_test(tc, is_cut_to_the_room);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

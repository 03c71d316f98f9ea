/* SPDX-License-Identifier: BSD-3-Clause */
#include "loader/err.h"
#include "suite.h"

#include <check.h>
#include <string.h>

START_TEST(set_formats_and_returns_minus_one)
{
	struct err e = {""};
	ck_assert_int_eq(err_set(&e, "field=%d, expected %s", 7, "8"), -1);
	ck_assert_str_eq(e.text, "field=7, expected 8");
}
END_TEST

START_TEST(context_goes_in_front)
{
	struct err e;
	err_set(&e, "the fact");
	ck_assert_int_eq(err_context(&e, "%s", "vmlinux"), -1);
	ck_assert_int_eq(err_context(&e, "kernel %d", 1), -1);
	ck_assert_str_eq(e.text, "kernel 1: vmlinux: the fact");
}
END_TEST

START_TEST(null_is_allowed)
{
	ck_assert_int_eq(err_set(NULL, "x"), -1);
	ck_assert_int_eq(err_context(NULL, "x"), -1);
}
END_TEST

START_TEST(long_texts_are_cut)
{
	char many[2 * ERR_TEXT_BYTES];
	struct err e;
	memset(many, 'x', sizeof(many) - 1);
	many[sizeof(many) - 1] = '\0';

	err_set(&e, "%s", many);
	ck_assert_uint_eq(strlen(e.text), ERR_TEXT_BYTES - 1);
	err_context(&e, "ab");
	ck_assert_uint_eq(strlen(e.text), ERR_TEXT_BYTES - 1);
	ck_assert(strncmp(e.text, "ab: xxx", 7) == 0);
	err_context(&e, "%s", many);
	ck_assert_uint_eq(strlen(e.text), ERR_TEXT_BYTES - 1);
	ck_assert(strncmp(e.text, many, ERR_TEXT_BYTES - 1) == 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("err");
	TCase *tc = tcase_create("err");
	tcase_add_test(tc, set_formats_and_returns_minus_one);
	tcase_add_test(tc, context_goes_in_front);
	tcase_add_test(tc, null_is_allowed);
	tcase_add_test(tc, long_texts_are_cut);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

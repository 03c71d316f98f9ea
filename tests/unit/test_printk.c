/* SPDX-License-Identifier: BSD-3-Clause */
/* The time stamps that printk writes before a message. */
#include "suite.h"
#include "vmm/watch/printk.h"

#include <check.h>
#include <string.h>

static const struct {
	const char *text;
	size_t bytes; /* of the stamp at its end */
} stamps[] = {
	{"[    0.000000]", 14},
	{"[12345.678901]", 14},
	{"x[    1.234567]", 14},
	{"[1.234567]", 10},
	{"]", 0},
	{"[    1.234567", 0},
	{"[    1.234567] ", 0},
	{"[    1.23456]", 0},  /* five digits */
	{"[    1x234567]", 0}, /* no point */
	{"[     .234567]", 0}, /* no seconds */
	{"[.234567]", 0},
	{"    1.234567]", 0}, /* no bracket */
	{"[   -1.234567]", 0},
	{"1.234567]", 0},
	{".234567]", 0},
	{"234567]", 0},
	{"", 0},
};

START_TEST(a_stamp_before)
{
	const char *text = stamps[_i].text;
	ck_assert_uint_eq(printk_stamp_before(text, strlen(text)), stamps[_i].bytes);
}
END_TEST

/* What is longer than any stamp is none. */
START_TEST(the_longest_stamp)
{
	char text[PRINTK_STAMP_BYTES + 2];

	memset(text, ' ', sizeof(text));
	memcpy(text + sizeof(text) - strlen("1.234567]"), "1.234567]", strlen("1.234567]"));
	text[0] = '[';
	ck_assert_uint_eq(printk_stamp_before(text, sizeof(text)), 0);
	text[2] = '[';
	ck_assert_uint_eq(printk_stamp_before(text, sizeof(text)), PRINTK_STAMP_BYTES);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("printk");
	TCase *t = tcase_create("stamps");

	tcase_add_loop_test(t, a_stamp_before, 0, COUNT(stamps));
	tcase_add_test(t, the_longest_stamp);
	suite_add_tcase(s, t);
	return run_suite(s);
}

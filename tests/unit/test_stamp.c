/* SPDX-License-Identifier: BSD-3-Clause */
/* Time stamps: where they stand, and what they say. */
#include "suite.h"
#include "vmm/console/stamp.h"

#include <check.h>
#include <string.h>

#define START_NS 7000000123ull

static const struct {
	bool in_line; /* at first */
	uint64_t after_ns;
	const char *text, *stamped;
	bool in_line_then;
} pieces[] = {
	{false, 0, "", "", false},
	{true, 0, "", "", true},
	{false, 0, "a", "[    0.000000] a", true},
	{true, 0, "a", "a", true},
	{true, 1000, "a\nb\n\nc", "a\n[    0.000001] b\n[    0.000001] \n[    0.000001] c", true},
	{false, 999, "\n", "[    0.000000] \n", false},
	{false, 12345678999, "a\r\n", "[   12.345678] a\r\n", false},
	{false, 999999999, "a", "[    0.999999] a", true},
	{false, 1000000000, "a", "[    1.000000] a", true},
	{false, 123456000001000, "a", "[123456.000001] a", true},
};

START_TEST(a_line_begins_with_the_seconds)
{
	struct stamp s = {.start_ns = START_NS, .in_line = pieces[_i].in_line};
	const char *text = pieces[_i].text, *stamped = pieces[_i].stamped;
	uint8_t dst[8 * (STAMP_BYTES + 1)];
	size_t n = stamp_lines(&s, START_NS + pieces[_i].after_ns, (const uint8_t *)text,
			       strlen(text), dst);

	ck_assert_uint_eq(n, strlen(stamped));
	ck_assert_mem_eq(dst, stamped, n);
	ck_assert_int_eq(s.in_line, pieces[_i].in_line_then);
}
END_TEST

/* Whatever the clocks say, a stamp has room. */
START_TEST(the_longest_stamp_has_room)
{
	struct stamp s = {.start_ns = 0};
	uint8_t dst[STAMP_BYTES + 2];

	memset(dst, 0xa5, sizeof(dst));
	size_t n = stamp_lines(&s, UINT64_MAX, (const uint8_t *)"a", 1, dst);
	ck_assert_mem_eq(dst, "[18446744073.709551] a", n);
	ck_assert_uint_le(n, STAMP_BYTES + 1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("stamp");
	TCase *t = tcase_create("stamp");

	tcase_add_loop_test(t, a_line_begins_with_the_seconds, 0, COUNT(pieces));
	tcase_add_test(t, the_longest_stamp_has_room);
	suite_add_tcase(s, t);
	return run_suite(s);
}

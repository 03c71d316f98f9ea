/* SPDX-License-Identifier: BSD-3-Clause */
/* The console's input and its escape character. */
#include "suite.h"
#include "vmm/console/input.h"

#include <check.h>
#include <string.h>

#define A     "\x01"
#define BREAK "\xff" /* in what is expected */

static struct input input;

static enum input_command add(const char *bytes)
{
	return input_add(&input, (const uint8_t *)bytes, strlen(bytes));
}

/* Each of @n is the byte of @want, or a break where that is BREAK. */
static void compare(const uint16_t *got, size_t n, const char *want)
{
	ck_assert_uint_eq(n, strlen(want));
	for (size_t i = 0; i < n; i++)
		ck_assert_uint_eq(got[i], want[i] == *BREAK ? LINE_BREAK : (uint8_t)want[i]);
}

/* Takes what is there, in pieces of @max. */
static void expect(const char *want, size_t max)
{
	uint16_t got[64];
	size_t n = 0, piece;

	while ((piece = input_take(&input, got + n, max)) != 0) {
		ck_assert_uint_le(piece, max);
		n += piece;
		ck_assert_uint_lt(n, COUNT(got) - max);
	}
	compare(got, n, want);
	ck_assert_uint_eq(input.count, 0);
}

static const struct {
	const char *typed, *taken;
	enum input_command command;
} escapes[] = {
	{"", "", INPUT_NOTHING},
	{"abc", "abc", INPUT_NOTHING},
	{"\x03\x1a\x1c\x04\x02", "\x03\x1a\x1c\x04\x02", INPUT_NOTHING}, /* Ctrl-c is the guest's */
	{A, "", INPUT_NOTHING},
	{A A, A, INPUT_NOTHING},
	{A A A A, A A, INPUT_NOTHING},
	{A A A, A, INPUT_NOTHING},
	{A "x", "", INPUT_QUIT},
	{A "X", "", INPUT_QUIT},
	{A A "x", A "x", INPUT_NOTHING},
	{A A A "x", A, INPUT_QUIT},
	{"ls\r" A "xyz", "ls\r", INPUT_QUIT},
	{A "h", "", INPUT_HELP},
	{A "H", "", INPUT_HELP},
	{A "?", "", INPUT_HELP},
	{"a" A "hb", "ab", INPUT_HELP},
	{A "h" A "x", "", INPUT_QUIT},
	{A "b", BREAK, INPUT_NOTHING},
	{A "B", BREAK, INPUT_NOTHING},
	{"a" A "bh" A "b" A "bc" A A, "a" BREAK "h" BREAK BREAK "c" A,
	 INPUT_NOTHING}, /* in order */
	{A A "b", A "b", INPUT_NOTHING},
	{A "b" A "x", BREAK, INPUT_QUIT},
	{A "c", "", INPUT_NOTHING}, /* any other key is swallowed */
	{A "ca", "a", INPUT_NOTHING},
	{A "\x18", "", INPUT_NOTHING}, /* Ctrl-x is not x */
	{"x" A "cxh", "xxh", INPUT_NOTHING},
};

START_TEST(whole)
{
	input = (struct input){.escapes = true};
	ck_assert_int_eq(add(escapes[_i].typed), escapes[_i].command);
	expect(escapes[_i].taken, 16);
}
END_TEST

/* The same, as a person types: one byte a call, each taken before the next comes. */
START_TEST(byte_by_byte)
{
	enum input_command command = INPUT_NOTHING;
	uint16_t got[64];
	size_t n = 0;

	input = (struct input){.escapes = true};
	for (const char *p = escapes[_i].typed; *p && command != INPUT_QUIT; p++) {
		enum input_command c = input_add(&input, (const uint8_t *)p, 1);
		if (c != INPUT_NOTHING)
			command = c;
		n += input_take(&input, got + n, 1);
		ck_assert_uint_eq(input.count, 0);
	}
	ck_assert_int_eq(command, escapes[_i].command);
	compare(got, n, escapes[_i].taken);
}
END_TEST

/* A pipe is no keyboard: every byte is the guest's. */
START_TEST(without_escapes)
{
	input = (struct input){.escapes = false};
	ck_assert_int_eq(add(escapes[_i].typed), INPUT_NOTHING);
	expect(escapes[_i].typed, 16);
}
END_TEST

START_TEST(split_over_calls)
{
	input = (struct input){.escapes = true};
	ck_assert_int_eq(add("ab" A), INPUT_NOTHING);
	expect("ab", 16);
	ck_assert_int_eq(add(A "c" A), INPUT_NOTHING);
	expect(A "c", 16);
	ck_assert_int_eq(add("hd" A), INPUT_HELP);
	expect("d", 16);
	ck_assert_int_eq(add("x"), INPUT_QUIT);
	expect("", 16);
}
END_TEST

START_TEST(taken_in_pieces)
{
	uint16_t none;
	input = (struct input){.escapes = true};
	ck_assert_uint_eq(input.count, 0);
	ck_assert_uint_eq(input_take(&input, &none, 1), 0);
	add("0123456789");
	ck_assert_uint_ne(input.count, 0);
	ck_assert_uint_eq(input_take(&input, &none, 0), 0);
	expect("0123456789", (size_t)_i);
	add("ab"); /* from the beginning again */
	expect("ab", (size_t)_i);
}
END_TEST

START_TEST(full)
{
	static uint8_t in[INPUT_CHARACTERS];
	static uint16_t out[INPUT_CHARACTERS + 1];

	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = (uint8_t)(i * 7 + i / 256);
	input = (struct input){.escapes = false};
	for (int round = 0; round < 2; round++) {
		input_add(&input, in, sizeof(in));
		ck_assert_uint_eq(input_take(&input, out, COUNT(out)), COUNT(in));
		for (size_t i = 0; i < COUNT(in); i++)
			ck_assert_uint_eq(out[i], in[i]);
		ck_assert_uint_eq(input.count, 0);
	}
}
END_TEST

/* A guest that reads nothing: the surplus is lost, the user can still leave. */
START_TEST(overfull)
{
	static uint8_t bytes[INPUT_CHARACTERS];
	static uint16_t out[INPUT_CHARACTERS];

	memset(bytes, 'a', sizeof(bytes));
	input = (struct input){.escapes = true};
	ck_assert_uint_eq(input_room(&input), INPUT_CHARACTERS);
	ck_assert_int_eq(input_add(&input, bytes, 1), INPUT_NOTHING);
	ck_assert_uint_eq(input_room(&input), INPUT_CHARACTERS - 1);
	ck_assert_int_eq(input_add(&input, bytes, sizeof(bytes)), INPUT_NOTHING);
	ck_assert_uint_eq(input_room(&input), 0);
	ck_assert_int_eq(add("b" A "h"), INPUT_HELP);
	ck_assert_int_eq(add("c" A "b" A "x"), INPUT_QUIT);
	ck_assert_uint_eq(input_take(&input, out, COUNT(out)), COUNT(out));
	for (size_t i = 0; i < COUNT(out); i++)
		ck_assert_uint_eq(out[i], 'a');
}
END_TEST

/* Appended while some is left: in order, also around the ring's end. */
START_TEST(wraps)
{
	static uint8_t bytes[INPUT_CHARACTERS];
	static uint16_t taken[INPUT_CHARACTERS];

	input = (struct input){.escapes = true};
	input_add(&input, bytes, INPUT_CHARACTERS - 3);
	ck_assert_uint_eq(input_take(&input, taken, INPUT_CHARACTERS - 4), INPUT_CHARACTERS - 4);
	add("012" A "b3456789");
	ck_assert_uint_eq(input_take(&input, taken, 1), 1);
	expect("012" BREAK "3456789", 4);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("input");
	TCase *tc = tcase_create("input");
	tcase_add_loop_test(tc, whole, 0, COUNT(escapes));
	tcase_add_loop_test(tc, byte_by_byte, 0, COUNT(escapes));
	tcase_add_loop_test(tc, without_escapes, 0, COUNT(escapes));
	tcase_add_test(tc, split_over_calls);
	tcase_add_loop_test(tc, taken_in_pieces, 1, 12);
	tcase_add_test(tc, full);
	tcase_add_test(tc, overfull);
	tcase_add_test(tc, wraps);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* The end of the guest's console, as it is shown after a failure. */
#include "suite.h"
#include "vmm/watch/tail.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static void add(struct tail *t, const char *s)
{
	for (; *s; s++)
		tail_add(t, *s);
}

static void repeat(struct tail *t, char c, unsigned n)
{
	while (n--)
		tail_add(t, c);
}

/* What is printed, to be freed. */
static char *print(const struct tail *t)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(f);
	tail_print(t, f, "| ");
	fclose(f);
	return text;
}

static void expect(const struct tail *t, const char *want)
{
	char *text = print(t);
	ck_assert_str_eq(text, want);
	free(text);
}

static const struct {
	const char *console, *printed;
} consoles[] = {
	{"", ""},
	{"a", "| a\n"},
	{"a\n", "| a\n"},
	{"a\r\n", "| a\n"},
	{"a\nb", "| a\n| b\n"},
	{"a\r\nb\r\n", "| a\n| b\n"},
	{"\n", "| \n"},
	{"\n\n", "| \n| \n"},
	{"a\n\nb\n", "| a\n| \n| b\n"},
	{"\r", ""},
	{"a\rb", "| ab\n"},
	{"a\tb", "| a\tb\n"},
	{"~ !\"", "| ~ !\"\n"},
	/* nothing that a terminal obeys or misreads */
	{"\x1b[2Jx\a\b\v\f", "| ?[2Jx????\n"},
	{"\x7f\x80\x9b\xff", "| ????\n"},
	{"\xc3\xa4", "| ??\n"},
	{"\x01\x1f", "| ??\n"},
};

START_TEST(prints)
{
	struct tail t = {.n = 0};
	add(&t, consoles[_i].console);
	expect(&t, consoles[_i].printed);
	expect(&t, consoles[_i].printed); /* and is not used up */
}
END_TEST

START_TEST(nul_is_a_byte)
{
	struct tail t = {.n = 0};
	tail_add(&t, 'a');
	tail_add(&t, '\0');
	tail_add(&t, 'b');
	expect(&t, "| a?b\n");
}
END_TEST

/* @n lines "0" to @n-1, of which the last @last are to be printed. */
static void numbered(struct tail *t, unsigned n, unsigned last, char *want)
{
	*want = '\0';
	for (unsigned i = 0; i < n; i++) {
		char line[16];
		snprintf(line, sizeof(line), "%u\r\n", i);
		add(t, line);
		if (i >= n - last)
			sprintf(want + strlen(want), "| %u\n", i);
	}
}

START_TEST(the_last_lines)
{
	struct tail t = {.n = 0};
	char want[1024];
	unsigned n = (unsigned)_i;

	numbered(&t, n, n < TAIL_LINES ? n : TAIL_LINES, want);
	expect(&t, want);
}
END_TEST

START_TEST(a_line_without_end_counts)
{
	struct tail t = {.n = 0};
	char want[1024];

	numbered(&t, 100, TAIL_LINES - 1, want);
	add(&t, "# ");
	strcat(want, "| # \n");
	expect(&t, want);
}
END_TEST

/* The ring has room for fewer than TAIL_LINES of these; the cut one is left out. */
START_TEST(long_lines)
{
	enum { LINE = TAIL_BYTES / 4 - 24 }; /* with its newline: four fit */
	struct tail t = {.n = 0};
	char *text;

	for (char c = 'a'; c <= 'z'; c++) {
		repeat(&t, c, LINE - 1);
		tail_add(&t, '\n');
	}
	text = print(&t);
	ck_assert_uint_eq(strlen(text), 4 * (2 + LINE));
	for (unsigned i = 0; i < 4; i++) {
		const char *line = text + (size_t)i * (2 + LINE);
		ck_assert(strncmp(line, "| ", 2) == 0);
		ck_assert_int_eq(line[2], 'w' + (int)i);
		ck_assert_int_eq(line[LINE], 'w' + (int)i);
		ck_assert_int_eq(line[LINE + 1], '\n');
	}
	free(text);
}
END_TEST

/* One line that fills the ring is better than nothing, with or without its end. */
START_TEST(one_line_longer_than_the_ring)
{
	for (int ended = 0; ended < 2; ended++) {
		struct tail t = {.n = 0};
		char *text;
		add(&t, "lost\n");
		repeat(&t, 'x', 3 * TAIL_BYTES);
		if (ended)
			tail_add(&t, '\n');
		text = print(&t);
		ck_assert_uint_eq(strlen(text), 2 + TAIL_BYTES + (ended ? 0 : 1));
		ck_assert_uint_eq(strspn(text + 2, "x"), TAIL_BYTES - (ended ? 1 : 0));
		free(text);
	}
}
END_TEST

/* Around the ring's size, whatever was there before is left out whole. */
START_TEST(at_the_rings_end)
{
	for (unsigned n = TAIL_BYTES - 3; n < TAIL_BYTES + 3; n++) {
		struct tail t = {.n = 0};
		add(&t, "ab\n"); /* whole as long as 3 bytes of room are left for it */
		repeat(&t, 'x', n - 6);
		add(&t, "\ny\n");
		ck_assert_uint_eq(t.n, n);
		char *text = print(&t);
		ck_assert_int_eq(strncmp(text, "| ab\n", 5) == 0, n <= TAIL_BYTES);
		ck_assert_int_eq(strncmp(text, "| x", 3) == 0, n > TAIL_BYTES);
		ck_assert_str_eq(text + strlen(text) - 4, "| y\n");
		free(text);
	}
}
END_TEST

static void expect_copy(const struct tail *t, uint64_t from, const char *want)
{
	static char bytes[TAIL_BYTES];
	size_t n = tail_copy(t, from, bytes);

	ck_assert_uint_eq(n, strlen(want));
	ck_assert_mem_eq(bytes, want, n);
}

START_TEST(a_copy_begins_with_a_whole_line)
{
	struct tail t = {.n = 0};

	add(&t, "lost\n");
	expect_copy(&t, 0, "lost\n");
	expect_copy(&t, 2, "st\n"); /* from where it is asked for, as long as that is there */
	expect_copy(&t, 5, "");
	repeat(&t, 'x', TAIL_BYTES - 4);
	add(&t, "\nkept\n");
	expect_copy(&t, 0, "kept\n");
	expect_copy(&t, t.n - 5, "kept\n");
	repeat(&t, 'x', TAIL_BYTES);
	expect_copy(&t, 0, ""); /* no line begins in it */
}
END_TEST

int main(void)
{
	Suite *s = suite_create("tail");
	TCase *tc = tcase_create("tail");
	tcase_add_loop_test(tc, prints, 0, COUNT(consoles));
	tcase_add_test(tc, nul_is_a_byte);
	tcase_add_loop_test(tc, the_last_lines, 0, TAIL_LINES + 3);
	tcase_add_test(tc, a_line_without_end_counts);
	tcase_add_test(tc, long_lines);
	tcase_add_test(tc, one_line_longer_than_the_ring);
	tcase_add_test(tc, at_the_rings_end);
	tcase_add_test(tc, a_copy_begins_with_a_whole_line);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Cutting the console's bytes into lines. */
#include "watching.h"

#include "vmm/watch/lines.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	struct bytes in;
	const char *lines;   /* each with a newline */
	const char *partial; /* what is left, or NULL */
} streams[] = {
	{BYTES(""), "", NULL},
	{BYTES("\n"), "\n", NULL},
	{BYTES("\n\n\n"), "\n\n\n", NULL},
	{BYTES("\r\n\r\n"), "\n\n", NULL},
	{BYTES("a\nb\n"), "a\nb\n", NULL},
	{BYTES("a\n\nb"), "a\n\n", "b"},
	{BYTES("login: "), "", "login: "},
	{BYTES("Debian 12\r\n\r\nlogin: "), "Debian 12\n\n", "login: "},
	/* carriage returns are nowhere in a line */
	{BYTES("\r"), "", NULL},
	{BYTES("10%\r20%\r\n"), "10%20%\n", NULL},
	{BYTES("\r\r\na\r\rb"), "\n", "ab"},
	/* what is text */
	{BYTES("a\0b\0\n\0"), "a?b?\n", "?"},
	{BYTES("a\tb\bc\a\n"), "a\tb\bc\a\n", NULL},
	{BYTES("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x90\xa7\n"),
	 "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x90\xa7\n", NULL},
	{BYTES("\xff\xfe\x80\x9b[\n"), "\xff\xfe\x80\x9b[\n", NULL},
	/* control sequences */
	{BYTES(ESC "[0;1;32m[  OK  ]" ESC "[0m up\n"), "[  OK  ] up\n", NULL},
	{BYTES(ESC "[2J" ESC "[H" ESC "[?25lx" ESC "[6n\n"), "x\n", NULL},
	{BYTES("a" ESC "[1 qb" ESC "[!pc\n"), "abc\n", NULL},
	{BYTES("a" ESC "[3~b" ESC "[@c\n"), "abc\n", NULL},
	{BYTES("lo" ESC "[1mgin" ESC "[m: "), "", "login: "},
	/* control strings: OSC, DCS, SOS, PM, APC */
	{BYTES("a" ESC "]0;title\ab\n"), "ab\n", NULL},
	{BYTES("a" ESC "]0;title" ESC "\\b\n"), "ab\n", NULL},
	{BYTES("a" ESC "P1$r0m" ESC "\\b\n"), "ab\n", NULL},
	{BYTES("a" ESC "Xs" ESC "\\b" ESC "^p" ESC "\\c" ESC "_a" ESC "\\d\n"), "abcd\n", NULL},
	{BYTES(ESC "]3008;start=1;\xc3\xbc" ESC "\\$ "), "", "$ "},
	/* other escape sequences */
	{BYTES("a" ESC "cb" ESC "7c" ESC "=d\n"), "abcd\n", NULL},
	{BYTES("a" ESC "(Bb" ESC "#8c" ESC "%Gd" ESC " Fe\n"), "abcde\n", NULL},
	{BYTES("a" ESC "\\b\n"), "ab\n", NULL},
	/* broken ones end with the line or where another begins */
	{BYTES("a" ESC "\nb\n"), "a\nb\n", NULL},
	{BYTES("a" ESC "[\nb\n"), "a\nb\n", NULL},
	{BYTES("a" ESC "[1;3\r\nb\n"), "a\nb\n", NULL},
	{BYTES("a" ESC "(\nb\n"), "a\nb\n", NULL},
	{BYTES("a" ESC "]0;title\nb\n"), "a\nb\n", NULL},
	{BYTES("a" ESC "P\r\nb\n"), "a\nb\n", NULL},
	{BYTES("a" ESC "]0;title" ESC "\nb\n"), "a\nb\n", NULL},
	{BYTES("a" ESC ESC "[0mb\n"), "ab\n", NULL},
	{BYTES("a" ESC "[3" ESC "[0mb\n"), "ab\n", NULL},
	{BYTES("a" ESC "(" ESC "[0mb\n"), "ab\n", NULL},
	{BYTES("a" ESC "]0;t" ESC "[0mb\n"), "ab\n", NULL},
	{BYTES("a" ESC "]0;t" ESC ESC "\\b\n"), "ab\n", NULL},
	{BYTES("a" ESC "]0;t" ESC "]1;t\ab\n"), "ab\n", NULL},
	{BYTES("a" ESC), "", "a"},
	{BYTES(ESC "[1"), "", NULL},
};

struct cutter {
	struct lines lines;
	char *text; /* of lines */
	char got[256];
};

static void cutter_init(struct cutter *c)
{
	c->text = malloc(LINES_MAX_BYTES + 1);
	ck_assert_ptr_nonnull(c->text);
	lines_init(&c->lines, c->text);
	c->got[0] = '\0';
}

static void cut(struct cutter *c, const char *data, size_t n)
{
	while (n) {
		const char *line;
		size_t taken = lines_next(&c->lines, data, n, &line);
		ck_assert_uint_le(taken, n);
		ck_assert(line || taken == n);
		data += taken;
		n -= taken;
		if (!line)
			continue;
		ck_assert_uint_lt(strlen(c->got) + strlen(line) + 1, sizeof(c->got));
		strcat(c->got, line);
		strcat(c->got, "\n");
	}
}

static void check_stream(struct cutter *c, int i)
{
	const char *partial = lines_partial(&c->lines);

	ck_assert_str_eq(c->got, streams[i].lines);
	if (streams[i].partial)
		ck_assert_str_eq(partial, streams[i].partial);
	else
		ck_assert_ptr_null(partial);
	free(c->text);
}

START_TEST(lines_are_cut_wherever_the_writes_end)
{
	const struct bytes *in = &streams[_i].in;
	struct cutter c;

	for (size_t at = 0; at <= in->n; at++) {
		cutter_init(&c);
		cut(&c, in->data, at);
		cut(&c, in->data + at, in->n - at);
		check_stream(&c, _i);
	}
	cutter_init(&c);
	for (size_t at = 0; at < in->n; at++) {
		cut(&c, in->data + at, 1);
		lines_partial(&c.lines); /* changes nothing */
	}
	check_stream(&c, _i);
}
END_TEST

START_TEST(no_bytes_are_no_line)
{
	struct cutter c;
	const char *line = "";

	cutter_init(&c);
	ck_assert_uint_eq(lines_next(&c.lines, "", 0, &line), 0);
	ck_assert_ptr_null(line);
	ck_assert_ptr_null(lines_partial(&c.lines));
	ck_assert_uint_eq(lines_next(&c.lines, "a\nb", 3, &line), 2);
	ck_assert_str_eq(line, "a");
	ck_assert_ptr_null(lines_partial(&c.lines));
	ck_assert_uint_eq(lines_next(&c.lines, "", 0, &line), 0);
	ck_assert_ptr_null(line);
	ck_assert_ptr_null(lines_partial(&c.lines));
	free(c.text);
}
END_TEST

/* A line of @n bytes 'x', then "y\n": in pieces. */
static const struct {
	size_t n;
	size_t piece[4];
	unsigned pieces;
} long_lines[] = {
	{LINES_MAX_BYTES - 2, {LINES_MAX_BYTES - 1}, 1},
	{LINES_MAX_BYTES - 1, {LINES_MAX_BYTES}, 1},
	{LINES_MAX_BYTES, {LINES_MAX_BYTES, 1}, 2},
	{2 * LINES_MAX_BYTES - 1, {LINES_MAX_BYTES, LINES_MAX_BYTES}, 2},
	{2 * LINES_MAX_BYTES + 5, {LINES_MAX_BYTES, LINES_MAX_BYTES, 6}, 3},
};

static void check_pieces(struct cutter *c, char *data, int i, size_t chunk)
{
	size_t n = long_lines[i].n + 2;
	unsigned pieces = 0;

	for (size_t at = 0; at < n;) {
		const char *line;
		size_t give = n - at < chunk ? n - at : chunk;
		at += lines_next(&c->lines, data + at, give, &line);
		if (!line)
			continue;
		ck_assert_uint_lt(pieces, long_lines[i].pieces);
		ck_assert_uint_eq(strlen(line), long_lines[i].piece[pieces]);
		pieces++;
		ck_assert_int_eq(line[strlen(line) - 1],
				 pieces == long_lines[i].pieces ? 'y' : 'x');
	}
	ck_assert_uint_eq(pieces, long_lines[i].pieces);
	ck_assert_ptr_null(lines_partial(&c->lines));
}

START_TEST(a_long_line_comes_in_pieces)
{
	static const size_t chunks[] = {SIZE_MAX, LINES_MAX_BYTES, 4096, 1000};
	size_t n = long_lines[_i].n;
	char *data = malloc(n + 2);
	struct cutter c;

	ck_assert_ptr_nonnull(data);
	memset(data, 'x', n);
	memcpy(data + n, "y\n", 2);
	cutter_init(&c);
	for (int i = 0; i < COUNT(chunks); i++)
		check_pieces(&c, data, _i, chunks[i]);
	free(c.text);
	free(data);
}
END_TEST

START_TEST(a_full_line_is_still_a_partial_one)
{
	struct cutter c;
	const char *line;
	char *data = malloc(LINES_MAX_BYTES);

	ck_assert_ptr_nonnull(data);
	memset(data, 'x', LINES_MAX_BYTES);
	cutter_init(&c);
	ck_assert_uint_eq(lines_next(&c.lines, data, LINES_MAX_BYTES, &line), LINES_MAX_BYTES);
	ck_assert_ptr_null(line);
	ck_assert_uint_eq(strlen(lines_partial(&c.lines)), LINES_MAX_BYTES);
	/* An escape sequence is not more text. */
	ck_assert_uint_eq(lines_next(&c.lines, ESC "[0m\r", 5, &line), 5);
	ck_assert_ptr_null(line);
	ck_assert_uint_eq(lines_next(&c.lines, "y", 1, &line), 0);
	ck_assert_uint_eq(strlen(line), LINES_MAX_BYTES);
	ck_assert_uint_eq(lines_next(&c.lines, "y", 1, &line), 1);
	ck_assert_str_eq(lines_partial(&c.lines), "y");
	free(c.text);
	free(data);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("lines");
	TCase *t = tcase_create("lines");

	tcase_set_timeout(t, 30);
	tcase_add_loop_test(t, lines_are_cut_wherever_the_writes_end, 0, COUNT(streams));
	tcase_add_test(t, no_bytes_are_no_line);
	tcase_add_loop_test(t, a_long_line_comes_in_pieces, 0, COUNT(long_lines));
	tcase_add_test(t, a_full_line_is_still_a_partial_one);
	suite_add_tcase(s, t);
	return run_suite(s);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* The console's lines: cutting them, what the user waits for, the kernel's reports. */
#include "suite.h"
#include "vmm/watch/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ESC "\x1b"

struct bytes {
	const char *data;
	size_t n;
};

#define BYTES(literal)                                                                             \
	{                                                                                          \
		literal, sizeof(literal) - 1                                                       \
	}

/* Lines */

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

/* Expectations */

enum { PATTERNS = 4, STEPS = 6 };

struct step {
	const char *line;
	bool partial;
	enum expect_result result;
};

static const struct {
	const char *want[PATTERNS], *fail_on[PATTERNS];
	bool ordered;
	struct step step[STEPS];
	const char *missing, *failed_on;
} waits[] = {
	/* nothing is expected: nothing is ever met */
	{{NULL}, {NULL}, false, {{"", 0, 0}, {"a", 1, 0}, {"a", 0, 0}}, NULL, NULL},
	{{NULL}, {NULL}, true, {{"a", 0, 0}}, NULL, NULL},
	/* in any order */
	{{"a"}, {NULL}, false, {{"b", 0, 0}, {"xax", 0, EXPECT_ALL_SEEN}}, NULL, NULL},
	{{"a", "b"}, {NULL}, false, {{"b", 0, 0}, {"a", 0, EXPECT_ALL_SEEN}}, NULL, NULL},
	{{"a", "b"}, {NULL}, false, {{"ba", 0, EXPECT_ALL_SEEN}}, NULL, NULL},
	{{"a", "a"}, {NULL}, false, {{"a", 0, EXPECT_ALL_SEEN}}, NULL, NULL},
	{{"a", "b"}, {NULL}, false, {{"b", 0, 0}, {"b", 0, 0}}, "a", NULL},
	{{"a", "b", "c"}, {NULL}, false, {{"a", 0, 0}, {"c", 0, 0}}, "b", NULL},
	/* said once */
	{{"a"}, {NULL}, false, {{"a", 0, EXPECT_ALL_SEEN}, {"a", 0, 0}, {"a", 1, 0}}, NULL, NULL},
	{{"a"}, {NULL}, true, {{"a", 0, EXPECT_ALL_SEEN}, {"a", 0, 0}, {"a", 1, 0}}, NULL, NULL},
	{{"a"}, {NULL}, false, {{"a", 1, EXPECT_ALL_SEEN}, {"a", 1, 0}, {"ab", 0, 0}}, NULL, NULL},
	/* in order */
	{{"a", "b"}, {NULL}, true, {{"b", 0, 0}, {"a", 0, 0}}, "b", NULL},
	{{"a", "b"},
	 {NULL},
	 true,
	 {{"b", 0, 0}, {"a", 0, 0}, {"b", 0, EXPECT_ALL_SEEN}},
	 NULL,
	 NULL},
	{{"a", "b"}, {NULL}, true, {{"ab", 0, EXPECT_ALL_SEEN}}, NULL, NULL},
	{{"a", "b"}, {NULL}, true, {{"ba", 0, 0}}, "b", NULL},
	{{"a", "b", "c"}, {NULL}, true, {{"xaxbx", 0, 0}, {"c", 0, EXPECT_ALL_SEEN}}, NULL, NULL},
	/* ... none twice in the same place */
	{{"a", "a"}, {NULL}, true, {{"a", 0, 0}}, "a", NULL},
	{{"a", "a"}, {NULL}, true, {{"a", 0, 0}, {"a", 0, EXPECT_ALL_SEEN}}, NULL, NULL},
	{{"a", "a"}, {NULL}, true, {{"aa", 0, EXPECT_ALL_SEEN}}, NULL, NULL},
	{{"aa", "a"}, {NULL}, true, {{"aa", 0, 0}}, "a", NULL},
	{{"a.*", "b"}, {NULL}, true, {{"ab", 0, 0}, {"b", 0, EXPECT_ALL_SEEN}}, NULL, NULL},
	/* ... also when the line is seen partially and then whole */
	{{"a", "a"}, {NULL}, true, {{"a", 1, 0}, {"a", 1, 0}, {"a", 0, 0}}, "a", NULL},
	{{"a", "a"}, {NULL}, true, {{"a", 1, 0}, {"axa", 0, EXPECT_ALL_SEEN}}, NULL, NULL},
	{{"a", "a"},
	 {NULL},
	 true,
	 {{"a", 1, 0}, {"a", 0, 0}, {"a", 1, EXPECT_ALL_SEEN}},
	 NULL,
	 NULL},
	{{"a", "b"},
	 {NULL},
	 true,
	 {{"ba", 1, 0}, {"bax", 1, 0}, {"baxb", 0, EXPECT_ALL_SEEN}},
	 NULL,
	 NULL},
	{{"login: $", "^Password: $"},
	 {NULL},
	 true,
	 {{"login: ", 1, 0}, {"login: root", 0, 0}, {"Password: ", 1, EXPECT_ALL_SEEN}},
	 NULL,
	 NULL},
	/* a line seen partially is whole a line, too */
	{{"ab$"},
	 {NULL},
	 false,
	 {{"a", 1, 0}, {"abc", 1, 0}, {"abcab", 0, EXPECT_ALL_SEEN}},
	 NULL,
	 NULL},
	/* anchors: a line's ends, and not where the one before ended */
	{{"^a"},
	 {NULL},
	 false,
	 {{"ba", 0, 0}, {" a", 0, 0}, {"ab", 0, EXPECT_ALL_SEEN}},
	 NULL,
	 NULL},
	{{"a$"},
	 {NULL},
	 false,
	 {{"ab", 0, 0}, {"a ", 0, 0}, {"ba", 0, EXPECT_ALL_SEEN}},
	 NULL,
	 NULL},
	{{"^$"}, {NULL}, false, {{"a", 0, 0}, {" ", 0, 0}, {"", 0, EXPECT_ALL_SEEN}}, NULL, NULL},
	{{"^a$"}, {NULL}, true, {{"aa", 0, 0}, {"a", 0, EXPECT_ALL_SEEN}}, NULL, NULL},
	{{"a", "^b"}, {NULL}, true, {{"ab", 0, 0}, {"b", 0, EXPECT_ALL_SEEN}}, NULL, NULL},
	{{"a", "b$"}, {NULL}, true, {{"abc", 0, 0}, {"b", 0, EXPECT_ALL_SEEN}}, NULL, NULL},
	{{"a", "^b"}, {NULL}, true, {{"a", 1, 0}, {"ab", 0, 0}}, "^b", NULL},
	/* extended regular expressions */
	{{"^(Linux|Darwin) version [0-9]+\\.[0-9]+"},
	 {NULL},
	 false,
	 {{"Linux version x", 0, 0}, {"Linux version 6.12.9 (gcc) #1", 0, EXPECT_ALL_SEEN}},
	 NULL,
	 NULL},
	{{"a+b?c{2}"}, {NULL}, false, {{"abc", 0, 0}, {"aacc", 0, EXPECT_ALL_SEEN}}, NULL, NULL},
	{{"gr\xc3\xbc\xc3\x9f"},
	 {NULL},
	 false,
	 {{"gr\xc3\xbc\xc3\x9f dich", 0, EXPECT_ALL_SEEN}},
	 NULL,
	 NULL},
	{{"A"}, {NULL}, false, {{"a", 0, 0}}, "A", NULL},
	/* what must not be seen */
	{{NULL}, {"x"}, false, {{"a", 0, 0}, {"x", 0, EXPECT_FAILED}}, NULL, "x"},
	{{NULL}, {"x", "y"}, false, {{"y", 0, EXPECT_FAILED}}, NULL, "y"},
	{{NULL}, {"x", "y"}, true, {{"yx", 0, EXPECT_FAILED}}, NULL, "x"},
	{{NULL}, {"^x$"}, false, {{"xx", 0, 0}, {"x", 1, EXPECT_FAILED}}, NULL, "^x$"},
	{{"a"}, {"x"}, false, {{"ax", 0, EXPECT_FAILED}}, "a", "x"},
	{{"a"}, {"x"}, true, {{"ax", 0, EXPECT_FAILED}}, "a", "x"},
	{{"a"}, {"x"}, false, {{"a", 0, EXPECT_ALL_SEEN}, {"x", 0, EXPECT_FAILED}}, NULL, "x"},
	{{"a"},
	 {"x", "y"},
	 false,
	 {{"x", 0, EXPECT_FAILED}, {"a", 0, EXPECT_FAILED}, {"y", 0, EXPECT_FAILED}},
	 "a",
	 "x"},
	{{"a"}, {"a"}, false, {{"a", 0, EXPECT_FAILED}}, "a", "a"},
};

static void add_patterns(struct patterns *p, const char *const *text, unsigned n)
{
	struct err e = {""};

	for (unsigned i = 0; i < n && text[i]; i++)
		ck_assert_msg(patterns_add(p, text[i], &e) == 0, "%s", e.text);
}

START_TEST(patterns_are_waited_for)
{
	struct expect x = {.ordered = waits[_i].ordered};

	add_patterns(&x.want, waits[_i].want, PATTERNS);
	add_patterns(&x.fail_on, waits[_i].fail_on, PATTERNS);
	for (int i = 0; i < STEPS && waits[_i].step[i].line; i++) {
		const struct step *step = &waits[_i].step[i];
		/* In a block of its own size: nothing behind it is read. */
		char *line = strdup(step->line);
		ck_assert_ptr_nonnull(line);
		ck_assert_int_eq(expect_line(&x, line, !step->partial, 0), step->result);
		free(line);
	}
	ck_assert_pstr_eq(expect_missing(&x), waits[_i].missing);
	ck_assert_pstr_eq(x.failed_on, waits[_i].failed_on);
	expect_fini(&x);
	ck_assert_uint_eq(x.want.n + x.fail_on.n, 0);
}
END_TEST

static const struct {
	const char *text;
	int code; /* of regcomp() */
} bad_patterns[] = {
	{"(", REG_EPAREN},       {"a(b", REG_EPAREN},        {"[ab", REG_EBRACK},
	{"[a-", REG_EBRACK},     {"[[:none:]]", REG_ECTYPE}, {"[z-a]", REG_ERANGE},
	{"a{2,1}", REG_BADBR},   {"a\\", REG_EESCAPE},       {"a{1", REG_EBRACE},
	{"(a)\\2", REG_ESUBREG},
};

START_TEST(a_pattern_must_compile)
{
	struct expect x = {.ordered = false};
	struct err e = {""};
	char why[100], expected[256];

	ck_assert_int_eq(patterns_add(&x.want, "a", &e), 0);
	ck_assert_int_eq(patterns_add(&x.want, bad_patterns[_i].text, &e), -1);
	regerror(bad_patterns[_i].code, NULL, why, sizeof(why));
	snprintf(expected, sizeof(expected), "'%s' is not a regular expression: %s",
		 bad_patterns[_i].text, why);
	ck_assert_str_eq(e.text, expected);
	/* The others are as they were. */
	ck_assert_uint_eq(x.want.n, 1);
	ck_assert_int_eq(patterns_add(&x.want, "b", &e), 0);
	ck_assert_int_eq(expect_line(&x, "ab", true, 0), EXPECT_ALL_SEEN);
	expect_fini(&x);
}
END_TEST

START_TEST(a_bad_pattern_needs_no_text)
{
	struct patterns p = {.n = 0};

	ck_assert_int_eq(patterns_add(&p, "(", NULL), -1);
	ck_assert_int_eq(patterns_add(&p, "", NULL), -1);
	ck_assert_uint_eq(p.n, 0);
}
END_TEST

START_TEST(an_empty_pattern_is_refused)
{
	struct patterns p = {.n = 0};
	struct err e = {""};

	ck_assert_int_eq(patterns_add(&p, "", &e), -1);
	ck_assert_str_eq(e.text, "an empty pattern would match anything");
	ck_assert_uint_eq(p.n, 0);
}
END_TEST

START_TEST(there_is_a_most_of_patterns)
{
	struct expect x = {.ordered = true};
	struct err e = {""};
	char expected[64];

	for (int i = 0; i < EXPECT_MAX; i++) {
		ck_assert_int_eq(patterns_add(&x.want, "a", &e), 0);
		ck_assert_int_eq(patterns_add(&x.fail_on, "x", &e), 0);
	}
	snprintf(expected, sizeof(expected), "'b': more than %d patterns", EXPECT_MAX);
	ck_assert_int_eq(patterns_add(&x.want, "b", &e), -1);
	ck_assert_str_eq(e.text, expected);
	e.text[0] = '\0';
	ck_assert_int_eq(patterns_add(&x.fail_on, "b", &e), -1);
	ck_assert_str_eq(e.text, expected);
	for (int i = 0; i < EXPECT_MAX - 1; i++)
		ck_assert_int_eq(expect_line(&x, "a", true, 0), EXPECT_NOTHING);
	ck_assert_int_eq(expect_line(&x, "a", true, 0), EXPECT_ALL_SEEN);
	expect_fini(&x);
	expect_fini(&x); /* harmless */
}
END_TEST

/* Reports */

enum { NO_REPORT = REPORT_KINDS };

static const struct {
	const char *message;
	unsigned kind;
} messages[] = {
	/* lockdep */
	{"WARNING: possible circular locking dependency detected", REPORT_LOCKDEP},
	{"WARNING: possible recursive locking detected", REPORT_LOCKDEP},
	{"WARNING: possible irq lock inversion dependency detected", REPORT_LOCKDEP},
	{"WARNING: inconsistent lock state", REPORT_LOCKDEP},
	{"WARNING: bad unlock balance detected!", REPORT_LOCKDEP},
	{"WARNING: suspicious RCU usage", REPORT_LOCKDEP},
	{"WARNING: lock held when returning to user space!", REPORT_LOCKDEP},
	{"WARNING: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected", REPORT_LOCKDEP},
	{"WARNING: SOFTIRQ-safe -> SOFTIRQ-unsafe lock order detected", REPORT_LOCKDEP},
	{"WARNING: bad contention detected!", REPORT_LOCKDEP},
	{"WARNING: held lock freed!", REPORT_LOCKDEP},
	{"WARNING: kunit_try_catch/1770 still has locks held!", REPORT_LOCKDEP},
	{"WARNING: Nested lock was not taken", REPORT_LOCKDEP},
	/* lib/bug.c, kernel/panic.c */
	{"WARNING: CPU: 0 PID: 1 at kernel/smp.c:807 smp_call_function_many_cond+0x1b1/0x5a0",
	 REPORT_WARNING},
	{"WARNING: CPU: 3 PID: 216 at drivers/gpu/drm/drm_x.c:12 f+0x1/0x2 [drm]", REPORT_WARNING},
	{"WARNING: CPU: 1 PID: 9 at 0xffffffff81000000", REPORT_WARNING},
	{"WARNING: kernel/fork.c:12 at copy_process+0x1/0x20, CPU#0: swapper/0/1", REPORT_WARNING},
	{"WARNING: at copy_process+0x1/0x20, CPU#11: kworker/u64:1/12", REPORT_WARNING},
	{"kernel BUG at lib/list_debug.c:28!", REPORT_BUG},
	/* mm, kernel/sched, lib */
	{"BUG: kernel NULL pointer dereference, address: 0000000000000000", REPORT_BUG},
	{"BUG: unable to handle page fault for address: ffffc90000123000", REPORT_BUG},
	{"BUG: KASAN: slab-out-of-bounds in kmalloc_oob_right+0x159/0x260 [test_kasan]",
	 REPORT_BUG},
	{"BUG: KCSAN: data-race in a / b", REPORT_BUG},
	{"BUG: KFENCE: use-after-free read in f+0x1/0x2", REPORT_BUG},
	{"BUG: sleeping function called from invalid context at kernel/locking/mutex.c:585",
	 REPORT_BUG},
	{"BUG: scheduling while atomic: swapper/0/1/0x00000002", REPORT_BUG},
	{"BUG: Bad page state in process init  pfn:12345", REPORT_BUG},
	{"BUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck for 34s!", REPORT_BUG},
	{"BUG: MAX_LOCKDEP_ENTRIES too low!", REPORT_BUG},
	{"BUG kmalloc-64 (Not tainted): Right Redzone overwritten", REPORT_BUG},
	{"BUG dentry (Tainted: G    B   W         ): Poison overwritten", REPORT_BUG},
	{"watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [swapper/0:1]", REPORT_BUG},
	{"watchdog: Watchdog detected hard LOCKUP on cpu 2", REPORT_BUG},
	{"watchdog: CPU3: Watchdog detected hard LOCKUP on cpu 3", REPORT_BUG},
	{"NMI watchdog: Watchdog detected hard LOCKUP on cpu 0", REPORT_BUG},
	{"UBSAN: array-index-out-of-bounds in drivers/scsi/x.c:1:2", REPORT_BUG},
	{"UBSAN: shift-out-of-bounds in lib/x.c:70:9", REPORT_BUG},
	/* arch/x86/kernel/dumpstack.c: from 6.10 on, and before; arch/arm64 */
	{"Oops: Oops: 0002 [#1] PREEMPT SMP NOPTI", REPORT_OOPS},
	{"Oops: 0000 [#1] SMP PTI", REPORT_OOPS},
	{"Oops: invalid opcode: 0000 [#1] PREEMPT SMP NOPTI", REPORT_OOPS},
	{"Oops: general protection fault, probably for non-canonical address "
	 "0xdead000000000122: 0000 [#1] SMP",
	 REPORT_OOPS},
	{"general protection fault, probably for non-canonical address 0xdead000000000122: "
	 "0000 [#1] PREEMPT SMP NOPTI",
	 REPORT_OOPS},
	{"general protection fault: 0000 [#1] SMP", REPORT_OOPS},
	{"invalid opcode: 0000 [#1] PREEMPT SMP NOPTI", REPORT_OOPS},
	{"divide error: 0000 [#2] SMP PTI", REPORT_OOPS},
	{"stack segment: 0000 [#1] SMP", REPORT_OOPS},
	{"double fault: 0000 [#1] SMP", REPORT_OOPS},
	{"Internal error: Oops: 0000000096000004 [#1] SMP", REPORT_OOPS},
	{"Internal error: Oops - BUG: 00000000f2000800 [#1] PREEMPT SMP", REPORT_OOPS},
	{"Unable to handle kernel NULL pointer dereference at virtual address 0000000000000000",
	 REPORT_OOPS},
	/* kernel/rcu/tree_stall.h */
	{"rcu: INFO: rcu_preempt self-detected stall on CPU", REPORT_RCU_STALL},
	{"rcu: INFO: rcu_sched detected stalls on CPUs/tasks:", REPORT_RCU_STALL},
	{"rcu: INFO: rcu_preempt detected expedited stalls on CPUs/tasks: { 0-.... } 5 jiffies "
	 "s: 1 root: 0x1/.",
	 REPORT_RCU_STALL},
	{"INFO: rcu_tasks detected stalls on tasks:", REPORT_RCU_STALL},
	{"INFO: rcu_sched self-detected stall on CPU", REPORT_RCU_STALL},
	/* kernel/hung_task.c */
	{"INFO: task kworker/0:1:12 blocked for more than 120 seconds.", REPORT_HUNG_TASK},
	{"INFO: task a b:1 blocked for more than 241 seconds. [Warning #2]", REPORT_HUNG_TASK},
	/* what follows a report's first line */
	{"", NO_REPORT},
	{"======================================================", NO_REPORT},
	{"------------[ cut here ]------------", NO_REPORT},
	{"---[ end trace 0000000000000000 ]---", NO_REPORT},
	{"CPU: 0 UID: 0 PID: 1 Comm: swapper/0 Tainted: G        W          6.12.9 #1", NO_REPORT},
	{"#PF: supervisor write access in kernel mode", NO_REPORT},
	{"RIP: 0010:smp_call_function_many_cond+0x1b1/0x5a0", NO_REPORT},
	{"Kernel panic - not syncing: Fatal exception", NO_REPORT},
	{"rcu: \t0-....: (5249 ticks this GP) idle=51e4/1/0x4000000000000000", NO_REPORT},
	{"rcu: rcu_preempt kthread starved for 2100 jiffies! g1 f0x0", NO_REPORT},
	{"INFO: task a:1 is blocked on a mutex likely owned by task b:2.", NO_REPORT},
	{"INFO: lockdep is turned off.", NO_REPORT},
	/* false friends in a good kernel's boot */
	{"Speculative Return Stack Overflow: WARNING: See "
	 "https://kernel.org/doc/html/latest/admin-guide/hw-vuln/srso.html for mitigation options.",
	 NO_REPORT},
	{"WARNING: See https://kernel.org/doc/html/latest/admin-guide/hw-vuln/srso.html for "
	 "mitigation options.",
	 NO_REPORT},
	{"RETBleed: WARNING: Spectre v2 mitigation leaves CPU vulnerable to RETBleed attacks, data "
	 "leaks possible!",
	 NO_REPORT},
	{"Spectre V2 : WARNING: Unprivileged eBPF is enabled with eIBRS on, data leaks possible",
	 NO_REPORT},
	{"rcu: Preemptible hierarchical RCU implementation.", NO_REPORT},
	{"rcu: RCU calculated value of scheduler-enlistment delay is 25 jiffies.", NO_REPORT},
	{"rcu: \tRCU debug extended QS entry/exit.", NO_REPORT},
	{"RCU: stall", NO_REPORT},
	{"NMI watchdog: Enabled. Permanently consumes one hw-PMU counter.", NO_REPORT},
	{"watchdog: Delayed init of the lockup detector failed: -19", NO_REPORT},
	{"Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar", NO_REPORT},
	{"x86/fpu: x87 FPU will use FXSAVE", NO_REPORT},
	{"printk: debug: ignoring loglevel setting.", NO_REPORT},
	/* the user's text, and the marks not where a line begins */
	{"WARNING: Running pip as the 'root' user can result in broken permissions", NO_REPORT},
	{"WARNING: no key found at /etc/key", NO_REPORT},
	{"WARNING:", NO_REPORT},
	{"Warning: CPU: 0", NO_REPORT},
	{"BUG", NO_REPORT},
	{"BUG-1234 is fixed", NO_REPORT},
	{"BUG 1234 is fixed", NO_REPORT},
	{"DEBUG: verbose", NO_REPORT},
	{"DEBUG_BUG: x", NO_REPORT},
	{"no BUG: here", NO_REPORT},
	{" BUG: here", NO_REPORT},
	{"\"BUG: here\"", NO_REPORT},
	{"# echo BUG: x", NO_REPORT},
	{"$ dmesg | grep 'Oops: '", NO_REPORT},
	{"systemd[1]: INFO: task x:1 blocked for more than 120 seconds.", NO_REPORT},
	{"INFO: task finished", NO_REPORT},
	{"INFO: rcu_nothing", NO_REPORT},
	{"traps: prog[12] general protection fault ip:40 sp:7f error:0", NO_REPORT},
	{"general protection fault is what x86 calls it", NO_REPORT},
	{"divide error: try again", NO_REPORT},
	{"oops: 1", NO_REPORT},
	{"Oops", NO_REPORT},
	{"bug: x", NO_REPORT},
	{"[FAILED] BUG: x", NO_REPORT},
	{"[x] BUG: x", NO_REPORT},
};

static const char *const stamps[] = {
	"",
	"[    0.000000] ",
	"[12345.678901] ",
	"[123456789.012345] ",
	"[    1.234567][    T1] ",
	"[    1.234567][ T1234] ",
	"[    1.234567][    C0] ",
	"[    1.234567][T12345] ",
	"[    1.234567] [    T1] ",
	"<0>[    1.234567] ",
	"<4>",
};

START_TEST(a_report_is_known)
{
	for (int i = 0; i < COUNT(stamps); i++) {
		struct reports r = {.count = {0}};
		enum report_kind kind = REPORT_KINDS;
		char line[320], kept[REPORT_LINE_BYTES];
		snprintf(line, sizeof(line), "%s%s", stamps[i], messages[_i].message);
		snprintf(kept, sizeof(kept), "%.*s", REPORT_LINE_BYTES - 1, messages[_i].message);
		bool found = reports_line(&r, line, 0, &kind);
		ck_assert_msg(found == (messages[_i].kind != NO_REPORT), "'%s'", line);
		ck_assert_msg((unsigned)kind == messages[_i].kind, "'%s': %u", line, kind);
		ck_assert_uint_eq(reports_total(&r), found);
		for (unsigned k = 0; k < REPORT_KINDS; k++) {
			bool this = found && k == messages[_i].kind;
			ck_assert_uint_eq(r.count[k], this);
			ck_assert_str_eq(r.first[k], this ? kept : "");
		}
	}
}
END_TEST

START_TEST(reports_are_counted)
{
	static const char *const console[] = {
		"[    1.0] BUG: one", "[    1.1] Oops: 0000 [#1] SMP",
		"[    1.2] BUG: two", "[    1.3] Call Trace:",
		"BUG: three",         "WARNING: suspicious RCU usage",
	};
	struct reports r = {.count = {0}};
	enum report_kind kind;
	unsigned found = 0;

	ck_assert_uint_eq(reports_total(&r), 0);
	for (int i = 0; i < COUNT(console); i++)
		found += reports_line(&r, console[i], 0, &kind);
	ck_assert_uint_eq(found, 5);
	ck_assert_uint_eq(reports_total(&r), 5);
	ck_assert_uint_eq(r.count[REPORT_BUG], 3);
	ck_assert_uint_eq(r.count[REPORT_OOPS], 1);
	ck_assert_uint_eq(r.count[REPORT_LOCKDEP], 1);
	ck_assert_str_eq(r.first[REPORT_BUG], "BUG: one");
	ck_assert_str_eq(r.first[REPORT_OOPS], "Oops: 0000 [#1] SMP");
	ck_assert_str_eq(r.first[REPORT_WARNING], "");
}
END_TEST

START_TEST(the_first_line_is_cut)
{
	struct reports r = {.count = {0}};
	char line[3 * REPORT_LINE_BYTES];
	enum report_kind kind;

	memset(line, 'x', sizeof(line));
	memcpy(line, "[ 1.5] BUG: ", 12);
	line[sizeof(line) - 1] = '\0';
	ck_assert(reports_line(&r, line, 0, &kind));
	ck_assert_uint_eq(strlen(r.first[REPORT_BUG]), REPORT_LINE_BYTES - 1);
	ck_assert_mem_eq(r.first[REPORT_BUG], line + 7, REPORT_LINE_BYTES - 1);
	/* and fits just so */
	struct reports r2 = {.count = {0}};
	line[7 + REPORT_LINE_BYTES - 1] = '\0';
	ck_assert(reports_line(&r2, line, 0, &kind));
	ck_assert_str_eq(r2.first[REPORT_BUG], line + 7);
}
END_TEST

START_TEST(the_first_line_is_made_printable)
{
	struct reports r = {.count = {0}};
	enum report_kind kind;

	ck_assert(reports_line(&r, "BUG: a\x1b[31m\tb\x7f\xc3\xbc\xff~ ", 0, &kind));
	ck_assert_str_eq(r.first[REPORT_BUG], "BUG: a?[31m?b????~ ");
}
END_TEST

START_TEST(kinds_have_names)
{
	static const char *const names[REPORT_KINDS] = {"oops",      "BUG",       "WARNING",
							"RCU stall", "hung task", "lockdep report"};

	for (unsigned i = 0; i < REPORT_KINDS; i++)
		ck_assert_str_eq(report_kind_name(i), names[i]);
}
END_TEST

/* All of it */

struct events {
	char text[512];
};

static void note(void *opaque, enum watch_event event, const char *line)
{
	struct events *events = opaque;
	size_t n = strlen(events->text);

	snprintf(events->text + n, sizeof(events->text) - n, "%s: %s\n",
		 event == WATCH_ALL_SEEN ? "seen" : "failed", line);
}

static const struct {
	struct bytes in;
	const char *want[PATTERNS], *fail_on[PATTERNS];
	bool ordered;
	const char *events, *idle_events; /* also of the last line, when idle at the end */
	unsigned reports;
} consoles[] = {
	{BYTES(""), {"a"}, {"b"}, false, "", "", 0},
	{BYTES("a\nb\na\n"), {NULL}, {NULL}, false, "", "", 0},
	{BYTES("x\r\nit is up\r\nit is up\r\n"), {"up$"}, {NULL}, false, "seen: it is up\n", "", 0},
	{BYTES("up\ndown\nwait\ndown\n"),
	 {"up"},
	 {"down"},
	 false,
	 "seen: up\nfailed: down\n",
	 "",
	 0},
	/* said once, with the line that did it */
	{BYTES("x\nwait\ny\nx\n"), {"up"}, {"x", "y"}, false, "failed: x\n", "", 0},
	{BYTES("a\nb\na\n"), {"b", "a"}, {NULL}, true, "seen: a\n", "", 0},
	{BYTES("a b a\n"), {"b", "a"}, {NULL}, true, "seen: a b a\n", "", 0},
	/* a prompt */
	{BYTES("Debian\r\n\r\nlogin: "), {"^login: $"}, {NULL}, false, "", "seen: login: \n", 0},
	{BYTES("a\nlogin: "), {"a", "login: $"}, {NULL}, true, "", "seen: login: \n", 0},
	{BYTES("Give root password"),
	 {NULL},
	 {"root pass"},
	 false,
	 "",
	 "failed: Give root password\n",
	 0},
	{BYTES("login: \n"), {NULL}, {NULL}, false, "", "", 0},
	/* escapes, UTF-8, NUL */
	{BYTES("[" ESC "[32m  OK  " ESC "[0m] R\xc3\xbc" ESC "]0;t\a\0\r\n"),
	 {"^\\[  OK  \\] R\xc3\xbc\\?$"},
	 {NULL},
	 false,
	 "seen: [  OK  ] R\xc3\xbc?\n",
	 "",
	 0},
	{BYTES("\x1b]0;up"), {"up"}, {NULL}, false, "", "", 0},
	/* reports: only of whole lines */
	{BYTES("[ 1.0] BUG: x\r\n[ 1.1] \x1b[1mOops: 0000 [#1]\x1b[m\r\n[ 1.2] BUG: y"),
	 {NULL},
	 {"BUG"},
	 false,
	 "failed: [ 1.0] BUG: x\n",
	 "",
	 2},
};

static void start(struct watch *w, struct events *events, int i)
{
	struct err e = {""};

	*events = (struct events){""};
	*w = (struct watch){.on_event = note, .opaque = events};
	w->expect.ordered = consoles[i].ordered;
	add_patterns(&w->expect.want, consoles[i].want, PATTERNS);
	add_patterns(&w->expect.fail_on, consoles[i].fail_on, PATTERNS);
	ck_assert_int_eq(watch_init(w, &e), 0);
}

static void finish(struct watch *w, struct events *events, int i)
{
	char all[512];

	ck_assert_str_eq(events->text, consoles[i].events);
	watch_idle(w, 0);
	watch_idle(w, 0); /* once more says nothing more */
	snprintf(all, sizeof(all), "%s%s", consoles[i].events, consoles[i].idle_events);
	ck_assert_str_eq(events->text, all);
	ck_assert_uint_eq(reports_total(&w->reports), consoles[i].reports);
	watch_fini(w);
	ck_assert_ptr_null(w->text);
	watch_fini(w); /* harmless */
}

static const uint8_t *console_bytes(int i)
{
	return (const uint8_t *)consoles[i].in.data;
}

START_TEST(all_splits_give_the_same_events)
{
	size_t n = consoles[_i].in.n;
	struct events events;
	struct watch w;

	for (size_t at = 0; at <= n; at++) {
		start(&w, &events, _i);
		watch_feed(&w, console_bytes(_i), at, 0);
		watch_feed(&w, console_bytes(_i) + at, n - at, 0);
		finish(&w, &events, _i);
	}
	start(&w, &events, _i);
	for (size_t at = 0; at < n; at++)
		watch_feed(&w, console_bytes(_i) + at, 1, 0);
	finish(&w, &events, _i);
}
END_TEST

START_TEST(nobody_need_listen)
{
	struct events events;
	struct watch w;

	start(&w, &events, _i);
	w.on_event = NULL;
	watch_feed(&w, console_bytes(_i), consoles[_i].in.n, 0);
	watch_idle(&w, 0);
	ck_assert_str_eq(events.text, "");
	ck_assert_uint_eq(reports_total(&w.reports), consoles[_i].reports);
	bool fails =
		strstr(consoles[_i].events, "failed") || strstr(consoles[_i].idle_events, "failed");
	ck_assert_int_eq(w.expect.failed_on != NULL, fails);
	watch_fini(&w);
}
END_TEST

static void feed(struct watch *w, const char *text)
{
	watch_feed(w, (const uint8_t *)text, strlen(text), 0);
}

START_TEST(a_prompt_is_seen_when_idle)
{
	static const char *const want[] = {"login: $", "^Password: $", "^# $"};
	struct events events = {""};
	struct watch w = {.on_event = note, .opaque = &events, .expect.ordered = true};
	struct err e = {""};

	add_patterns(&w.expect.want, want, 3);
	ck_assert_int_eq(watch_init(&w, &e), 0);
	watch_idle(&w, 0);
	feed(&w, "\r\nhost login: ");
	ck_assert_uint_eq(w.expect.seen, 0);
	watch_idle(&w, 0);
	ck_assert_uint_eq(w.expect.seen, 1);
	feed(&w, "root\r\nPass");
	watch_idle(&w, 0);
	ck_assert_str_eq(expect_missing(&w.expect), "^Password: $");
	feed(&w, "word: ");
	watch_idle(&w, 0);
	ck_assert_str_eq(expect_missing(&w.expect), "^# $");
	feed(&w, "\r\n# ");
	ck_assert_str_eq(events.text, "");
	watch_idle(&w, 0);
	ck_assert_str_eq(events.text, "seen: # \n");
	feed(&w, "\r\n# ");
	watch_idle(&w, 0);
	ck_assert_str_eq(events.text, "seen: # \n");
	watch_fini(&w);
}
END_TEST

START_TEST(a_long_line_is_looked_at_in_pieces)
{
	static const char *const want[] = {"^x+$", "^end$"};
	struct events events = {""};
	struct watch w = {.on_event = note, .opaque = &events, .expect.ordered = true};
	struct err e = {""};
	uint8_t *line = malloc(LINES_MAX_BYTES);

	ck_assert_ptr_nonnull(line);
	memset(line, 'x', LINES_MAX_BYTES);
	add_patterns(&w.expect.want, want, 2);
	ck_assert_int_eq(watch_init(&w, &e), 0);
	watch_feed(&w, line, LINES_MAX_BYTES, 0);
	ck_assert_uint_eq(w.expect.seen, 0);
	feed(&w, "end\n");
	ck_assert_str_eq(events.text, "seen: end\n");
	watch_fini(&w);
	free(line);
}
END_TEST

START_TEST(what_was_seen_has_its_time)
{
	static const char *const want[] = {"login: $"}, *const fail_on[] = {"^bad"};
	static const struct {
		const char *text;
		uint64_t now_ns;
	} pieces[] = {
		{"Linux vers", 10},
		{"ion 6.1.0-\xc3\xbc (gcc)\n[    0.1] Linux version 2\n", 11},
		{"[    0.000000] Linux version 3\nRun /sbin/in", 12},
		{"it as init process\n[ 1.0] Run /bin/sh as init process\n", 13},
		{"WARNING: CPU: 0 PID: 1 at a\nWARNING: CPU: 0 PID: 1 at b\n", 14},
		{"WARNING: CPU: 0 PID: 1 at c\nlogin: ", 15},
		{"\nminivmm-init: one\nno newlineminivmm-init: two\nminivmm-ini: three\n", 17},
		{"bad\nbad\n", 18},
		{"bad\n", 19},
	};
	struct watch w = {.on_event = NULL};
	struct err e = {""};

	add_patterns(&w.expect.want, want, 1);
	add_patterns(&w.expect.fail_on, fail_on, 1);
	ck_assert_int_eq(watch_init(&w, &e), 0);
	for (int i = 0; i < COUNT(pieces); i++) {
		watch_feed(&w, (const uint8_t *)pieces[i].text, strlen(pieces[i].text),
			   pieces[i].now_ns);
		if (pieces[i].now_ns == 15)
			watch_idle(&w, 16);
	}
	ck_assert_str_eq(w.boot.banner, "Linux version 6.1.0-?? (gcc)");
	ck_assert_uint_eq(w.boot.version_ns, 11);
	ck_assert_uint_eq(w.boot.init_ns, 13);
	ck_assert_str_eq(w.boot.init_said, "two");
	ck_assert_uint_eq(w.reports.count[REPORT_WARNING], 3);
	ck_assert_uint_eq(w.reports.first_ns[REPORT_WARNING], 14);
	ck_assert_uint_eq(w.expect.want.at[0].seen_ns, 16);
	ck_assert_uint_eq(w.expect.failed_ns, 18);
	watch_fini(&w);
}
END_TEST

/* What is wrong with the tests in a console that came in these pieces, or "" */
static void check_ktap(const char *first, size_t filler, const char *rest, const char *want)
{
	struct watch w = {.want_ktap = true};
	struct err e = {""};
	char problem[240] = "";
	uint8_t *bytes = malloc(filler + 1);

	ck_assert_ptr_nonnull(bytes);
	memset(bytes, 'x', filler);
	ck_assert_int_eq(watch_init(&w, &e), 0);
	feed(&w, first);
	watch_feed(&w, bytes, filler, 0);
	feed(&w, rest);
	watch_end(&w, 0);
	ck_assert_int_eq(ktap_problem(&w.ktap, problem, sizeof(problem)), *want != '\0');
	if (*want)
		ck_assert_str_eq(problem, want);
	watch_fini(&w);
	ck_assert_ptr_null(w.ktap.listed);
	free(bytes);
}

START_TEST(tests_are_read_from_whole_lines)
{
	static const char one[] = "KTAP version 1\r\n1..1\r\nok 1 a\r\n";
	static const char failed[] = "1 of 2 tests failed, the first is 'b'";

	check_ktap(one, 0, "", "");
	check_ktap("KTAP version 1\n1..2\nok 1 a\n", 0, "not ok 2 b", failed); /* no newline */
	check_ktap(one, 8, "not ok 2 b\n", "");
	/* in the midst of a long line, wherever it is cut */
	for (size_t n = 1; n < 4; n++) {
		check_ktap(one, n * LINES_MAX_BYTES, "not ok 2 b\n", "");
		check_ktap(one, n * LINES_MAX_BYTES, "not ok 2 b", "");
		check_ktap(one, n * LINES_MAX_BYTES, "\nnot ok 2 b\n", failed);
		check_ktap(one, n * LINES_MAX_BYTES + 1, "\nnot ok 2 b", failed);
	}
}
END_TEST

START_TEST(tests_are_read_only_when_wanted)
{
	struct watch w = {.want_ktap = false};
	struct err e = {""};

	ck_assert_int_eq(watch_init(&w, &e), 0);
	feed(&w, "KTAP version 1\n1..1\nnot ok 1 a\nnot ok 2 b");
	watch_end(&w, 0);
	ck_assert_uint_eq(ktap_total(&w.ktap), 0);
	watch_fini(&w);
}
END_TEST

static void add_lines_tests(TCase *t)
{
	tcase_add_loop_test(t, lines_are_cut_wherever_the_writes_end, 0, COUNT(streams));
	tcase_add_test(t, no_bytes_are_no_line);
	tcase_add_loop_test(t, a_long_line_comes_in_pieces, 0, COUNT(long_lines));
	tcase_add_test(t, a_full_line_is_still_a_partial_one);
}

static void add_expect_tests(TCase *t)
{
	tcase_add_loop_test(t, patterns_are_waited_for, 0, COUNT(waits));
	tcase_add_loop_test(t, a_pattern_must_compile, 0, COUNT(bad_patterns));
	tcase_add_test(t, a_bad_pattern_needs_no_text);
	tcase_add_test(t, an_empty_pattern_is_refused);
	tcase_add_test(t, there_is_a_most_of_patterns);
}

static void add_reports_tests(TCase *t)
{
	tcase_add_loop_test(t, a_report_is_known, 0, COUNT(messages));
	tcase_add_test(t, reports_are_counted);
	tcase_add_test(t, the_first_line_is_cut);
	tcase_add_test(t, the_first_line_is_made_printable);
	tcase_add_test(t, kinds_have_names);
}

static void add_watch_tests(TCase *t)
{
	tcase_add_loop_test(t, all_splits_give_the_same_events, 0, COUNT(consoles));
	tcase_add_loop_test(t, nobody_need_listen, 0, COUNT(consoles));
	tcase_add_test(t, a_prompt_is_seen_when_idle);
	tcase_add_test(t, a_long_line_is_looked_at_in_pieces);
	tcase_add_test(t, what_was_seen_has_its_time);
	tcase_add_test(t, tests_are_read_from_whole_lines);
	tcase_add_test(t, tests_are_read_only_when_wanted);
}

int main(void)
{
	static const struct {
		const char *name;
		void (*add)(TCase *t);
	} cases[] = {
		{"lines", add_lines_tests},
		{"expect", add_expect_tests},
		{"reports", add_reports_tests},
		{"watch", add_watch_tests},
	};
	Suite *s = suite_create("watch");

	for (int i = 0; i < COUNT(cases); i++) {
		TCase *t = tcase_create(cases[i].name);
		tcase_set_timeout(t, 30);
		cases[i].add(t);
		suite_add_tcase(s, t);
	}
	return run_suite(s);
}

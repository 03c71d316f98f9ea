/* SPDX-License-Identifier: BSD-3-Clause */
/* The patterns that the user waits for. */
#include "watching.h"

#include "vmm/watch/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 6 };

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

START_TEST(patterns_are_waited_for)
{
	struct expect x = {.ordered = waits[_i].ordered};

	add_patterns(&x, expect_add, waits[_i].want, PATTERNS);
	add_patterns(&x, expect_add_fail_on, waits[_i].fail_on, PATTERNS);
	for (int i = 0; i < STEPS && waits[_i].step[i].line; i++) {
		const struct step *step = &waits[_i].step[i];
		/* In a block of its own size: nothing after it is read. */
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
	int code; /* of tre_regcomp() */
} bad_patterns[] = {
	{"(", REG_EPAREN},       {"a(b", REG_EPAREN},   {"[[:none:]]", REG_ECTYPE},
	{"[z-a]", REG_ERANGE},   {"a{2,1}", REG_BADBR}, {"a\\", REG_EESCAPE},
	{"(a)\\2", REG_ESUBREG},
};

START_TEST(a_pattern_must_compile)
{
	struct expect x = {.ordered = false};
	struct err e = {""};
	char why[100], expected[256];

	ck_assert_int_eq(expect_add(&x, "a", &e), 0);
	ck_assert_int_eq(expect_add(&x, bad_patterns[_i].text, &e), -1);
	tre_regerror(bad_patterns[_i].code, NULL, why, sizeof(why));
	snprintf(expected, sizeof(expected), "'%s' is not a regular expression: %s",
		 bad_patterns[_i].text, why);
	ck_assert_str_eq(e.text, expected);
	/* The others are as they were. */
	ck_assert_uint_eq(x.want.n, 1);
	ck_assert_int_eq(expect_add(&x, "b", &e), 0);
	ck_assert_int_eq(expect_line(&x, "ab", true, 0), EXPECT_ALL_SEEN);
	expect_fini(&x);
}
END_TEST

START_TEST(a_bad_pattern_needs_no_text)
{
	struct expect x = {.ordered = false};

	ck_assert_int_eq(expect_add(&x, "(", NULL), -1);
	ck_assert_int_eq(expect_add(&x, "", NULL), -1);
	ck_assert_uint_eq(x.want.n, 0);
}
END_TEST

START_TEST(an_empty_pattern_is_refused)
{
	struct expect x = {.ordered = false};
	struct err e = {""};

	ck_assert_int_eq(expect_add(&x, "", &e), -1);
	ck_assert_str_eq(e.text, "an empty pattern would match anything");
	ck_assert_uint_eq(x.want.n, 0);
}
END_TEST

START_TEST(there_is_a_most_of_patterns)
{
	struct expect x = {.ordered = true};
	struct err e = {""};
	char expected[64];

	for (int i = 0; i < EXPECT_MAX; i++) {
		ck_assert_int_eq(expect_add(&x, "a", &e), 0);
		ck_assert_int_eq(expect_add_fail_on(&x, "x", &e), 0);
	}
	snprintf(expected, sizeof(expected), "'b': more than %d patterns", EXPECT_MAX);
	ck_assert_int_eq(expect_add(&x, "b", &e), -1);
	ck_assert_str_eq(e.text, expected);
	e.text[0] = '\0';
	ck_assert_int_eq(expect_add_fail_on(&x, "b", &e), -1);
	ck_assert_str_eq(e.text, expected);
	for (int i = 0; i < EXPECT_MAX - 1; i++)
		ck_assert_int_eq(expect_line(&x, "a", true, 0), EXPECT_NOTHING);
	ck_assert_int_eq(expect_line(&x, "a", true, 0), EXPECT_ALL_SEEN);
	expect_fini(&x);
	expect_fini(&x); /* harmless */
}
END_TEST

int main(void)
{
	Suite *s = suite_create("expect");
	TCase *t = tcase_create("expect");

	tcase_set_timeout(t, 30);
	tcase_add_loop_test(t, patterns_are_waited_for, 0, COUNT(waits));
	tcase_add_loop_test(t, a_pattern_must_compile, 0, COUNT(bad_patterns));
	tcase_add_test(t, a_bad_pattern_needs_no_text);
	tcase_add_test(t, an_empty_pattern_is_refused);
	tcase_add_test(t, there_is_a_most_of_patterns);
	suite_add_tcase(s, t);
	return run_suite(s);
}

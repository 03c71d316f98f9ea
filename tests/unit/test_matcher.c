/* SPDX-License-Identifier: BSD-3-Clause */
/* Regular expressions: what is refused, and how large one may be. (test_expect.c has what matches.)
 */
#include "suite.h"
#include "vmm/watch/matcher.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *text, *error; /* NULL: it is good */
} sizes[] = {
	{"[0-9a-f]{64} [[:alnum:]_.-]{1,80}", NULL},
	{"^\\[ *[0-9]+\\.[0-9]{6}\\] (BUG|Oops|WARNING): .*$", NULL},
	{"([0-9]{1,3}\\.){3}[0-9]{1,3}", NULL},
	{"a\\)b", NULL},
	{"a)b", "')' ends no group; the character is '\\)'"},
	{"\\\\)|x", "')' ends no group"}, /* libtre takes all memory */
	{"[]{}()]{100}", NULL},
	{"[^]]{200}[a-z-]", NULL},
	{"(.{19}){25}", NULL}, /* 500, with the group */
	{"(.{19}){25}x", "'(.{19}){25}x' is too large: more than 500 characters"},
	{"((^{255}){255}){255}",
	 "'^' and '$' cannot be in what"}, /* libtre takes hours and all memory */
	{"(((){255}){255}){255}", "more than 500 characters"},
	{"(((|){255}){255}){255}", "more than 500 characters"},
	{"((a{10}){10}){11}", "more than 500 characters"},
	{"a{255}{255}{255}{255}{255}{255}{255}{255}{255}", "more than 500 characters"},
	{"ab{99999999999999999999}", "a bound is {m}, {m,} or {m,n}, with numbers up to 255"},
	{"a{255}", NULL},
	{"a{3,}b{0}", NULL},
	{"a{256}", "numbers up to 255"},
	{"a{1,256}", "numbers up to 255"},
	{"]{2<,}{2<,}\xa2", "a bound is {m}"}, /* libtre crashes */
	{"(?i)a", "repeats nothing"},
	{"{#115}{9}", "repeats nothing"}, /* libtre crashes */
	{"+", "repeats nothing"},
	{"(^|x)?foo", "'^' and '$' cannot be in what"}, /* libtre misses matches */
	{"foo($| bar)*", "'^' and '$' cannot be in what"},
	{"^?x", "'^' and '$' cannot be in what"},
	{"(a|^b)c", NULL},
	{"(^|[[:space:]])foo($|[[:space:]])", NULL},
	{"[^[:xdigit:]A-Z]", "members of a '[^...]' overlap"}, /* libtre matches some */
	{"[^a-cb-d]", "members of a '[^...]' overlap"},
	{"[^a-zA-Z0-9_[:space:]]", NULL},
	{"[^][:space:]:]", NULL},
	{"[[:xdigit:]A-Z]", NULL},
	{"[[:alpha:]0-9_]{255}{2}", "more than 500 characters"},
	{"(\\.{255}|\\(b{255}|c{255}|d{255})", "more than 500 characters"},
	{"(a+)(b*)\\1", "'(a+)(b*)\\1': back-references would take a time without bounds"},
	{"(a+)(b*)\\1\\2c", "back-references"},
	{"a{~1}", "a bound is {m}"},
	{"\\Qa(a{3}){3}", "'\\Q' is not POSIX's"},
	{"", "an empty pattern would match anything"},
	{"(", "'(' is not a regular expression: "},
	{"[][:alpha:", "'[' without a ']'"}, /* libtre reads past the end */
	{"[[.a.]]", "'[' in brackets begins a class"},
	{"[[:alpha]", "'[' in brackets begins a class"},
	{"[[a]", NULL},
	{"[", "'[' is not a regular expression: "},
	{"a{", "'a{' is not a regular expression: "},
	{"\\", "'\\' is not a regular expression: "},
};

START_TEST(sizes_are_bounded)
{
	struct matcher m;
	struct err e = {""};

	for (int ends = 0; ends < 2; ends++) {
		int r = matcher_init(&m, sizes[_i].text, ends, &e);
		ck_assert_msg((r == 0) == !sizes[_i].error, "'%s': %s", sizes[_i].text, e.text);
		if (r == 0)
			matcher_fini(&m);
		else
			ck_assert_msg(strstr(e.text, sizes[_i].error) != NULL, "%s", e.text);
	}
}
END_TEST

static char *repeat(const char *text, size_t times)
{
	size_t bytes = strlen(text);
	char *all = malloc(bytes * times + 1);

	for (size_t i = 0; i < times; i++)
		memcpy(all + i * bytes, text, bytes);
	all[bytes * times] = '\0';
	return all;
}

/* Groups cost where ends are asked for, and there alone. */
START_TEST(ends_of_large_ones_are_not_found)
{
	char *text = repeat("(.?.?.?.?.?.?.?.?.?)", 49);
	struct matcher m;
	struct err e;

	ck_assert_int_eq(matcher_init(&m, text, false, &e), 0);
	matcher_fini(&m);
	ck_assert_int_eq(matcher_init(&m, text, true, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "490 characters and 49 groups, whose product may be"));
	free(text);
}
END_TEST

START_TEST(long_ones_are_refused)
{
	static const struct {
		const char *text;
		size_t times;
		const char *error;
	} all[] = {
		{"a", 500, NULL},
		{"a", 501, "more than 500 characters"},
		{"(a)", 50, NULL},
		{"(a)", 51, "more than 50 groups"},
		{"()", 51, "groups"},
		{"^", 501, "more than 500 characters"},
		{"(", 100000, "groups"},
		{"[", 100000, "'[' without a ']'"},
		{"\\", 100000, "500 characters"},
	};
	struct matcher m;
	struct err e = {""};
	char *text = repeat(all[_i].text, all[_i].times);

	int r = matcher_init(&m, text, true, &e);
	ck_assert_msg((r == 0) == !all[_i].error, "%s", e.text);
	if (r == 0)
		matcher_fini(&m);
	else
		ck_assert_msg(strstr(e.text, all[_i].error) != NULL, "%s", e.text);
	free(text);
}
END_TEST

/* A matcher that tries one way after the other would need longer than the suite may take. */
START_TEST(no_line_takes_long)
{
	static const char *const patterns[] = {"A.*B", "(A*)*B", "(A|AA)*B", "(.*A){20}B",
					       "A*A*A*A*A*A*B"};
	char *line = repeat("A", 8192);
	struct matcher m;
	struct err e;

	ck_assert_int_eq(matcher_init(&m, patterns[_i], true, &e), 0);
	for (int i = 0; i < 10; i++)
		ck_assert(!matcher_find(&m, line, false, NULL));
	matcher_fini(&m);
	free(line);
}
END_TEST

START_TEST(says_where_the_leftmost_ends)
{
	struct matcher m;
	struct err e;
	size_t end;

	ck_assert_int_eq(matcher_init(&m, "(b|bc)d*", true, &e), 0);
	ck_assert(matcher_find(&m, "abcdd b", false, &end));
	ck_assert_uint_eq(end, 5); /* the longest, as POSIX wants it */
	matcher_fini(&m);
	ck_assert_int_eq(matcher_init(&m, "^b", false, &e), 0);
	ck_assert(matcher_find(&m, "b", false, NULL));
	ck_assert(!matcher_find(&m, "b", true, NULL));
	matcher_fini(&m);
	ck_assert_int_eq(matcher_init(&m, "^.\xff.$", false, &e), 0); /* bytes, not characters */
	ck_assert(matcher_find(&m, "\xc3\xff\x80", false, NULL));
	matcher_fini(&m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("matcher");
	TCase *tc = tcase_create("matcher");

	tcase_add_loop_test(tc, sizes_are_bounded, 0, COUNT(sizes));
	tcase_add_loop_test(tc, long_ones_are_refused, 0, 9);
	tcase_add_test(tc, ends_of_large_ones_are_not_found);
	tcase_add_loop_test(tc, no_line_takes_long, 0, 5);
	tcase_add_test(tc, says_where_the_leftmost_ends);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "loader/find.h"

#include "suite.h"

#include <stdlib.h>

enum { BYTES = 3 * FIND_WINDOW_BYTES, MARK_BYTES = 4 };

static const char mark[] = "mmmk";
static uint8_t *bytes; /* on the heap: ASan watches their end */

static void setup(void)
{
	bytes = malloc(BYTES);
	ck_assert_ptr_nonnull(bytes);
	memset(bytes, 'm', BYTES); /* at each place the mark may begin */
}

static void teardown(void)
{
	free(bytes);
}

static bool find(size_t size, struct blob *rest)
{
	return find_mark((struct blob){bytes, size}, mark, MARK_BYTES, rest);
}

/* Across the edges of the windows, too. */
START_TEST(anywhere)
{
	struct blob rest;
	for (size_t at = 0; at + MARK_BYTES <= BYTES; at++) {
		bytes[at + MARK_BYTES - 1] = 'k';
		ck_assert_msg(find(BYTES, &rest), "at %zu", at);
		ck_assert_uint_eq((size_t)(rest.data - bytes), at);
		ck_assert_uint_eq(rest.size, BYTES - at);
		/* Cut short, it is not there. */
		ck_assert(!find(at + MARK_BYTES - 1, &rest));
		bytes[at + MARK_BYTES - 1] = 'm';
	}
}
END_TEST

START_TEST(the_first_of_two)
{
	struct blob rest;
	bytes[100] = bytes[2000] = 'k';
	ck_assert(find(BYTES, &rest));
	ck_assert_uint_eq((size_t)(rest.data - bytes), 97);
}
END_TEST

START_TEST(nowhere)
{
	struct blob rest;
	for (size_t size = 0; size <= BYTES; size++)
		ck_assert(!find(size, &rest));
	ck_assert(!find_mark((struct blob){NULL, 0}, mark, MARK_BYTES, &rest));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("find");
	TCase *tc = tcase_create("find");
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, anywhere);
	tcase_add_test(tc, the_first_of_two);
	tcase_add_test(tc, nowhere);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "loader/gmem.h"
#include "suite.h"

#include <check.h>
#include <string.h>

static uint8_t low[0x1000], touching[0x1000], high[0x1000];

/* [0x1000, 0x2000), [0x2000, 0x3000) and one that ends at the last address there is. */
static struct gmem three_ranges(void)
{
	struct gmem m = {0};
	memset(low, 0, sizeof(low));
	ck_assert_int_eq(gmem_add(&m, 0x1000, 0x1000, low, NULL), 0);
	ck_assert_int_eq(gmem_add(&m, 0x2000, 0x1000, touching, NULL), 0);
	ck_assert_int_eq(gmem_add(&m, 0xffffffffffffefff, 0x1000, high, NULL), 0);
	return m;
}

static const struct {
	gpa_t base;
	uint64_t size;
	const char *error;
} bad_ranges[] = {
	{0x5000, 0, "memory range at 0x5000: its size is 0"},
	{0xfffffffffffff000, 0x1000,
	 "memory range at 0xfffffffffffff000 of 0x1000 bytes: its end does not fit in 64 bits"},
	{0x5000, UINT64_MAX,
	 "memory range at 0x5000 of 0xffffffffffffffff bytes: its end does not fit in 64 bits"},
	{0x1fff, 0x1000, "memory range at 0x1fff: the range before it ends at 0x2000"},
	{0x1000, 0x1000, "memory range at 0x1000: the range before it ends at 0x2000"},
	{0, 0x10, "memory range at 0x0: the range before it ends at 0x2000"},
};

START_TEST(add_refuses)
{
	struct gmem m = {0};
	struct err e = {""};
	ck_assert_int_eq(gmem_add(&m, 0x1000, 0x1000, low, &e), 0);
	ck_assert_int_eq(gmem_add(&m, bad_ranges[_i].base, bad_ranges[_i].size, low, &e), -1);
	ck_assert_str_eq(e.text, bad_ranges[_i].error);
	ck_assert_uint_eq(m.n, 1);
}
END_TEST

START_TEST(add_refuses_one_too_many)
{
	struct gmem m = {0};
	struct err e = {""};
	for (unsigned i = 0; i < GMEM_MAX_RANGES; i++)
		ck_assert_int_eq(gmem_add(&m, i * 0x1000, 0x1000, low, &e), 0);
	ck_assert_int_eq(gmem_add(&m, 0x9000, 0x1000, low, &e), -1);
	ck_assert_str_eq(e.text, "memory range at 0x9000: there are 8 ranges already");
	ck_assert_uint_eq(m.n, GMEM_MAX_RANGES);
}
END_TEST

static const struct {
	gpa_t gpa;
	uint64_t len;
	const uint8_t *host; /* NULL: refused */
} spans[] = {
	{0x1000, 1, low},
	{0x1000, 0x1000, low},
	{0x1fff, 1, low + 0xfff},
	{0xfff, 1, NULL},
	{0x1000, 0x1001, NULL}, /* not joined with the range that touches */
	{0x1800, 0x1000, NULL},
	{0x2000, 0x1000, touching},
	{0x3000, 1, NULL},
	{0x1000, UINT64_MAX, NULL},
	{0x2001, UINT64_MAX - 0x2000, NULL},
	{UINT64_MAX, 1, NULL},
	{UINT64_MAX - 1, 1, high + 0xfff},
	{UINT64_MAX - 1, 2, NULL},
	{UINT64_MAX - 1, UINT64_MAX, NULL},
	/* Length 0: an address in a range or a range's end. */
	{0xfff, 0, NULL},
	{0x1000, 0, low},
	{0x3000, 0, touching + 0x1000},
	{0x3001, 0, NULL},
	{UINT64_MAX, 0, high + 0x1000},
};

START_TEST(at_translates)
{
	struct gmem m = three_ranges();
	ck_assert_ptr_eq(gmem_at(&m, spans[_i].gpa, spans[_i].len), spans[_i].host);
}
END_TEST

START_TEST(at_in_no_memory)
{
	struct gmem m = {0};
	ck_assert_ptr_null(gmem_at(&m, 0, 0));
	ck_assert_ptr_null(gmem_at(&m, 0, 1));
	ck_assert_uint_eq(gmem_total(&m), 0);
}
END_TEST

/* three_ranges() is 0x1000 to 0x3000 in two, and 0x1000 bytes up to the last but one. */
static const struct {
	gpa_t from;
	uint64_t align, len;
	gpa_t end;
	gpa_t at; /* 0: nowhere */
} rooms[] = {
	{0, 1, 0x1000, UINT64_MAX, 0x1000},
	{0x1001, 1, 0xfff, UINT64_MAX, 0x1001},
	{0x1001, 1, 0x1000, UINT64_MAX, 0x2000},
	{0x1001, 0x100, 1, UINT64_MAX, 0x1100},
	{0x1f01, 0x100, 1, UINT64_MAX, 0x2000},
	{0, 0x2000, 1, UINT64_MAX, 0x2000},
	{0, 1, 0x1001, UINT64_MAX, 0},
	/* @end, exactly and by one too small. */
	{0x1000, 1, 0x800, 0x1800, 0x1000},
	{0x1000, 1, 0x800, 0x17ff, 0},
	{0x1000, 1, 1, 0xfff, 0},
	/* The end of the address space: rounding up may not wrap. */
	{0x3000, 1, 1, UINT64_MAX, UINT64_MAX - 0x1000},
	{UINT64_MAX - 1, 1, 1, UINT64_MAX, UINT64_MAX - 1},
	{0x3000, 0x1000, 1, UINT64_MAX, UINT64_MAX - 0xfff},
	{0x3000, 0x100000, 1, UINT64_MAX, 0},
};

START_TEST(find_takes_the_lowest_room)
{
	struct gmem m = three_ranges();
	gpa_t at = 0;
	bool found =
		gmem_find(&m, rooms[_i].from, rooms[_i].align, rooms[_i].len, rooms[_i].end, &at);
	ck_assert_int_eq(found, rooms[_i].at != 0);
	if (found)
		ck_assert_uint_eq(at, rooms[_i].at);
}
END_TEST

START_TEST(write_copies)
{
	struct gmem m = three_ranges();
	struct err e = {""};
	ck_assert_int_eq(gmem_write(&m, 0x1ffc, "abcd", 4, "text", &e), 0);
	ck_assert_mem_eq(low + 0xffc, "abcd", 4);
	ck_assert_int_eq(gmem_write(&m, 0x1000, NULL, 0, "nothing", &e), 0);
}
END_TEST

START_TEST(write_refuses)
{
	struct gmem m = three_ranges();
	struct err e = {""};
	ck_assert_int_eq(gmem_write(&m, 0x1ffd, "abcd", 4, "the text", &e), -1);
	ck_assert_str_eq(e.text, "the text: 4 bytes at 0x1ffd do not lie in RAM");
	ck_assert_uint_eq(low[0xffd], 0);
}
END_TEST

START_TEST(total_is_the_sum)
{
	struct gmem m = three_ranges();
	ck_assert_uint_eq(gmem_total(&m), 0x3000);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("gmem");
	TCase *tc = tcase_create("gmem");
	tcase_add_loop_test(tc, add_refuses, 0, COUNT(bad_ranges));
	tcase_add_test(tc, add_refuses_one_too_many);
	tcase_add_loop_test(tc, at_translates, 0, COUNT(spans));
	tcase_add_test(tc, at_in_no_memory);
	tcase_add_loop_test(tc, find_takes_the_lowest_room, 0, COUNT(rooms));
	tcase_add_test(tc, write_copies);
	tcase_add_test(tc, write_refuses);
	tcase_add_test(tc, total_is_the_sum);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

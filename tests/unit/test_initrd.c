/* SPDX-License-Identifier: BSD-3-Clause */
#include "loader/initrd.h"

#include "kernels.h"
#include "suite.h"

#include <check.h>

#define MIB (1ULL << 20)
#define GIB (1ULL << 30)

/*
 * RAM of @bytes as on x86_64, with a hole from 3 GiB to 4 GiB. These are addresses only, without
 * memory.
 */
static struct gmem x86_ram(uint64_t bytes)
{
	static uint8_t nothing;
	struct gmem m = {0};
	uint64_t low = bytes < 3 * GIB ? bytes : 3 * GIB;
	ck_assert_int_eq(gmem_add(&m, 0, low, &nothing, NULL), 0);
	if (bytes > low)
		ck_assert_int_eq(gmem_add(&m, 4 * GIB, bytes - low, &nothing, NULL), 0);
	return m;
}

static const struct {
	uint64_t ram;
	gpa_t start, end; /* the kernel */
	gpa_t max;
	bool above_4g;
	gpa_t lowest;
	uint64_t size;
	gpa_t base; /* where it goes, or ... */
	const char *error;
} places[] = {
	/* The highest room below initrd_addr_max, page-aligned. */
	{512 * MIB, 16 * MIB, 64 * MIB, 0x7fffffff, true, MIB, 64 * MIB, 448 * MIB, NULL},
	{512 * MIB, 16 * MIB, 64 * MIB, 0x7fffffff, true, MIB, 1, 512 * MIB - 4096, NULL},
	{512 * MIB, 16 * MIB, 64 * MIB, 0x7fffffff, true, MIB, 4097, 512 * MIB - 8192, NULL},
	/* Sizes around the hole: never above 4 GiB as long as there is room below. */
	{3330 * MIB, 16 * MIB, 64 * MIB, 0x7fffffff, true, MIB, MIB, 2047 * MIB, NULL},
	{4096 * MIB, 16 * MIB, 64 * MIB, 0xffffffff, false, MIB, MIB, 3071 * MIB, NULL},
	{8192 * MIB, 16 * MIB, 64 * MIB, 0xffffffff, true, MIB, MIB, 3071 * MIB, NULL},
	{8192 * MIB, 16 * MIB, 64 * MIB, UINT64_MAX, true, MIB, MIB, 3071 * MIB, NULL},
	/* initrd_addr_max is the last byte's highest address, not the end. */
	{512 * MIB, 16 * MIB, 64 * MIB, 0x0fffffff, false, MIB, MIB, 255 * MIB, NULL},
	{512 * MIB, 16 * MIB, 64 * MIB, 0x0ffffffe, false, MIB, MIB, 255 * MIB - 4096, NULL},
	/* The kernel at the top, in the middle and at the bottom: it is never touched. */
	{128 * MIB, 64 * MIB, 128 * MIB, 0x7fffffff, true, MIB, 63 * MIB, MIB, NULL},
	{128 * MIB, 64 * MIB, 96 * MIB, 0x7fffffff, true, MIB, 32 * MIB, 96 * MIB, NULL},
	{128 * MIB, 64 * MIB, 96 * MIB, 0x7fffffff, true, MIB, 33 * MIB, 31 * MIB, NULL},
	{128 * MIB, MIB, 96 * MIB + 1, 0x7fffffff, true, MIB, 32 * MIB - 4096, 96 * MIB + 4096,
	 NULL},
	{128 * MIB, MIB, 96 * MIB + 1, 0x7fffffff, true, MIB, 32 * MIB, 0,
	 "initrd: its 33554432 bytes fit nowhere in RAM from 0x100000 to 0x7ffffff beside the "
	 "kernel (0x100000 to 0x6000000): the largest room has 33550336"},
	/* @lowest is rounded up to a page. */
	{128 * MIB, 64 * MIB, 128 * MIB, 0x7fffffff, true, MIB + 1, 63 * MIB - 4096, MIB + 4096,
	 NULL},
	{128 * MIB, 64 * MIB, 128 * MIB, 0x7fffffff, true, MIB + 1, 63 * MIB, 0,
	 "initrd: its 66060288 bytes fit nowhere in RAM from 0x100001 to 0x7ffffff beside the "
	 "kernel (0x4000000 to 0x7ffffff): the largest room has 66056192"},
	/* No room below initrd_addr_max: anywhere, if the kernel can. */
	{3072 * MIB, 16 * MIB, 64 * MIB, 0x7fffffff, true, MIB, 2500 * MIB, 572 * MIB, NULL},
	{8192 * MIB, 16 * MIB, 64 * MIB, 0x7fffffff, true, MIB, 2500 * MIB, 9216 * MIB - 2500 * MIB,
	 NULL},
	{8192 * MIB, 16 * MIB, 64 * MIB, 0xffffffff, false, MIB, 3100 * MIB, 0,
	 "initrd: its 3250585600 bytes fit nowhere in RAM from 0x100000 to 0xffffffff beside the "
	 "kernel (0x1000000 to 0x3ffffff): the largest room has 3154116608"},
	/* Larger than RAM, and larger than anything. */
	{128 * MIB, 16 * MIB, 64 * MIB, 0x7fffffff, true, MIB, GIB, 0,
	 "initrd: its 1073741824 bytes fit nowhere in RAM from 0x100000 to 0x7ffffff "
	 "beside the kernel (0x1000000 to 0x3ffffff): the largest room has 67108864"},
	{128 * MIB, 16 * MIB, 64 * MIB, 0x7fffffff, false, MIB, UINT64_MAX, 0,
	 "initrd: its 18446744073709551615 bytes fit nowhere in RAM from 0x100000 to 0x7ffffff "
	 "beside the kernel (0x1000000 to 0x3ffffff): the largest room has 67108864"},
	{128 * MIB, 16 * MIB, 64 * MIB, 0, false, MIB, 1, 0,
	 "initrd: its 1 bytes fit nowhere in RAM from 0x100000 to 0x0 beside the kernel "
	 "(0x1000000 to 0x3ffffff): the largest room has 0"},
	{128 * MIB, 16 * MIB, 64 * MIB, 0x7fffffff, true, UINT64_MAX, 1, 0,
	 "initrd: its 1 bytes fit nowhere in RAM from 0xffffffffffffffff to 0x7ffffff "
	 "beside the kernel (0x1000000 to 0x3ffffff): the largest room has 0"},
	{128 * MIB, 16 * MIB, 64 * MIB, 0x7fffffff, true, MIB, 0, 0, "initrd: it is empty"},
};

START_TEST(place)
{
	struct gmem mem = x86_ram(places[_i].ram);
	struct image img = {.start = places[_i].start,
			    .end = places[_i].end,
			    .initrd_addr_max = places[_i].max,
			    .initrd_above_4g = places[_i].above_4g};
	struct initrd rd = {1, 1};
	struct err e = {""};
	int r = initrd_place(&mem, &img, places[_i].lowest, places[_i].size, &rd, &e);
	if (places[_i].error) {
		ck_assert_int_eq(r, -1);
		ck_assert_str_eq(e.text, places[_i].error);
		ck_assert_uint_eq(rd.base, 1); /* untouched */
		return;
	}
	ck_assert_msg(r == 0, "%s", e.text);
	ck_assert_uint_eq(rd.base, places[_i].base);
	ck_assert_uint_eq(rd.size, places[_i].size);
}
END_TEST

/* An arm64 kernel above 1 GiB: the initrd may not lie below the kernel's window. */
START_TEST(stays_in_the_window)
{
	struct gmem mem = x86_ram(2 * GIB);
	struct image img = {.start = GIB + 2 * MIB,
			    .end = 2 * GIB,
			    .initrd_addr_min = GIB,
			    .initrd_addr_max = 33 * GIB - 1};
	struct initrd rd = {1, 1};
	struct err e = {""};
	ck_assert_int_eq(initrd_place(&mem, &img, MIB, 2 * MIB, &rd, &e), 0);
	ck_assert_uint_eq(rd.base, GIB);
	ck_assert_int_eq(initrd_place(&mem, &img, MIB, 3 * MIB, &rd, &e), -1);
	ck_assert_str_eq(e.text, "initrd: its 3145728 bytes fit nowhere in RAM from 0x40000000 to "
				 "0x7fffffff beside the kernel (0x40200000 to 0x7fffffff): the "
				 "largest room has 2097152");
}
END_TEST

START_TEST(load_copies_just_its_bytes)
{
	struct image img = {.start = 0x4000, .end = 0x8000, .initrd_addr_max = 0x7fffffff};
	struct initrd rd;
	struct err e = {""};
	struct guest g;
	uint8_t bytes[5000];
	memset(bytes, 0x5a, sizeof(bytes));
	guest_init(&g, 0x10000);
	ck_assert_int_eq(
		initrd_load((struct blob){bytes, sizeof(bytes)}, &g.mem, &img, 0x1000, &rd, &e), 0);
	ck_assert_uint_eq(rd.base, 0xe000);
	ck_assert_uint_eq(rd.size, 5000);
	ck_assert_mem_eq(g.host + 0xe000, bytes, sizeof(bytes));
	ck_assert_uint_eq(g.host[0xdfff], 0xcc);
	ck_assert_uint_eq(g.host[0xe000 + 5000], 0xcc);
	guest_fini(&g);
}
END_TEST

START_TEST(load_refuses)
{
	struct image img = {.start = 0x4000, .end = 0x8000, .initrd_addr_max = 0x7fffffff};
	struct initrd rd;
	struct err e = {""};
	struct guest g;
	guest_init(&g, 0x10000);
	ck_assert_int_eq(initrd_load((struct blob){NULL, 0}, &g.mem, &img, 0x1000, &rd, &e), -1);
	ck_assert_str_eq(e.text, "initrd: it is empty");
	/* The size is looked at before the bytes. */
	ck_assert_int_eq(initrd_load((struct blob){NULL, 0x10000}, &g.mem, &img, 0x1000, &rd, &e),
			 -1);
	ck_assert_str_eq(e.text,
			 "initrd: its 65536 bytes fit nowhere in RAM from 0x1000 to 0xffff "
			 "beside the kernel (0x4000 to 0x7fff): the largest room has 32768");
	guest_fini(&g);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("initrd");
	TCase *tc = tcase_create("initrd");
	tcase_add_loop_test(tc, place, 0, COUNT(places));
	tcase_add_test(tc, stays_in_the_window);
	tcase_add_test(tc, load_copies_just_its_bytes);
	tcase_add_test(tc, load_refuses);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

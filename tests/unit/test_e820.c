/* SPDX-License-Identifier: BSD-3-Clause */
/* The memory map for many sizes of RAM. */
#include "arch/x86_64/e820.h"
#include "arch/x86_64/layout.h"
#include "lowmem.h"

#define MIB (1ULL << 20)
#define GIB (1ULL << 30)

/* Sizes, and what is expected in the two pieces. */
static const struct {
	uint64_t ram, low, high;
} sizes[] = {
	{1 * MIB, 1 * MIB, 0},
	{1 * MIB + 4096, 1 * MIB + 4096, 0},
	{2 * MIB, 2 * MIB, 0},
	{128 * MIB, 128 * MIB, 0},
	{3071 * MIB, 3071 * MIB, 0},
	{3072 * MIB - 4096, 3072 * MIB - 4096, 0},
	{3072 * MIB, 3072 * MIB, 0},
	{3072 * MIB + 4096, 3072 * MIB, 4096},
	{3073 * MIB, 3072 * MIB, 1 * MIB},
	{3330 * MIB, 3072 * MIB, 258 * MIB},
	{4095 * MIB, 3072 * MIB, 1023 * MIB},
	{4096 * MIB, 3072 * MIB, 1024 * MIB},
	{8192 * MIB, 3072 * MIB, 5120 * MIB},
	{1024 * GIB, 3 * GIB, 1021 * GIB},
};

enum { SIZES = sizeof(sizes) / sizeof(sizes[0]) };

START_TEST(split)
{
	struct ram_split s = e820_split(sizes[_i].ram);
	ck_assert_uint_eq(s.low_bytes, sizes[_i].low);
	ck_assert_uint_eq(s.high_bytes, sizes[_i].high);
}
END_TEST

START_TEST(split_of_nothing)
{
	struct ram_split s = e820_split(0);
	ck_assert_uint_eq(s.low_bytes, 0);
	ck_assert_uint_eq(s.high_bytes, 0);
}
END_TEST

static void expect(const struct e820 *map, unsigned *i, uint64_t addr, uint64_t end, uint32_t type)
{
	ck_assert_uint_lt(*i, map->n);
	ck_assert_uint_eq(map->entry[*i].addr, addr);
	ck_assert_uint_eq(map->entry[*i].addr + map->entry[*i].size, end);
	ck_assert_uint_eq(map->entry[*i].type, type);
	++*i;
}

START_TEST(every_entry)
{
	struct e820 map;
	unsigned i = 0;
	memset(&map, 0xff, sizeof(map)); /* the builder relies on nothing that was there */
	ck_assert_int_eq(e820_build(sizes[_i].ram, &map, NULL), 0);
	expect(&map, &i, 0, 0x9fc00, E820_RAM);
	expect(&map, &i, 0x9fc00, 0xe0000, E820_RESERVED);
	expect(&map, &i, 0xe0000, 0xf0000, E820_ACPI);
	expect(&map, &i, 0xf0000, 0x100000, E820_RESERVED);
	if (sizes[_i].low > 1 * MIB)
		expect(&map, &i, 0x100000, sizes[_i].low, E820_RAM);
	expect(&map, &i, 0xfec00000, 0xfec01000, E820_RESERVED);
	expect(&map, &i, 0xfee00000, 0xfee01000, E820_RESERVED);
	expect(&map, &i, 0xfeffc000, 0xff000000, E820_RESERVED);
	if (sizes[_i].high)
		expect(&map, &i, 4 * GIB, 4 * GIB + sizes[_i].high, E820_RAM);
	ck_assert_uint_eq(map.n, i);
}
END_TEST

START_TEST(ascending_and_complete)
{
	struct e820 map;
	uint64_t end = 0, backed = 0;
	ck_assert_int_eq(e820_build(sizes[_i].ram, &map, NULL), 0);
	for (unsigned i = 0; i < map.n; i++) {
		const struct e820_entry *entry = &map.entry[i];
		ck_assert_uint_gt(entry->size, 0);
		ck_assert_uint_ge(entry->addr, end);
		end = entry->addr + entry->size;
		ck_assert_uint_gt(end, entry->addr);
		if (entry->addr < X86_HOLE_GPA || entry->addr >= X86_HOLE_END_GPA)
			backed += entry->size;
		else
			ck_assert_uint_ne(entry->type, E820_RAM);
	}
	ck_assert_uint_eq(backed, sizes[_i].ram); /* each byte of RAM is in one entry */
}
END_TEST

START_TEST(too_little_ram)
{
	struct e820 map;
	struct err e;
	ck_assert_int_eq(e820_build(MIB - 1, &map, &e), -1);
	ck_assert_str_eq(e.text, "memory map: 1048575 bytes of RAM, expected at least 1048576");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("e820");
	TCase *t = tcase_create("all");
	tcase_add_loop_test(t, split, 0, SIZES);
	tcase_add_test(t, split_of_nothing);
	tcase_add_loop_test(t, every_entry, 0, SIZES);
	tcase_add_loop_test(t, ascending_and_complete, 0, SIZES);
	tcase_add_test(t, too_little_ram);
	suite_add_tcase(s, t);
	return run_suite(s);
}

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

/* RAM of that size, as the machine has it. */
static struct gmem ram(uint64_t bytes)
{
	struct ram_split s = e820_split(bytes);
	struct gmem mem = {.n = 0};

	ck_assert_int_eq(gmem_add(&mem, 0, s.low_bytes, NULL, NULL), 0);
	if (s.high_bytes)
		ck_assert_int_eq(gmem_add(&mem, 4 * GIB, s.high_bytes, NULL, NULL), 0);
	return mem;
}

START_TEST(every_entry)
{
	struct gmem mem = ram(sizes[_i].ram);
	struct e820 map;
	unsigned i = 0;
	memset(&map, 0xff, sizeof(map)); /* the builder relies on nothing that was there */
	ck_assert_int_eq(e820_build(&mem, &map, NULL), 0);
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
	struct gmem mem = ram(sizes[_i].ram);
	struct e820 map;
	uint64_t end = 0, backed = 0;
	ck_assert_int_eq(e820_build(&mem, &map, NULL), 0);
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

/* As many ranges as a guest can have: the map has RAM in these, and none between them. */
START_TEST(many_ranges)
{
	struct gmem mem = {.n = 0};
	struct e820 map;
	unsigned i = 4; /* the first MiB's come first */

	for (unsigned k = 0; k < GMEM_MAX_RANGES; k++)
		ck_assert_int_eq(gmem_add(&mem, (k < 3 ? k : 1 + k) * GIB, 16 * MIB, NULL, NULL),
				 0);
	ck_assert_int_eq(e820_build(&mem, &map, NULL), 0);
	expect(&map, &i, MIB, 16 * MIB, E820_RAM);
	expect(&map, &i, GIB, GIB + 16 * MIB, E820_RAM);
	expect(&map, &i, 2 * GIB, 2 * GIB + 16 * MIB, E820_RAM);
	i += 3; /* the hole's */
	for (uint64_t at = 4 * GIB; at <= 8 * GIB; at += GIB)
		expect(&map, &i, at, at + 16 * MIB, E820_RAM);
	ck_assert_uint_eq(map.n, i);
}
END_TEST

START_TEST(too_little_ram)
{
	struct gmem mem = ram(MIB - 1), none = {.n = 0}, high = {.n = 0};
	struct e820 map;
	struct err e;

	ck_assert_int_eq(e820_build(&mem, &map, &e), -1);
	ck_assert_str_eq(e.text, "memory map: 1048575 bytes of RAM, expected at least 1048576");
	ck_assert_int_eq(e820_build(&none, &map, &e), -1);
	ck_assert_str_eq(e.text, "memory map: 0 bytes of RAM, expected at least 1048576");
	ck_assert_int_eq(gmem_add(&high, 4096, GIB, NULL, NULL), 0);
	ck_assert_int_eq(e820_build(&high, &map, &e), -1);
}
END_TEST

/* The first byte of the hole, and the last. */
START_TEST(no_ram_in_the_hole)
{
	struct gmem first = {.n = 0}, last = ram(3 * GIB);
	struct e820 map;
	struct err e;

	ck_assert_int_eq(gmem_add(&first, 0, 3 * GIB + 1, NULL, NULL), 0);
	ck_assert_int_eq(e820_build(&first, &map, &e), -1);
	ck_assert_str_eq(e.text, "memory map: RAM from 0x0 to 0xc0000000, expected none from "
				 "0xc0000000 to 0xffffffff");
	ck_assert_int_eq(gmem_add(&last, 4 * GIB - 1, 1, NULL, NULL), 0);
	ck_assert_int_eq(e820_build(&last, &map, &e), -1);
	ck_assert_str_eq(e.text, "memory map: RAM from 0xffffffff to 0xffffffff, expected none "
				 "from 0xc0000000 to 0xffffffff");
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
	tcase_add_test(t, many_ranges);
	tcase_add_test(t, too_little_ram);
	tcase_add_test(t, no_ram_in_the_hole);
	suite_add_tcase(s, t);
	return run_suite(s);
}

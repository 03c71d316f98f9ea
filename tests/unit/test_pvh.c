/* SPDX-License-Identifier: BSD-3-Clause */
/* PVH's start_info, against the offsets of Xen's start_info.h. */
#include "arch/x86_64/pvh.h"

#include "arch/x86_64/layout.h"
#include "lowmem.h"

static const struct e820 map = {
	.entry = {{0, 0x9fc00, E820_RAM},
		  {0xe0000, 0x10000, E820_ACPI},
		  {0x100000000, 0x123456789000, E820_RAM}},
	.n = 3,
};

static uint64_t get(uint64_t gpa, unsigned bytes)
{
	uint64_t v = 0;
	ck_assert_uint_le(gpa + bytes, LOWMEM_BYTES);
	memcpy(&v, lowmem + gpa, bytes);
	return v;
}

static void write_ok(const struct boot_info *info)
{
	struct gmem mem = lowmem_init(LOWMEM_BYTES);
	struct err e;
	ck_assert_int_eq(pvh_write(&mem, info, &e), 0);
	lowmem_untouched(0, X86_PVH_GPA);
	lowmem_untouched(X86_PVH_GPA + X86_PVH_BYTES, LOWMEM_BYTES);
}

START_TEST(start_info)
{
	struct boot_info info = {.map = &map, .cmdline_gpa = 0x10000, .rsdp_gpa = 0xe0000};
	write_ok(&info);
	ck_assert_uint_eq(get(X86_PVH_GPA + 0, 4), 0x336ec578);
	ck_assert_uint_eq(get(X86_PVH_GPA + 4, 4), 1);        /* version */
	ck_assert_uint_eq(get(X86_PVH_GPA + 8, 4), 0);        /* flags */
	ck_assert_uint_eq(get(X86_PVH_GPA + 12, 4), 0);       /* nr_modules */
	ck_assert_uint_eq(get(X86_PVH_GPA + 16, 8), 0);       /* modlist_paddr */
	ck_assert_uint_eq(get(X86_PVH_GPA + 24, 8), 0x10000); /* cmdline_paddr */
	ck_assert_uint_eq(get(X86_PVH_GPA + 32, 8), 0xe0000); /* rsdp_paddr */
	ck_assert_uint_eq(get(X86_PVH_GPA + 48, 4), 3);       /* memmap_entries */
	ck_assert_uint_eq(get(X86_PVH_GPA + 52, 4), 0);
}
END_TEST

static void check_map(const struct e820 *want)
{
	uint64_t at = get(X86_PVH_GPA + 40, 8);
	ck_assert_uint_eq(get(X86_PVH_GPA + 48, 4), want->n);
	ck_assert_uint_eq(at % 8, 0);
	ck_assert_uint_ge(at, X86_PVH_GPA + 56);
	ck_assert_uint_le(at + want->n * 24, X86_PVH_GPA + X86_PVH_BYTES);
	for (unsigned i = 0; i < want->n; i++, at += 24) {
		ck_assert_uint_eq(get(at, 8), want->entry[i].addr);
		ck_assert_uint_eq(get(at + 8, 8), want->entry[i].size);
		ck_assert_uint_eq(get(at + 16, 4), want->entry[i].type);
		ck_assert_uint_eq(get(at + 20, 4), 0);
	}
}

START_TEST(memory_map)
{
	struct boot_info info = {.map = &map};
	write_ok(&info);
	check_map(&map);
}
END_TEST

START_TEST(longest_map)
{
	struct e820 full = {.n = E820_MAX};
	for (unsigned i = 0; i < E820_MAX; i++)
		full.entry[i] = (struct e820_entry){i * 0x1000, 0x1000, E820_RESERVED};
	struct boot_info info = {.map = &full};
	write_ok(&info);
	check_map(&full);
}
END_TEST

START_TEST(initrd_is_the_module)
{
	struct boot_info info = {.map = &map, .initrd = {0x7f12345000, 0x3456789ab}};
	write_ok(&info);
	uint64_t module = get(X86_PVH_GPA + 16, 8);
	ck_assert_uint_eq(get(X86_PVH_GPA + 12, 4), 1);
	ck_assert_uint_eq(module % 8, 0);
	ck_assert_uint_ge(module, X86_PVH_GPA + 56);
	ck_assert_uint_le(module + 32, get(X86_PVH_GPA + 40, 8));
	ck_assert_uint_eq(get(module, 8), 0x7f12345000);
	ck_assert_uint_eq(get(module + 8, 8), 0x3456789ab);
	ck_assert_uint_eq(get(module + 16, 8), 0); /* no command line of its own */
	ck_assert_uint_eq(get(module + 24, 8), 0);
	check_map(&map);
}
END_TEST

START_TEST(not_in_ram)
{
	struct gmem mem = lowmem_init(X86_PVH_GPA + 0x40);
	struct boot_info info = {.map = &map};
	struct err e = {""};
	/* start_info, 8 bytes of padding, the map */
	ck_assert_int_eq(pvh_write(&mem, &info, &e), -1);
	ck_assert_str_eq(e.text, "PVH start_info: 136 bytes at 0x6000 do not lie in RAM");
	lowmem_untouched(0, LOWMEM_BYTES);
}
END_TEST

START_TEST(map_too_long)
{
	struct gmem mem = lowmem_init(LOWMEM_BYTES);
	const struct e820 full = {.n = E820_MAX + 1};
	struct boot_info info = {.map = &full};
	struct err e = {""};
	ck_assert_int_eq(pvh_write(&mem, &info, &e), -1);
	ck_assert_str_eq(e.text, "PVH start_info: 17 entries of memory map, expected at most 16");
	lowmem_untouched(0, LOWMEM_BYTES);
}
END_TEST

/* Two modules and two entries of memory map: 64 + 2 * 32 + 2 * 24 bytes. */
enum { PUT_BYTES = 176 };

static const struct hvm_modlist_entry modules[] = {{0x200000, 0x1000, 0x9000, 0},
						   {0x300000, 0x2000, 0, 0}};
static const struct pvh_info two = {
	.cmdline_gpa = 0x9000, .modules = modules, .n_modules = 2, .map = map.entry, .n_map = 2};

START_TEST(put_anywhere)
{
	static const gpa_t places[] = {0, 0x1000, 0x1234, LOWMEM_BYTES - PUT_BYTES};
	for (int i = 0; i < COUNT(places); i++) {
		struct gmem mem = lowmem_init(LOWMEM_BYTES);
		gpa_t at = places[i];
		struct err e;
		ck_assert_int_eq(pvh_put(&mem, at, &two, &e), 0);
		lowmem_untouched(0, at);
		lowmem_untouched(at + PUT_BYTES, LOWMEM_BYTES);
		ck_assert_uint_eq(get(at + 12, 4), 2);
		ck_assert_uint_eq(get(at + 16, 8), at + 64);
		ck_assert_uint_eq(get(at + 24, 8), 0x9000);
		ck_assert_uint_eq(get(at + 40, 8), at + 64 + 2 * 32);
		ck_assert_mem_eq(lowmem + at + 64, modules, sizeof(modules));
		ck_assert_uint_eq(get(at + 128, 8), 0);
		ck_assert_uint_eq(get(at + 136, 8), 0x9fc00);
		ck_assert_uint_eq(get(at + 152, 8), 0xe0000);
		ck_assert_uint_eq(get(at + 168, 4), E820_ACPI);
	}
}
END_TEST

START_TEST(put_refused)
{
	static const struct {
		gpa_t gpa;
		unsigned n_modules, n_map;
		const char *text;
	} cases[] = {
		{LOWMEM_BYTES - PUT_BYTES + 1, 2, 2,
		 "PVH start_info: 176 bytes at 0xfff51 do not lie in RAM"},
		{LOWMEM_BYTES, 2, 2, "PVH start_info: 176 bytes at 0x100000 do not lie in RAM"},
		{0x1000, 1U << 31, 2,
		 "PVH start_info: 68719476848 bytes at 0x1000 do not lie in RAM"},
		{0x1000, 2, ~0U, "PVH start_info: 103079215208 bytes at 0x1000 do not lie in RAM"},
		{0x1000, 2, 0, "PVH start_info: no memory map, expected at least one entry"},
		{1ULL << 32, 2, 2, "PVH start_info: 0x100000000 is not below 4 GiB"},
		{UINT64_MAX, 2, 2, "PVH start_info: 0xffffffffffffffff is not below 4 GiB"},
	};
	struct gmem mem = lowmem_init(LOWMEM_BYTES);
	struct pvh_info info = two;
	struct err e = {""};
	info.n_modules = cases[_i].n_modules;
	info.n_map = cases[_i].n_map;
	ck_assert_int_eq(pvh_put(&mem, cases[_i].gpa, &info, &e), -1);
	ck_assert_str_eq(e.text, cases[_i].text);
	lowmem_untouched(0, LOWMEM_BYTES);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("pvh");
	TCase *t = tcase_create("all");
	tcase_add_test(t, start_info);
	tcase_add_test(t, memory_map);
	tcase_add_test(t, longest_map);
	tcase_add_test(t, initrd_is_the_module);
	tcase_add_test(t, not_in_ram);
	tcase_add_test(t, map_too_long);
	tcase_add_test(t, put_anywhere);
	tcase_add_loop_test(t, put_refused, 0, 7);
	suite_add_tcase(s, t);
	return run_suite(s);
}

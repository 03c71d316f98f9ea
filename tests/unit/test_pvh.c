/* SPDX-License-Identifier: BSD-3-Clause */
/* PVH's start_info, against the offsets of Xen's start_info.h. */
#include "arch/x86_64/pvh.h"

#include "arch/x86_64/layout.h"
#include "lowmem.h"

#include <stdio.h>

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
	char want[ERR_TEXT_BYTES];
	/* start_info, 8 bytes of padding, one module, the map */
	snprintf(want, sizeof(want), "PVH start_info: %d bytes at 0x6000 do not lie in RAM",
		 56 + 8 + 32 + E820_MAX * 24);
	ck_assert_int_eq(pvh_write(&mem, &info, &e), -1);
	ck_assert_str_eq(e.text, want);
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
	suite_add_tcase(s, t);
	return run_suite(s);
}

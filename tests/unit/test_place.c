/* SPDX-License-Identifier: BSD-3-Clause */
/* Where an ELF may lie below 1 MiB: beside all that is written for a boot. */
#include "arch/x86_64/place.h"

#include "arch/acpi_pm.h"
#include "arch/x86_64/acpi.h"
#include "arch/x86_64/layout.h"
#include "arch/x86_64/mptable.h"
#include "arch/x86_64/paging.h"
#include "arch/x86_64/pvh.h"
#include "loader/cmdline.h"
#include "loading.h"
#include "lowmem.h"

#include <elf.h>
#include <stdio.h>

static void setup(void)
{
	setup_with(kernel_elf_small);
}

/* A kernel at 1 MiB with a segment of @bytes at @base, of 32 or of 64 bits. */
static int load_low(gpa_t base, uint64_t bytes, bool is_32)
{
	uint8_t notes[64] = {0};
	uint32_t entry = MIB;
	size_t len = kernel_note(notes, 0, "Xen", 4, 18, &entry, 4, 4);
	const struct elf_segment segment[] = {
		{PT_NOTE, PF_R, 0, 0, 4, notes, len},
		{PT_LOAD, PF_R, base, bytes, 0, NULL, 16},
		{PT_LOAD, PF_R | PF_X, MIB, 64, 4096, NULL, 64},
	};
	kernel_elf(&k, MIB, segment, 3);
	if (is_32)
		kernel_elf_to_32(&k);
	return load_at(&x86_kernel_place);
}

/* What builders write, as layout.h has it, and what is no RAM for the guest. */
static const struct {
	const char *what;
	gpa_t base, end;
} taken[] = {
	{"GDT", 0x500, 0x528},
	{"setup_data", 0x5000, 0x6000},
	{"PVH start_info", 0x6000, 0x7000},
	{"zero page", 0x7000, 0x8000},
	{"page tables", 0x8000, 0xe000},
	{"command line", 0x10000, 0x20000},
	{"EBDA and video memory", 0x9fc00, 0xe0000},
	{"ACPI tables", 0xe0000, 0xf0000},
	{"MP table", 0xf0000, 0xff000},
};

static void expect_taken(int i, gpa_t base, uint64_t bytes)
{
	char expected[ERR_TEXT_BYTES];
	snprintf(expected, sizeof(expected),
		 "ELF: segment 1: p_memsz=0x%llx bytes at p_paddr=0x%llx overlap the %s (0x%llx to "
		 "0x%llx)",
		 (unsigned long long)bytes, (unsigned long long)base, taken[i].what,
		 (unsigned long long)taken[i].base, (unsigned long long)taken[i].end - 1);
	for (int is_32 = 0; is_32 < 2; is_32++) {
		ck_assert_int_eq(load_low(base, bytes, is_32), -1);
		ck_assert_str_eq(e.text, expected);
		ck_assert(guest_untouched(&guest));
	}
}

START_TEST(what_is_taken_is_refused_by_name)
{
	expect_taken(_i, taken[_i].base, 16);
	expect_taken(_i, taken[_i].end - 1, 16);
	expect_taken(_i, taken[_i].base + 8, 16);
	if (_i == 0)
		expect_taken(_i, taken[_i].base - 15, 16);
}
END_TEST

static const struct {
	gpa_t base, end;
} free_ranges[] = {
	{0, 0x500}, {0x528, 0x5000}, {0xe000, 0x10000}, {0x20000, 0x9fc00}, {0xff000, 0x100000}};

START_TEST(what_is_free_is_the_kernels)
{
	gpa_t base = free_ranges[_i].base, end = free_ranges[_i].end;
	for (int is_32 = 0; is_32 < 2; is_32++) {
		ck_assert_msg(load_low(base, end - base, is_32) == 0, "%s", e.text);
		ck_assert_uint_eq(img.start, base);
		ck_assert_uint_eq(img.end, MIB + 64);
		ck_assert_uint_eq(guest.host[base], 0xa1);
		ck_assert_uint_eq(guest.host[end - 1], 0);
		ck_assert_uint_eq(guest.host[MIB], 0xa2);
		ck_assert(end == MIB || load_low(base, end - base + 1, is_32) == -1);
	}
}
END_TEST

/* A segment may go on over 1 MiB: of a linker that joins headers and text. */
START_TEST(from_the_free_page_on_over_1_mib)
{
	const struct elf_segment segment = {PT_LOAD, PF_R | PF_X, 0xff000, 0x3000, 4096, NULL, 64};
	kernel_elf(&k, MIB, &segment, 1);
	ck_assert_msg(load_at(&x86_kernel_place) == 0, "%s", e.text);
	ck_assert_uint_eq(img.entry64, MIB);
	const struct elf_segment all = {PT_LOAD, PF_R | PF_X, 0, 2 * MIB, 4096, NULL, 64};
	kernel_elf(&k, MIB, &all, 1);
	ck_assert_int_eq(load_at(&x86_kernel_place), -1);
	ck_assert_str_eq(e.text, "ELF: segment 0: p_memsz=0x200000 bytes at p_paddr=0x0 overlap "
				 "the GDT (0x500 to 0x527)");
}
END_TEST

/* Where it ends up counts, not where it was linked for. */
START_TEST(an_offset_counts)
{
	struct image_placement where = x86_kernel_place;
	where.elf_offset = 0x1000;
	const struct elf_segment segment = {PT_LOAD, PF_R | PF_X, 0x5000, 64, 4096, NULL, 64};
	kernel_elf(&k, 0x5000, &segment, 1);
	ck_assert_int_eq(load_at(&where), -1);
	ck_assert_str_eq(e.text, "ELF: segment 0: p_memsz=0x40 bytes at p_paddr=0x5000 + offset "
				 "0x1000 overlap the PVH start_info (0x6000 to 0x6fff)");
	where.elf_offset = UINT64_MAX - 0x4fff; /* wraps, to 0 */
	ck_assert_int_eq(load_at(&where), -1);
	where.elf_offset = 0x19000 - 0x5000;
	ck_assert_int_eq(load_at(&where), -1);
	where.elf_offset = 0x20000 - 0x5000;
	kernel_put(&k, PHDR_OFFSET(0, p_align), 8, 0);
	ck_assert_msg(load_at(&where) == 0, "%s", e.text);
	ck_assert_uint_eq(img.entry64, 0x20000);
}
END_TEST

/* Other formats keep to 1 MiB: their place can be chosen. */
START_TEST(a_bzimage_lies_high)
{
	kernel_bzimage_small(&k);
	kernel_put(&k, SETUP_OFFSET(pref_address), 8, 0x20000);
	ck_assert_msg(load_at(&x86_kernel_place) == 0, "%s", e.text);
	ck_assert_uint_eq(img.start, MIB);
}
END_TEST

static void write_all(const struct gmem *mem, struct boot_info *info)
{
	static const struct devdesc devices[] = {{DEV_UART16550, DEV_PIO, 0x3f8, 8, 4},
						 {DEV_ACPI_PM, DEV_PIO, 0x600, ACPI_PM_PORTS, 9}};
	const struct devlist devs = {devices, 2};
	static char line[X86_CMDLINE_BYTES];

	memset(line, 'x', sizeof(line) - 1);
	ck_assert_int_eq(gmem_write(mem, X86_CMDLINE_GPA, line, sizeof(line), "line", &e), 0);
	ck_assert_int_eq(mptable_write(mem, devs, 255, &e), 0);
	ck_assert_int_eq(acpi_write(mem, devs, 255, &info->rsdp_gpa, &e), 0);
	ck_assert_int_eq(paging_write_gdt(mem, GDT_LONG, &e), 0);
	ck_assert_int_eq(paging_write_identity(mem, &e), 0);
	ck_assert_int_eq(pvh_write(mem, info, &e), 0);
	ck_assert_int_eq(zeropage_write(mem, &img, info, &e), 0);
}

/* The largest of everything, by either protocol, leaves alone what kernels may have. */
START_TEST(builders_keep_to_what_is_taken)
{
	struct e820 map;
	static const uint8_t seed[64] = {1};
	struct boot_info info = {
		.map = &map, .cmdline_gpa = X86_CMDLINE_GPA, .rng_seed = {seed, sizeof(seed)}};
	struct gmem mem = lowmem_init(LOWMEM_BYTES), large = {.n = 0};

	ck_assert_msg(load(MIB) == 0, "%s", e.text);
	ck_assert_int_eq(gmem_add(&large, 0, 1ULL << 31, NULL, NULL), 0);
	for (uint64_t at = 4; at < 3 + GMEM_MAX_RANGES; at++)
		ck_assert_int_eq(gmem_add(&large, at << 30, 4096, NULL, NULL), 0);
	ck_assert_int_eq(e820_build(&large, &map, &e), 0);
	ck_assert_uint_eq(map.n, 7 + GMEM_MAX_RANGES);
	write_all(&mem, &info);
	for (int i = 0; i < COUNT(free_ranges); i++)
		lowmem_untouched(free_ranges[i].base, free_ranges[i].end);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("place");
	TCase *tc = tcase_create("place");
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, what_is_taken_is_refused_by_name, 0, COUNT(taken));
	tcase_add_loop_test(tc, what_is_free_is_the_kernels, 0, COUNT(free_ranges));
	tcase_add_test(tc, from_the_free_page_on_over_1_mib);
	tcase_add_test(tc, an_offset_counts);
	tcase_add_test(tc, a_bzimage_lies_high);
	tcase_add_test(tc, builders_keep_to_what_is_taken);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Nothing in the x86_64 address map overlaps. */
#include "arch/x86_64/layout.h"

#include "arch/acpi_pm.h"
#include "loader/cmdline.h"
#include "lowmem.h"

#include <stdint.h>

static const struct region {
	const char *name;
	uint64_t base, bytes, alignment;
} regions[] = {
	{"IVT and BDA", 0, 0x500, 1},
	{"GDT", X86_GDT_GPA, X86_GDT_BYTES, 8},
	{"setup_data", X86_SETUP_DATA_GPA, X86_SETUP_DATA_BYTES, 8},
	{"PVH", X86_PVH_GPA, X86_PVH_BYTES, 8},
	{"zero page", X86_ZEROPAGE_GPA, X86_ZEROPAGE_BYTES, 0x1000},
	{"page tables", X86_PAGE_TABLES_GPA, X86_PAGE_TABLES_BYTES, 0x1000},
	{"command line", X86_CMDLINE_GPA, X86_CMDLINE_BYTES, 1},
	{"FACS", X86_FACS_GPA, X86_FACS_BYTES, 64},
	{"reserved", X86_FACS_GPA + X86_FACS_BYTES, X86_ACPI_GPA - X86_FACS_GPA - X86_FACS_BYTES,
	 1},
	{"ACPI", X86_ACPI_GPA, X86_ACPI_BYTES, 16},
	{"MP table", X86_MPTABLE_GPA, X86_MPTABLE_BYTES, 16},
	{"the kernel's", X86_FREE_GPA, X86_RESET_VECTOR_GPA - X86_FREE_GPA, 0x1000},
	{"reset vector", X86_RESET_VECTOR_GPA, X86_RESET_VECTOR_BYTES, 16},
	{"high memory", X86_HIGH_MEMORY_GPA, X86_HOLE_GPA - X86_HIGH_MEMORY_GPA, 0x200000 / 2},
	{"IO-APIC", X86_IOAPIC_GPA, X86_APIC_BYTES, 0x1000},
	{"local APIC", X86_LAPIC_GPA, X86_APIC_BYTES, 0x1000},
	{"identity map", X86_IDENTITY_MAP_GPA, X86_IDENTITY_MAP_BYTES, 0x1000},
	{"TSS", X86_TSS_GPA, X86_TSS_BYTES, 0x1000},
	{"RAM above 4 GiB", X86_HOLE_END_GPA, 1ULL << 40, 1ULL << 30},
};

enum { REGIONS = sizeof(regions) / sizeof(regions[0]) };

START_TEST(no_overlap)
{
	const struct region *a = &regions[_i];
	for (int j = 0; j < REGIONS; j++) {
		const struct region *b = &regions[j];
		ck_assert_msg(a == b || a->base + a->bytes <= b->base ||
				      b->base + b->bytes <= a->base,
			      "%s overlaps %s", a->name, b->name);
	}
}
END_TEST

START_TEST(aligned)
{
	ck_assert_uint_gt(regions[_i].bytes, 0);
	ck_assert_uint_eq(regions[_i].base % regions[_i].alignment, 0);
}
END_TEST

/* What the VMM writes lies below 1 MiB in RAM; what is no RAM lies in the hole. */
START_TEST(in_its_place)
{
	const struct region *r = &regions[_i];
	if (r->base < X86_HIGH_MEMORY_GPA)
		ck_assert_uint_le(r->base + r->bytes, X86_HIGH_MEMORY_GPA);
	else if (r->base >= X86_HOLE_GPA && r->base < X86_HOLE_END_GPA)
		ck_assert_uint_le(r->base + r->bytes, X86_HOLE_END_GPA);
}
END_TEST

/* The kernel takes what is usable for its own: what it reads late must be reserved. */
START_TEST(tables_that_are_read_late_are_reserved)
{
	ck_assert_uint_ge(X86_FACS_GPA, X86_LOW_RAM_END);
	ck_assert_uint_ge(X86_ACPI_GPA, X86_LOW_RAM_END);
	ck_assert_uint_ge(X86_MPTABLE_GPA, X86_LOW_RAM_END);
	/* and where kernels search for them (ACPI 5.2.5.1, MP 1.4 chapter 4) */
	ck_assert_uint_ge(X86_ACPI_GPA, 0xe0000);
	ck_assert_uint_ge(X86_MPTABLE_GPA, 0xf0000);
}
END_TEST

/* KVM_SET_TSS_ADDR takes a 32-bit address; the three pages lie below 4 GiB. */
START_TEST(kvm_pages)
{
	ck_assert_uint_eq(X86_TSS_BYTES, 3 * 0x1000);
	ck_assert_uint_le(X86_TSS_GPA + X86_TSS_BYTES, X86_HOLE_END_GPA);
}
END_TEST

START_TEST(command_line_room)
{
	ck_assert_uint_le(CMDLINE_MAX_BYTES, X86_CMDLINE_BYTES);
	ck_assert_uint_le(X86_CMDLINE_GPA + X86_CMDLINE_BYTES, X86_LOW_RAM_END);
}
END_TEST

START_TEST(pm_registers_are_distinct)
{
	ck_assert_int_ge(ACPI_PM1_CNT, ACPI_PM1_EVT + ACPI_PM1_EVT_BYTES);
	ck_assert_int_ge(ACPI_PM_RESET, ACPI_PM1_CNT + ACPI_PM1_CNT_BYTES);
	ck_assert_int_gt(ACPI_PM_PORTS, ACPI_PM_RESET);
	ck_assert_int_eq(ACPI_PM1_EVT % 4, 0); /* ACPI 4.8.3.1: two registers of the same width */
	ck_assert_int_eq(ACPI_PM1_CNT % 2, 0);
	ck_assert_int_le(ACPI_PM_SLP_TYP_S5, 7); /* three bits */
}
END_TEST

int main(void)
{
	Suite *s = suite_create("layout");
	TCase *t = tcase_create("all");
	tcase_add_loop_test(t, no_overlap, 0, REGIONS);
	tcase_add_loop_test(t, aligned, 0, REGIONS);
	tcase_add_loop_test(t, in_its_place, 0, REGIONS);
	tcase_add_test(t, tables_that_are_read_late_are_reserved);
	tcase_add_test(t, kvm_pages);
	tcase_add_test(t, command_line_room);
	tcase_add_test(t, pm_registers_are_distinct);
	suite_add_tcase(s, t);
	return run_suite(s);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a kernel may lie: see place.h and the drawing in layout.h. */
#include "arch/x86_64/place.h"

#include "arch/x86_64/layout.h"

static const struct image_taken taken[] = {
	{"GDT", X86_GDT_GPA, X86_GDT_BYTES},
	{"setup_data", X86_SETUP_DATA_GPA, X86_SETUP_DATA_BYTES},
	{"PVH start_info", X86_PVH_GPA, X86_PVH_BYTES},
	{"zero page", X86_ZEROPAGE_GPA, X86_ZEROPAGE_BYTES},
	{"page tables", X86_PAGE_TABLES_GPA, X86_PAGE_TABLES_BYTES},
	{"command line", X86_CMDLINE_GPA, X86_CMDLINE_BYTES},
	{"EBDA and video memory", X86_LOW_RAM_END, X86_ACPI_GPA - X86_LOW_RAM_END},
	{"ACPI tables", X86_ACPI_GPA, X86_ACPI_BYTES},
	{"MP table", X86_MPTABLE_GPA, X86_MPTABLE_BYTES},
};

const struct image_placement x86_kernel_place = {
	.lowest = X86_HIGH_MEMORY_GPA,
	.elf_taken = taken,
	.n_elf_taken = sizeof(taken) / sizeof(taken[0]),
};

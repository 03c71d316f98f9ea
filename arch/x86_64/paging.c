/* SPDX-License-Identifier: BSD-3-Clause */
/* The GDT and the identity page tables: see paging.h. */
#include "arch/x86_64/paging.h"

#include "arch/x86_64/layout.h"

#include <stddef.h>

enum {
	PAGE_BYTES = 0x1000,
	TABLE_ENTRIES = 512,
	MAPPED_GIB = 4, /* one page directory each */
};

/* Bits of a page table entry (SDM volume 3, tables 4-15 to 4-18). */
#define PTE_P  (1ULL << 0) /* present */
#define PTE_RW (1ULL << 1)
#define PTE_PS (1ULL << 7) /* in a page directory: maps 2 MiB */

#define LARGE_PAGE_BYTES (1ULL << 21)

_Static_assert(X86_GDT_BYTES == GDT_ENTRIES * 8, "GDT");
_Static_assert(X86_PAGE_TABLES_BYTES == (2 + MAPPED_GIB) * PAGE_BYTES, "PML4, PDPT, PDs");

int paging_write_gdt(const struct gmem *mem, enum gdt_mode mode, struct err *e)
{
	/*
	 * SDM volume 3, figure 3-8. All present, accessed, DPL 0; code and data with base 0 and
	 * limit 4 GiB: 9b is execute/read, 93 read/write, 8b a busy 32-bit TSS. In the flags, a
	 * means G and L (64-bit code), c means G and D/B (32-bit).
	 */
	const uint64_t gdt[GDT_ENTRIES] = {
		[GDT_BOOT_CS / 8] = mode == GDT_LONG ? 0x00af9b000000ffff : 0x00cf9b000000ffff,
		[GDT_BOOT_DS / 8] = 0x00cf93000000ffff,
		[GDT_BOOT_TSS / 8] = 0x00008b0000000067,
	};
	return gmem_write(mem, X86_GDT_GPA, gdt, sizeof(gdt), "GDT", e);
}

int paging_write_identity(const struct gmem *mem, struct err *e)
{
	uint64_t table[TABLE_ENTRIES] = {X86_PAGE_TABLES_GPA + PAGE_BYTES + (PTE_RW | PTE_P)};
	gpa_t gpa = X86_PAGE_TABLES_GPA;
	const gpa_t first_pd = X86_PAGE_TABLES_GPA + 2 * PAGE_BYTES;

	if (gmem_write(mem, gpa, table, sizeof(table), "PML4", e))
		return -1;

	for (unsigned i = 0; i < MAPPED_GIB; i++)
		table[i] = (first_pd + i * PAGE_BYTES) | PTE_RW | PTE_P;
	gpa += PAGE_BYTES;
	if (gmem_write(mem, gpa, table, sizeof(table), "PDPT", e))
		return -1;

	uint64_t page = 0;
	for (unsigned pd = 0; pd < MAPPED_GIB; pd++) {
		for (unsigned i = 0; i < TABLE_ENTRIES; i++, page += LARGE_PAGE_BYTES)
			table[i] = page | PTE_PS | PTE_RW | PTE_P;
		gpa += PAGE_BYTES;
		if (gmem_write(mem, gpa, table, sizeof(table), "page directory", e))
			return -1;
	}
	return 0;
}

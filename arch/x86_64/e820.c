/* SPDX-License-Identifier: BSD-3-Clause */
/* The memory map: see e820.h and the drawing in layout.h. */
#include "arch/x86_64/e820.h"

#include "arch/x86_64/layout.h"

#include <inttypes.h>

struct ram_split e820_split(uint64_t ram_bytes)
{
	if (ram_bytes <= X86_HOLE_GPA)
		return (struct ram_split){ram_bytes, 0};
	return (struct ram_split){X86_HOLE_GPA, ram_bytes - X86_HOLE_GPA};
}

/* Adds [addr, end), which lies above all that is there. */
static void add(struct e820 *map, gpa_t addr, gpa_t end, uint32_t type)
{
	map->entry[map->n++] = (struct e820_entry){addr, end - addr, type};
}

/* The RAM of @mem in [from, to). */
static void add_ram(struct e820 *map, const struct gmem *mem, gpa_t from, gpa_t to)
{
	for (unsigned i = 0; i < mem->n; i++) {
		gpa_t base = mem->range[i].base, end = base + mem->range[i].size;
		if (end > from && base < to)
			add(map, base > from ? base : from, end < to ? end : to, E820_RAM);
	}
}

/* Errors: those of e820_build(). */
static int check_ram(const struct gmem *mem, struct err *e)
{
	uint64_t low_bytes = mem->n && !mem->range[0].base ? mem->range[0].size : 0;

	if (low_bytes < X86_HIGH_MEMORY_GPA)
		return err_set(e, "memory map: %" PRIu64 " bytes of RAM, expected at least %llu",
			       low_bytes, X86_HIGH_MEMORY_GPA);
	for (unsigned i = 0; i < mem->n; i++) {
		const struct gmem_range *r = &mem->range[i];
		if (r->base < X86_HOLE_END_GPA && r->base + r->size > X86_HOLE_GPA)
			return err_set(e,
				       "memory map: RAM from 0x%" PRIx64 " to 0x%" PRIx64
				       ", expected none from 0x%llx to 0x%llx",
				       r->base, r->base + r->size - 1, X86_HOLE_GPA,
				       X86_HOLE_END_GPA - 1);
	}
	return 0;
}

int e820_build(const struct gmem *mem, struct e820 *map, struct err *e)
{
	if (check_ram(mem, e))
		return -1;
	_Static_assert(E820_MAX >= 7 + GMEM_MAX_RANGES, "as many entries as are added here");

	map->n = 0;
	add(map, 0, X86_LOW_RAM_END, E820_RAM);
	add(map, X86_LOW_RAM_END, X86_ACPI_GPA, E820_RESERVED);
	add(map, X86_ACPI_GPA, X86_ACPI_GPA + X86_ACPI_BYTES, E820_ACPI);
	add(map, X86_MPTABLE_GPA, X86_HIGH_MEMORY_GPA, E820_RESERVED);
	add_ram(map, mem, X86_HIGH_MEMORY_GPA, X86_HOLE_GPA);
	add(map, X86_IOAPIC_GPA, X86_IOAPIC_GPA + X86_APIC_BYTES, E820_RESERVED);
	add(map, X86_LAPIC_GPA, X86_LAPIC_GPA + X86_APIC_BYTES, E820_RESERVED);
	add(map, X86_IDENTITY_MAP_GPA, X86_TSS_GPA + X86_TSS_BYTES, E820_RESERVED);
	add_ram(map, mem, X86_HOLE_END_GPA, UINT64_MAX);
	return 0;
}

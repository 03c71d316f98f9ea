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

/* Adds [addr, end); nothing when it is empty. */
static void add(struct e820 *map, gpa_t addr, gpa_t end, uint32_t type)
{
	if (addr == end)
		return;
	map->entry[map->n++] = (struct e820_entry){addr, end - addr, type};
}

int e820_build(uint64_t ram_bytes, struct e820 *map, struct err *e)
{
	if (ram_bytes < X86_HIGH_MEMORY_GPA)
		return err_set(e, "memory map: %" PRIu64 " bytes of RAM, expected at least %llu",
			       ram_bytes, X86_HIGH_MEMORY_GPA);
	_Static_assert(E820_MAX >= 9, "as many entries as are added here");
	struct ram_split ram = e820_split(ram_bytes);

	map->n = 0;
	add(map, 0, X86_LOW_RAM_END, E820_RAM);
	add(map, X86_LOW_RAM_END, X86_ACPI_GPA, E820_RESERVED);
	add(map, X86_ACPI_GPA, X86_ACPI_GPA + X86_ACPI_BYTES, E820_ACPI);
	add(map, X86_MPTABLE_GPA, X86_HIGH_MEMORY_GPA, E820_RESERVED);
	add(map, X86_HIGH_MEMORY_GPA, ram.low_bytes, E820_RAM);
	add(map, X86_IOAPIC_GPA, X86_IOAPIC_GPA + X86_APIC_BYTES, E820_RESERVED);
	add(map, X86_LAPIC_GPA, X86_LAPIC_GPA + X86_APIC_BYTES, E820_RESERVED);
	add(map, X86_IDENTITY_MAP_GPA, X86_TSS_GPA + X86_TSS_BYTES, E820_RESERVED);
	add(map, X86_HOLE_END_GPA, X86_HOLE_END_GPA + ram.high_bytes, E820_RAM);
	return 0;
}

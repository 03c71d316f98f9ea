/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The guest's memory map, and how RAM is split around the hole below 4 GiB.
 * Source: ACPI 6.5 section 15 (System Address Map Interfaces).
 */
#ifndef ARCH_X86_64_E820_H
#define ARCH_X86_64_E820_H

#include "loader/gmem.h"

MINIVMM_BEGIN

/* Types as the ACPI specification numbers them; PVH memory maps use the same numbers. */
enum {
	E820_RAM = 1,
	E820_RESERVED = 2,
	E820_ACPI = 3,
};

struct e820_entry {
	gpa_t addr;
	uint64_t size; /* bytes */
	uint32_t type;
};

enum {
	E820_MAX = 16,
};

struct e820 {
	struct e820_entry entry[E820_MAX]; /* ascending, not overlapping */
	unsigned n;
};

/* The pieces of @ram_bytes of RAM: below X86_HOLE_GPA, and what is left from 4 GiB on. */
struct ram_split {
	uint64_t low_bytes;
	uint64_t high_bytes; /* at X86_HOLE_END_GPA; 0: none */
};

struct ram_split e820_split(uint64_t ram_bytes);

/*
 * The map for a guest whose RAM is @mem: usable below X86_LOW_RAM_END, reserved up to 1 MiB (the
 * ACPI tables as E820_ACPI), from there on usable where there is RAM; the hole's APIC and KVM pages
 * reserved. Errors: less than 1 MiB of RAM at address 0; RAM in the hole.
 */
int e820_build(const struct gmem *mem, struct e820 *map, struct err *e);

MINIVMM_END

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The GDT and the identity page tables that the 64-bit Linux boot protocol asks for.
 * Source: boot.rst "64-bit Boot Protocol"; Intel SDM volume 3, 3.4.5 (descriptors), 4.5 (paging).
 */
#ifndef ARCH_X86_64_PAGING_H
#define ARCH_X86_64_PAGING_H

#include "loader/gmem.h"

MINIVMM_BEGIN

/* Selectors of the GDT: the protocol's __BOOT_CS, __BOOT_DS, and a TSS for the PVH entry. */
enum {
	GDT_BOOT_CS = 0x10,
	GDT_BOOT_DS = 0x18,
	GDT_BOOT_TSS = 0x20,
	GDT_ENTRIES = 5,
};

/* Segment descriptors in the GDT, as values: what a vCPU's hidden registers must agree with. */
enum gdt_mode {
	GDT_LONG,
	GDT_FLAT32,
};

/*
 * Writes the GDT at X86_GDT_GPA: code (64-bit, or flat 32-bit), flat data, a 32-bit busy TSS of
 * base 0 and limit 0x67. Errors: not in RAM.
 */
int paging_write_gdt(const struct gmem *mem, enum gdt_mode mode, struct err *e);

/*
 * Maps the first 4 GiB one to one with 2 MiB pages, tables at X86_PAGE_TABLES_GPA (PML4 first).
 * Errors: not in RAM.
 */
int paging_write_identity(const struct gmem *mem, struct err *e);

MINIVMM_END

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * PVH: hvm_start_info with its module list and memory map.
 * Source: Xen docs/misc/pvh.pandoc, xen/include/public/arch-x86/hvm/start_info.h (version 1).
 */
#ifndef ARCH_X86_64_PVH_H
#define ARCH_X86_64_PVH_H

#include "arch/x86_64/start_info.h"
#include "arch/x86_64/zeropage.h"

MINIVMM_BEGIN

/* What start_info says. */
struct pvh_info {
	gpa_t cmdline_gpa;
	gpa_t rsdp_gpa; /* 0: no ACPI */
	const struct hvm_modlist_entry
		*modules; /* borrowed; Linux takes the first for its initrd */
	unsigned n_modules;
	const struct e820_entry *map; /* borrowed; at least one entry */
	unsigned n_map;
};

/*
 * Writes start_info to @gpa; after it its module list, then its memory map, both at multiples of 8
 * bytes from @gpa. Errors, nothing written: no memory map; @gpa not below 4 GiB, where EBX could
 * not point to; not wholly in RAM.
 */
int pvh_put(const struct gmem *mem, gpa_t gpa, const struct pvh_info *info, struct err *e);

/*
 * The same at X86_PVH_GPA, with the initrd, if there is one, for a module. All of it fits in
 * X86_PVH_BYTES. Errors: those of pvh_put(); a map longer than E820_MAX.
 */
int pvh_write(const struct gmem *mem, const struct boot_info *info, struct err *e);

MINIVMM_END

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The MP table, for kernels without ACPI.
 * Source: Intel MultiProcessor Specification 1.4.
 */
#ifndef ARCH_X86_64_MPTABLE_H
#define ARCH_X86_64_MPTABLE_H

#include "arch/devdesc.h"
#include "loader/gmem.h"

MINIVMM_BEGIN

/*
 * Writes the floating pointer at X86_MPTABLE_GPA and the configuration table after it: @cpus
 * processors with ids 0.., an ISA bus, the IO-APIC, an interrupt entry for each ISA IRQ (those of
 * @devs as level/high, as their model drives them), LINT entries. The table has byte-wide ids:
 * for more than 254 CPUs it lists the first 254.
 * Errors: no CPU; not in RAM.
 */
int mptable_write(const struct gmem *mem, struct devlist devs, unsigned cpus, struct err *e);

MINIVMM_END

#endif

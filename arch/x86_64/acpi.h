/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ACPI tables, hardware-reduced: RSDP, XSDT, FADT, DSDT, MADT.
 * Source: ACPI 6.5, chapters 5 (tables), 4.8.3.7 (sleep control), 20 (AML).
 */
#ifndef ARCH_X86_64_ACPI_H
#define ARCH_X86_64_ACPI_H

#include "arch/devdesc.h"
#include "loader/gmem.h"

MINIVMM_BEGIN

/*
 * Writes all tables from X86_ACPI_GPA on, RSDP first, 16-byte aligned. The MADT lists @cpus local
 * APICs with ids 0.. (x2APIC entries from 255 on) and one IO-APIC whose id is @cpus (0 when that
 * exceeds a byte); the DSDT names COM1 (PNP0501), the CMOS RTC (PNP0B00), pvpanic (QEMU0001) and
 * \_S5 from @devs; the FADT's sleep and reset registers are DEV_ACPI_PM's.
 * On success *@rsdp_gpa is where the RSDP lies.
 * Errors: no CPU; no DEV_ACPI_PM; more CPUs than fit in X86_ACPI_BYTES; not in RAM.
 */
int acpi_write(const struct gmem *mem, struct devlist devs, unsigned cpus, gpa_t *rsdp_gpa,
	       struct err *e);

MINIVMM_END

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ACPI tables with fixed hardware: RSDP, XSDT, FADT, FACS, DSDT, MADT. Hardware-reduced ACPI would
 * take the PICs and the PIT from Linux, which boots with `noapic` and calibrates its clock by them.
 * Source: ACPI 6.5, chapters 5 (tables), 4.8 (fixed hardware), 20 (AML).
 */
#ifndef ARCH_X86_64_ACPI_H
#define ARCH_X86_64_ACPI_H

#include "arch/devdesc.h"
#include "loader/gmem.h"

MINIVMM_BEGIN

/*
 * Writes the FACS to X86_FACS_GPA and all other tables from X86_ACPI_GPA on, RSDP first, 16-byte
 * aligned. The MADT lists @cpus local APICs with ids 0.. (x2APIC entries from 255 on), one IO-APIC
 * whose id is @cpus (0 when that exceeds a byte), the PICs, and as a level each ISA interrupt that
 * a device drives; the DSDT names COM1 (PNP0501), the CMOS RTC (PNP0B00), pvpanic (QEMU0001) and
 * \_S5 from @devs; the FADT's PM1a blocks, reset register and SCI are DEV_ACPI_PM's. ACPI is on
 * from the start (no SMI_CMD), and there is no PM timer.
 * On success *@rsdp_gpa is where the RSDP lies.
 * Errors: no CPU; no DEV_ACPI_PM with ports and an interrupt; more CPUs than fit in X86_ACPI_BYTES;
 * not in RAM.
 */
int acpi_write(const struct gmem *mem, struct devlist devs, unsigned cpus, gpa_t *rsdp_gpa,
	       struct err *e);

MINIVMM_END

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The MADT: local APICs, IO-APIC, and the ISA interrupts that are levels.
 * Source: ACPI 6.5, 5.2.12.
 */
#ifndef ARCH_X86_64_ACPI_MADT_H
#define ARCH_X86_64_ACPI_MADT_H

#include "arch/devdesc.h"
#include "arch/x86_64/acpi_area.h"

/*
 * Adds it to @area: see acpi_write(). *@madt_gpa is its address.
 * Error: @cpus are more than there is room for.
 */
int acpi_madt_write(struct acpi_area *area, struct devlist devs, unsigned cpus, gpa_t *madt_gpa,
		    struct err *e);

#endif

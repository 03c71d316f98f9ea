/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The one piece of firmware that a guest can find: code at the legacy reset vector.
 *
 * Linux with `reboot=bios` goes back to real mode and jumps to FFFF:0000, where a PC has its BIOS.
 * What lies there resets the machine.
 * Source: IBM PC AT Technical Reference, power-on reset; Linux arch/x86/kernel/reboot.c,
 * machine_real_restart().
 */
#ifndef ARCH_X86_64_FIRMWARE_H
#define ARCH_X86_64_FIRMWARE_H

#include "arch/devdesc.h"
#include "loader/gmem.h"

MINIVMM_BEGIN

/*
 * Writes 16-bit code at X86_RESET_VECTOR_GPA that writes ACPI_PM_RESET_VALUE to DEV_ACPI_PM's reset
 * register. Errors: no DEV_ACPI_PM below port 64 Ki; not in RAM.
 */
int firmware_write(const struct gmem *mem, struct devlist devs, struct err *e);

MINIVMM_END

#endif

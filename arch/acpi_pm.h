/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * DEV_ACPI_PM: ACPI's fixed hardware, registers as offsets from its base port and the values that a
 * guest writes to them. The tables that a guest reads say the same; guests in assembly include
 * this. Source: ACPI 6.5, 4.8.3.1 (PM1 event), 4.8.3.2 (PM1 control), 4.8.3.6 (reset register).
 */
#ifndef ARCH_ACPI_PM_H
#define ARCH_ACPI_PM_H

#define ACPI_PM1_EVT       0 /* PM1a_EVT_BLK: status, enable */
#define ACPI_PM1_EVT_BYTES 4
#define ACPI_PM1_CNT       4 /* PM1a_CNT_BLK */
#define ACPI_PM1_CNT_BYTES 2
#define ACPI_PM_RESET      6
#define ACPI_PM_PORTS      7

#define ACPI_PM_RESET_VALUE 0x01 /* resets, when written to ACPI_PM_RESET */
#define ACPI_PM_SLP_TYP_S5  5    /* SLP_TYPx of \_S5: powers off, when written with SLP_EN */

#endif

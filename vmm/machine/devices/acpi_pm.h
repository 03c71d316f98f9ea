/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ACPI's fixed hardware: the PM1a event and control blocks, and the reset register. ACPI mode is on
 * from the start (SCI_EN is set). No event ever occurs, so there is no wire for the SCI.
 * Source: ACPI 6.5, 4.8.3.1 (PM1 event), 4.8.3.2 (PM1 control), 4.8.3.6 (reset register).
 * The caller passes the values that its ACPI tables tell the guest to write.
 */
#ifndef VMM_MACHINE_DEVICES_ACPI_PM_H
#define VMM_MACHINE_DEVICES_ACPI_PM_H

#include "vmm/machine/devices/device.h"

struct acpi_pm {
	uint8_t slp_typ_s5;  /* the SLP_TYPx that powers off when it is written with SLP_EN */
	uint8_t reset_value; /* the value that resets when it is written to the reset register */
	uint8_t enable[2];   /* PM1 enable: reads as it was written */
	struct event_line events;
};

/* Offsets: 0 and 1 PM1 status, 2 and 3 PM1 enable, 4 and 5 PM1 control, 6 reset. */
extern const struct device_ops acpi_pm_ops;

void acpi_pm_init(struct acpi_pm *d, uint8_t slp_typ_s5, uint8_t reset_value,
		  struct event_line events);

#endif

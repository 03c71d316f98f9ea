/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ACPI's sleep control, sleep status and reset registers for a hardware-reduced platform.
 * Source: ACPI 6.5, 4.8.3.6 (reset register), 4.8.3.7 (sleep control and status).
 * The offsets and values are the caller's, as its FADT tells the guest.
 */
#ifndef VMM_DEVICES_ACPI_PM_H
#define VMM_DEVICES_ACPI_PM_H

#include "vmm/devices/device.h"

struct acpi_pm {
	uint8_t slp_typ_s5;  /* SLP_TYPx that powers off */
	uint8_t reset_value; /* what resets when written to the reset register */
	struct event_line events;
};

/* Registers: 0 sleep control, 1 sleep status, 2 reset. */
extern const struct device_ops acpi_pm_ops;

void acpi_pm_init(struct acpi_pm *d, uint8_t slp_typ_s5, uint8_t reset_value,
		  struct event_line events);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ARM's PL031 real-time clock: the wall clock in UTC, in seconds since 1970, and its alarm.
 * Source: ARM DDI 0224, PrimeCell Real Time Clock (PL031), chapter 3.
 * The guest may set the clock: the difference from the host's clock is kept here, and the host's is
 * not changed.
 */
#ifndef VMM_MACHINE_DEVICES_PL031_H
#define VMM_MACHINE_DEVICES_PL031_H

#include "vmm/machine/devices/device.h"

struct pl031 {
	uint32_t mr, lr;
	bool imsc, ris;
	int64_t offset_s; /* the guest's clock minus the host's */
	int64_t seen_s;   /* the guest's time up to which matches were looked for */
	bool irq_level;
	/* wires */
	struct irq_line irq;
	struct wall_clock clock;
};

extern const struct device_ops pl031_ops;

void pl031_init(struct pl031 *d, struct irq_line irq, struct wall_clock clock);

/* To be called at the time for which the device set the alarm of its clock. */
void pl031_tick(struct pl031 *d);

#endif

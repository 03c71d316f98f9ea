/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ARM's PL031 real-time clock: the wall clock in UTC, in seconds since 1970. No alarm: the match
 * register keeps what is written to it and never interrupts.
 * Source: ARM DDI 0224, PrimeCell Real Time Clock (PL031), chapter 3.
 * The guest may set the clock; the difference to the host's is kept and the host's is untouched.
 */
#ifndef VMM_DEVICES_PL031_H
#define VMM_DEVICES_PL031_H

#include "vmm/devices/device.h"

#include <time.h>

struct pl031 {
	uint32_t mr, lr, imsc;
	int64_t offset_s;              /* the guest's clock less the host's, in seconds */
	time_t (*now)(time_t *result); /* the host's clock: time(), or a test's */
};

extern const struct device_ops pl031_ops;

void pl031_init(struct pl031 *d, time_t (*now)(time_t *));

#endif

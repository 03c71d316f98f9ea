/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * MC146818 real-time clock and CMOS RAM: the wall clock in UTC, BCD, 24 hours, no interrupts.
 * Source: Motorola MC146818 datasheet; register A to D bits of <linux/mc146818rtc.h>.
 * The guest may set the clock; the difference to the host's is kept and the host's is untouched.
 */
#ifndef VMM_DEVICES_CMOS_H
#define VMM_DEVICES_CMOS_H

#include "vmm/devices/device.h"

#include <time.h>

enum { CMOS_BYTES = 128 };

struct cmos {
	uint8_t index;
	uint8_t ram[CMOS_BYTES];
	int64_t offset_s;              /* the guest's clock less the host's, in seconds */
	time_t (*now)(time_t *result); /* the host's clock: time(), or a test's */
};

extern const struct device_ops cmos_ops;

/*
 * tzset() was called before: glibc's gmtime_r() would do it, and would open the time zone's file in
 * a guest's exit, where seccomp forbids that.
 */
void cmos_init(struct cmos *d, time_t (*now)(time_t *));

#endif

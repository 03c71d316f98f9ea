/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * MC146818 real-time clock and CMOS RAM: the wall clock in UTC, BCD, 24 hours, and its alarm.
 * Source: Motorola MC146818 datasheet; register A to D bits of <linux/mc146818rtc.h>.
 * The guest may set the clock: the difference from the host's clock is kept here, and the host's is
 * not changed.
 * Differences from the chip: there are no periodic and no update-ended interrupts. Linux emulates
 * them by timers and by the alarm.
 */
#ifndef VMM_MACHINE_DEVICES_CMOS_H
#define VMM_MACHINE_DEVICES_CMOS_H

#include "vmm/machine/devices/device.h"

enum { CMOS_BYTES = 128 };

struct cmos {
	uint8_t index;
	uint8_t ram[CMOS_BYTES]; /* register C has only AF, until it is read */
	int64_t offset_s;        /* the guest's clock minus the host's */
	int64_t seen_s;          /* the guest's time up to which alarms were looked for */
	bool irq_level;
	/* wires */
	struct irq_line irq;
	struct wall_clock clock;
};

extern const struct device_ops cmos_ops;

/*
 * tzset() must have been called: otherwise glibc's gmtime_r() would call it while an exit of the
 * guest is handled, and seccomp does not allow it to open the file of the time zone.
 */
void cmos_init(struct cmos *d, struct irq_line irq, struct wall_clock clock);

/* To be called at the time for which the device set the alarm of its clock. */
void cmos_tick(struct cmos *d);

#endif

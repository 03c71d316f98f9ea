/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * MC146818 real-time clock and CMOS RAM: the wall clock in UTC, BCD, 24 hours, and its alarm.
 * Source: Motorola MC146818 datasheet; register A to D bits of <linux/mc146818rtc.h>.
 * The guest may set the clock; the difference to the host's is kept and the host's is untouched.
 * Differences from the chip: there are no periodic and no update-ended interrupts. Linux
 * emulates both, by timers and by the alarm.
 */
#ifndef VMM_MACHINE_DEVICES_CMOS_H
#define VMM_MACHINE_DEVICES_CMOS_H

#include "vmm/machine/devices/device.h"

enum { CMOS_BYTES = 128 };

struct cmos {
	uint8_t index;
	uint8_t ram[CMOS_BYTES]; /* of register C only AF, and until it is read */
	int64_t offset_s;        /* the guest's clock less the host's, in seconds */
	int64_t seen_s;          /* the guest's time up to which alarms are in register C */
	bool irq_level;
	/* wires */
	struct irq_line irq;
	struct wall_clock clock;
};

extern const struct device_ops cmos_ops;

/*
 * tzset() was called before: glibc's gmtime_r() would do it, and would open the time zone's file in
 * a guest's exit, where seccomp forbids that.
 */
void cmos_init(struct cmos *d, struct irq_line irq, struct wall_clock clock);

/* The time for which the device set @clock's alarm has come. */
void cmos_tick(struct cmos *d);

#endif

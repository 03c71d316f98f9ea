/* SPDX-License-Identifier: BSD-3-Clause */
/* The alarm of the machine's real-time clock, for which the event loop waits. */
#ifndef VMM_MACHINE_ALARM_H
#define VMM_MACHINE_ALARM_H

#include "vmm/machine/devices/device.h"

#include <stdbool.h>
#include <stdint.h>

struct alarm {
	int64_t at_s; /* seconds since 1970 by the host's clock; WALL_NEVER: none is set; atomic */
	int wake_fd;  /* borrowed eventfd: the loop's */
};

void alarm_init(struct alarm *a, int wake_fd);

/* The host's clock, for a device. When the device sets an alarm, *@a is set and the loop woken. */
struct wall_clock alarm_clock(struct alarm *a);

/*
 * Returns after how many milliseconds the loop must call again, 1 to 1000; -1: no alarm is set.
 * *@due: the time of the alarm has come, and the device must be told.
 */
int alarm_left_ms(const struct alarm *a, bool *due);

#endif

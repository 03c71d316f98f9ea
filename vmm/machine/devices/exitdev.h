/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The exit device: a write of N (1, 2 or 4 bytes) to its first register ends the run with N as the
 * guest's status. It reads as 0.
 */
#ifndef VMM_MACHINE_DEVICES_EXITDEV_H
#define VMM_MACHINE_DEVICES_EXITDEV_H

#include "vmm/machine/devices/device.h"

struct exitdev {
	struct event_line events;
};

extern const struct device_ops exitdev_ops;

void exitdev_init(struct exitdev *d, struct event_line events);

#endif

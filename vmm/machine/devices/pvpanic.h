/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pvpanic: a device by which the guest reports that it panicked.
 * Source: QEMU docs/specs/pvpanic.rst; bits of <linux/pvpanic.h>.
 */
#ifndef VMM_MACHINE_DEVICES_PVPANIC_H
#define VMM_MACHINE_DEVICES_PVPANIC_H

#include "vmm/machine/devices/device.h"

struct pvpanic {
	struct event_line events;
};

extern const struct device_ops pvpanic_ops;

void pvpanic_init(struct pvpanic *d, struct event_line events);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The part of an i8042 keyboard controller that resets the machine. There is no keyboard.
 * Source: IBM PC AT Technical Reference, keyboard controller commands 0xf0-0xff (pulse output
 * port). Ports: 0x60 data, 0x64 status and command; 0x61-0x63 do not belong to the controller.
 */
#ifndef VMM_MACHINE_DEVICES_I8042_H
#define VMM_MACHINE_DEVICES_I8042_H

#include "vmm/machine/devices/device.h"

struct i8042 {
	struct event_line events;
};

extern const struct device_ops i8042_ops;

void i8042_init(struct i8042 *d, struct event_line events);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* i8042, reset only: see i8042.h. */
#include "vmm/machine/devices/i8042.h"

enum { I8042_DATA = 0, I8042_COMMAND = 4 };

#define CMD_PULSE_OUTPUT 0xf0 /* bits 0-3: lines to pulse, active low */
#define PULSE_RESET_LINE 0x01

static uint64_t i8042_read(void *dev, uint64_t offset, unsigned size)
{
	(void)dev;
	(void)size;
	/* Status 0: there is no data, and the input buffer is empty, so a command may be sent. */
	return offset == I8042_DATA || offset == I8042_COMMAND ? 0 : 0xff;
}

static void i8042_write(void *dev, uint64_t offset, unsigned size, uint64_t value)
{
	struct i8042 *d = dev;

	(void)size;
	if (offset == I8042_COMMAND && (value & CMD_PULSE_OUTPUT) == CMD_PULSE_OUTPUT &&
	    !(value & PULSE_RESET_LINE))
		d->events.raise(d->events.opaque, EVENT_RESET, 0);
}

const struct device_ops i8042_ops = {"i8042", 1, i8042_read, i8042_write};

void i8042_init(struct i8042 *d, struct event_line events)
{
	d->events = events;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* The exit device: see exitdev.h. */
#include "vmm/machine/devices/exitdev.h"

static uint64_t exitdev_read(void *dev, uint64_t offset, unsigned size)
{
	(void)dev;
	(void)offset;
	(void)size;
	return 0;
}

static void exitdev_write(void *dev, uint64_t offset, unsigned size, uint64_t value)
{
	struct exitdev *d = dev;

	(void)size;
	if (offset == 0)
		d->events.raise(d->events.opaque, EVENT_EXIT, value);
}

const struct device_ops exitdev_ops = {"exit", 4, exitdev_read, exitdev_write};

void exitdev_init(struct exitdev *d, struct event_line events)
{
	d->events = events;
}

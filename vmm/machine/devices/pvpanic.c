/* SPDX-License-Identifier: BSD-3-Clause */
/* pvpanic: see pvpanic.h. */
#include "vmm/machine/devices/pvpanic.h"

#define PVPANIC_PANICKED     (1u << 0)
#define PVPANIC_CRASH_LOADED (1u << 1)

static uint64_t pvpanic_read(void *dev, uint64_t offset, unsigned size)
{
	(void)dev;
	(void)offset;
	(void)size;
	return PVPANIC_PANICKED | PVPANIC_CRASH_LOADED; /* the supported events */
}

static void pvpanic_write(void *dev, uint64_t offset, unsigned size, uint64_t value)
{
	struct pvpanic *d = dev;

	(void)offset;
	(void)size;
	if (value & PVPANIC_PANICKED)
		d->events.raise(d->events.opaque, EVENT_PANIC, 0);
	else if (value & PVPANIC_CRASH_LOADED)
		d->events.raise(d->events.opaque, EVENT_CRASH_LOADED, 0);
}

const struct device_ops pvpanic_ops = {"pvpanic", 1, pvpanic_read, pvpanic_write};

void pvpanic_init(struct pvpanic *d, struct event_line events)
{
	d->events = events;
}

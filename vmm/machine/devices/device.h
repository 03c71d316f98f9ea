/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a device knows of the world: registers that are read and written, and wires. Devices never
 * see KVM, the VM or a board, so that each can be tested alone. This is the front door of devices/,
 * which has one file pair for each device.
 */
#ifndef VMM_MACHINE_DEVICES_DEVICE_H
#define VMM_MACHINE_DEVICES_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a bus reaches a device's registers. All calls come under the machine's device lock. */
struct device_ops {
	const char *name;
	unsigned max_size; /* widest access in bytes; a bus splits a wider one */
	uint64_t (*read)(void *dev, uint64_t offset, unsigned size);
	void (*write)(void *dev, uint64_t offset, unsigned size, uint64_t value);
};

/* An interrupt line, a level. */
struct irq_line {
	void (*set)(void *opaque, bool level);
	void *opaque;
};

/* The host's wall clock, for a real-time clock: whole seconds since 1970, in UTC. It may be set. */
struct wall_clock {
	int64_t (*now_s)(void *opaque);
	/* Wants the device's tick when the clock is at @at_s; WALL_NEVER: no more. The last counts.
	 */
	void (*set_alarm)(void *opaque, int64_t at_s);
	void *opaque;
};

#define WALL_NEVER INT64_MAX

/* What a serial line carries: a byte, or a break, which a receiver sees as a NUL with a mark. */
enum { LINE_BREAK = 0x100 };

/* A character device's other side: a sink that can be full, a source that can be empty. */
struct chardev {
	bool (*writable)(void *opaque); /* false: hold back, more is still taken */
	void (*write)(void *opaque, uint8_t byte);
	/* Up to @max of what the line brought, LINE_BREAK or bytes; 0: nothing there now. */
	size_t (*read)(void *opaque, uint16_t *dst, size_t max);
	void *opaque;
};

/* What a device can tell the machine. */
enum machine_event {
	EVENT_POWER_OFF,
	EVENT_RESET,
	EVENT_EXIT,         /* the exit device; value: what was written */
	EVENT_PANIC,        /* pvpanic: the guest panicked */
	EVENT_CRASH_LOADED, /* pvpanic: it panicked and boots a crash kernel */
};

struct event_line {
	void (*raise)(void *opaque, enum machine_event event, uint64_t value);
	void *opaque;
};

#endif

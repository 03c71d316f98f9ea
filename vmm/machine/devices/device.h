/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The interface of a device: registers that are read and written, and wires. Devices never see KVM,
 * the VM or a board, so that each can be tested alone. This is the front door of devices/, which
 * has one file pair for each device.
 */
#ifndef VMM_MACHINE_DEVICES_DEVICE_H
#define VMM_MACHINE_DEVICES_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a bus accesses a device's registers. The caller always holds the lock of the devices. */
struct device_ops {
	const char *name;
	unsigned max_size; /* the widest access, in bytes; the bus splits wider ones */
	uint64_t (*read)(void *dev, uint64_t offset, unsigned size);
	void (*write)(void *dev, uint64_t offset, unsigned size, uint64_t value);
};

/* An interrupt line, level-triggered. */
struct irq_line {
	void (*set)(void *opaque, bool level);
	void *opaque;
};

/* The host's wall clock, for a real-time clock: seconds since 1970, in UTC. The host may set it. */
struct wall_clock {
	int64_t (*now_s)(void *opaque);
	/*
	 * Asks for a call of the device's tick function when the clock reaches @at_s; WALL_NEVER:
	 * for none. Only the last call counts.
	 */
	void (*set_alarm)(void *opaque, int64_t at_s);
	void *opaque;
};

#define WALL_NEVER INT64_MAX

/* A serial line carries bytes and breaks; a receiver sees a break as a NUL with a status bit. */
enum { LINE_BREAK = 0x100 };

/* The other side of a character device: a sink that may be full, a source that may be empty. */
struct chardev {
	bool (*writable)(
		void *opaque); /* false: the sender should wait; write() still accepts bytes */
	void (*write)(void *opaque, uint8_t byte);
	/* Reads up to @max bytes or breaks (LINE_BREAK) from the line; 0: there are none now. */
	size_t (*read)(void *opaque, uint16_t *dst, size_t max);
	void *opaque;
};

/* The events that a device can report to the machine. */
enum machine_event {
	EVENT_POWER_OFF,
	EVENT_RESET,
	EVENT_EXIT,         /* the exit device; value: the value written */
	EVENT_PANIC,        /* pvpanic: the guest panicked */
	EVENT_CRASH_LOADED, /* pvpanic: it panicked and boots a crash kernel */
};

struct event_line {
	void (*raise)(void *opaque, enum machine_event event, uint64_t value);
	void *opaque;
};

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Port and MMIO dispatch: one range table type for both.
 *
 * A guest can access any address. Where there is no device, reads return all ones and writes are
 * ignored, as on an ISA bus. Accesses that are wider than a device's registers are split.
 */
#ifndef VMM_MACHINE_BUS_H
#define VMM_MACHINE_BUS_H

#include "loader/err.h"
#include "vmm/machine/devices/device.h"

enum { BUS_MAX_RANGES = 32 };

struct bus_range {
	uint64_t base, size;
	const struct device_ops *ops;
	void *dev; /* borrowed */
};

struct bus {
	struct bus_range range[BUS_MAX_RANGES]; /* ascending by base */
	unsigned n;
};

/* Errors: size 0, the end wraps, overlap with an existing range, BUS_MAX_RANGES reached. */
int bus_add(struct bus *bus, uint64_t base, uint64_t size, const struct device_ops *ops, void *dev,
	    struct err *e);

/*
 * A guest's access of @size bytes (1 to 8) at @addr; @data is little-endian, as KVM passes it.
 * Returns false when no device has any of the bytes. The caller holds the lock of the devices.
 */
bool bus_read(const struct bus *bus, uint64_t addr, uint8_t *data, unsigned size);
bool bus_write(const struct bus *bus, uint64_t addr, const uint8_t *data, unsigned size);

#endif

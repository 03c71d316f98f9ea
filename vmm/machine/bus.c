/* SPDX-License-Identifier: BSD-3-Clause */
/* Port and MMIO dispatch: see bus.h. */
#include "vmm/machine/bus.h"

#include <inttypes.h>
#include <string.h>

int bus_add(struct bus *bus, uint64_t base, uint64_t size, const struct device_ops *ops, void *dev,
	    struct err *e)
{
	unsigned at = 0;

	if (!size || base + size - 1 < base)
		return err_set(e, "%s: no range: base 0x%" PRIx64 ", size 0x%" PRIx64, ops->name,
			       base, size);
	if (bus->n == BUS_MAX_RANGES)
		return err_set(e, "%s: the bus has %d ranges already", ops->name, BUS_MAX_RANGES);
	while (at < bus->n && bus->range[at].base < base)
		at++;
	if (at > 0 && base - bus->range[at - 1].base < bus->range[at - 1].size)
		return err_set(e, "%s at 0x%" PRIx64 " overlaps %s", ops->name, base,
			       bus->range[at - 1].ops->name);
	if (at < bus->n && bus->range[at].base - base < size)
		return err_set(e, "%s at 0x%" PRIx64 " overlaps %s", ops->name, base,
			       bus->range[at].ops->name);
	memmove(&bus->range[at + 1], &bus->range[at], (bus->n - at) * sizeof(bus->range[0]));
	bus->range[at] = (struct bus_range){base, size, ops, dev};
	bus->n++;
	return 0;
}

static const struct bus_range *find(const struct bus *bus, uint64_t addr)
{
	for (unsigned i = 0; i < bus->n; i++)
		if (addr - bus->range[i].base < bus->range[i].size)
			return &bus->range[i];
	return NULL;
}

/* How many of the @size bytes at @offset the device takes in one access. */
static unsigned piece(const struct bus_range *r, uint64_t offset, unsigned size)
{
	unsigned n = 1;
	while (offset % (n * 2) == 0 && n * 2 <= size && n * 2 <= r->ops->max_size &&
	       n * 2 <= r->size - offset)
		n *= 2;
	return n;
}

bool bus_read(const struct bus *bus, uint64_t addr, uint8_t *data, unsigned size)
{
	bool claimed = false;

	memset(data, 0xff, size);
	for (unsigned i = 0, n; i < size; i += n) {
		const struct bus_range *r = find(bus, addr + i);
		n = 1;
		if (!r)
			continue;
		n = piece(r, addr + i - r->base, size - i);
		uint64_t value = r->ops->read(r->dev, addr + i - r->base, n);
		memcpy(data + i, &value, n);
		claimed = true;
	}
	return claimed;
}

bool bus_write(const struct bus *bus, uint64_t addr, const uint8_t *data, unsigned size)
{
	bool claimed = false;

	for (unsigned i = 0, n; i < size; i += n) {
		const struct bus_range *r = find(bus, addr + i);
		uint64_t value = 0;
		n = 1;
		if (!r)
			continue;
		n = piece(r, addr + i - r->base, size - i);
		memcpy(&value, data + i, n);
		r->ops->write(r->dev, addr + i - r->base, n, value);
		claimed = true;
	}
	return claimed;
}

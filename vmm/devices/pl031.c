/* SPDX-License-Identifier: BSD-3-Clause */
/* ARM's PL031: see pl031.h. */
#include "vmm/devices/pl031.h"

#include <string.h>

/* Registers, 32 bits each. Those that are not here read as 0: no interrupt is ever pending. */
enum {
	RTC_DR = 0x00,
	RTC_MR = 0x04,
	RTC_LR = 0x08,
	RTC_CR = 0x0c,
	RTC_IMSC = 0x10,
	RTC_PERIPH_ID0 = 0xfe0, /* four of them, then four RTCPCellID */
};

enum { CR_STARTED = 1 }; /* it always runs */

/* RTCPeriphID0-3: part 0x031, designer 0x41, revision 0. RTCPCellID0-3: a PrimeCell. */
static const uint8_t ids[] = {0x31, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1};

static uint32_t read_register(const struct pl031 *d, uint64_t offset)
{
	if (offset >= RTC_PERIPH_ID0 && offset < RTC_PERIPH_ID0 + 4 * sizeof(ids))
		return ids[(offset - RTC_PERIPH_ID0) / 4];
	switch (offset) {
	case RTC_DR:
		return (uint32_t)(d->now(NULL) + d->offset_s);
	case RTC_MR:
		return d->mr;
	case RTC_LR:
		return d->lr;
	case RTC_CR:
		return CR_STARTED;
	case RTC_IMSC:
		return d->imsc;
	default:
		return 0;
	}
}

/* A driver reads words; a debugger may read a part of one. */
static uint64_t pl031_read(void *dev, uint64_t offset, unsigned size)
{
	(void)size; /* the bus takes the low bytes */
	return read_register(dev, offset & ~3ull) >> 8 * (offset & 3);
}

static void pl031_write(void *dev, uint64_t offset, unsigned size, uint64_t value)
{
	struct pl031 *d = dev;
	uint32_t word = (uint32_t)value;

	if (size != 4) /* the bus (AMBA APB) knows only words */
		return;
	switch (offset) {
	case RTC_MR:
		d->mr = word;
		break;
	case RTC_LR:
		d->lr = word;
		d->offset_s = (int64_t)word - d->now(NULL);
		break;
	case RTC_IMSC:
		d->imsc = word & 1;
		break;
	default:
		break;
	}
}

const struct device_ops pl031_ops = {"pl031", 4, pl031_read, pl031_write};

void pl031_init(struct pl031 *d, time_t (*now)(time_t *))
{
	memset(d, 0, sizeof(*d));
	d->now = now;
}

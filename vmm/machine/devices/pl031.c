/* SPDX-License-Identifier: BSD-3-Clause */
/* ARM's PL031: see pl031.h. */
#include "vmm/machine/devices/pl031.h"

#include <string.h>

/* Registers, 32 bits each. All others read as 0. */
enum {
	RTC_DR = 0x00,
	RTC_MR = 0x04,
	RTC_LR = 0x08,
	RTC_CR = 0x0c,
	RTC_IMSC = 0x10,
	RTC_RIS = 0x14,
	RTC_MIS = 0x18,
	RTC_ICR = 0x1c,         /* write-only */
	RTC_PERIPH_ID0 = 0xfe0, /* four of them, then four RTCPCellID */
};

enum { CR_STARTED = 1 }; /* the clock always runs */

/* RTCPeriphID0-3: part 0x031, designer 0x41, revision 0. RTCPCellID0-3: a PrimeCell. */
static const uint8_t ids[] = {0x31, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1};

static int64_t guests_now(const struct pl031 *d)
{
	return d->clock.now_s(d->clock.opaque) + d->offset_s;
}

/* The first second after @after at which RTCDR, which has 32 bits, has the value of RTCMR. */
static int64_t next_match(const struct pl031 *d, int64_t after)
{
	return after + 1 + (uint32_t)(d->mr - (uint32_t)(after + 1));
}

/* Sets RTCRIS for a match since the last call. */
static void note_match(struct pl031 *d)
{
	int64_t now = guests_now(d);

	if (next_match(d, d->seen_s) <= now)
		d->ris = true;
	d->seen_s = now;
}

/* Sets the interrupt line by the registers, and the next alarm of the host's clock. */
static void update_wires(struct pl031 *d)
{
	bool level = d->imsc && d->ris;
	int64_t at = d->imsc && !d->ris ? next_match(d, d->seen_s) - d->offset_s : WALL_NEVER;

	if (level != d->irq_level) {
		d->irq_level = level;
		d->irq.set(d->irq.opaque, level);
	}
	d->clock.set_alarm(d->clock.opaque, at);
}

void pl031_tick(struct pl031 *d)
{
	note_match(d);
	update_wires(d);
}

static uint32_t read_register(struct pl031 *d, uint64_t offset)
{
	if (offset >= RTC_PERIPH_ID0 && offset < RTC_PERIPH_ID0 + 4 * sizeof(ids))
		return ids[(offset - RTC_PERIPH_ID0) / 4];
	switch (offset) {
	case RTC_DR:
		return (uint32_t)guests_now(d);
	case RTC_MR:
		return d->mr;
	case RTC_LR:
		return d->lr;
	case RTC_CR:
		return CR_STARTED;
	case RTC_IMSC:
		return d->imsc;
	case RTC_RIS:
		pl031_tick(d);
		return d->ris;
	case RTC_MIS:
		pl031_tick(d);
		return d->ris && d->imsc;
	default:
		return 0;
	}
}

/* Drivers read words; a debugger may read a part of one. */
static uint64_t pl031_read(void *dev, uint64_t offset, unsigned size)
{
	(void)size; /* the bus takes the low bytes */
	return read_register(dev, offset & ~3ull) >> 8 * (offset & 3);
}

static void write_register(struct pl031 *d, uint64_t offset, uint32_t word)
{
	switch (offset) {
	case RTC_MR:
		d->mr = word;
		d->seen_s--; /* it may match at once */
		break;
	case RTC_LR:
		d->lr = word;
		d->offset_s = (int64_t)word - d->clock.now_s(d->clock.opaque);
		d->seen_s = (int64_t)word -
			    1; /* as above; there is no match in the time that it skips */
		break;
	case RTC_IMSC:
		d->imsc = word & 1;
		break;
	case RTC_ICR:
		d->ris = d->ris && !(word & 1);
		break;
	default:
		break;
	}
}

static void pl031_write(void *dev, uint64_t offset, unsigned size, uint64_t value)
{
	struct pl031 *d = dev;

	if (size != 4) /* the bus (AMBA APB) knows only words */
		return;
	note_match(d);
	write_register(d, offset, (uint32_t)value);
	pl031_tick(d);
}

const struct device_ops pl031_ops = {"pl031", 4, pl031_read, pl031_write};

void pl031_init(struct pl031 *d, struct irq_line irq, struct wall_clock clock)
{
	memset(d, 0, sizeof(*d));
	d->irq = irq;
	d->clock = clock;
	d->seen_s = guests_now(d);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* MC146818 and CMOS RAM: see cmos.h. */
#include "vmm/devices/cmos.h"

#include <string.h>

enum {
	CMOS_INDEX = 0,
	CMOS_DATA = 1,
};

enum {
	RTC_SECONDS = 0,
	RTC_MINUTES = 2,
	RTC_HOURS = 4,
	RTC_WEEKDAY = 6,
	RTC_DAY = 7,
	RTC_MONTH = 8,
	RTC_YEAR = 9,
	RTC_REG_A = 10,
	RTC_REG_B = 11,
	RTC_REG_C = 12,
	RTC_REG_D = 13,
	RTC_CENTURY = 0x32, /* as the FADT of a PC names it */
};

#define REG_A_32KHZ 0x26 /* divider for 32.768 kHz, no update in progress */
#define REG_B_SET   0x80
#define REG_B_DM    0x04 /* binary instead of BCD */
#define REG_B_24H   0x02
#define REG_D_VALID 0x80

static const uint8_t time_registers[] = {RTC_SECONDS, RTC_MINUTES, RTC_HOURS, RTC_WEEKDAY,
					 RTC_DAY,     RTC_MONTH,   RTC_YEAR,  RTC_CENTURY};

static bool is_time_register(uint8_t reg)
{
	return memchr(time_registers, reg, sizeof(time_registers)) != NULL;
}

static uint8_t encode(const struct cmos *d, int value)
{
	if (d->ram[RTC_REG_B] & REG_B_DM)
		return (uint8_t)value;
	return (uint8_t)(value / 10 << 4 | value % 10);
}

static int decode(const struct cmos *d, uint8_t value)
{
	return d->ram[RTC_REG_B] & REG_B_DM ? value : (value >> 4) * 10 + (value & 15);
}

/* Puts the time into the registers, in the format that register B asks for. */
static void latch_time(struct cmos *d)
{
	struct tm tm;
	time_t now = d->now(NULL) + d->offset_s;

	if (!gmtime_r(&now, &tm))
		return;
	int hour = tm.tm_hour;
	uint8_t pm = 0;
	if (!(d->ram[RTC_REG_B] & REG_B_24H)) {
		pm = hour >= 12 ? 0x80 : 0;
		hour = hour % 12 ? hour % 12 : 12;
	}
	d->ram[RTC_SECONDS] = encode(d, tm.tm_sec);
	d->ram[RTC_MINUTES] = encode(d, tm.tm_min);
	d->ram[RTC_HOURS] = encode(d, hour) | pm;
	d->ram[RTC_WEEKDAY] = encode(d, tm.tm_wday + 1);
	d->ram[RTC_DAY] = encode(d, tm.tm_mday);
	d->ram[RTC_MONTH] = encode(d, tm.tm_mon + 1);
	d->ram[RTC_YEAR] = encode(d, tm.tm_year % 100);
	d->ram[RTC_CENTURY] = encode(d, (tm.tm_year + 1900) / 100);
}

static bool same_time(const struct tm *a, const struct tm *b)
{
	return a->tm_sec == b->tm_sec && a->tm_min == b->tm_min && a->tm_hour == b->tm_hour &&
	       a->tm_mday == b->tm_mday && a->tm_mon == b->tm_mon && a->tm_year == b->tm_year;
}

/* Takes the time from the registers. A date that is none, or before 1900, changes nothing. */
static void set_time(struct cmos *d)
{
	uint8_t hours = d->ram[RTC_HOURS];
	int hour = decode(d, hours & 0x7f);

	if (!(d->ram[RTC_REG_B] & REG_B_24H))
		hour = hour % 12 + (hours & 0x80 ? 12 : 0);
	struct tm tm = {
		.tm_sec = decode(d, d->ram[RTC_SECONDS]),
		.tm_min = decode(d, d->ram[RTC_MINUTES]),
		.tm_hour = hour,
		.tm_mday = decode(d, d->ram[RTC_DAY]),
		.tm_mon = decode(d, d->ram[RTC_MONTH]) - 1,
		.tm_year =
			decode(d, d->ram[RTC_CENTURY]) * 100 + decode(d, d->ram[RTC_YEAR]) - 1900,
	};
	struct tm given = tm;
	time_t set = timegm(&tm); /* which makes 3 March of 31 February */
	if (set != (time_t)-1 && tm.tm_year >= 0 && same_time(&tm, &given))
		d->offset_s = set - d->now(NULL);
}

static uint8_t read_data(struct cmos *d)
{
	if (is_time_register(d->index) && !(d->ram[RTC_REG_B] & REG_B_SET))
		latch_time(d);
	return d->ram[d->index];
}

static void write_data(struct cmos *d, uint8_t value)
{
	uint8_t before = d->ram[RTC_REG_B];

	switch (d->index) {
	case RTC_REG_A:
		d->ram[RTC_REG_A] = value & 0x7f; /* UIP is read-only */
		return;
	case RTC_REG_B:
		if (!(before & REG_B_SET))
			latch_time(d); /* the fields that the guest does not set stay */
		d->ram[RTC_REG_B] = value;
		if ((before & REG_B_SET) && !(value & REG_B_SET))
			set_time(d);
		return;
	case RTC_REG_C:
	case RTC_REG_D:
		return; /* read-only */
	default:
		break;
	}
	bool running = is_time_register(d->index) && !(before & REG_B_SET);
	if (running)
		latch_time(d);
	d->ram[d->index] = value;
	if (running)
		set_time(d);
}

static uint64_t cmos_read(void *dev, uint64_t offset, unsigned size)
{
	(void)size;
	return offset == CMOS_DATA ? read_data(dev) : 0xff; /* the index port is write-only */
}

static void cmos_write(void *dev, uint64_t offset, unsigned size, uint64_t value)
{
	struct cmos *d = dev;

	(void)size;
	if (offset == CMOS_INDEX)
		d->index = value & (CMOS_BYTES - 1); /* bit 7 masks the NMI */
	else
		write_data(d, (uint8_t)value);
}

const struct device_ops cmos_ops = {"cmos", 1, cmos_read, cmos_write};

void cmos_init(struct cmos *d, time_t (*now)(time_t *))
{
	memset(d, 0, sizeof(*d));
	d->ram[RTC_REG_A] = REG_A_32KHZ;
	d->ram[RTC_REG_B] = REG_B_24H;
	d->ram[RTC_REG_D] = REG_D_VALID;
	d->now = now;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* MC146818 and CMOS RAM: see cmos.h. */
#include "vmm/machine/devices/cmos.h"

#include <string.h>
#include <time.h>

enum {
	CMOS_INDEX = 0,
	CMOS_DATA = 1,
};

enum {
	RTC_SECONDS = 0,
	RTC_SECONDS_ALARM = 1,
	RTC_MINUTES = 2,
	RTC_MINUTES_ALARM = 3,
	RTC_HOURS = 4,
	RTC_HOURS_ALARM = 5,
	RTC_WEEKDAY = 6,
	RTC_DAY = 7,
	RTC_MONTH = 8,
	RTC_YEAR = 9,
	RTC_REG_A = 10,
	RTC_REG_B = 11,
	RTC_REG_C = 12,
	RTC_REG_D = 13,
	RTC_CENTURY = 0x32, /* its usual index, which the FADT names */
};

#define REG_A_32KHZ 0x26 /* divider for 32.768 kHz, no update in progress */
#define REG_B_SET   0x80
#define REG_B_AIE   0x20 /* alarm interrupt enabled */
#define REG_B_DM    0x04 /* binary instead of BCD */
#define REG_B_24H   0x02
#define REG_C_IRQF  0x80
#define REG_C_AF    0x20 /* the time of the alarm has come */
#define REG_D_VALID 0x80
#define ALARM_ANY   0xc0 /* with both bits set, an alarm register matches any time */

enum { DAY_S = 24 * 60 * 60 };

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

/* In 12-hour mode, bit 7 means the afternoon. */
static uint8_t encode_hour(const struct cmos *d, int hour)
{
	if (d->ram[RTC_REG_B] & REG_B_24H)
		return encode(d, hour);
	return encode(d, hour % 12 ? hour % 12 : 12) | (hour >= 12 ? 0x80 : 0);
}

static int64_t guests_now(const struct cmos *d)
{
	return d->clock.now_s(d->clock.opaque) + d->offset_s;
}

/* Writes the time to the registers, in the format that register B selects. */
static void latch_time(struct cmos *d)
{
	struct tm tm;
	time_t now = guests_now(d);

	if (!gmtime_r(&now, &tm))
		return;
	d->ram[RTC_SECONDS] = encode(d, tm.tm_sec);
	d->ram[RTC_MINUTES] = encode(d, tm.tm_min);
	d->ram[RTC_HOURS] = encode_hour(d, tm.tm_hour);
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

/* Sets the clock from the registers. An invalid date, or one before 1900, changes nothing. */
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
	time_t set = timegm(&tm); /* which turns 31 February into 3 March */
	if (set == (time_t)-1 || tm.tm_year < 0 || !same_time(&tm, &given))
		return;
	d->offset_s = set - d->clock.now_s(d->clock.opaque);
	d->seen_s = set; /* an alarm in the time that the clock skips does not occur */
}

static bool is_any(uint8_t alarm)
{
	return (alarm & ALARM_ANY) == ALARM_ANY;
}

static bool matches(uint8_t alarm, uint8_t time)
{
	return alarm == time || is_any(alarm);
}

/* False: no second or minute has this value, and a search would try a whole day. */
static bool can_match(const struct cmos *d, uint8_t alarm)
{
	int n = decode(d, alarm);

	return is_any(alarm) || (n < 60 && encode(d, n) == alarm);
}

/* The first second after @after that matches the alarm registers; WALL_NEVER: none in a day. */
static int64_t next_alarm(const struct cmos *d, int64_t after)
{
	int64_t t = after + 1;

	if (!can_match(d, d->ram[RTC_SECONDS_ALARM]) || !can_match(d, d->ram[RTC_MINUTES_ALARM]))
		return WALL_NEVER;
	while (t <= after + DAY_S) {
		int s = (int)((t % DAY_S + DAY_S) % DAY_S);
		if (!matches(d->ram[RTC_HOURS_ALARM], encode_hour(d, s / 3600)))
			t += 3600 - s % 3600;
		else if (!matches(d->ram[RTC_MINUTES_ALARM], encode(d, s / 60 % 60)))
			t += 60 - s % 60;
		else if (!matches(d->ram[RTC_SECONDS_ALARM], encode(d, s % 60)))
			t++;
		else
			return t;
	}
	return WALL_NEVER;
}

/* Sets AF for an alarm since the last call. A stopped clock has no alarms. */
static void note_alarm(struct cmos *d)
{
	int64_t now = guests_now(d);

	if (!(d->ram[RTC_REG_B] & REG_B_SET) && next_alarm(d, d->seen_s) <= now)
		d->ram[RTC_REG_C] |= REG_C_AF;
	d->seen_s = now;
}

/* Sets the interrupt line by the registers, and the next alarm of the host's clock. */
static void update_wires(struct cmos *d)
{
	bool enabled = d->ram[RTC_REG_B] & REG_B_AIE, set = d->ram[RTC_REG_B] & REG_B_SET;
	bool level = enabled && (d->ram[RTC_REG_C] & REG_C_AF);
	int64_t at = enabled && !level && !set ? next_alarm(d, d->seen_s) : WALL_NEVER;

	if (level != d->irq_level) {
		d->irq_level = level;
		d->irq.set(d->irq.opaque, level);
	}
	d->clock.set_alarm(d->clock.opaque, at == WALL_NEVER ? at : at - d->offset_s);
}

void cmos_tick(struct cmos *d)
{
	note_alarm(d);
	update_wires(d);
}

static uint8_t read_flags(struct cmos *d)
{
	note_alarm(d);
	uint8_t flags = d->ram[RTC_REG_C];
	if (flags && (d->ram[RTC_REG_B] & REG_B_AIE))
		flags |= REG_C_IRQF;
	d->ram[RTC_REG_C] = 0; /* reading acknowledges the interrupt */
	update_wires(d);
	return flags;
}

static uint8_t read_data(struct cmos *d)
{
	if (d->index == RTC_REG_C)
		return read_flags(d);
	if (is_time_register(d->index) && !(d->ram[RTC_REG_B] & REG_B_SET))
		latch_time(d);
	return d->ram[d->index];
}

static void write_register(struct cmos *d, uint8_t value)
{
	uint8_t before = d->ram[RTC_REG_B];

	switch (d->index) {
	case RTC_REG_A:
		d->ram[RTC_REG_A] = value & 0x7f; /* UIP is read-only */
		return;
	case RTC_REG_B:
		if (!(before & REG_B_SET))
			latch_time(d); /* the guest need not set all fields */
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

static void write_data(struct cmos *d, uint8_t value)
{
	note_alarm(d);
	write_register(d, value);
	update_wires(d);
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

void cmos_init(struct cmos *d, struct irq_line irq, struct wall_clock clock)
{
	memset(d, 0, sizeof(*d));
	d->irq = irq;
	d->clock = clock;
	d->ram[RTC_REG_A] = REG_A_32KHZ;
	d->ram[RTC_REG_B] = REG_B_24H;
	d->ram[RTC_REG_D] = REG_D_VALID;
	d->seen_s = guests_now(d);
}

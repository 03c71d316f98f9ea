/* SPDX-License-Identifier: BSD-3-Clause */
/* The real-time clock, with a clock of our own behind it. */
#include "rtc.h"
#include "vmm/machine/devices/cmos.h"

#include <check.h>
#include <string.h>

/* Registers, and the bits of B and C: MC146818 datasheet. */
enum { SECONDS, MINUTES = 2, HOURS = 4, WEEKDAY = 6, DAY, MONTH, YEAR, A, B, C, D, CENTURY = 0x32 };
enum { SECONDS_ALARM = 1, MINUTES_ALARM = 3, HOURS_ALARM = 5 };
enum { SET = 0x80, AIE = 0x20, BINARY = 0x04, H24 = 0x02 };
enum { IRQF = 0x80, AF = 0x20 };

#define SAMPLE 1708993502 /* 2024-02-27 00:25:02 UTC, a Tuesday */

static struct cmos cmos;

static void setup(void)
{
	now = SAMPLE;
	alarm_at = WALL_NEVER;
	irq = false;
	memset(&cmos, 0xa5, sizeof(cmos));
	cmos_init(&cmos, irq_wire, clock_wire);
}

static uint8_t get(uint8_t reg)
{
	cmos_ops.write(&cmos, 0, 1, reg);
	return (uint8_t)cmos_ops.read(&cmos, 1, 1);
}

static void put(uint8_t reg, uint8_t value)
{
	cmos_ops.write(&cmos, 0, 1, reg);
	cmos_ops.write(&cmos, 1, 1, value);
}

/* Registers in the order of reading: century to seconds, and the day of the week. */
static const uint8_t fields[] = {CENTURY, YEAR, MONTH, DAY, HOURS, MINUTES, SECONDS, WEEKDAY};

static void expect(const uint8_t *want)
{
	for (int i = 0; i < COUNT(fields); i++)
		ck_assert_msg(get(fields[i]) == want[i], "register 0x%02x is 0x%02x, not 0x%02x",
			      fields[i], get(fields[i]), want[i]);
}

/* As Linux' mc146818_set_time(): stop, write, go. */
static void set(const uint8_t *to)
{
	uint8_t b = get(B);
	put(B, b | SET);
	for (int i = 0; i < COUNT(fields) - 1; i++)
		put(fields[i], to[i]);
	put(B, b);
}

static const struct {
	time_t now;
	uint8_t b;
	uint8_t want[8];
} times[] = {
	{0, H24, {0x19, 0x70, 0x01, 0x01, 0x00, 0x00, 0x00, 5}},
	{SAMPLE, H24, {0x20, 0x24, 0x02, 0x27, 0x00, 0x25, 0x02, 3}},
	{SAMPLE, H24 | BINARY, {20, 24, 2, 27, 0, 25, 2, 3}},
	{SAMPLE, 0, {0x20, 0x24, 0x02, 0x27, 0x12, 0x25, 0x02, 3}},
	{SAMPLE, BINARY, {20, 24, 2, 27, 12, 25, 2, 3}},
	/* 12 hours: 1 to 12, bit 7 is the afternoon */
	{SAMPLE + 3600, 0, {0x20, 0x24, 0x02, 0x27, 0x01, 0x25, 0x02, 3}},
	{SAMPLE + 11 * 3600, 0, {0x20, 0x24, 0x02, 0x27, 0x11, 0x25, 0x02, 3}},
	{SAMPLE + 12 * 3600, 0, {0x20, 0x24, 0x02, 0x27, 0x92, 0x25, 0x02, 3}},
	{SAMPLE + 13 * 3600, 0, {0x20, 0x24, 0x02, 0x27, 0x81, 0x25, 0x02, 3}},
	{SAMPLE + 23 * 3600, 0, {0x20, 0x24, 0x02, 0x27, 0x91, 0x25, 0x02, 3}},
	{SAMPLE + 23 * 3600, BINARY, {20, 24, 2, 27, 0x80 | 11, 25, 2, 3}},
	{SAMPLE + 12 * 3600, BINARY, {20, 24, 2, 27, 0x80 | 12, 25, 2, 3}},
	{SAMPLE + 23 * 3600, H24, {0x20, 0x24, 0x02, 0x27, 0x23, 0x25, 0x02, 3}},
	/* Saturday is 7, Sunday is 1 */
	{SAMPLE + 4 * 86400, H24, {0x20, 0x24, 0x03, 0x02, 0x00, 0x25, 0x02, 7}},
	{SAMPLE + 5 * 86400, H24, {0x20, 0x24, 0x03, 0x03, 0x00, 0x25, 0x02, 1}},
	/* leap days, the turns of years and centuries, after 2038 */
	{951782399, H24, {0x20, 0x00, 0x02, 0x28, 0x23, 0x59, 0x59, 2}},
	{951782400, H24, {0x20, 0x00, 0x02, 0x29, 0x00, 0x00, 0x00, 3}},
	{946684799, H24, {0x19, 0x99, 0x12, 0x31, 0x23, 0x59, 0x59, 6}},
	{946684800, H24, {0x20, 0x00, 0x01, 0x01, 0x00, 0x00, 0x00, 7}},
	{4102444799, H24, {0x20, 0x99, 0x12, 0x31, 0x23, 0x59, 0x59, 5}},
	{4102444800, H24, {0x21, 0x00, 0x01, 0x01, 0x00, 0x00, 0x00, 6}},
	{4107542400, H24, {0x21, 0x00, 0x03, 0x01, 0x00, 0x00, 0x00, 2}}, /* no 29 February */
};

START_TEST(reads)
{
	now = times[_i].now;
	put(B, times[_i].b);
	expect(times[_i].want);
}
END_TEST

/* Setting what was read moves nothing, in each format. */
START_TEST(sets_what_was_read)
{
	put(B, times[_i].b);
	set(times[_i].want);
	expect(times[_i].want);
	ck_assert_int_eq(cmos.offset_s, times[_i].now - SAMPLE);
	now += 86400 + 1; /* and the clock goes on from there */
	ck_assert_int_eq(cmos.offset_s, times[_i].now - SAMPLE);
	ck_assert_uint_ne(get(WEEKDAY), times[_i].want[7]);
}
END_TEST

START_TEST(after_reset)
{
	ck_assert_uint_eq(get(A), 0x26); /* 32.768 kHz, no update in progress */
	ck_assert_uint_eq(get(B), H24);
	ck_assert_uint_eq(get(C), 0);
	ck_assert_uint_eq(get(D), 0x80); /* the battery is good */
	ck_assert_uint_eq(cmos_ops.read(&cmos, 0, 1), 0xff);
	ck_assert_uint_eq(cmos_ops.max_size, 1);
}
END_TEST

START_TEST(status_registers)
{
	put(A, 0xff);
	ck_assert_uint_eq(get(A), 0x7f); /* or a guest that waits for UIP would wait for ever */
	put(C, 0xff);
	ck_assert_uint_eq(get(C), 0);
	put(D, 0);
	ck_assert_uint_eq(get(D), 0x80);
	ck_assert_uint_eq(get(B), H24);
}
END_TEST

START_TEST(runs)
{
	ck_assert_uint_eq(get(SECONDS), 0x02);
	now++;
	ck_assert_uint_eq(get(SECONDS), 0x03);
	now += 57;
	ck_assert_uint_eq(get(SECONDS), 0x00);
	ck_assert_uint_eq(get(MINUTES), 0x26);
}
END_TEST

START_TEST(set_stops_the_registers)
{
	put(B, H24 | SET);
	ck_assert_uint_eq(get(B), H24 | SET);
	now += 30;
	ck_assert_uint_eq(get(SECONDS), 0x02); /* as it was when SET was set */
	put(MINUTES, 0x30);
	ck_assert_uint_eq(get(MINUTES), 0x30);
	ck_assert_int_eq(cmos.offset_s, 0); /* not yet */
	put(B, H24 | SET);                  /* again: nothing is latched anew */
	ck_assert_uint_eq(get(MINUTES), 0x30);
	ck_assert_int_eq(cmos.offset_s, 0);
	put(B, H24);
	ck_assert_uint_eq(get(MINUTES), 0x30);
	ck_assert_uint_eq(get(SECONDS), 0x02);
	ck_assert_int_eq(cmos.offset_s, 5 * 60 - 30);
	now += 2;
	ck_assert_uint_eq(get(SECONDS), 0x04);
}
END_TEST

START_TEST(sets_while_running)
{
	put(MINUTES, 0x59);
	ck_assert_uint_eq(get(MINUTES), 0x59);
	ck_assert_int_eq(cmos.offset_s, 34 * 60);
	put(YEAR, 0x38);
	put(CENTURY, 0x21);
	static const uint8_t want[] = {0x21, 0x38, 0x02, 0x27, 0x00, 0x59, 0x02, 5};
	expect(want);
	now += 60;
	ck_assert_uint_eq(get(HOURS), 0x01);
}
END_TEST

static const uint8_t garbage[][8] = {
	{0x20, 0x24, 0x00, 0x27, 0x00, 0x00, 0x00}, /* month 0 */
	{0x20, 0x24, 0x13, 0x27, 0x00, 0x00, 0x00},
	{0x20, 0x24, 0x02, 0x00, 0x00, 0x00, 0x00}, /* day 0 */
	{0x20, 0x24, 0x02, 0x30, 0x00, 0x00, 0x00}, /* 30 February */
	{0x20, 0x23, 0x02, 0x29, 0x00, 0x00, 0x00}, /* no leap year */
	{0x21, 0x00, 0x02, 0x29, 0x00, 0x00, 0x00},
	{0x20, 0x24, 0x04, 0x31, 0x00, 0x00, 0x00},
	{0x20, 0x24, 0x02, 0x27, 0x24, 0x00, 0x00}, /* hour 24 */
	{0x20, 0x24, 0x02, 0x27, 0x00, 0x60, 0x00},
	{0x20, 0x24, 0x02, 0x27, 0x00, 0x00, 0x60},
	{0x18, 0x99, 0x12, 0x31, 0x23, 0x59, 0x59}, /* before tm_year begins */
	{0x00, 0x00, 0x01, 0x01, 0x00, 0x00, 0x00},
	{0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00},
	{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
	{0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99},
};

START_TEST(garbage_changes_nothing)
{
	static const uint8_t want[] = {0x20, 0x24, 0x02, 0x27, 0x00, 0x25, 0x02, 3};
	set(garbage[_i]);
	expect(want);
	ck_assert_int_eq(cmos.offset_s, 0);
}
END_TEST

/* The last date that two digits of each can say, and what BCD cannot: no crash, and a way back. */
START_TEST(far_dates)
{
	static const uint8_t last[] = {0x99, 0x99, 0x12, 0x31, 0x23, 0x59, 0x59, 6};
	static const uint8_t beyond[] = {0xff, 0xff, 0x01, 0x01, 0x00, 0x00, 0x00};
	set(last);
	expect(last);
	set(beyond);
	for (int i = 0; i < COUNT(fields); i++)
		(void)get(fields[i]);
	set(times[1].want);
	expect(times[1].want);
}
END_TEST

/* Changing the format changes how the same time reads, not the time. */
START_TEST(format_changes)
{
	now = SAMPLE + 23 * 3600;
	for (int i = 0; i < 8; i++) {
		put(B, (uint8_t)((i & 1 ? H24 : 0) | (i & 2 ? BINARY : 0) | (i & 4 ? SET : 0)));
		put(B, H24);
		ck_assert_int_eq(cmos.offset_s, 0);
		ck_assert_uint_eq(get(HOURS), 0x23);
	}
}
END_TEST

static void set_alarm(const uint8_t *hours_minutes_seconds)
{
	put(HOURS_ALARM, hours_minutes_seconds[0]);
	put(MINUTES_ALARM, hours_minutes_seconds[1]);
	put(SECONDS_ALARM, hours_minutes_seconds[2]);
}

/* Of an alarm at @alarm in the format of @b, set at 00:25:02: the seconds to it, and to the next.
 */
static const struct {
	uint8_t b, alarm[3];
	int64_t first, next;
} alarms[] = {
	{H24, {0x00, 0x25, 0x03}, 1, 86400},
	{H24, {0x00, 0x25, 0x02}, 86400, 86400}, /* a second that has begun is over */
	{H24, {0x00, 0x25, 0x01}, 86399, 86400},
	{H24, {0x00, 0x26, 0x00}, 58, 86400},
	{H24, {0x23, 0x59, 0x59}, 86400 - 1503, 86400},
	{H24, {0x12, 0x00, 0x00}, 43200 - 1502, 86400},
	{H24 | BINARY, {23, 59, 59}, 86400 - 1503, 86400},
	{H24 | BINARY, {10, 25, 10}, 36008, 86400},
	/* 12 hours: midnight is 12, the afternoon has bit 7 */
	{0, {0x12, 0x25, 0x03}, 1, 86400},
	{0, {0x92, 0x25, 0x02}, 43200, 86400},
	{0, {0x81, 0x25, 0x02}, 46800, 86400},
	{0, {0x11, 0x25, 0x02}, 39600, 86400},
	{BINARY, {0x80 | 11, 25, 2}, 82800, 86400},
	/* both high bits: any */
	{H24, {0xff, 0xff, 0xff}, 1, 1},
	{H24, {0xc0, 0xc0, 0x00}, 58, 60},
	{H24, {0xff, 0x24, 0x00}, 59 * 60 - 2, 3600},
	{H24, {0x00, 0xff, 0x59}, 57, 60},
	{H24, {0x01, 0xff, 0xff}, 3600 - 1502, 1},
	{0, {0xff, 0xff, 0x03}, 1, 60},
};

START_TEST(an_alarm)
{
	put(B, alarms[_i].b);
	set_alarm(alarms[_i].alarm);
	ck_assert_int_eq(alarm_at, WALL_NEVER); /* what is off costs nothing */
	put(B, alarms[_i].b | AIE);
	ck_assert_int_eq(alarm_at, SAMPLE + alarms[_i].first);
	now = alarm_at - 1;
	cmos_tick(&cmos);
	ck_assert(!irq);
	ck_assert_int_eq(alarm_at, SAMPLE + alarms[_i].first);
	now++;
	cmos_tick(&cmos);
	ck_assert(irq);
	ck_assert_int_eq(alarm_at, WALL_NEVER); /* not before this one was seen */
	ck_assert_uint_eq(get(C), IRQF | AF);
	ck_assert(!irq);
	ck_assert_uint_eq(get(C), 0);
	ck_assert_int_eq(alarm_at, now + alarms[_i].next);
}
END_TEST

/* No time of day, in this format. */
static const struct {
	uint8_t b, alarm[3];
} no_alarms[] = {
	{H24, {0x24, 0x00, 0x00}}, {H24, {0x00, 0x60, 0x00}}, {H24, {0x00, 0x00, 0x60}},
	{H24, {0x0a, 0x00, 0x00}}, {H24, {0x81, 0x00, 0x00}}, {H24, {0x00, 0x80, 0x00}},
	{0, {0x00, 0x00, 0x00}},   {0, {0x13, 0x00, 0x00}},   {H24 | BINARY, {24, 0, 0}},
	{H24, {0xff, 0xff, 0x7f}}, {BINARY, {0x80, 0, 0}},
};

START_TEST(never)
{
	put(B, no_alarms[_i].b | AIE);
	set_alarm(no_alarms[_i].alarm);
	ck_assert_int_eq(alarm_at, WALL_NEVER);
	now += 10 * 86400;
	cmos_tick(&cmos);
	ck_assert(!irq);
	ck_assert_uint_eq(get(C), 0);
}
END_TEST

/* AF comes without AIE, too, for who polls, and interrupts when AIE comes. */
START_TEST(without_the_interrupt)
{
	set_alarm((const uint8_t[]){0x00, 0x25, 0x12});
	now += 9;
	ck_assert_uint_eq(get(C), 0);
	now++;
	ck_assert_uint_eq(get(C), AF);
	ck_assert_uint_eq(get(C), 0);
	now += 86400;
	put(B, H24 | AIE);
	ck_assert(irq);
	put(B, H24);
	ck_assert(!irq);
	put(B, H24 | AIE);
	ck_assert(irq);
	ck_assert_uint_eq(get(C), IRQF | AF);
	ck_assert_int_eq(alarm_at, now + 86400);
	put(B, H24);
	ck_assert_int_eq(alarm_at, WALL_NEVER);
}
END_TEST

START_TEST(an_alarm_can_be_moved)
{
	put(B, H24 | AIE);
	set_alarm((const uint8_t[]){0x00, 0x25, 0x12});
	ck_assert_int_eq(alarm_at, SAMPLE + 10);
	put(SECONDS_ALARM, 0x32);
	ck_assert_int_eq(alarm_at, SAMPLE + 30);
	now += 20; /* one that was asked for once comes all the same */
	cmos_tick(&cmos);
	ck_assert(!irq);
	now += 15;
	put(SECONDS_ALARM, 0x42); /* too late: the one before had come */
	ck_assert(irq);
	ck_assert_uint_eq(get(C), IRQF | AF);
	ck_assert_int_eq(alarm_at, SAMPLE + 40);
}
END_TEST

/* The alarm is a time of the guest's clock; one that stands, or skips the alarm, has none. */
START_TEST(an_alarm_and_a_clock_that_is_set)
{
	put(B, H24 | AIE);
	set_alarm((const uint8_t[]){0x00, 0x30, 0x00});
	put(MINUTES, 0x29);
	ck_assert_int_eq(alarm_at, SAMPLE + 58);
	put(B, H24 | AIE | SET);
	ck_assert_int_eq(alarm_at, WALL_NEVER);
	now += 600;
	cmos_tick(&cmos);
	put(MINUTES, 0x31);
	put(B, H24 | AIE);
	ck_assert(!irq);
	ck_assert_int_eq(alarm_at, now + 86400 - 62);
	put(MINUTES, 0x28);
	put(MINUTES, 0x32);
	ck_assert(!irq);
	ck_assert_uint_eq(get(C), 0);
	ck_assert_int_eq(alarm_at, now + 86400 - 122);
}
END_TEST

/* The host's clock: set back, there is no alarm and the same one is still to come. */
START_TEST(an_alarm_and_the_hosts_clock)
{
	put(B, H24 | AIE);
	set_alarm((const uint8_t[]){0x00, 0x25, 0x12});
	now -= 100;
	cmos_tick(&cmos);
	ck_assert(!irq);
	ck_assert_int_eq(alarm_at, SAMPLE + 10);
	now += 5 * 86400;
	cmos_tick(&cmos);
	ck_assert(irq);
	ck_assert_uint_eq(get(C), IRQF | AF);
	ck_assert_uint_eq(get(C), 0);
}
END_TEST

START_TEST(ram_keeps)
{
	for (uint8_t reg = 0; reg < CMOS_BYTES; reg++) {
		if (memchr(fields, reg, sizeof(fields)) || (reg >= A && reg <= D))
			continue;
		put(reg, (uint8_t)(reg ^ 0xc3));
	}
	for (uint8_t reg = 0; reg < CMOS_BYTES; reg++) {
		if (memchr(fields, reg, sizeof(fields)) || (reg >= A && reg <= D))
			continue;
		ck_assert_uint_eq(get(reg), reg ^ 0xc3);
	}
	ck_assert_int_eq(cmos.offset_s, 0);
}
END_TEST

START_TEST(nmi_bit_is_no_address)
{
	put(0x80 | 0x40, 0x5a);
	ck_assert_uint_eq(get(0x40), 0x5a);
	ck_assert_uint_eq(get(0xff), get(0x7f));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("cmos");
	TCase *tc = tcase_create("cmos");
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_loop_test(tc, reads, 0, COUNT(times));
	tcase_add_loop_test(tc, sets_what_was_read, 0, COUNT(times));
	tcase_add_test(tc, after_reset);
	tcase_add_test(tc, status_registers);
	tcase_add_test(tc, runs);
	tcase_add_test(tc, set_stops_the_registers);
	tcase_add_test(tc, sets_while_running);
	tcase_add_loop_test(tc, garbage_changes_nothing, 0, COUNT(garbage));
	tcase_add_test(tc, far_dates);
	tcase_add_test(tc, format_changes);
	tcase_add_loop_test(tc, an_alarm, 0, COUNT(alarms));
	tcase_add_loop_test(tc, never, 0, COUNT(no_alarms));
	tcase_add_test(tc, without_the_interrupt);
	tcase_add_test(tc, an_alarm_can_be_moved);
	tcase_add_test(tc, an_alarm_and_a_clock_that_is_set);
	tcase_add_test(tc, an_alarm_and_the_hosts_clock);
	tcase_add_test(tc, ram_keeps);
	tcase_add_test(tc, nmi_bit_is_no_address);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

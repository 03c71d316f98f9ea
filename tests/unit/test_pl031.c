/* SPDX-License-Identifier: BSD-3-Clause */
/* The PL031, register by register. */
#include "vmm/machine/devices/pl031.h"

#include "rtc.h"
#include "vmm/machine/bus.h"

enum { DR = 0x00, MR = 0x04, LR = 0x08, IMSC = 0x10, RIS = 0x14, MIS = 0x18, ICR = 0x1c };

#define SAMPLE 0x12345678

static struct pl031 rtc;

static void setup(void)
{
	now = SAMPLE;
	alarm_at = WALL_NEVER;
	irq = false;
	pl031_init(&rtc, irq_wire, clock_wire);
}

static uint64_t get(uint64_t offset)
{
	return pl031_ops.read(&rtc, offset, 4);
}

static void set(uint64_t offset, uint32_t value)
{
	pl031_ops.write(&rtc, offset, 4, value);
}

START_TEST(tells_the_hosts_time)
{
	ck_assert_uint_eq(get(0), 0x12345678);
	now++;
	ck_assert_uint_eq(get(0), 0x12345679);
	now = 0x1ffffffff; /* 32 bits end in 2106 */
	ck_assert_uint_eq(get(0), 0xffffffff);
}
END_TEST

START_TEST(can_be_set)
{
	set(8, 1000);
	ck_assert_uint_eq(get(8), 1000);
	ck_assert_uint_eq(get(0), 1000);
	now += 5;
	ck_assert_uint_eq(get(0), 1005);
	set(8, 0xffffffff);
	now++;
	ck_assert_uint_eq(get(0), 0);
}
END_TEST

/* After a reset, and after each was written with all ones. */
static const struct {
	uint64_t offset;
	uint32_t fresh, written;
} registers[] = {
	{0x00, 0x12345678, 0x12345678},
	{0x04, 0, 0xffffffff},
	{0x08, 0, 0xffffffff},
	{0x0c, 1, 1},
	{0x10, 0, 1},
	{0x14, 0, 0},
	{0x18, 0, 0},
	{0x1c, 0, 0},
	{0x20, 0, 0},
	{0xfdc, 0, 0},
	{0xfe0, 0x31, 0x31},
	{0xfe4, 0x10, 0x10},
	{0xfe8, 0x04, 0x04},
	{0xfec, 0x00, 0x00},
	{0xff0, 0x0d, 0x0d},
	{0xff4, 0xf0, 0xf0},
	{0xff8, 0x05, 0x05},
	{0xffc, 0xb1, 0xb1},
};

START_TEST(a_register)
{
	ck_assert_uint_eq(get(registers[_i].offset), registers[_i].fresh);
	set(registers[_i].offset, 0xffffffff);
	ck_assert_uint_eq(get(registers[_i].offset), registers[_i].written);
	for (int i = 0; i < COUNT(registers); i++)
		if (i != _i && registers[_i].offset != 8)
			ck_assert_uint_eq(get(registers[i].offset), registers[i].fresh);
}
END_TEST

/* Writes that are no words change nothing; a byte of a register can be read. */
START_TEST(narrow_accesses)
{
	struct bus bus = {.n = 0};
	struct err e;
	uint8_t data[8] = {0};

	ck_assert_int_eq(bus_add(&bus, 0x1000, 0x1000, &pl031_ops, &rtc, &e), 0);
	bus_write(&bus, 0x1008, (const uint8_t[2]){1, 2}, 2);
	ck_assert_uint_eq(get(8), 0);
	for (unsigned i = 0; i < 4; i++) {
		bus_read(&bus, 0x1000 + i, data, 1);
		ck_assert_uint_eq(data[0], (0x12345678u >> 8 * i) & 0xff);
	}
	bus_read(&bus, 0x1002, data, 2);
	ck_assert_uint_eq(data[0] | data[1] << 8, 0x1234);
	bus_read(&bus, 0x1ff8, data, 8); /* as two words */
	ck_assert_mem_eq(data, ((const uint8_t[8]){0x05, 0, 0, 0, 0xb1, 0, 0, 0}), 8);
}
END_TEST

static void expect_interrupt(bool want)
{
	ck_assert_uint_eq(get(RIS), want);
	ck_assert_uint_eq(get(MIS), want);
	ck_assert(irq == want);
}

/* As Linux does it: the match, what was pending, the mask. */
START_TEST(an_alarm)
{
	set(MR, SAMPLE + 100);
	ck_assert_int_eq(alarm_at, WALL_NEVER); /* what is off costs nothing */
	set(ICR, 1);
	set(IMSC, 1);
	ck_assert_int_eq(alarm_at, SAMPLE + 100);
	now += 99;
	pl031_tick(&rtc);
	expect_interrupt(false);
	ck_assert_int_eq(alarm_at, SAMPLE + 100);
	now++;
	pl031_tick(&rtc);
	ck_assert_int_eq(alarm_at, WALL_NEVER); /* not before it is cleared */
	expect_interrupt(true);
	set(ICR, 0);
	expect_interrupt(true);
	set(ICR, 1);
	expect_interrupt(false); /* though the clock has this time still */
	ck_assert_int_eq(alarm_at, now + (1ll << 32));
	now += 1000;
	expect_interrupt(false);
	set(MR, (uint32_t)now + 5);
	ck_assert_int_eq(alarm_at, now + 5);
	set(IMSC, 0);
	ck_assert_int_eq(alarm_at, WALL_NEVER);
}
END_TEST

/* RTCRIS tells of a match that RTCIMSC masks, and the line follows the mask. */
START_TEST(masked)
{
	set(MR, SAMPLE + 10);
	now += 9;
	ck_assert_uint_eq(get(RIS), 0);
	now += 1000;
	ck_assert_uint_eq(get(RIS), 1);
	ck_assert_uint_eq(get(MIS), 0);
	ck_assert(!irq);
	set(IMSC, 1);
	expect_interrupt(true);
	set(IMSC, 0);
	ck_assert_uint_eq(get(RIS), 1);
	ck_assert_uint_eq(get(MIS), 0);
	ck_assert(!irq);
	set(RIS, 0); /* read-only, as is RTCMIS */
	set(MIS, 0);
	ck_assert_uint_eq(get(RIS), 1);
}
END_TEST

/* A match is that of two registers: at once, if it is so when one of them is written. */
START_TEST(matches_at_once)
{
	set(IMSC, 1);
	set(_i ? LR : MR, 1000);
	expect_interrupt(false);
	set(_i ? MR : LR, 1000);
	expect_interrupt(true);
}
END_TEST

/* The match is a time of the guest's clock; one that skips it has none. */
START_TEST(an_alarm_and_a_clock_that_is_set)
{
	set(IMSC, 1);
	set(LR, 1000);
	set(MR, 1500);
	ck_assert_int_eq(alarm_at, SAMPLE + 500);
	set(LR, 1400);
	ck_assert_int_eq(alarm_at, SAMPLE + 100);
	set(LR, 1501);
	expect_interrupt(false);
	ck_assert_int_eq(alarm_at, SAMPLE + (1ll << 32) - 1);
	set(LR, 0xffffffff);
	set(MR, 2);
	ck_assert_int_eq(alarm_at, SAMPLE + 3); /* 32 bits */
	now += 3;
	pl031_tick(&rtc);
	expect_interrupt(true);
}
END_TEST

/* The host's clock: set back, there is no match and the same one is still to come. */
START_TEST(an_alarm_and_the_hosts_clock)
{
	set(IMSC, 1);
	set(MR, SAMPLE + 10);
	now -= 100;
	pl031_tick(&rtc);
	expect_interrupt(false);
	ck_assert_int_eq(alarm_at, SAMPLE + 10);
	now += 100000;
	pl031_tick(&rtc);
	expect_interrupt(true);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("pl031");
	TCase *t = tcase_create("pl031");
	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, tells_the_hosts_time);
	tcase_add_test(t, can_be_set);
	tcase_add_loop_test(t, a_register, 0, COUNT(registers));
	tcase_add_test(t, narrow_accesses);
	tcase_add_test(t, an_alarm);
	tcase_add_test(t, masked);
	tcase_add_loop_test(t, matches_at_once, 0, 2);
	tcase_add_test(t, an_alarm_and_a_clock_that_is_set);
	tcase_add_test(t, an_alarm_and_the_hosts_clock);
	suite_add_tcase(s, t);
	return run_suite(s);
}

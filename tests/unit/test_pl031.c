/* SPDX-License-Identifier: BSD-3-Clause */
/* The PL031, register by register. */
#include "vmm/devices/pl031.h"

#include "suite.h"
#include "vmm/bus.h"

static time_t host_time;

static time_t now(time_t *result)
{
	if (result)
		*result = host_time;
	return host_time;
}

static struct pl031 rtc;

static void setup(void)
{
	host_time = 0x12345678;
	pl031_init(&rtc, now);
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
	host_time++;
	ck_assert_uint_eq(get(0), 0x12345679);
	host_time = 0x1ffffffff; /* 32 bits end in 2106 */
	ck_assert_uint_eq(get(0), 0xffffffff);
}
END_TEST

START_TEST(can_be_set)
{
	set(8, 1000);
	ck_assert_uint_eq(get(8), 1000);
	ck_assert_uint_eq(get(0), 1000);
	host_time += 5;
	ck_assert_uint_eq(get(0), 1005);
	set(8, 0xffffffff);
	host_time++;
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

int main(void)
{
	Suite *s = suite_create("pl031");
	TCase *t = tcase_create("pl031");
	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, tells_the_hosts_time);
	tcase_add_test(t, can_be_set);
	tcase_add_loop_test(t, a_register, 0, COUNT(registers));
	tcase_add_test(t, narrow_accesses);
	suite_add_tcase(s, t);
	return run_suite(s);
}

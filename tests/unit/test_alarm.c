/* SPDX-License-Identifier: BSD-3-Clause */
/* The alarm of the real-time clock, by a clock of ours. */
#include "suite.h"
#include "vmm/machine/alarm.h"

#include <check.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static struct timespec wall = {.tv_sec = 1000};

/* In place of the libc's. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
	if (clock != CLOCK_REALTIME)
		return (int)syscall(SYS_clock_gettime, clock, now);
	*now = wall;
	return 0;
}

static struct alarm alarm_of_rtc;
static int wake_fd;

static void setup(void)
{
	wake_fd = eventfd(0, EFD_NONBLOCK);
	alarm_init(&alarm_of_rtc, wake_fd);
}

static void teardown(void)
{
	close(wake_fd);
}

static uint64_t wakes(void)
{
	uint64_t count;
	return read(wake_fd, &count, sizeof(count)) == sizeof(count) ? count : 0;
}

static void set(int64_t at_s)
{
	struct wall_clock clock = alarm_clock(&alarm_of_rtc);
	clock.set_alarm(clock.opaque, at_s);
}

START_TEST(it_has_the_hosts_seconds)
{
	struct wall_clock clock = alarm_clock(&alarm_of_rtc);

	wall = (struct timespec){1234, 999999999};
	ck_assert_int_eq(clock.now_s(clock.opaque), 1234);
}
END_TEST

START_TEST(a_new_alarm_wakes_the_loop)
{
	set(WALL_NEVER);
	ck_assert_uint_eq(wakes(), 0);
	set(1000);
	ck_assert_uint_eq(wakes(), 1);
	set(1000); /* as it was */
	ck_assert_uint_eq(wakes(), 0);
	set(1001);
	ck_assert_uint_eq(wakes(), 1);
	set(WALL_NEVER); /* nothing to wait for */
	ck_assert_uint_eq(wakes(), 0);
	set(1001);
	ck_assert_uint_eq(wakes(), 1);
}
END_TEST

static const struct {
	int64_t at_s;
	struct timespec now;
	int left_ms;
	bool due;
} waits[] = {
	{WALL_NEVER, {1000, 0}, -1, false},    {1000, {1000, 0}, 1000, true},
	{1000, {1000, 999999999}, 1000, true}, {1000, {1001, 0}, 1000, true},
	{1000, {999, 0}, 1000, false},         {1000, {999, 1000000}, 999, false},
	{1000, {999, 500999999}, 500, false},  {1000, {999, 999999999}, 1, false},
	{1000, {998, 999999999}, 1000, false}, /* the host's clock may be set meanwhile */
	{1000, {0, 500000000}, 1000, false},
};

START_TEST(the_loop_asks_again)
{
	bool due = !waits[_i].due;

	wall = waits[_i].now;
	set(waits[_i].at_s);
	ck_assert_int_eq(alarm_left_ms(&alarm_of_rtc, &due), waits[_i].left_ms);
	ck_assert_int_eq(due, waits[_i].due);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("alarm");
	TCase *t = tcase_create("alarm");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, it_has_the_hosts_seconds);
	tcase_add_test(t, a_new_alarm_wakes_the_loop);
	tcase_add_loop_test(t, the_loop_asks_again, 0, COUNT(waits));
	suite_add_tcase(s, t);
	return run_suite(s);
}

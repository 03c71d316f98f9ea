/* SPDX-License-Identifier: BSD-3-Clause */
/* The time limits of a run, as a matter of numbers: times are milliseconds from the start. */
#include "suite.h"
#include "vmm/base/clock.h"
#include "vmm/run/limits.h"

#include <check.h>
#include <limits.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* When the run began, and its guest: no limit may count from 0. */
#define START_NS (5000 * NS_PER_MS)
#define BOOT_MS  100

#define TIMEOUT_TEXT "--timeout: the guest still ran after 2.500 s"
#define IDLE_TEXT    "--idle-timeout: the console was silent for 0.300 s"

static uint64_t at(uint64_t ms)
{
	return START_NS + ms * NS_PER_MS;
}

static void make(struct limits *l, uint64_t timeout_ms, uint64_t idle_ms)
{
	const struct run_config cfg = {
		.timeout_ns = timeout_ms * NS_PER_MS,
		.idle_timeout_ns = idle_ms * NS_PER_MS,
	};

	memset(l, 0xa5, sizeof(*l));
	limits_init(l, &cfg, at(0));
	limits_begin_boot(l, at(BOOT_MS));
}

static const struct {
	uint64_t timeout_ms, idle_ms; /* 0: none */
	int left_ms;                  /* until something else; -1: there is nothing */
	uint64_t output_ms, now_ms;   /* an output of 0: none yet */
	int expected_ms;
	const char *text; /* NULL: the run goes on */
} waits[] = {
	{0, 0, -1, 0, 1000, -1, NULL},
	{0, 0, 7, 0, 1000, 7, NULL},
	/* A limit counts from the start, and a wait never ends before it. */
	{2500, 0, -1, 0, 1000, 1501, NULL},
	{2500, 0, 1502, 0, 1000, 1501, NULL},
	{2500, 0, 1500, 0, 1000, 1500, NULL},
	{2500, 0, 0, 0, 1000, 0, NULL},
	{2500, 0, -1, 0, 2499, 2, NULL},
	{2500, 0, -1, 0, 2500, 0, TIMEOUT_TEXT},
	{2500, 0, -1, 2499, 2501, 0, TIMEOUT_TEXT},
	/* Silence counts from the guest's beginning, */
	{0, 300, -1, 0, 150, 251, NULL},
	{0, 300, -1, 0, 399, 2, NULL},
	{0, 300, -1, 0, 400, 0, IDLE_TEXT},
	{0, 300, -1, 50, 400, 0, IDLE_TEXT}, /* an earlier guest's output */
	/* or from its last output. */
	{0, 300, -1, 200, 400, 101, NULL},
	{0, 300, 100, 200, 400, 100, NULL},
	{0, 300, -1, 200, 500, 0, IDLE_TEXT},
	{0, 300, -1, 200, 501, 0, IDLE_TEXT},
	/* The sooner of both. */
	{2500, 300, -1, 200, 400, 101, NULL},
	{2500, 300, -1, 2300, 2400, 101, NULL},
	{2500, 300, -1, 2300, 2500, 0, TIMEOUT_TEXT},
	{2500, 300, -1, 2000, 2500, 0, TIMEOUT_TEXT},
};

START_TEST(a_limit_that_is_over_ends_the_run)
{
	struct stop stop;
	struct limits l;
	uint64_t output_ns = waits[_i].output_ms ? at(waits[_i].output_ms) : 0;
	int wake_fd = eventfd(0, EFD_NONBLOCK);

	stop_init(&stop, wake_fd);
	make(&l, waits[_i].timeout_ms, waits[_i].idle_ms);
	ck_assert_int_eq(
		limits_left_ms(&l, waits[_i].left_ms, output_ns, at(waits[_i].now_ms), &stop),
		waits[_i].expected_ms);
	ck_assert_int_eq(stop.kind, waits[_i].text ? STOP_TIMEOUT : STOP_NONE);
	ck_assert_int_eq(stop.vcpu, -1);
	ck_assert_uint_eq(stop.value, 0);
	ck_assert_str_eq(stop.text, waits[_i].text ? waits[_i].text : "");
	stop_fini(&stop);
	close(wake_fd);
}
END_TEST

/* The process was stopped from 1000 to 1400: what is left then is what was left before. */
static const struct {
	uint64_t timeout_ms, idle_ms, output_ms;
	int expected_ms;
} stops[] = {
	{2500, 0, 0, 1501},  {0, 2000, 0, 1101},  /* the guest's beginning moves on, */
	{0, 300, 900, 201},                       /* as does its last output, */
	{0, 300, 1000, 301},                      /* also when it came right before; */
	{0, 300, 1200, 101}, {0, 300, 1400, 301}, /* but not one that came since */
	{0, 1000, 50, 101},                       /* an earlier guest's */
};

START_TEST(a_stop_counts_for_none)
{
	struct stop stop = {.kind = STOP_NONE};
	struct limits l;
	uint64_t output_ns = stops[_i].output_ms ? at(stops[_i].output_ms) : 0;

	make(&l, stops[_i].timeout_ms, stops[_i].idle_ms);
	limits_was_stopped(&l, 400 * NS_PER_MS, output_ns, at(1400));
	ck_assert_int_eq(limits_left_ms(&l, -1, output_ns, at(1400), &stop), stops[_i].expected_ms);
}
END_TEST

static const struct {
	uint64_t timeout_ms;
	bool patient;
	uint64_t deadline_ms; /* 0: none */
} drains[] = {
	{0, true, 0},
	{2500, true, 2500},
	{0, false, 1700},
	{2500, false, 1700},
};

START_TEST(the_last_output_has_a_second_or_until_the_limit)
{
	struct limits l;
	uint64_t deadline_ms = drains[_i].deadline_ms;

	make(&l, drains[_i].timeout_ms, 0);
	limits_begin_drain(&l, at(700));
	ck_assert_uint_eq(limits_drain_deadline_ns(&l, drains[_i].patient),
			  deadline_ms ? at(deadline_ms) : 0);
	limits_was_stopped(&l, 400 * NS_PER_MS, 0, at(1400));
	ck_assert_uint_eq(limits_drain_deadline_ns(&l, drains[_i].patient),
			  deadline_ms ? at(deadline_ms + 400) : 0);
}
END_TEST

/* Nanoseconds to the deadline, and milliseconds to something else. */
static const struct {
	int left_ms;
	int64_t ahead_ns;
	int expected_ms;
} sooner[] = {
	{-1, 0, 0},
	{-1, -1, 0},
	{5, -5000000, 0},
	{-1, 1, 1},
	{-1, 999999, 1},
	{-1, 1000000, 2},
	{0, 5000000, 0},
	{5, 5000000, 5},
	{6, 5000000, 6},
	{7, 5000000, 6},
	{-1, INT64_MAX / 2, INT_MAX},
	{1000, INT64_MAX / 2, 1000},
	{-1, (int64_t)INT_MAX * 1000000 - 1000000, INT_MAX},
	{-1, (int64_t)INT_MAX * 1000000 - 2000000, INT_MAX - 1},
	{-1, (int64_t)INT_MAX * 1000000, INT_MAX},
};

START_TEST(the_sooner_of_two_waits)
{
	uint64_t now_ns = at(0);

	ck_assert_int_eq(limits_sooner_ms(sooner[_i].left_ms,
					  now_ns + (uint64_t)sooner[_i].ahead_ns, now_ns),
			 sooner[_i].expected_ms);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("limits");
	TCase *t = tcase_create("limits");

	tcase_add_loop_test(t, a_limit_that_is_over_ends_the_run, 0, COUNT(waits));
	tcase_add_loop_test(t, a_stop_counts_for_none, 0, COUNT(stops));
	tcase_add_loop_test(t, the_last_output_has_a_second_or_until_the_limit, 0, COUNT(drains));
	tcase_add_loop_test(t, the_sooner_of_two_waits, 0, COUNT(sooner));
	suite_add_tcase(s, t);
	return run_suite(s);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* The wait for the last output: how long it is, and what a user must know first. */
#include "looping.h"
#include "suite.h"
#include "vmm/base/clock.h"
#include "vmm/run/drain.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#define LATE                                                                                       \
	"--timeout: the guest had ended, but what it printed was not written and matched within "  \
	"0.150 s"

enum { MORE_THAN_A_PIPE = 100000 };

static struct looping *l;

static void put(const char *text)
{
	struct chardev peer = console_chardev(&l->console);

	for (; *text; text++)
		peer.write(peer.opaque, (uint8_t)*text);
}

/* Nobody reads all that. */
static void print_much(void)
{
	for (int i = 0; i < MORE_THAN_A_PIPE; i++)
		put("x");
}

static void print_much_and_send_term(void)
{
	print_much();
	kill(getpid(), SIGTERM);
}

static void print_and_lose_reader(void)
{
	stdfd_close_other(&l->out);
	put("hello\n");
}

static void print_oops(void)
{
	put("Oops\n");
}

static void print_little(void)
{
	put("hello\n");
}

static void print_after_a_signal(void)
{
	put("hello\n");
	l->loop.ended_by = SIGTERM;
}

enum { SOON, AFTER_A_SECOND };

static const struct {
	void (*happens)(void);
	enum stop_kind kind; /* how the guest ended, */
	uint64_t value;
	uint64_t timeout_ms;
	bool done;
	enum stop_kind then; /* and the run */
	const char *text;
	int takes;
} ends[] = {
	{print_little, STOP_POWER_OFF, 0, 0, true, STOP_POWER_OFF, "reason", SOON},
	{print_little, STOP_USER, 0, 0, true, STOP_USER, "reason", SOON},
	{print_little, STOP_TIMEOUT, 0, 0, true, STOP_TIMEOUT, "reason", SOON},
	{print_after_a_signal, STOP_SIGNAL, SIGTERM, 0, true, STOP_SIGNAL, "reason", SOON},
	{print_oops, STOP_POWER_OFF, 0, 0, true, STOP_FAILED, "--fail-on 'Oops' was seen: Oops",
	 SOON},
	{print_oops, STOP_CRASH, 0, 0, true, STOP_CRASH, "reason", SOON},
	/* A reader that is lost is news where all was well. */
	{print_and_lose_reader, STOP_POWER_OFF, 0, 0, true, STOP_READER,
	 "stdout was closed by its reader", SOON},
	{print_and_lose_reader, STOP_PANIC, 0, 0, true, STOP_PANIC, "reason", SOON},
	/* A guest that ended by itself has until --timeout, */
	{print_much, STOP_POWER_OFF, 0, 150, false, STOP_TIMEOUT, LATE, SOON},
	{print_much, STOP_CRASH, 0, 150, false, STOP_CRASH, "reason", SOON},
	/* or until a signal, which is the user's then. */
	{print_much_and_send_term, STOP_POWER_OFF, 0, 0, false, STOP_SIGNAL,
	 "ended by signal 15 (Terminated)", SOON},
	{print_much_and_send_term, STOP_CRASH, 0, 0, false, STOP_SIGNAL,
	 "ended by signal 15 (Terminated)", SOON},
	{print_much_and_send_term, STOP_TIMEOUT, 0, 0, false, STOP_SIGNAL,
	 "ended by signal 15 (Terminated)", SOON},
	/* Who wants to leave does not wait. */
	{print_much, STOP_USER, 0, 60000, false, STOP_USER, "reason", AFTER_A_SECOND},
};

static void make(int i)
{
	l = looping_new();
	l->cfg.timeout_ns = ends[i].timeout_ms * NS_PER_MS;
	l->console_cfg.fail_on = (struct strings){.at = {"Oops"}, .n = 1};
	looping_start(l);
}

/* Patterns are looked for as long as it takes, or for a fifth of a second. */
static void expect_haste(enum stop_kind kind)
{
	bool hurried = kind == STOP_USER || kind == STOP_SIGNAL || kind == STOP_TIMEOUT;
	uint64_t late_ns = hurried ? l->loop.limits.drain_ns + 200 * NS_PER_MS : 0;

	ck_assert_uint_eq(l->console.watch.late_ns, late_ns);
}

START_TEST(the_last_output_is_waited_for)
{
	make(_i);
	ends[_i].happens();
	stop_set(&l->stop, ends[_i].kind, ends[_i].value, -1, "reason");
	uint64_t began_ns = clock_now_ns();
	ck_assert_int_eq(drain(&l->loop), ends[_i].done);
	uint64_t took_ns = clock_now_ns() - began_ns;
	ck_assert_int_eq(l->stop.kind, ends[_i].then);
	ck_assert_str_eq(l->stop.text, ends[_i].text);
	ck_assert_uint_eq(notes.restored, 1);
	ck_assert(l->loop.draining);
	expect_haste(ends[_i].kind);
	if (ends[_i].takes == AFTER_A_SECOND)
		ck_assert_uint_ge(took_ns, NS_PER_S);
	ck_assert_uint_lt(notes.waits, 60); /* it waits, and does not spin */
	looping_end(l);
}
END_TEST

START_TEST(nobody_asks_why_a_run_failed)
{
	make(0);
	put("hello\n");
	drain_hurriedly(&l->loop);
	ck_assert(output_done(&l->console.out));
	expect_haste(STOP_USER);
	ck_assert_int_eq(l->stop.kind, STOP_NONE);
	ck_assert_uint_eq(notes.restored, 1);
	looping_end(l);
}
END_TEST

/* A search that does not end is given up earlier than a reader. A slow machine only waits less. */
START_TEST(a_search_that_is_stuck_is_given_up)
{
	l = looping_new();
	looping_start(l);
	l->console.watch.matching = true; /* without patterns nobody changes that */
	print_much();
	stop_set(&l->stop, STOP_USER, 0, -1, "reason");
	uint64_t began_ns = clock_now_ns();
	ck_assert(!drain(&l->loop));
	ck_assert_uint_ge(clock_now_ns() - began_ns, 400 * NS_PER_MS);
	ck_assert_uint_le(notes.waits, 12);
	ck_assert_uint_gt(notes.most_ns, 0);
	ck_assert_uint_le(notes.most_ns, 51 * NS_PER_MS); /* it looks again and again */
	looping_end(l);
}
END_TEST

/* But a guest that ended by itself has until --timeout, for a search as for a reader. */
START_TEST(a_search_of_a_patient_end_is_waited_for)
{
	uint64_t began_ns = clock_now_ns();

	l = looping_new();
	l->cfg.timeout_ns = 600 * NS_PER_MS;
	looping_start(l);
	l->console.watch.matching = true;
	print_much();
	stop_set(&l->stop, STOP_POWER_OFF, 0, -1, "reason");
	ck_assert(!drain(&l->loop));
	ck_assert_uint_ge(clock_now_ns() - began_ns, 600 * NS_PER_MS);
	looping_end(l);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("drain");
	TCase *t = tcase_create("drain");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, the_last_output_is_waited_for, 0, COUNT(ends));
	tcase_add_test(t, nobody_asks_why_a_run_failed);
	tcase_add_test(t, a_search_that_is_stuck_is_given_up);
	tcase_add_test(t, a_search_of_a_patient_end_is_waited_for);
	suite_add_tcase(s, t);
	return run_suite(s);
}

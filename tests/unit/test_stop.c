/* SPDX-License-Identifier: BSD-3-Clause */
/* Why a run ended, and the exit status that says so. */
#include "suite.h"
#include "vmm/machine/stop.h"

#include <check.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define PANIC_TEXT "the guest's kernel panicked"

static struct stop stop;
static int wake_fd;

static void setup(void)
{
	wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ck_assert_int_ge(wake_fd, 0);
	memset(&stop, 0xa5, sizeof(stop));
	stop_init(&stop, wake_fd);
}

static void teardown(void)
{
	stop_fini(&stop);
	close(wake_fd);
}

/* True once after each wake-up. */
static bool woken(void)
{
	uint64_t count;
	return read(wake_fd, &count, sizeof(count)) == sizeof(count);
}

static const struct {
	enum stop_kind kind;
	uint64_t value;
	int status;
	enum stop_kind panicked_kind; /* what stop_settle() makes of it after a panic */
	int panicked_status;
} ends[] = {
	{STOP_POWER_OFF, 0, 0, STOP_PANIC, 101},
	{STOP_RESET, 0, 0, STOP_PANIC, 101},
	{STOP_EXIT, 0, 0, STOP_PANIC, 101},
	{STOP_EXIT, 1, 1, STOP_EXIT, 1},
	{STOP_EXIT, 98, 98, STOP_EXIT, 98},
	{STOP_EXIT, 99, 99, STOP_EXIT, 99},
	{STOP_EXIT, 100, 99, STOP_EXIT, 99},
	{STOP_EXIT, 256, 99, STOP_EXIT, 99},
	{STOP_EXIT, 0x100000000, 99, STOP_EXIT, 99},
	{STOP_EXIT, UINT64_MAX, 99, STOP_EXIT, 99},
	{STOP_PANIC, 0, 101, STOP_PANIC, 101},
	{STOP_CRASH, 0, 102, STOP_PANIC, 101},
	{STOP_TIMEOUT, 0, 124, STOP_PANIC, 101},
	{STOP_HALT, 0, 0, STOP_PANIC, 101},
	{STOP_SILENT, 0, 105, STOP_SILENT, 105},
	{STOP_HOST, 0, 125, STOP_HOST, 125},
	{STOP_SIGNAL, SIGINT, 130, STOP_SIGNAL, 130},
	{STOP_SIGNAL, SIGTERM, 143, STOP_SIGNAL, 143},
	{STOP_SIGNAL, SIGHUP, 129, STOP_SIGNAL, 129},
	{STOP_USER, 0, 0, STOP_USER, 0},
	{STOP_READER, 0, 128 + SIGPIPE, STOP_READER, 128 + SIGPIPE},
};

START_TEST(status)
{
	ck_assert(!stop_wanted(&stop));
	stop_set(&stop, ends[_i].kind, ends[_i].value, 3, "line %d of %s", 1, "text");
	ck_assert(stop_wanted(&stop));
	ck_assert(woken());
	stop_settle(&stop);
	ck_assert_int_eq(stop.kind, ends[_i].kind);
	ck_assert_uint_eq(stop.value, ends[_i].value);
	ck_assert_int_eq(stop.vcpu, 3);
	ck_assert_str_eq(stop.text, "line 1 of text");
	ck_assert_int_eq(stop_status(&stop), ends[_i].status);
}
END_TEST

START_TEST(status_after_a_panic)
{
	stop_note_panic(&stop);
	ck_assert(!stop_wanted(&stop)); /* the guest may go on */
	stop_set(&stop, ends[_i].kind, ends[_i].value, 3, "text");
	stop_settle(&stop);
	ck_assert_int_eq(stop.kind, ends[_i].panicked_kind);
	ck_assert_int_eq(stop_status(&stop), ends[_i].panicked_status);
	ck_assert_int_eq(stop.vcpu, 3); /* whose exits tell of the crash, all the same */
	bool changed = ends[_i].panicked_kind != ends[_i].kind;
	ck_assert_str_eq(stop.text, changed ? PANIC_TEXT : "text");
}
END_TEST

START_TEST(at_first)
{
	ck_assert(!stop_wanted(&stop));
	ck_assert_int_eq(stop.kind, STOP_NONE);
	ck_assert_int_eq(stop.vcpu, -1);
	ck_assert_str_eq(stop.text, "");
	ck_assert(!stop.panicked);
	ck_assert(!woken());
	ck_assert_int_eq(stop_status(&stop), 0);
}
END_TEST

START_TEST(first_wins)
{
	stop_set(&stop, STOP_EXIT, 5, -1, "%s", "");
	stop_set(&stop, STOP_CRASH, 0, 1, "crash");
	stop_set(&stop, STOP_HOST, 9, 2, "host");
	stop_settle(&stop);
	ck_assert_int_eq(stop.kind, STOP_EXIT);
	ck_assert_uint_eq(stop.value, 5);
	ck_assert_int_eq(stop.vcpu, -1);
	ck_assert_str_eq(stop.text, "");
	ck_assert_int_eq(stop_status(&stop), 5);
}
END_TEST

START_TEST(becomes_another)
{
	stop_set(&stop, STOP_RESET, 3, 2, "first");
	ck_assert(stop_is_good(&stop));
	stop_become(&stop, STOP_SILENT, "second %d", 2);
	ck_assert_int_eq(stop.kind, STOP_SILENT);
	ck_assert_int_eq(stop.vcpu, -1);
	ck_assert_str_eq(stop.text, "second 2");
	ck_assert_int_eq(stop_status(&stop), STATUS_SILENT);
	ck_assert(!stop_is_good(&stop));
}
END_TEST

START_TEST(panic_noted_late)
{
	stop_set(&stop, STOP_RESET, 0, -1, "%s", ""); /* panic=-1: the reset may be faster */
	stop_note_panic(&stop);
	stop_settle(&stop);
	ck_assert_int_eq(stop_status(&stop), STATUS_PANIC);
	ck_assert_str_eq(stop.text, PANIC_TEXT);
}
END_TEST

START_TEST(pvpanics_own_line_stays)
{
	stop_note_panic(&stop);
	stop_set(&stop, STOP_PANIC, 0, -1, "it said so");
	stop_settle(&stop);
	ck_assert_str_eq(stop.text, "it said so");
}
END_TEST

START_TEST(long_text_is_cut)
{
	char many[2 * STOP_TEXT_BYTES];
	memset(many, 'x', sizeof(many) - 1);
	many[sizeof(many) - 1] = '\0';
	stop_set(&stop, STOP_HOST, 0, -1, "%s", many);
	ck_assert_uint_eq(strlen(stop.text), STOP_TEXT_BYTES - 1);
}
END_TEST

START_TEST(wakes)
{
	stop_wake(&stop);
	stop_wake(&stop);
	ck_assert(woken());
	ck_assert(!woken());
	ck_assert(!stop_wanted(&stop));
	stop_set(&stop, STOP_USER, 0, -1, "%s", "");
	ck_assert(woken());
	stop_set(&stop, STOP_USER, 0, -1, "%s", ""); /* one who is late may wake, too */
	ck_assert(woken());
}
END_TEST

enum { THREADS = 8 };

static void *contend(void *arg)
{
	int id = *(int *)arg;
	stop_set(&stop, STOP_EXIT, (uint64_t)id, id, "%d", id);
	return NULL;
}

/* Whoever is first: its kind, value, vCPU and text belong together. */
START_TEST(many_at_once)
{
	pthread_t thread[THREADS];
	int id[THREADS];
	char text[8];

	for (int i = 0; i < THREADS; i++) {
		id[i] = i + 1;
		ck_assert_int_eq(pthread_create(&thread[i], NULL, contend, &id[i]), 0);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	ck_assert_int_eq(stop.kind, STOP_EXIT);
	ck_assert_int_eq(stop.vcpu, (int)stop.value);
	snprintf(text, sizeof(text), "%d", stop.vcpu);
	ck_assert_str_eq(stop.text, text);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("stop");
	TCase *tc = tcase_create("stop");
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, status, 0, COUNT(ends));
	tcase_add_loop_test(tc, status_after_a_panic, 0, COUNT(ends));
	tcase_add_test(tc, at_first);
	tcase_add_test(tc, first_wins);
	tcase_add_test(tc, becomes_another);
	tcase_add_test(tc, panic_noted_late);
	tcase_add_test(tc, pvpanics_own_line_stays);
	tcase_add_test(tc, long_text_is_cut);
	tcase_add_test(tc, wakes);
	tcase_add_test(tc, many_at_once);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* The signals that end a run: each case is a process of its own, which ends as they have it. */
#include "suite.h"
#include "vmm/base/clock.h"
#include "vmm/run/signals.h"
#include "vmm/sandbox/guard.h"

#include <check.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a child says by its status. */
enum { GOOD = 0, BAD = 1, TIMED_OUT = 2, BY_SIGNAL = 100 };

/* In place of guard.c's. */

void guard_end(const char *ending, int status, const char *why)
{
	bool right = strcmp(ending, "timeout") == 0 && status == 124 &&
		     strcmp(why, "--timeout: the guest was still being loaded") == 0;
	_exit(right ? TIMED_OUT : BAD);
}

void guard_end_by_signal(int sig)
{
	_exit(BY_SIGNAL + sig);
}

static int fd;

static void open_them(void)
{
	struct err e;

	fd = signals_open(&e);
	if (fd < 0)
		_exit(BAD);
}

/* The signal in the descriptor, or 0. */
static int next(void)
{
	struct signalfd_siginfo info;

	return read(fd, &info, sizeof(info)) == sizeof(info) ? (int)info.ssi_signo : 0;
}

static void raise_now(int sig)
{
	kill(getpid(), sig);
}

/* Sleeps that long, whatever comes. */
static void pass(unsigned ms)
{
	uint64_t end_ns = clock_now_ns() + ms * NS_PER_MS, now_ns;

	while ((now_ns = clock_now_ns()) < end_ns)
		(void)poll(NULL, 0, (int)((end_ns - now_ns) / NS_PER_MS) + 1);
}

static int run(int (*body)(int), int arg)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		sigset_t none;
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		_exit(body(arg));
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(WIFEXITED(status), "ended by signal %d", WTERMSIG(status));
	return WEXITSTATUS(status);
}

static const int ending[] = {SIGINT,  SIGTERM, SIGHUP,    SIGQUIT, SIGUSR2, SIGALRM,
			     SIGXCPU, SIGPROF, SIGVTALRM, SIGIO,   SIGPWR,  SIGSTKFLT};
static const int others[] = {SIGTSTP, SIGCONT};

/* It comes by the descriptor, and nothing else happens. */
static int take(int sig)
{
	open_them();
	if (next())
		return BAD;
	raise_now(sig);
	return next() == sig ? GOOD : BAD;
}

START_TEST(a_signal_comes_by_the_descriptor)
{
	ck_assert_int_eq(run(take, ending[_i]), GOOD);
}
END_TEST

START_TEST(so_do_those_that_stop_and_real_time_ones)
{
	for (int i = 0; i < COUNT(others); i++)
		ck_assert_int_eq(run(take, others[i]), GOOD);
	ck_assert_int_eq(run(take, SIGRTMIN), GOOD);
	ck_assert_int_eq(run(take, SIGRTMAX), GOOD);
}
END_TEST

/* nohup: it stays ignored. */
static int ignore(int sig)
{
	signal(sig, SIG_IGN);
	open_them();
	raise_now(sig);
	signals_while_loading(0);
	raise_now(sig);
	return next() || signals_loaded() ? BAD : GOOD;
}

START_TEST(what_is_ignored_stays_ignored)
{
	ck_assert_int_eq(run(ignore, SIGHUP), GOOD);
	ck_assert_int_eq(run(ignore, SIGINT), GOOD);
	ck_assert_int_eq(run(ignore, SIGTSTP), GOOD);
}
END_TEST

/* A terminal that is restored from the background does not stop the process. */
static int restore(int sig)
{
	sigset_t blocked;

	open_them();
	sigprocmask(SIG_SETMASK, NULL, &blocked);
	return sigismember(&blocked, sig) ? GOOD : BAD;
}

START_TEST(sigttou_is_blocked)
{
	ck_assert_int_eq(run(restore, SIGTTOU), GOOD);
}
END_TEST

static int need_descriptor(int sig)
{
	const struct rlimit none = {0, 0};
	struct err e;

	(void)sig;
	setrlimit(RLIMIT_NOFILE, &none);
	return signals_open(&e) == -1 && strcmp(e.text, "signalfd: Too many open files") == 0 ? GOOD
											      : BAD;
}

START_TEST(a_descriptor_is_needed)
{
	ck_assert_int_eq(run(need_descriptor, 0), GOOD);
}
END_TEST

/* Loading. */

/* Remembered; the first counts; what comes afterwards is the descriptor's. */
static int load_soon(int sig)
{
	open_them();
	signals_while_loading(0);
	raise_now(sig);
	raise_now(SIGUSR2);
	int first = signals_loaded();
	if (first != sig || next())
		return BAD;
	raise_now(SIGTERM);
	return next() == SIGTERM && signals_loaded() == sig ? GOOD : BAD;
}

START_TEST(a_signal_while_loading_is_remembered)
{
	if (ending[_i] != SIGUSR2)
		ck_assert_int_eq(run(load_soon, ending[_i]), GOOD);
}
END_TEST

static int load_quietly(int sig)
{
	(void)sig;
	open_them();
	signals_while_loading(0);
	pass(50);
	return signals_loaded() ? BAD : GOOD;
}

START_TEST(without_a_signal_there_is_none)
{
	ck_assert_int_eq(run(load_quietly, 0), GOOD);
}
END_TEST

/* It takes too long after a signal. A second one does not make it later. */
static int load_for_ever(int sig)
{
	open_them();
	signals_while_loading(0);
	raise_now(sig);
	pass(SIGNALS_GRACE_MS / 2);
	raise_now(SIGUSR2);
	pass(60000);
	return BAD;
}

START_TEST(who_loads_for_ever_ends_after_a_signal)
{
	uint64_t began_ns = clock_now_ns();

	ck_assert_int_eq(run(load_for_ever, SIGTERM), BY_SIGNAL + SIGTERM);
	ck_assert_uint_ge(clock_now_ns() - began_ns, SIGNALS_GRACE_MS * NS_PER_MS);
}
END_TEST

static int load_beyond(int limit_ms)
{
	open_them();
	signals_while_loading((unsigned)limit_ms * NS_PER_MS);
	pass(60000);
	return BAD;
}

/* The loop does better what a limit is for: it has a little longer. */
START_TEST(loading_has_a_limit)
{
	uint64_t began_ns = clock_now_ns();

	ck_assert_int_eq(run(load_beyond, 1), TIMED_OUT);
	ck_assert_uint_ge(clock_now_ns() - began_ns, (SIGNALS_GRACE_MS + 1ull) * NS_PER_MS);
}
END_TEST

/* No limit, and limits that no clock reaches. */
static const uint64_t never[] = {0, INT64_MAX / 2, UINT64_MAX, 3600 * NS_PER_S};

static int load_within(int i)
{
	open_them();
	signals_while_loading(never[i]);
	pass(SIGNALS_GRACE_MS + 50);
	return signals_loaded() ? BAD : GOOD;
}

START_TEST(a_limit_that_is_far_is_not_reached)
{
	ck_assert_int_eq(run(load_within, _i), GOOD);
}
END_TEST

/* Its timer goes with the loading. */
static int load_within_limit(int limit_ms)
{
	open_them();
	signals_while_loading((unsigned)limit_ms * NS_PER_MS);
	if (signals_loaded())
		return BAD;
	pass(SIGNALS_GRACE_MS + 50);
	return next() ? BAD : GOOD;
}

START_TEST(a_limit_of_loading_is_none_of_the_run)
{
	ck_assert_int_eq(run(load_within_limit, 1), GOOD);
}
END_TEST

/* The signal of the timer from somebody else is one like any other. */
static int load_with_sigrtmax(int sig)
{
	open_them();
	signals_while_loading(0);
	raise_now(sig);
	return signals_loaded() == sig ? GOOD : BAD;
}

START_TEST(sigrtmax_from_outside_is_a_signal)
{
	ck_assert_int_eq(run(load_with_sigrtmax, SIGRTMAX), GOOD);
}
END_TEST

/* After the run. */

static int end_at_once(int sig)
{
	open_them();
	signals_while_loading(0);
	raise_now(SIGUSR2);
	(void)signals_loaded();
	signals_after_run();
	raise_now(sig);
	return BAD;
}

START_TEST(after_a_run_a_signal_ends_it_at_once)
{
	ck_assert_int_eq(run(end_at_once, ending[_i]), BY_SIGNAL + ending[_i]);
}
END_TEST

/* Loading's timer that fired as loading ended is none. */
static int late_timer(int sig)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = sig};
	const struct itimerspec once = {.it_value = {.tv_nsec = 1}};
	timer_t timer;

	open_them();
	signals_after_run();
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) || timer_settime(timer, 0, &once, NULL))
		return BAD;
	pass(50);
	return GOOD;
}

START_TEST(a_late_timer_ends_nothing)
{
	ck_assert_int_eq(run(late_timer, SIGRTMAX), GOOD);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("signals");
	TCase *t = tcase_create("signals");

	tcase_set_timeout(t, 90);
	tcase_add_loop_test(t, a_signal_comes_by_the_descriptor, 0, COUNT(ending));
	tcase_add_test(t, so_do_those_that_stop_and_real_time_ones);
	tcase_add_test(t, what_is_ignored_stays_ignored);
	tcase_add_test(t, sigttou_is_blocked);
	tcase_add_test(t, a_descriptor_is_needed);
	tcase_add_loop_test(t, a_signal_while_loading_is_remembered, 0, COUNT(ending));
	tcase_add_test(t, without_a_signal_there_is_none);
	tcase_add_test(t, who_loads_for_ever_ends_after_a_signal);
	tcase_add_test(t, loading_has_a_limit);
	tcase_add_loop_test(t, a_limit_that_is_far_is_not_reached, 0, COUNT(never));
	tcase_add_test(t, a_limit_of_loading_is_none_of_the_run);
	tcase_add_test(t, sigrtmax_from_outside_is_a_signal);
	tcase_add_loop_test(t, after_a_run_a_signal_ends_it_at_once, 0, COUNT(ending));
	tcase_add_test(t, a_late_timer_ends_nothing);
	suite_add_tcase(s, t);
	return run_suite(s);
}

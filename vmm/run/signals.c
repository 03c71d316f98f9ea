/* SPDX-License-Identifier: BSD-3-Clause */
/* The signals that end or stop a run: see signals.h. */
#include "vmm/run/signals.h"

#include "vmm/base/clock.h"
#include "vmm/base/status.h"
#include "vmm/sandbox/guard.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>

/* Signals that end the process by default, except the faults (guard.c) and the kick. */
static const int ending[] = {SIGINT,  SIGTERM, SIGHUP,    SIGQUIT, SIGUSR2, SIGALRM,
			     SIGXCPU, SIGPROF, SIGVTALRM, SIGIO,   SIGPWR,  SIGSTKFLT};

/* Not SIGALRM, which the parent process may have requested by alarm(). */
#define TIMER_SIGNAL SIGRTMAX

/* The state of the handlers. The first signal counts. */
static volatile sig_atomic_t came, run_is_over;
static bool has_timer;
static timer_t loading_timer;

static bool is_ignored(int sig)
{
	struct sigaction sa;
	return sigaction(sig, NULL, &sa) == 0 && sa.sa_handler == SIG_IGN;
}

/* The signals that end a run. */
static void fill_ending(sigset_t *set)
{
	sigemptyset(set);
	for (int sig = SIGRTMIN; sig <= SIGRTMAX; sig++)
		sigaddset(set, sig);
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
		if (!is_ignored(ending[i]))
			sigaddset(set, ending[i]);
}

int signals_open(struct err *e)
{
	sigset_t wanted, blocked;

	fill_ending(&wanted);
	if (!is_ignored(SIGTSTP))
		sigaddset(&wanted, SIGTSTP);
	sigaddset(&wanted, SIGCONT);
	blocked = wanted;
	sigaddset(&blocked, SIGTTOU); /* restoring the terminal must never stop us */
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	int fd = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return err_set(e, "signalfd: %s", strerror(errno));
	return fd;
}

/* Sets the timer; 0 disarms it. Does nothing without a timer. */
static void set_timer(uint64_t ns)
{
	const struct itimerspec once = {
		.it_value = {(time_t)(ns / NS_PER_S), (long)(ns % NS_PER_S)}};

	if (has_timer)
		timer_settime(loading_timer, 0, &once, NULL);
}

static void on_signal(int sig, siginfo_t *info, void *context)
{
	int saved = errno;
	bool is_timer = sig == TIMER_SIGNAL && info->si_code == SI_TIMER;

	(void)context;
	if (is_timer && run_is_over)
		return; /* it expired just as loading ended */
	if (is_timer && !came)
		guard_end("timeout", STATUS_TIMEOUT, "--timeout: the guest was still being loaded");
	if (!came) {
		came = sig;
		set_timer(SIGNALS_GRACE_MS * NS_PER_MS);
	}
	if (is_timer || run_is_over || !has_timer)
		guard_end_by_signal(came);
	errno = saved;
}

/* Installs and unblocks the handlers. Real-time signals, except the timer's, stay blocked. */
static void handle(void)
{
	struct sigaction sa = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART};
	sigset_t handled;

	fill_ending(&sa.sa_mask);
	sigemptyset(&handled);
	sigaddset(&handled, TIMER_SIGNAL);
	sigaction(TIMER_SIGNAL, &sa, NULL);
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
		if (sigismember(&sa.sa_mask, ending[i])) {
			sigaction(ending[i], &sa, NULL);
			sigaddset(&handled, ending[i]);
		}
	sigprocmask(SIG_UNBLOCK, &handled, NULL);
}

void signals_while_loading(uint64_t limit_ns)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = TIMER_SIGNAL};

	has_timer = timer_create(CLOCK_MONOTONIC, &event, &loading_timer) == 0;
	handle();
	/*
	 * The grace is for a limit that expires just as loading ends: the loop reports that better.
	 */
	if (limit_ns && limit_ns < INT64_MAX / 2)
		set_timer(limit_ns + SIGNALS_GRACE_MS * NS_PER_MS);
}

int signals_loaded(void)
{
	sigset_t set;

	fill_ending(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (has_timer)
		timer_delete(loading_timer);
	has_timer = false;
	return came;
}

void signals_after_run(void)
{
	came = 0;
	run_is_over = 1;
	handle();
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* The wait for the last output: see drain.h. */
#include "vmm/run/drain.h"

#include "vmm/base/clock.h"
#include "vmm/base/wake.h"
#include "vmm/console/tty.h"
#include "vmm/run/verdict.h"

/* How long the rest of the output is matched when the run must end soon. */
#define MATCH_GRACE_NS (200 * NS_PER_MS)

/* True when a single match takes longer than all of them together may take. */
static bool is_stuck(const struct loop *l, uint64_t now_ns)
{
	return now_ns >= l->limits.drain_ns + 2 * MATCH_GRACE_NS &&
	       watch_is_matching(&l->console->watch);
}

/* Milliseconds that the console's thread still has; -1: as long as it needs; 0: none. */
static int time_left_ms(const struct loop *l, bool patient)
{
	uint64_t now_ns = clock_now_ns(),
		 deadline_ns = limits_drain_deadline_ns(&l->limits, patient);
	int left_ms = deadline_ns ? limits_sooner_ms(-1, deadline_ns, now_ns) : -1;

	if (patient || left_ms == 0)
		return left_ms;
	if (is_stuck(l, now_ns))
		return 0;
	return limits_sooner_ms(left_ms, now_ns + MATCH_GRACE_NS / 4,
				now_ns); /* then is_stuck() is asked again */
}

/* False: the guest's output was not written and matched in time. */
static bool wait_for_output(struct loop *l, bool patient)
{
	while (!output_done(&l->console->out) && !l->ended_by) {
		struct pollfd fds[] = {
			{.fd = l->stop->wake_fd, .events = POLLIN},
			{.fd = l->signal_fd, .events = POLLIN},
		};
		int left_ms = time_left_ms(l, patient);
		if (left_ms == 0)
			return false;
		if (loop_wait(l, fds, 2, left_ms) < 0)
			continue; /* EINTR */
		if (fds[0].revents)
			wake_clear(l->stop->wake_fd);
		if (fds[1].revents)
			loop_take_signal(l);
	}
	return true;
}

/* Closes the console's output and waits for it. False: it was not written and matched in time. */
static bool end_console(struct loop *l, bool patient)
{
	tty_restore(); /* from here on, Ctrl-c ends minivmm again */
	l->draining = true;
	l->ended_by = 0; /* this signal has ended the run; the next one ends the wait */
	limits_begin_drain(&l->limits, clock_now_ns());
	output_close(&l->console->out);
	if (!patient)
		watch_hurry(&l->console->watch, l->limits.drain_ns + MATCH_GRACE_NS);
	return wait_for_output(l, patient);
}

/* False: a limit, a signal or the user ended the run, and does not wait for the output. */
static bool may_take_long(const struct stop *stop)
{
	return stop->kind != STOP_SIGNAL && stop->kind != STOP_USER && stop->kind != STOP_TIMEOUT;
}

/* The guest ended in time and well, but its output was not read or matched before the limit. */
static void set_late(const struct loop *l)
{
	stop_become(
		l->stop, STOP_TIMEOUT,
		"--timeout: the guest had ended, but what it printed was not written and matched "
		"within %.3f s",
		(double)l->limits.timeout_ns / 1e9);
}

bool drain(struct loop *l)
{
	struct console *c = l->console;
	bool patient = may_take_long(l->stop), in_time = end_console(l, patient);
	bool done = output_done(&c->out);

	console_stop(c);
	if (patient && !in_time && stop_is_good(l->stop))
		set_late(l);
	if (l->ended_by || (stop_is_good(l->stop) && (c->out.error || c->failed)))
		stop_forget(l->stop);
	loop_check_user(l);
	verdict_while_running(l->stop, c, l->cfg);
	return done;
}

void drain_hurriedly(struct loop *l)
{
	end_console(l, false);
	console_stop(l->console);
}

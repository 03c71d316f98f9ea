/* SPDX-License-Identifier: BSD-3-Clause */
/* A loop without a VM: see looping.h. */
#include "looping.h"

#include "vmm/base/clock.h"
#include "vmm/console/tty.h"
#include "vmm/sandbox/guard.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>

struct answers answers;
struct notes notes;

/* The heartbeat. */

void heartbeat_init(struct heartbeat *h)
{
	(void)h;
}

void heartbeat_fini(struct heartbeat *h)
{
	(void)h;
}

void heartbeat_start(struct heartbeat *h)
{
	(void)h;
	notes.starts++;
}

bool heartbeat_is_due(const struct heartbeat *h)
{
	(void)h;
	return answers.beat_is_due;
}

bool heartbeat_beat(struct heartbeat *h)
{
	(void)h;
	return answers.still;
}

uint64_t heartbeat_stopped_ns(const struct heartbeat *h, uint64_t began_ns, uint64_t most_ns)
{
	uint64_t stopped_ns = answers.stopped_ns;

	(void)h;
	ck_assert_uint_le(began_ns, clock_now_ns());
	notes.waits++;
	notes.most_ns = most_ns;
	answers.stopped_ns = 0;
	return stopped_ns;
}

void halt_watch_beat(struct halt_watch *w, struct vm *vm, bool still)
{
	(void)vm;
	w->asked++;
	notes.beats++;
	notes.still_beats += still;
}

/* The machine. */

void vm_was_stopped(struct vm *vm)
{
	(void)vm;
	notes.told_of_stop++;
}

void devices_console_changed(struct devices *d)
{
	(void)d;
	notes.console_changed++;
}

int devices_alarm_ms(struct devices *d)
{
	(void)d;
	return answers.alarm_ms;
}

/* The terminal. */

void tty_raw(int fd)
{
	ck_assert_int_eq(fd, STDIN_FILENO);
	notes.raw++;
}

void tty_restore(void)
{
	notes.restored++;
}

bool tty_may_read(int fd)
{
	ck_assert_int_eq(fd, STDIN_FILENO);
	return answers.tty_is_ours;
}

/* The end of the process, which is only for signals while a guest is loaded. */

void guard_end(const char *ending, int status, const char *why)
{
	(void)status;
	ck_abort_msg("%s: %s", ending, why);
	abort();
}

void guard_end_by_signal(int sig)
{
	ck_abort_msg("signal %d", sig);
	abort();
}

struct looping *looping_new(void)
{
	struct looping *l = calloc(1, sizeof(*l));

	ck_assert_ptr_nonnull(l);
	answers = (struct answers){.alarm_ms = -1, .tty_is_ours = true};
	notes = (struct notes){0};
	return l;
}

void looping_start(struct looping *l)
{
	struct err e;

	thread_setup();
	signal(SIGPIPE, SIG_IGN);
	stdfd_pipe(&l->in, STDIN_FILENO);
	stdfd_pipe(&l->out, STDOUT_FILENO);
	stdfd_pipe(&l->err, STDERR_FILENO);
	stop_init(&l->stop, eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
	ck_assert_msg(loop_init(&l->loop, &l->cfg, &l->console, &l->stop, &e) == 0, "%s", e.text);
	ck_assert_msg(
		console_init(&l->console, &l->console_cfg, &l->timeline, l->stop.wake_fd, &e) == 0,
		"%s", e.text);
}

/* A signal that nobody took is none of the next test's. */
static void drop_signals(void)
{
	static const struct timespec none = {0};
	sigset_t all;

	sigfillset(&all);
	while (sigtimedwait(&all, NULL, &none) > 0)
		;
}

void looping_end(struct looping *l)
{
	struct console *c = &l->console;

	if (!l->loop.draining)
		console_stop(c);
	/* A busy machine may not let the thread end as soon as a user would want it to. */
	for (int i = 0; i < 100 && c->lost; i++)
		c->lost = !output_stop(&c->out);
	stdfd_restore(&l->in);
	stdfd_restore(&l->out);
	stdfd_restore(&l->err);
	drop_signals();
	loop_fini(&l->loop);
	ck_assert(!c->lost);
	console_fini(c);
	close(l->stop.wake_fd);
	stop_fini(&l->stop);
	free(l);
}

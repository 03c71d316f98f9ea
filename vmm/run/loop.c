/* SPDX-License-Identifier: BSD-3-Clause */
/* The event loop: see loop.h. */
#include "vmm/run/loop.h"

#include "vmm/base/clock.h"
#include "vmm/base/message.h"
#include "vmm/base/wake.h"
#include "vmm/console/tty.h"
#include "vmm/run/guest_end.h"
#include "vmm/run/signals.h"
#include "vmm/run/verdict.h"

#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

static const char escape_help[] =
	"\r\nminivmm: Ctrl-a x ends the run, Ctrl-a h shows this, Ctrl-a b sends a break, "
	"Ctrl-a Ctrl-a sends a Ctrl-a\r\n";

int loop_init(struct loop *l, const struct run_config *cfg, struct console *console,
	      struct stop *stop, struct err *e)
{
	*l = (struct loop){.cfg = cfg, .console = console, .stop = stop};
	limits_init(&l->limits, cfg, clock_now_ns());
	l->signal_fd = signals_open(e);
	if (l->signal_fd < 0)
		return -1;
	keyboard_open(&l->keyboard);
	heartbeat_init(&l->heartbeat);
	return 0;
}

void loop_fini(struct loop *l)
{
	close(l->signal_fd);
	heartbeat_fini(&l->heartbeat);
	keyboard_close(&l->keyboard);
}

/* The time of the guest's last output. */
static uint64_t output_ns(const struct loop *l)
{
	return __atomic_load_n(&l->console->out.last_ns, __ATOMIC_RELAXED);
}

/* After a wait from @began_ns of at most @most_ns: a stop in it does not count for the limits. */
static void note_stop(struct loop *l, uint64_t began_ns, uint64_t most_ns)
{
	uint64_t stopped_ns = heartbeat_stopped_ns(&l->heartbeat, began_ns, most_ns);

	if (!stopped_ns)
		return;
	limits_was_stopped(&l->limits, stopped_ns, output_ns(l), clock_now_ns());
	l->stopped_ns += stopped_ns;
}

int loop_wait(struct loop *l, struct pollfd *fds, nfds_t n, int most_ms)
{
	uint64_t began_ns = clock_now_ns();
	unsigned ms = most_ms < 0 || most_ms > HEARTBEAT_MS ? HEARTBEAT_MS : (unsigned)most_ms;

	int ready = poll(fds, n, (int)ms);
	note_stop(l, began_ns, ms * NS_PER_MS);
	return ready;
}

/* SIGTSTP from another process (a Ctrl-z in raw mode goes to the guest): stops like any program. */
static void suspend(struct loop *l)
{
	uint64_t began_ns = clock_now_ns();

	tty_restore();
	kill(getpid(), SIGSTOP);
	note_stop(l, began_ns, 0);
}

void loop_take_signal(struct loop *l)
{
	struct signalfd_siginfo info;

	if (read(l->signal_fd, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_code == SI_TIMER)
		return; /* the timer of signals.h, which expired just as loading ended */
	switch (info.ssi_signo) {
	case SIGTSTP:
		suspend(l);
		break;
	case SIGCONT: /* perhaps in the foreground now */
		if (l->keyboard.is_open && !l->draining)
			tty_raw(STDIN_FILENO);
		break;
	default:
		l->ended_by = (int)info.ssi_signo;
		break;
	}
}

static void take_input(struct loop *l, struct vm *vm)
{
	const struct blob help = {(const uint8_t *)escape_help, sizeof(escape_help) - 1};
	uint8_t bytes[KEYBOARD_READ_BYTES];
	size_t n = keyboard_read(&l->keyboard, bytes);

	if (!n)
		return; /* end of file does not end the run */
	enum input_command command = console_type(l->console, bytes, n);
	devices_console_changed(&vm->devices);
	if (command == INPUT_QUIT)
		l->quit = true;
	else if (command == INPUT_HELP)
		message_text(help);
}

static bool wants_input(const struct loop *l)
{
	return l->keyboard.is_open && console_takes_input(l->console, KEYBOARD_READ_BYTES) &&
	       tty_may_read(STDIN_FILENO);
}

void loop_check_user(const struct loop *l)
{
	if (l->ended_by)
		stop_set(l->stop, STOP_SIGNAL, (uint64_t)l->ended_by, -1, "ended by signal %d (%s)",
			 l->ended_by, strsignal(l->ended_by));
	else if (l->quit)
		stop_set(l->stop, STOP_USER, 0, -1, "%s", "");
}

/* Milliseconds until a silence ends the run, at most @left_ms. */
static int silence_left_ms(const struct loop *l, int left_ms, uint64_t now_ns)
{
	uint64_t deadline_ns;
	enum mark last_words = silence_awaited(&l->console->silence, &deadline_ns);

	if (last_words == MARK_NONE)
		return left_ms;
	if (now_ns >= deadline_ns)
		guest_end_silent(l->stop, last_words);
	return limits_sooner_ms(left_ms, deadline_ns, now_ns);
}

/*
 * Milliseconds to the next limit or alarm; -1: there is none. A limit that is reached ends the run.
 */
static int time_left_ms(const struct loop *l, struct vm *vm)
{
	int alarm_ms = devices_alarm_ms(&vm->devices);
	uint64_t now_ns = clock_now_ns();
	int left_ms = silence_left_ms(l, alarm_ms, now_ns);

	return limits_left_ms(&l->limits, left_ms, output_ns(l), now_ns, l->stop);
}

/* After its last words, a guest halts in an orderly way; their silence ends the run. */
static bool has_said_its_last(const struct loop *l)
{
	uint64_t deadline_ns;

	return silence_awaited(&l->console->silence, &deadline_ns) != MARK_NONE;
}

static void beat(struct loop *l, struct vm *vm)
{
	bool still = heartbeat_beat(&l->heartbeat);

	halt_watch_beat(&l->halt, vm, still && !has_said_its_last(l));
}

/* Waits at most @timeout_ms for an event, and handles it. */
static void serve(struct loop *l, struct vm *vm, int timeout_ms)
{
	struct pollfd fds[] = {
		{.fd = l->stop->wake_fd, .events = POLLIN},
		{.fd = l->signal_fd, .events = POLLIN},
		{.fd = wants_input(l) ? l->keyboard.fd : -1, .events = POLLIN},
	};

	if (loop_wait(l, fds, 3, timeout_ms) < 0)
		return; /* EINTR */
	if (fds[0].revents) {
		wake_clear(l->stop->wake_fd);
		verdict_while_running(l->stop, l->console, l->cfg);
		devices_console_changed(&vm->devices);
	}
	if (fds[1].revents)
		loop_take_signal(l);
	if (fds[2].revents)
		take_input(l, vm);
	loop_check_user(l);
}

/* Looks whether the process was stopped or still in the meantime. */
static void look_at_ourselves(struct loop *l, struct vm *vm)
{
	if (l->stopped_ns) {
		vm_was_stopped(vm);
		silence_was_stopped(&l->console->silence, l->stopped_ns, clock_now_ns());
	}
	l->stopped_ns = 0;
	if (heartbeat_is_due(&l->heartbeat))
		beat(l, vm);
}

void loop_run(struct loop *l, struct vm *vm)
{
	limits_begin_boot(&l->limits, clock_now_ns());
	l->halt = (struct halt_watch){0};
	heartbeat_start(&l->heartbeat);
	loop_check_user(l); /* a signal that came while the guest was loaded */
	verdict_while_running(l->stop, l->console, l->cfg); /* what was seen while it rebooted */
	while (!stop_wanted(l->stop)) {
		serve(l, vm, time_left_ms(l, vm));
		look_at_ourselves(l, vm);
	}
}

bool loop_wants_end(struct loop *l, struct vm *vm)
{
	serve(l, vm, 0);
	if (!l->ended_by && !l->quit && !output_error(&l->console->out))
		return false;
	stop_forget(l->stop); /* the user's request takes precedence over the guest's reboot */
	loop_check_user(l);
	verdict_while_running(l->stop, l->console, l->cfg);
	return true;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* The event loop: see loop.h. */
#include "vmm/run/loop.h"

#include "vmm/base/clock.h"
#include "vmm/base/file.h"
#include "vmm/base/wake.h"
#include "vmm/console/tty.h"
#include "vmm/machine/devices.h"
#include "vmm/run/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* A run that a limit or a signal ended: how long its output may take, and patterns in it. */
#define GRACE_NS       NS_PER_S
#define MATCH_GRACE_NS (200 * NS_PER_MS)

enum { READ_BYTES = 4096 };

static const char escape_help[] =
	"\r\nminivmm: Ctrl-a x ends the run, Ctrl-a h shows this, Ctrl-a b sends a break, "
	"Ctrl-a Ctrl-a sends a Ctrl-a\r\n";

/*
 * Another reader of the same pipe or terminal may be faster, and then read() would wait. So these
 * are opened once more, to be read without waiting; the flags of the one that is shared stay.
 */
static int open_stdin(void)
{
	int flags = fcntl(STDIN_FILENO, F_GETFL), fd = -1;
	char name[64];
	struct stat st;

	if (flags < 0 || (flags & O_ACCMODE) == O_WRONLY || fstat(STDIN_FILENO, &st))
		return STDIN_FILENO;
	/* The master side of a terminal would become another terminal's. */
	bool is_terminal = isatty(STDIN_FILENO) && ptsname_r(STDIN_FILENO, name, sizeof(name));
	if (S_ISFIFO(st.st_mode) || is_terminal)
		fd = open("/proc/self/fd/0", O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return fd >= 0 ? fd : STDIN_FILENO;
}

int loop_init(struct loop *l, struct host *host, struct err *e)
{
	struct stat st;

	*l = (struct loop){.host = host, .stdin_open = true, .start_ns = clock_now_ns()};
	l->signal_fd = signals_open(e);
	if (l->signal_fd < 0)
		return -1;
	l->stdin_fd = open_stdin();
	l->stdin_is_socket = fstat(l->stdin_fd, &st) == 0 && S_ISSOCK(st.st_mode);
	heartbeat_init(&l->heartbeat);
	return 0;
}

void loop_fini(struct loop *l)
{
	close(l->signal_fd);
	heartbeat_fini(&l->heartbeat);
	if (l->stdin_fd != STDIN_FILENO)
		close(l->stdin_fd);
}

/* A wait is over that began at @began_ns and was to take @most_ns: no limit counts a stop in it. */
static void note_stop(struct loop *l, uint64_t began_ns, uint64_t most_ns)
{
	uint64_t stopped = heartbeat_stopped_ns(&l->heartbeat, began_ns, most_ns);
	uint64_t last = __atomic_load_n(&l->host->console.out.last_ns, __ATOMIC_RELAXED);

	if (!stopped)
		return;
	if (last > l->quiet_ns && last + stopped <= clock_now_ns()) /* printed before the stop */
		l->quiet_ns = last;
	l->stopped_ns += stopped;
	l->start_ns += stopped;
	l->quiet_ns += stopped;
	l->drain_ns += stopped;
}

/* poll(), for as long as it may and a heartbeat lasts. */
static int wait_for(struct loop *l, struct pollfd *fds, nfds_t n, int most_ms)
{
	uint64_t began = clock_now_ns();
	unsigned ms = most_ms < 0 || most_ms > HEARTBEAT_MS ? HEARTBEAT_MS : (unsigned)most_ms;

	int ready = poll(fds, n, (int)ms);
	note_stop(l, began, ms * NS_PER_MS);
	return ready;
}

/* SIGTSTP from outside (a Ctrl-z typed in raw mode is the guest's): stop like any program. */
static void suspend(struct loop *l)
{
	uint64_t began = clock_now_ns();

	tty_restore();
	kill(getpid(), SIGSTOP);
	note_stop(l, began, 0);
}

/* Takes one signal; one that ends the run is remembered. */
static void take_signal(struct loop *l)
{
	struct signalfd_siginfo info;

	if (read(l->signal_fd, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_code == SI_TIMER)
		return; /* the one of signals.h, which fired as loading ended */
	switch (info.ssi_signo) {
	case SIGTSTP:
		suspend(l);
		break;
	case SIGCONT: /* in the foreground again, or at last */
		if (l->stdin_open && !l->draining)
			tty_raw(STDIN_FILENO);
		break;
	default:
		l->ended_by = (int)info.ssi_signo;
		break;
	}
}

static void read_stdin(struct loop *l, struct vm *vm)
{
	uint8_t bytes[READ_BYTES];
	ssize_t n = l->stdin_is_socket ? recv(l->stdin_fd, bytes, sizeof(bytes), MSG_DONTWAIT)
				       : read(l->stdin_fd, bytes, sizeof(bytes));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) { /* the end of the input is not the end of the run */
		l->stdin_open = false;
		return;
	}
	pthread_mutex_lock(&vm->dev_lock);
	const struct blob help = {(const uint8_t *)escape_help, sizeof(escape_help) - 1};
	enum input_command command = input_add(&l->host->console.in, bytes, (size_t)n);
	uart16550_peer_changed(&vm->uart);
	pthread_mutex_unlock(&vm->dev_lock);
	if (command == INPUT_QUIT)
		l->quit = true;
	else if (command == INPUT_HELP)
		(void)file_write_patiently(STDERR_FILENO, help);
}

/* A terminal is always read, for its escapes; a pipe only while there is room for what it has. */
static bool wants_input(struct loop *l, struct vm *vm)
{
	struct console *c = &l->host->console;

	if (!l->stdin_open)
		return false;
	pthread_mutex_lock(&vm->dev_lock);
	c->waiting_for_room = !c->in.escapes && input_room(&c->in) < READ_BYTES;
	bool room = !c->waiting_for_room;
	pthread_mutex_unlock(&vm->dev_lock);
	return room && tty_may_read(STDIN_FILENO);
}

/* What the console's thread found: a lost reader, a pattern. */
static void check_console(struct loop *l, struct stop *stop)
{
	struct console *c = &l->host->console;
	int error = output_error(&c->out);

	if (error == EPIPE)
		stop_set(stop, STOP_READER, 0, -1, "stdout was closed by its reader");
	else if (error)
		stop_set(stop, STOP_HOST, 0, -1, "stdout: %s", strerror(error));
	if (__atomic_load_n(&c->failed, __ATOMIC_ACQUIRE))
		stop_set(stop, STOP_FAILED, 0, -1, "--fail-on '%s' was seen: %s",
			 c->watch.expect.failed_on, c->failed_line);
	else if (__atomic_load_n(&c->all_seen, __ATOMIC_ACQUIRE) &&
		 l->host->cfg->run.until_expected)
		stop_set(stop, STOP_EXPECTED, 0, -1, "%s", "");
}

static void check_user(struct loop *l, struct stop *stop)
{
	if (l->ended_by)
		stop_set(stop, STOP_SIGNAL, (uint64_t)l->ended_by, -1, "ended by signal %d (%s)",
			 l->ended_by, strsignal(l->ended_by));
	else if (l->quit)
		stop_set(stop, STOP_USER, 0, -1, "%s", "");
}

/* Milliseconds to @deadline for poll(), at most @left; 0 when it is over. */
static int sooner(int left, uint64_t deadline, uint64_t now)
{
	if (now >= deadline)
		return 0;
	uint64_t ms = (deadline - now) / NS_PER_MS + 1;
	ms = ms < INT_MAX ? ms : INT_MAX;
	return left < 0 || (int)ms < left ? (int)ms : left;
}

/* The guest's last words were followed by nothing. */
static void set_gone(struct stop *stop, enum mark last_words)
{
	if (last_words == MARK_PANIC)
		stop_set(stop, STOP_PANIC, 0, -1, "the guest's kernel panicked");
	else
		stop_set(stop, STOP_HALT, 0, -1, "the guest said that it powers down");
}

/* Milliseconds to the end of the silence that ends the run, at most @left. */
static int silence_left_ms(int left, struct vm *vm, uint64_t now)
{
	const struct console *c = &vm->host->console;

	pthread_mutex_lock(&vm->dev_lock);
	enum mark mark = c->awaited;
	uint64_t end = c->silent_since_ns + c->silence_ns;
	pthread_mutex_unlock(&vm->dev_lock);
	if (mark == MARK_NONE)
		return left;
	left = sooner(left, end, now);
	if (left == 0)
		set_gone(&vm->stop, mark);
	return left;
}

/* Milliseconds to the next time limit or alarm, -1 for none. A limit that is over ends the run. */
static int time_left_ms(struct loop *l, struct vm *vm)
{
	const struct config *cfg = l->host->cfg;
	uint64_t last = __atomic_load_n(&l->host->console.out.last_ns, __ATOMIC_RELAXED);
	uint64_t now = clock_now_ns();
	int left = silence_left_ms(machine_alarm_ms(vm), vm, now);

	if (cfg->run.timeout_ns &&
	    (left = sooner(left, l->start_ns + cfg->run.timeout_ns, now)) == 0)
		stop_set(&vm->stop, STOP_TIMEOUT, 0, -1,
			 "--timeout: the guest still ran after %.3f s",
			 (double)cfg->run.timeout_ns / 1e9);
	last = last > l->quiet_ns ? last : l->quiet_ns;
	if (cfg->run.idle_timeout_ns &&
	    (left = sooner(left, last + cfg->run.idle_timeout_ns, now)) == 0)
		stop_set(&vm->stop, STOP_TIMEOUT, 0, -1,
			 "--idle-timeout: the console was silent for %.3f s",
			 (double)cfg->run.idle_timeout_ns / 1e9);
	return left;
}

/* The console's last words come first: what halts after them did so in an orderly way. */
static bool has_said_its_last(struct vm *vm)
{
	pthread_mutex_lock(&vm->dev_lock);
	bool has = vm->host->console.awaited != MARK_NONE;
	pthread_mutex_unlock(&vm->dev_lock);
	return has;
}

static void beat(struct loop *l, struct vm *vm)
{
	bool still = heartbeat_beat(&l->heartbeat);

	halt_watch_beat(&l->halt, vm, still && !has_said_its_last(vm));
}

/* Waits at most @timeout_ms for something to happen, and serves it. */
static void serve(struct loop *l, struct vm *vm, int timeout_ms)
{
	struct pollfd fds[] = {
		{.fd = l->host->wake_fd, .events = POLLIN},
		{.fd = l->signal_fd, .events = POLLIN},
		{.fd = wants_input(l, vm) ? l->stdin_fd : -1, .events = POLLIN},
	};

	if (wait_for(l, fds, 3, timeout_ms) < 0)
		return; /* EINTR */
	if (fds[0].revents) {
		wake_clear(l->host->wake_fd);
		check_console(l, &vm->stop);
		vm_console_changed(vm);
	}
	if (fds[1].revents)
		take_signal(l);
	if (fds[2].revents)
		read_stdin(l, vm);
	check_user(l, &vm->stop);
}

/* What the process itself did meanwhile. */
static void look_at_ourselves(struct loop *l, struct vm *vm)
{
	if (l->stopped_ns)
		vm_was_stopped(vm, l->stopped_ns);
	l->stopped_ns = 0;
	if (heartbeat_is_due(&l->heartbeat))
		beat(l, vm);
}

void loop_run(struct loop *l, struct vm *vm)
{
	l->quiet_ns = clock_now_ns();
	l->halt = (struct halt_watch){0};
	heartbeat_start(&l->heartbeat);
	check_user(l, &vm->stop); /* what came while the guest was loaded */
	while (!stop_wanted(&vm->stop)) {
		serve(l, vm, time_left_ms(l, vm));
		look_at_ourselves(l, vm);
	}
}

bool loop_wants_end(struct loop *l, struct vm *vm)
{
	serve(l, vm, 0);
	if (!l->ended_by && !l->quit && !output_error(&l->host->console.out))
		return false;
	stop_forget(&vm->stop); /* what the user wants goes before what the guest did */
	check_user(l, &vm->stop);
	check_console(l, &vm->stop);
	return true;
}

/* Until when the console's thread may go on, CLOCK_MONOTONIC; 0: as long as it needs. */
static uint64_t drain_deadline(const struct loop *l, bool patient)
{
	uint64_t timeout = l->host->cfg->run.timeout_ns;

	if (!patient)
		return l->drain_ns + GRACE_NS;
	return timeout ? l->start_ns + timeout : 0;
}

/* A search that takes longer than all searches may is not waited for. */
static bool is_stuck(const struct loop *l, uint64_t now)
{
	return now >= l->drain_ns + 2 * MATCH_GRACE_NS &&
	       watch_is_matching(&l->host->console.watch);
}

/* False: what the guest printed was not written and matched in time. */
static bool drain(struct loop *l, bool patient)
{
	struct output *out = &l->host->console.out;

	l->draining = true;
	l->drain_ns = clock_now_ns();
	l->ended_by = 0; /* it did its work; the next one ends the wait */
	output_close(out);
	if (!patient)
		watch_hurry(&l->host->console.watch, l->drain_ns + MATCH_GRACE_NS);
	while (!output_done(out) && !l->ended_by) {
		struct pollfd fds[] = {
			{.fd = l->host->wake_fd, .events = POLLIN},
			{.fd = l->signal_fd, .events = POLLIN},
		};
		uint64_t now = clock_now_ns(), deadline = drain_deadline(l, patient);
		int left = deadline ? sooner(-1, deadline, now) : -1;
		if (left == 0 || (!patient && is_stuck(l, now)))
			return false;
		if (!patient) /* to see whether it is stuck */
			left = sooner(left, now + MATCH_GRACE_NS / 4, now);
		if (wait_for(l, fds, 2, left) < 0)
			continue; /* EINTR */
		if (fds[0].revents)
			wake_clear(l->host->wake_fd);
		if (fds[1].revents)
			take_signal(l);
	}
	return true;
}

/* A guest that ended well before the limit, and whose reader or patterns take longer. */
static void set_late(struct loop *l, struct stop *stop)
{
	stop_become(
		stop, STOP_TIMEOUT,
		"--timeout: the guest had ended, but what it printed was not written and matched "
		"within %.3f s",
		(double)l->host->cfg->run.timeout_ns / 1e9);
}

/* A limit, a signal, the user: nobody who asked for the end waits for what is on its way. */
static bool may_take_long(const struct stop *stop)
{
	return stop && stop->kind != STOP_SIGNAL && stop->kind != STOP_USER &&
	       stop->kind != STOP_TIMEOUT;
}

bool loop_drain(struct loop *l, struct stop *stop)
{
	struct console *c = &l->host->console;

	bool patient = may_take_long(stop);

	tty_restore(); /* from here on, Ctrl-c is the user's again */
	bool in_time = drain(l, patient);
	bool done = output_done(&c->out);
	console_stop(c);
	if (!stop)
		return done;
	if (patient && !in_time && stop_is_good(stop))
		set_late(l, stop);
	if (l->ended_by || (stop_is_good(stop) && (c->out.error || c->failed)))
		stop_forget(stop);
	check_user(l, stop);
	check_console(l, stop);
	return done;
}

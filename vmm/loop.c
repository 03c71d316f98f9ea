/* SPDX-License-Identifier: BSD-3-Clause */
/* The event loop: see loop.h. */
#include "vmm/loop.h"

#include "vmm/clock.h"
#include "vmm/tty.h"
#include "vmm/wake.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define IMPATIENT_NS NS_PER_S

enum { READ_BYTES = 4096 };

static const char escape_help[] =
	"\r\nminivmm: Ctrl-a x ends the run, Ctrl-a h shows this, Ctrl-a Ctrl-a sends a Ctrl-a\r\n";

/* Signals whose default is to end the process; not the faults (guard.c), not the kick. */
static const int ending[] = {SIGINT,  SIGTERM, SIGHUP,  SIGQUIT,   SIGUSR2, SIGALRM,
			     SIGXCPU, SIGXFSZ, SIGPROF, SIGVTALRM, SIGIO,   SIGPWR};

static bool is_ignored(int sig)
{
	struct sigaction sa;
	return sigaction(sig, NULL, &sa) == 0 && sa.sa_handler == SIG_IGN;
}

int loop_init(struct loop *l, struct host *host, struct err *e)
{
	sigset_t wanted, blocked;

	*l = (struct loop){.host = host, .stdin_open = true, .start_ns = clock_now_ns()};
	sigemptyset(&wanted);
	for (int sig = SIGRTMIN; sig <= SIGRTMAX; sig++)
		sigaddset(&wanted, sig);
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
		if (!is_ignored(ending[i]))
			sigaddset(&wanted, ending[i]);
	if (!is_ignored(SIGTSTP))
		sigaddset(&wanted, SIGTSTP);
	sigaddset(&wanted, SIGCONT);
	blocked = wanted;
	sigaddset(&blocked, SIGTTOU); /* restoring the terminal must never stop us */
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	l->signal_fd = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
	if (l->signal_fd < 0)
		return err_set(e, "signalfd: %s", strerror(errno));
	return 0;
}

void loop_fini(struct loop *l)
{
	close(l->signal_fd);
}

/* SIGTSTP from outside (a Ctrl-z typed in raw mode is the guest's): stop like any program. */
static void suspend(void)
{
	tty_restore();
	kill(getpid(), SIGSTOP);
}

/* Takes one signal; one that ends the run is remembered. */
static void take_signal(struct loop *l)
{
	struct signalfd_siginfo info;

	if (read(l->signal_fd, &info, sizeof(info)) != sizeof(info))
		return;
	switch (info.ssi_signo) {
	case SIGTSTP:
		suspend();
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
	ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) { /* the end of the input is not the end of the run */
		l->stdin_open = false;
		return;
	}
	pthread_mutex_lock(&vm->dev_lock);
	enum input_command command = input_add(&l->host->console.in, bytes, (size_t)n);
	uart16550_peer_changed(&vm->uart);
	pthread_mutex_unlock(&vm->dev_lock);
	if (command == INPUT_QUIT)
		l->quit = true;
	else if (command == INPUT_HELP)
		fputs(escape_help, stderr);
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
	else if (__atomic_load_n(&c->all_seen, __ATOMIC_ACQUIRE) && l->host->cfg->until_expected)
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

/* Milliseconds to @deadline for poll(), at least @left; 0 when it is over. */
static int sooner(int left, uint64_t deadline, uint64_t now)
{
	if (now >= deadline)
		return 0;
	uint64_t ms = (deadline - now) / NS_PER_MS + 1;
	ms = ms < INT_MAX ? ms : INT_MAX;
	return left < 0 || (int)ms < left ? (int)ms : left;
}

/* Milliseconds to the next time limit, -1 for none. One that is over ends the run. */
static int time_left_ms(struct loop *l, struct vm *vm)
{
	const struct config *cfg = l->host->cfg;
	uint64_t panic = __atomic_load_n(&vm->panic_deadline_ns, __ATOMIC_ACQUIRE);
	uint64_t last = __atomic_load_n(&l->host->console.out.last_ns, __ATOMIC_RELAXED);
	uint64_t now = clock_now_ns();
	int left = -1;

	if (panic && (left = sooner(left, panic, now)) == 0)
		stop_set(&vm->stop, STOP_PANIC, 0, -1, "the guest's kernel panicked");
	if (cfg->timeout_ns && (left = sooner(left, l->start_ns + cfg->timeout_ns, now)) == 0)
		stop_set(&vm->stop, STOP_TIMEOUT, 0, -1,
			 "--timeout: the guest still ran after %.3f s",
			 (double)cfg->timeout_ns / 1e9);
	last = last > l->start_ns ? last : l->start_ns;
	if (cfg->idle_timeout_ns && (left = sooner(left, last + cfg->idle_timeout_ns, now)) == 0)
		stop_set(&vm->stop, STOP_TIMEOUT, 0, -1,
			 "--idle-timeout: the console was silent for %.3f s",
			 (double)cfg->idle_timeout_ns / 1e9);
	return left;
}

/* Waits at most @timeout_ms for something to happen, and serves it. */
static void serve(struct loop *l, struct vm *vm, int timeout_ms)
{
	struct pollfd fds[] = {
		{.fd = l->host->wake_fd, .events = POLLIN},
		{.fd = l->signal_fd, .events = POLLIN},
		{.fd = wants_input(l, vm) ? STDIN_FILENO : -1, .events = POLLIN},
	};

	if (poll(fds, 3, timeout_ms) < 0)
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

void loop_run(struct loop *l, struct vm *vm)
{
	while (!stop_wanted(&vm->stop))
		serve(l, vm, time_left_ms(l, vm));
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

static void drain(struct loop *l, bool patient)
{
	uint64_t deadline = clock_now_ns() + IMPATIENT_NS;
	struct output *out = &l->host->console.out;

	l->draining = true;
	l->ended_by = 0; /* it did its work; the next one ends the wait */
	output_close(out);
	while (!output_done(out) && !l->ended_by) {
		struct pollfd fds[] = {
			{.fd = l->host->wake_fd, .events = POLLIN},
			{.fd = l->signal_fd, .events = POLLIN},
		};
		uint64_t now = clock_now_ns();
		if (!patient && now >= deadline)
			return;
		if (poll(fds, 2, patient ? -1 : (int)((deadline - now) / NS_PER_MS) + 1) < 0)
			continue; /* EINTR */
		if (fds[0].revents)
			wake_clear(l->host->wake_fd);
		if (fds[1].revents)
			take_signal(l);
	}
}

/* What only the whole output can tell, for a run that went well otherwise. */
static void judge(struct loop *l, struct stop *stop)
{
	const struct config *cfg = l->host->cfg;
	const struct console *c = &l->host->console;
	const char *missing = expect_missing(&c->watch.expect);
	unsigned reports = reports_total(&c->watch.reports);
	char problem[STOP_TEXT_BYTES - sizeof("--ktap: ")];

	if (stop->kind == STOP_USER || stop_status(stop) > STATUS_GUEST_MAX)
		return;
	if (c->log.error) {
		stop_forget(stop);
		stop_set(stop, STOP_HOST, 0, -1, "--log: %s: %s", c->log.path,
			 strerror(c->log.error));
	} else if (missing) {
		stop_forget(stop);
		stop_set(stop, STOP_MISSING, 0, -1, "--expect '%s' was never seen (%u of %u were)",
			 missing, c->watch.expect.seen, c->watch.expect.want.n);
	} else if (cfg->fail_on_warning && reports) {
		stop_forget(stop);
		stop_set(stop, STOP_FAILED, 0, -1, "--fail-on-warning: %s",
			 reports_first(&c->watch.reports));
	} else if (cfg->ktap && ktap_problem(&c->watch.ktap, problem, sizeof(problem))) {
		stop_forget(stop);
		stop_set(stop, STOP_FAILED, 0, -1, "--ktap: %s", problem);
	}
}

void loop_drain(struct loop *l, struct stop *stop)
{
	tty_restore(); /* from here on, Ctrl-c is the user's again */
	drain(l, stop && stop->kind != STOP_SIGNAL && stop->kind != STOP_USER);
	if (!stop)
		return;
	struct console *c = &l->host->console;
	bool good = stop_status(stop) <= STATUS_GUEST_MAX;
	if (l->ended_by || (good && (output_error(&c->out) || c->failed)))
		stop_forget(stop);
	check_user(l, stop);
	check_console(l, stop);
	if (!output_done(&c->out))
		return;
	watch_end(&c->watch, clock_now_ns());
	judge(l, stop);
}

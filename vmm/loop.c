/* SPDX-License-Identifier: BSD-3-Clause */
/* The event loop: see loop.h. */
#include "vmm/loop.h"

#include "vmm/clock.h"
#include "vmm/tty.h"
#include "vmm/wake.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define IMPATIENT_NS NS_PER_S

static const char escape_help[] =
	"\r\nminivmm: Ctrl-a x ends the run, Ctrl-a h shows this, Ctrl-a Ctrl-a sends a Ctrl-a\r\n";

static bool is_ignored(int sig)
{
	struct sigaction sa;
	return sigaction(sig, NULL, &sa) == 0 && sa.sa_handler == SIG_IGN;
}

int loop_init(struct loop *l, struct host *host, struct err *e)
{
	static const int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	sigset_t wanted, blocked;

	*l = (struct loop){.host = host, .stdin_open = true};
	sigemptyset(&wanted);
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
		if (!is_ignored(ending[i]))
			sigaddset(&wanted, ending[i]);
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

/* Takes one signal. Returns its number when it is one that ends the run, else 0. */
static int take_signal(struct loop *l)
{
	struct signalfd_siginfo info;

	if (read(l->signal_fd, &info, sizeof(info)) != sizeof(info))
		return 0;
	switch (info.ssi_signo) {
	case SIGTSTP:
		suspend();
		return 0;
	case SIGCONT: /* in the foreground again, or at last */
		if (l->stdin_open)
			tty_raw(STDIN_FILENO);
		return 0;
	default:
		return (int)info.ssi_signo;
	}
}

static void read_stdin(struct loop *l, struct vm *vm)
{
	uint8_t bytes[INPUT_BYTES];
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
		stop_set(&vm->stop, STOP_USER, 0, -1, "%s", "");
	else if (command == INPUT_HELP)
		fputs(escape_help, stderr);
}

static bool wants_input(struct loop *l, struct vm *vm)
{
	if (!l->stdin_open)
		return false;
	pthread_mutex_lock(&vm->dev_lock);
	bool empty = input_empty(&l->host->console.in);
	pthread_mutex_unlock(&vm->dev_lock);
	return empty && tty_may_read(STDIN_FILENO);
}

static void check_output(struct loop *l, struct vm *vm)
{
	int error = output_error(&l->host->console.out);

	if (error == EPIPE)
		stop_set(&vm->stop, STOP_READER, 0, -1, "stdout was closed by its reader");
	else if (error)
		stop_set(&vm->stop, STOP_HOST, 0, -1, "stdout: %s", strerror(error));
}

/* Milliseconds until the panic's time is over, for poll(): -1 for ever. */
static int time_left_ms(struct vm *vm)
{
	uint64_t deadline = __atomic_load_n(&vm->panic_deadline_ns, __ATOMIC_ACQUIRE);
	uint64_t now;

	if (!deadline)
		return -1;
	now = clock_now_ns();
	if (now < deadline)
		return (int)((deadline - now) / NS_PER_MS) + 1;
	stop_set(&vm->stop, STOP_PANIC, 0, -1, "the guest's kernel panicked");
	return 0;
}

void loop_run(struct loop *l, struct vm *vm)
{
	while (!stop_wanted(&vm->stop)) {
		struct pollfd fds[] = {
			{.fd = l->host->wake_fd, .events = POLLIN},
			{.fd = l->signal_fd, .events = POLLIN},
			{.fd = wants_input(l, vm) ? STDIN_FILENO : -1, .events = POLLIN},
		};
		if (poll(fds, 3, time_left_ms(vm)) < 0)
			continue; /* EINTR */
		if (fds[0].revents) {
			wake_clear(l->host->wake_fd);
			check_output(l, vm);
			vm_console_changed(vm);
		}
		if (fds[1].revents) {
			int sig = take_signal(l);
			if (sig)
				stop_set(&vm->stop, STOP_SIGNAL, (uint64_t)sig, -1,
					 "ended by signal %d (%s)", sig, strsignal(sig));
		}
		if (fds[2].revents)
			read_stdin(l, vm);
	}
}

int loop_drain(struct loop *l, bool patient)
{
	uint64_t deadline = clock_now_ns() + IMPATIENT_NS;
	struct output *out = &l->host->console.out;

	output_close(out);
	while (!output_done(out)) {
		struct pollfd fds[] = {
			{.fd = l->host->wake_fd, .events = POLLIN},
			{.fd = l->signal_fd, .events = POLLIN},
		};
		uint64_t now = clock_now_ns();
		if (!patient && now >= deadline)
			return 0;
		if (poll(fds, 2, patient ? -1 : (int)((deadline - now) / NS_PER_MS) + 1) < 0)
			continue; /* EINTR */
		if (fds[0].revents)
			wake_clear(l->host->wake_fd);
		if (fds[1].revents) {
			int sig = take_signal(l);
			if (sig)
				return sig;
		}
	}
	return 0;
}

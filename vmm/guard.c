/* SPDX-License-Identifier: BSD-3-Clause */
/* The last resort: see guard.h. Everything here is async-signal-safe. */
#include "vmm/guard.h"

#include "vmm/stop.h"
#include "vmm/syscalls.h"
#include "vmm/thread.h"
#include "vmm/tty.h"

#include <signal.h>
#include <unistd.h>

static const char prefix[] = "minivmm: ";

/* One line, put together without stdio and written at once. */
struct line {
	char text[256];
	size_t n;
};

static void put(struct line *l, const char *s)
{
	while (*s && l->n < sizeof(l->text) - 1)
		l->text[l->n++] = *s++;
}

static void put_number(struct line *l, unsigned long value)
{
	char digits[24];
	size_t at = sizeof(digits) - 1;

	digits[at] = '\0';
	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	put(l, digits + at);
}

/* What is to be done before the end. Set before there are threads. */
static struct {
	void (*last_words)(void *opaque, int status, const char *why);
	void *opaque;
} on_death;

/* Says the line, without "minivmm: " to the one who wanted to hear it. */
static void finish(struct line *l, int status)
{
	if (on_death.last_words) {
		l->text[l->n] = '\0';
		on_death.last_words(on_death.opaque, status, l->text + sizeof(prefix) - 1);
	}
	put(l, "\n");
	ssize_t n = write(STDERR_FILENO, l->text, l->n);
	(void)n;
}

static void on_sigsys(int sig, siginfo_t *info, void *context)
{
	struct line l = {.n = 0};
	const char *name = syscall_name(info->si_syscall);

	(void)sig;
	(void)context;
	tty_restore();
	put(&l, prefix);
	put(&l, "seccomp refused the system call ");
	put_number(&l, (unsigned long)info->si_syscall);
	put(&l, " (");
	put(&l, name ? name : "unknown");
	put(&l, ") in thread ");
	put(&l, thread_name());
	put(&l, "; please report it, and use --seccomp log or off until it is fixed");
	finish(&l, STATUS_OWN);
	_exit(STATUS_OWN);
}

static void on_sigbus(int sig, siginfo_t *info, void *context)
{
	struct line l = {.n = 0};

	(void)sig;
	(void)info;
	(void)context;
	tty_restore();
	put(&l, prefix);
	put(&l, "a page of memory could not be had (SIGBUS): an input file shrank while it "
		"was in use, or the host is out of huge pages");
	finish(&l, STATUS_OWN);
	_exit(STATUS_OWN);
}

static void on_fault(int sig, siginfo_t *info, void *context)
{
	struct line l = {.n = 0};

	(void)info;
	(void)context;
	tty_restore();
	put(&l, prefix);
	put(&l, "a bug in minivmm: signal ");
	put_number(&l, (unsigned long)sig);
	put(&l, " in thread ");
	put(&l, thread_name());
	finish(&l, STATUS_SIGNAL + sig);
	kill(getpid(), sig); /* SA_RESETHAND: now it is fatal; raise() may be refused */
}

void guard_setup(void)
{
	static const struct {
		int sig;
		void (*handler)(int, siginfo_t *, void *);
	} handlers[] = {
		{SIGSYS, on_sigsys}, {SIGBUS, on_sigbus}, {SIGSEGV, on_fault},
		{SIGFPE, on_fault},  {SIGILL, on_fault},  {SIGABRT, on_fault},
	};
	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++) {
		struct sigaction sa = {.sa_sigaction = handlers[i].handler,
				       .sa_flags = SA_SIGINFO | (int)SA_RESETHAND | SA_NODEFER};
		sigaction(handlers[i].sig, &sa, NULL);
	}
}

void guard_on_death(void (*last_words)(void *opaque, int status, const char *why), void *opaque)
{
	on_death.last_words = last_words;
	on_death.opaque = opaque;
}

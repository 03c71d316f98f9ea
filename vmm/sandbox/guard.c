/* SPDX-License-Identifier: BSD-3-Clause */
/* Fatal signals: see guard.h. Everything here is async-signal-safe. */
#include "vmm/sandbox/guard.h"

#include "vmm/base/mapped.h"
#include "vmm/base/status.h"
#include "vmm/base/thread.h"
#include "vmm/console/tty.h"
#include "vmm/sandbox/syscalls.h"

#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <unistd.h>

static const char prefix[] = "minivmm: ";

/* One line, built without stdio and written by one call. */
struct line {
	char text[PATH_MAX + 256]; /* room for a path and a sentence */
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

/* To be called before the process ends. Set before there are threads. */
static struct {
	guard_last_words_fn *last_words;
	void *opaque;
} on_death;

/* The main thread's stack: its base, and the size that `ulimit -s` allows. */
static struct {
	uintptr_t top;
	rlim_t bytes;
} main_stack;

/* Writes the line; the function of guard_on_death() gets it without "minivmm: ". */
static void finish(struct line *l, const char *ending, int status)
{
	enum { READER_MS = 200 }; /* a pipe that nobody reads must not delay the end */
	struct pollfd err = {.fd = STDERR_FILENO, .events = POLLOUT};

	if (on_death.last_words) {
		l->text[l->n] = '\0';
		on_death.last_words(on_death.opaque, ending, status, l->text + sizeof(prefix) - 1);
	}
	put(l, "\n");
	if (poll(&err, 1, READER_MS) > 0) {
		ssize_t n = write(STDERR_FILENO, l->text, l->n);
		(void)n;
	}
}

static void begin(struct line *l)
{
	tty_restore();
	l->n = 0;
	put(l, prefix);
}

void guard_end(const char *ending, int status, const char *why)
{
	struct line l;

	begin(&l);
	put(&l, why);
	finish(&l, ending, status);
	_exit(status);
}

void guard_end_by_signal(int sig)
{
	struct line l;

	begin(&l);
	put(&l, "ended by signal ");
	put_number(&l, (unsigned long)sig);
	finish(&l, "signal", STATUS_SIGNAL + sig);
	_exit(STATUS_SIGNAL + sig);
}

static void on_sigsys(int sig, siginfo_t *info, void *context)
{
	struct line l;
	const char *name = syscall_name(info->si_syscall);

	(void)sig;
	(void)context;
	begin(&l);
	put(&l, "seccomp refused the system call ");
	put_number(&l, (unsigned long)info->si_syscall);
	put(&l, " (");
	put(&l, name ? name : "unknown");
	put(&l, ") in thread ");
	put(&l, thread_name());
	put(&l, "; please report it, and use --seccomp log or off until it is fixed");
	finish(&l, "died", STATUS_OWN);
	_exit(STATUS_OWN);
}

static void on_sigbus(int sig, siginfo_t *info, void *context)
{
	struct line l;
	const char *path = mapped_path(info->si_addr);

	(void)sig;
	(void)context;
	begin(&l);
	if (path) {
		put(&l, path);
		put(&l, ": the file shrank while it was in use");
	} else {
		put(&l,
		    "a page of memory could not be had (SIGBUS): the host is out of huge pages, "
		    "or a disk failed");
	}
	finish(&l, "died", STATUS_OWN);
	_exit(STATUS_OWN);
}

/* The used part of a stack is mapped, so a fault in its range means that it could not grow. */
static bool is_full_stack(int sig, const siginfo_t *info)
{
	enum { SLACK = 1 << 20 }; /* a large array may begin past the end */
	uintptr_t at = (uintptr_t)info->si_addr;

	return sig == SIGSEGV && info->si_code > 0 && at < main_stack.top &&
	       main_stack.top - at < main_stack.bytes + SLACK;
}

static void on_fault(int sig, siginfo_t *info, void *context)
{
	struct line l;

	(void)context;
	begin(&l);
	if (is_full_stack(sig, info)) {
		put(&l, "the stack is full: `ulimit -s` allows ");
		put_number(&l, (unsigned long)(main_stack.bytes >> 10));
		put(&l, " KiB of it, which is not enough here; 8192 is usual");
		finish(&l, "died", STATUS_OWN);
		_exit(STATUS_OWN);
	}
	put(&l, "a bug in minivmm: signal ");
	put_number(&l, (unsigned long)sig);
	put(&l, " in thread ");
	put(&l, thread_name());
	finish(&l, "died", STATUS_SIGNAL + sig);
	kill(getpid(), sig); /* fatal now, by SA_RESETHAND; seccomp may refuse raise() */
}

static void note_main_stack(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
		main_stack.top = (uintptr_t)__builtin_frame_address(0);
		main_stack.bytes = limit.rlim_cur;
	}
}

void guard_setup(void)
{
	static char memory[THREAD_SIGNAL_STACK_BYTES];
	static const stack_t alternate = {.ss_sp = memory, .ss_size = sizeof(memory)};
	static const struct {
		int sig;
		void (*handler)(int, siginfo_t *, void *);
	} handlers[] = {
		{SIGSYS, on_sigsys}, {SIGBUS, on_sigbus}, {SIGSEGV, on_fault},
		{SIGFPE, on_fault},  {SIGILL, on_fault},  {SIGABRT, on_fault},
	};

	note_main_stack();
	sigaltstack(&alternate,
		    NULL); /* without it, a full stack ends the process without a message */
	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++) {
		struct sigaction sa = {.sa_sigaction = handlers[i].handler,
				       .sa_flags = SA_SIGINFO | SA_ONSTACK | (int)SA_RESETHAND |
						   SA_NODEFER};
		sigaction(handlers[i].sig, &sa, NULL);
	}
}

void guard_on_death(guard_last_words_fn *last_words, void *opaque)
{
	on_death.last_words = last_words;
	on_death.opaque = opaque;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads: see thread.h. */
#include "vmm/base/thread.h"

#include "vmm/base/clock.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define KICK_AGAIN_NS 10000000L

static __thread const char *own_name = "main";

static void kick_handler(int sig)
{
	(void)sig;
}

void thread_setup(void)
{
	struct sigaction sa = {.sa_handler = kick_handler}; /* no SA_RESTART: it must interrupt */
	sigset_t kick;

	sigaction(THREAD_KICK_SIGNAL, &sa, NULL);
	sigemptyset(&kick);
	sigaddset(&kick, THREAD_KICK_SIGNAL);
	pthread_sigmask(SIG_BLOCK, &kick, NULL);
}

const char *thread_name(void)
{
	return own_name;
}

static void *thread_main(void *arg)
{
	struct thread *t = arg;
	char memory[THREAD_SIGNAL_STACK_BYTES]; /* at the base of the stack */
	const stack_t handlers = {.ss_sp = memory, .ss_size = sizeof(memory)};
	stack_t before;
	sigset_t kick;

	own_name = t->name;
	sigaltstack(&handlers, &before);
	__atomic_store_n(&t->tid, (pid_t)syscall(SYS_gettid), __ATOMIC_RELEASE);
	pthread_setname_np(pthread_self(), t->name);
	sigemptyset(&kick);
	sigaddset(&kick, THREAD_KICK_SIGNAL);
	pthread_sigmask(SIG_UNBLOCK, &kick, NULL);
	void *result = t->main(t->arg);
	sigaltstack(&before, NULL);
	return result;
}

/* The signals that a thread must not block: this very thread raises them by a fault. */
static void block_all_but_faults(sigset_t *old)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP};
	sigset_t block;

	sigfillset(&block);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		sigdelset(&block, faults[i]);
	pthread_sigmask(SIG_SETMASK, &block, old);
}

int thread_start(struct thread *t, const char *name, size_t stack_bytes, void *(*main)(void *),
		 void *arg, struct err *e)
{
	pthread_attr_t attr;
	sigset_t old;

	*t = (struct thread){.main = main, .arg = arg};
	snprintf(t->name, sizeof(t->name), "%s", name);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, stack_bytes);
	block_all_but_faults(&old);
	int error = pthread_create(&t->id, &attr, thread_main, t);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
	if (error)
		return err_set(e, "thread %s: %s", name, strerror(error));
	return 0;
}

/* Not pthread_kill(): with some libcs that is tkill(), which could reach other processes. */
void thread_kick(struct thread *t)
{
	pid_t tid = __atomic_load_n(&t->tid, __ATOMIC_ACQUIRE);

	if (tid)
		syscall(SYS_tgkill, getpid(), tid, THREAD_KICK_SIGNAL);
}

/* Kicks the thread once, and waits for it briefly. True: it is joined. */
static bool end_soon(struct thread *t)
{
	struct timespec until;

	thread_kick(t);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += KICK_AGAIN_NS;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	return pthread_timedjoin_np(t->id, NULL, &until) == 0;
}

void thread_end(struct thread *t)
{
	while (!end_soon(t))
		;
}

bool thread_end_within(struct thread *t, uint64_t ns)
{
	uint64_t deadline = clock_now_ns() + ns;

	while (!end_soon(t))
		if (clock_now_ns() >= deadline)
			return false;
	return true;
}

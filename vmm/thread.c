/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads: see thread.h. */
#include "vmm/thread.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Enough for the deepest call (printf of a double is never made); glibc adds its TLS to it. */
enum { STACK_BYTES = 128 << 10 };
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
	sigset_t kick;

	own_name = t->name;
	__atomic_store_n(&t->tid, (pid_t)syscall(SYS_gettid), __ATOMIC_RELEASE);
	pthread_setname_np(pthread_self(), t->name);
	sigemptyset(&kick);
	sigaddset(&kick, THREAD_KICK_SIGNAL);
	pthread_sigmask(SIG_UNBLOCK, &kick, NULL);
	return t->main(t->arg);
}

/* The signals that a thread must not block: they say that this very thread did something wrong. */
static void block_all_but_faults(sigset_t *old)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP};
	sigset_t block;

	sigfillset(&block);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		sigdelset(&block, faults[i]);
	pthread_sigmask(SIG_SETMASK, &block, old);
}

int thread_start(struct thread *t, const char *name, void *(*main)(void *), void *arg,
		 struct err *e)
{
	pthread_attr_t attr;
	sigset_t old;

	*t = (struct thread){.main = main, .arg = arg};
	snprintf(t->name, sizeof(t->name), "%s", name);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	block_all_but_faults(&old);
	int error = pthread_create(&t->id, &attr, thread_main, t);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
	if (error)
		return err_set(e, "thread %s: %s", name, strerror(error));
	return 0;
}

/* Not pthread_kill(): with some libcs that is tkill(), which could reach other processes. */
static void kick(struct thread *t)
{
	pid_t tid = __atomic_load_n(&t->tid, __ATOMIC_ACQUIRE);

	if (tid)
		syscall(SYS_tgkill, getpid(), tid, THREAD_KICK_SIGNAL);
}

void thread_end(struct thread *t)
{
	struct timespec until;

	do {
		kick(t);
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += KICK_AGAIN_NS;
		if (until.tv_nsec >= 1000000000L) {
			until.tv_sec++;
			until.tv_nsec -= 1000000000L;
		}
	} while (pthread_timedjoin_np(t->id, NULL, &until) != 0);
}

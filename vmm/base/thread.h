/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads: with a stack of a known size, a name, all signals blocked but the kick.
 */
#ifndef VMM_BASE_THREAD_H
#define VMM_BASE_THREAD_H

#include "loader/err.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The signal that takes a thread out of a system call. It does nothing else. */
#define THREAD_KICK_SIGNAL SIGUSR1

/* Once, before any thread starts: makes the kick harmless, and the main thread deaf to it. */
void thread_setup(void);

/* The name of the calling thread, for messages. Async-signal-safe. */
const char *thread_name(void);

struct thread {
	pthread_t id;
	pid_t tid; /* the kernel's number; 0 until it runs; atomic */
	char name[16];
	void *(*main)(void *);
	void *arg;
};

/* How much of a stack a signal handler may need, with all the registers that a processor has. */
enum { THREAD_SIGNAL_STACK_BYTES = 32 << 10 };

/* What a thread needs for all but what its caller knows of; the handlers' stack is part of it. */
enum { THREAD_STACK_BYTES = 160 << 10 };

/*
 * Starts a thread with @stack_bytes of stack, of which only what is used costs memory. @name has at
 * most 15 bytes, the rest is cut; *@t outlives the thread, which allocates nothing (a thread's
 * first malloc() makes glibc open files, which seccomp refuses). Error: no resources.
 */
int thread_start(struct thread *t, const char *name, size_t stack_bytes, void *(*main)(void *),
		 void *arg, struct err *e);

/* Takes it out of a system call, once; one that begins afterwards is not ended. From any thread. */
void thread_kick(struct thread *t);

/* Joins a thread that was told to end; it may be in a system call: kicks it until it has ended. */
void thread_end(struct thread *t);

/* thread_end(), but gives up after @ns. False: it runs on, and must find what it uses. */
bool thread_end_within(struct thread *t, uint64_t ns);

#endif

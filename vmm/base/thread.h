/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads with a stack of a known size, a name, and all signals blocked except the kick.
 */
#ifndef VMM_BASE_THREAD_H
#define VMM_BASE_THREAD_H

#include "loader/err.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The kick: a signal that interrupts a system call and does nothing else. */
#define THREAD_KICK_SIGNAL SIGUSR1

/* To be called before any thread starts: installs the kick's handler, and blocks it in this one. */
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

/* The stack that a signal handler may need, with all the registers that a processor may have. */
enum { THREAD_SIGNAL_STACK_BYTES = 32 << 10 };

/* The stack of a thread without special needs; it includes the stack of the signal handlers. */
enum { THREAD_STACK_BYTES = 160 << 10 };

/*
 * Starts a thread with @stack_bytes of stack, which costs memory only as far as it is used. @name
 * is cut to 15 bytes. *@t must outlive the thread. The thread must not allocate: the first malloc()
 * of a thread makes glibc open files, which seccomp refuses. Error: no resources.
 */
int thread_start(struct thread *t, const char *name, size_t stack_bytes, void *(*main)(void *),
		 void *arg, struct err *e);

/* Interrupts a system call of the thread, but not one that it makes later. From any thread. */
void thread_kick(struct thread *t);

/* Joins a thread that was told to end; kicks it until it does, as it may be in a system call. */
void thread_end(struct thread *t);

/* thread_end(), but gives up after @ns. False: the thread still runs; what it uses must stay. */
bool thread_end_within(struct thread *t, uint64_t ns);

#endif

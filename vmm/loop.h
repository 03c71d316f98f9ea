/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The event loop of the main thread: signals, stdin, time limits, wake-ups from the other threads.
 */
#ifndef VMM_LOOP_H
#define VMM_LOOP_H

#include "vmm/vm.h"

struct loop {
	struct host *host; /* borrowed */
	int signal_fd;
	uint64_t start_ns; /* CLOCK_MONOTONIC: what time limits count from */
	bool stdin_open;   /* no end of file yet */
	bool draining;     /* the guest has ended: the terminal stays as it was */
	int ended_by;      /* the signal that ended the run; 0: none */
	bool quit;         /* Ctrl-a x */
};

/*
 * Blocks the signals that end or stop a run, in this thread and those it starts, and opens a
 * descriptor for them. One that the caller's parent ignores (nohup) stays ignored.
 */
int loop_init(struct loop *l, struct host *host, struct err *e);
void loop_fini(struct loop *l);

/* Serves a running VM until its stop is set. */
void loop_run(struct loop *l, struct vm *vm);

/*
 * After a guest rebooted, its threads joined: looks, without waiting, whether the user wants to
 * leave, or nobody reads any more. Then true, and vm->stop says so.
 */
bool loop_wants_end(struct loop *l, struct vm *vm);

/*
 * Restores the terminal and waits until the console's output is written: without limit while a
 * guest that ended by itself has a reader, for a second when the user wants to leave. A signal ends
 * the wait. @stop becomes what a user must know first: a signal, or that the output of a good run
 * could not be written. It may be NULL.
 */
void loop_drain(struct loop *l, struct stop *stop);

#endif

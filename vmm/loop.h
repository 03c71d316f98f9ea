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
	bool stdin_open; /* no end of file yet */
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
 * Waits until the console's output is written. Without limit while a guest that ended by itself has
 * a reader, for a second when the user wants to leave. A signal ends the wait; returns it, or 0.
 */
int loop_drain(struct loop *l, bool patient);

#endif

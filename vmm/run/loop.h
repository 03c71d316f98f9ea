/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The event loop of the main thread: signals, stdin, time limits, wake-ups from the other threads.
 */
#ifndef VMM_RUN_LOOP_H
#define VMM_RUN_LOOP_H

#include "vmm/machine/vm.h"
#include "vmm/run/halt.h"
#include "vmm/run/heartbeat.h"

struct loop {
	struct host *host; /* borrowed */
	int signal_fd;
	int stdin_fd; /* stdin, perhaps opened once more; owned then */
	bool stdin_is_socket;
	/* CLOCK_MONOTONIC, moved on by the time that the process was stopped: what --timeout, */
	uint64_t start_ns;
	uint64_t quiet_ns; /* --idle-timeout (at the earliest), */
	uint64_t drain_ns; /* and the wait for the last output count from. */
	struct heartbeat heartbeat;
	struct halt_watch halt;
	uint64_t stopped_ns; /* time that the process was stopped, and the VM was not told of */
	bool stdin_open;     /* no end of file yet */
	bool draining;       /* the guest has ended: the terminal stays as it was */
	int ended_by;        /* the signal that ended the run; 0: none */
	bool quit;           /* Ctrl-a x */
};

/* Takes the signals over: signals_open(), whose errors these are. */
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
 * Restores the terminal and ends the console, when its output is written: a guest that ended by
 * itself has until --timeout for that, a run that a limit, a signal or the user ended a second. A
 * signal ends the wait. @stop becomes what a user must know first: a signal, or that the output of
 * a good run could not be written in time or at all. It may be NULL. True: all was written and
 * matched.
 */
bool loop_drain(struct loop *l, struct stop *stop);

#endif

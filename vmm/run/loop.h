/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The event loop of the main thread: signals, stdin, time limits, wake-ups from other threads. It
 * serves them and judges nothing: that is for verdict.h. This is the front door of run/, which has
 * all that happens from the first instruction to the result.
 */
#ifndef VMM_RUN_LOOP_H
#define VMM_RUN_LOOP_H

#include "vmm/console/console.h"
#include "vmm/console/keyboard.h"
#include "vmm/machine/vm.h"
#include "vmm/run/halt.h"
#include "vmm/run/heartbeat.h"
#include "vmm/run/limits.h"
#include "vmm/run/run_config.h"

#include <poll.h>

struct loop {
	const struct run_config *cfg; /* borrowed, as are the next three */
	struct console *console;
	struct stop *stop;
	int signal_fd;
	struct keyboard keyboard;
	struct limits limits;
	struct heartbeat heartbeat;
	struct halt_watch halt;
	uint64_t stopped_ns; /* time in which the process was stopped, not told to the VM yet */
	bool draining;       /* the guest has ended: the terminal must not become raw again */
	int ended_by;        /* the signal that ended the run; 0: none */
	bool quit;           /* Ctrl-a x */
};

/*
 * Blocks the signals and handles them from now on. @console is initialised later. Errors: those of
 * signals_open().
 */
int loop_init(struct loop *l, const struct run_config *cfg, struct console *console,
	      struct stop *stop, struct err *e);
void loop_fini(struct loop *l);

/* Serves a running VM until l->stop has a reason. */
void loop_run(struct loop *l, struct vm *vm);

/*
 * To be called when a guest has rebooted and its threads are joined. True, without waiting, when
 * the user wants to leave, or when nobody reads stdout any more; then l->stop says so.
 */
bool loop_wants_end(struct loop *l, struct vm *vm);

/* For drain.c: poll() for at most @most_ms (-1: for one heartbeat). */
int loop_wait(struct loop *l, struct pollfd *fds, nfds_t n, int most_ms);

/* For drain.c: reads one signal. If it ends the run, ended_by is set. */
void loop_take_signal(struct loop *l);

/* For drain.c: a signal or Ctrl-a x becomes the reason why the run stops. */
void loop_check_user(const struct loop *l);

#endif

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
	int wake_fd; /* eventfd: something changed, for the loop to look at */
	int signal_fd;
	struct keyboard keyboard;
	struct limits limits;
	struct heartbeat heartbeat;
	struct halt_watch halt;
	uint64_t stopped_ns; /* time that the process was stopped, and the VM was not told of */
	bool draining;       /* the guest has ended: the terminal stays as it was */
	int ended_by;        /* the signal that ended the run; 0: none */
	bool quit;           /* Ctrl-a x */
};

/* Takes the signals over: signals_open(), whose errors these are. @console is set up later. */
int loop_init(struct loop *l, const struct run_config *cfg, struct console *console,
	      struct stop *stop, struct err *e);
void loop_fini(struct loop *l);

/* Serves a running VM until l->stop is set. */
void loop_run(struct loop *l, struct vm *vm);

/*
 * After a guest rebooted, its threads joined: looks, without waiting, whether the user wants to
 * leave, or nobody reads any more. Then true, and l->stop says so.
 */
bool loop_wants_end(struct loop *l, struct vm *vm);

/* For drain.c: poll() for at most @most_ms (-1: as long as a heartbeat). */
int loop_wait(struct loop *l, struct pollfd *fds, nfds_t n, int most_ms);

/* For drain.c: takes one signal; one that ends the run is in ended_by then. */
void loop_take_signal(struct loop *l);

/* For drain.c: what the user wants becomes the reason why the run stops. */
void loop_check_user(const struct loop *l);

#endif

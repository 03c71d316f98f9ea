/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Once a second while a guest runs, the loop looks at the process itself: was it stopped
 * (SIGSTOP, SIGTSTP, a debugger, a frozen cgroup)? Does it need no processor any more? A suspended
 * host does not matter: CLOCK_MONOTONIC stood still, too.
 * Source: Linux Documentation/scheduler/sched-stats.rst, /proc/<pid>/schedstat.
 */
#ifndef VMM_RUN_HEARTBEAT_H
#define VMM_RUN_HEARTBEAT_H

#include <stdbool.h>
#include <stdint.h>

enum {
	HEARTBEAT_MS = 1000, /* the longest wait of the loop */
	STOPPED_MIN_MS = 1000,
};

struct heartbeat {
	int schedstat_fd;       /* the loop's thread's, owned; -1: this kernel does not have it */
	uint64_t at_ns, cpu_ns; /* of the last beat: CLOCK_MONOTONIC, the process's CPU time */
	uint64_t queued_ns;     /* how long the thread had waited for a processor until then */
};

/* In the thread that will wait. Never fails: without schedstat, a busy host counts as a stop. */
void heartbeat_init(struct heartbeat *h);
void heartbeat_fini(struct heartbeat *h);

/* The first beat: what came before does not count. */
void heartbeat_start(struct heartbeat *h);

/* Nothing is due before HEARTBEAT_MS have passed since the last beat. */
bool heartbeat_is_due(const struct heartbeat *h);

/* True: since the last beat the process used less than a twentieth of one processor. */
bool heartbeat_beat(struct heartbeat *h);

/*
 * The thread has waited since @began_ns (CLOCK_MONOTONIC), and wanted to wait at most @most_ns. How
 * long it was stopped: what it is late by, but for the time that it waited for a processor on a
 * busy host. 0 for less than STOPPED_MIN_MS.
 */
uint64_t heartbeat_stopped_ns(const struct heartbeat *h, uint64_t began_ns, uint64_t most_ns);

/* The same as a matter of numbers: the thread is @late_ns late, and waited @queued_ns of that. */
uint64_t heartbeat_judge(uint64_t late_ns, uint64_t queued_ns);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Once a second while a guest runs, the event loop looks at the process itself. Was it stopped
 * (SIGSTOP, SIGTSTP, a debugger, a frozen cgroup)? Has it stopped using the processor? A suspended
 * host does not matter, because CLOCK_MONOTONIC does not advance in that time.
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
	int schedstat_fd;       /* of the loop's thread, owned; -1: this kernel does not have it */
	uint64_t at_ns, cpu_ns; /* at the last beat: CLOCK_MONOTONIC, the process's CPU time */
	uint64_t queued_ns; /* at the last beat: how long the thread had waited for a processor */
};

/*
 * Called in the thread that will wait. Never fails; without schedstat, a busy host counts as a
 * stop.
 */
void heartbeat_init(struct heartbeat *h);
void heartbeat_fini(struct heartbeat *h);

/* Starts the first beat: what happened before does not count. */
void heartbeat_start(struct heartbeat *h);

/* True when HEARTBEAT_MS have passed since the last beat. */
bool heartbeat_is_due(const struct heartbeat *h);

/* Begins a new beat. True: the process used less than 1/20 of a processor since the last one. */
bool heartbeat_beat(struct heartbeat *h);

/*
 * Returns how long the process was stopped while the thread waited: from @began_ns
 * (CLOCK_MONOTONIC) on, for at most @most_ns. This is its delay, minus the time that it waited for
 * a processor on a busy host. 0 for less than STOPPED_MIN_MS.
 */
uint64_t heartbeat_stopped_ns(const struct heartbeat *h, uint64_t began_ns, uint64_t most_ns);

/* The same from numbers: the thread is @late_ns late, and waited @queued_ns for a processor. */
uint64_t heartbeat_judge(uint64_t late_ns, uint64_t queued_ns);

#endif

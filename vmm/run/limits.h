/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The time limits of a run. Times are CLOCK_MONOTONIC. Time in which the process is stopped does
 * not count.
 */
#ifndef VMM_RUN_LIMITS_H
#define VMM_RUN_LIMITS_H

#include "vmm/machine/stop.h"
#include "vmm/run/run_config.h"

#include <stdint.h>

struct limits {
	uint64_t timeout_ns, idle_timeout_ns; /* 0: none */
	uint64_t start_ns;                    /* when --timeout begins */
	uint64_t quiet_ns; /* when --idle-timeout begins, unless there was output since */
	uint64_t drain_ns; /* when the wait for the last output begins */
};

void limits_init(struct limits *l, const struct run_config *cfg, uint64_t now_ns);

/* A guest begins to run, or to run again after a reboot. */
void limits_begin_boot(struct limits *l, uint64_t now_ns);

/* The guest has ended, and the wait for its last output begins. */
void limits_begin_drain(struct limits *l, uint64_t now_ns);

/* The process was stopped for @stopped_ns until @now_ns. The guest printed last at @output_ns. */
void limits_was_stopped(struct limits *l, uint64_t stopped_ns, uint64_t output_ns, uint64_t now_ns);

/*
 * Milliseconds to the next limit, at most @left_ms (-1: no bound); -1: there is no limit; 0: a
 * limit is reached, and *@stop says which.
 */
int limits_left_ms(const struct limits *l, int left_ms, uint64_t output_ns, uint64_t now_ns,
		   struct stop *stop);

/*
 * The deadline of the wait for the last output; 0: there is none. @patient: the guest ended by
 * itself, and the deadline is that of --timeout; otherwise it is a second after the end.
 */
uint64_t limits_drain_deadline_ns(const struct limits *l, bool patient);

/* Milliseconds to @deadline_ns, rounded up, at most @left_ms (-1: no bound); 0: it has passed. */
int limits_sooner_ms(int left_ms, uint64_t deadline_ns, uint64_t now_ns);

#endif

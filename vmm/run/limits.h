/* SPDX-License-Identifier: BSD-3-Clause */
/* The time limits of a run. Times are CLOCK_MONOTONIC; a stopped process's time counts for none. */
#ifndef VMM_RUN_LIMITS_H
#define VMM_RUN_LIMITS_H

#include "vmm/machine/stop.h"
#include "vmm/run/run_config.h"

#include <stdint.h>

struct limits {
	uint64_t timeout_ns, idle_timeout_ns; /* 0: none */
	uint64_t start_ns;                    /* --timeout counts from here, */
	uint64_t quiet_ns; /* --idle-timeout from here or from the last output, */
	uint64_t drain_ns; /* and the wait for the last output from here */
};

void limits_init(struct limits *l, const struct run_config *cfg, uint64_t now_ns);

/* A guest begins to run; it may be that of another boot. */
void limits_begin_boot(struct limits *l, uint64_t now_ns);

/* The guest has ended; what it printed is still on its way. */
void limits_begin_drain(struct limits *l, uint64_t now_ns);

/* The process was stopped for @stopped_ns until now. The guest printed last at @output_ns. */
void limits_was_stopped(struct limits *l, uint64_t stopped_ns, uint64_t output_ns, uint64_t now_ns);

/*
 * Milliseconds to the next limit, at most @left_ms (-1: no bound), or -1: there is none. 0: one is
 * over, and *@stop says which.
 */
int limits_left_ms(const struct limits *l, int left_ms, uint64_t output_ns, uint64_t now_ns,
		   struct stop *stop);

/*
 * Until when the last output may take: 0, as long as it needs. @patient: the guest ended by itself,
 * and has until --timeout for it; else nobody waits longer than a second.
 */
uint64_t limits_drain_deadline_ns(const struct limits *l, bool patient);

/* Milliseconds to @deadline_ns, rounded up, at most @left_ms (-1: no bound); 0: it is over. */
int limits_sooner_ms(int left_ms, uint64_t deadline_ns, uint64_t now_ns);

#endif

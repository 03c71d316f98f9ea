/* SPDX-License-Identifier: BSD-3-Clause */
/* The time limits of a run: see limits.h. */
#include "vmm/run/limits.h"

#include "vmm/base/clock.h"

#include <limits.h>

/* How long the last output may take after a limit, a signal or the user ended the run. */
#define GRACE_NS NS_PER_S

void limits_init(struct limits *l, const struct run_config *cfg, uint64_t now_ns)
{
	*l = (struct limits){
		.timeout_ns = cfg->timeout_ns,
		.idle_timeout_ns = cfg->idle_timeout_ns,
		.start_ns = now_ns,
	};
}

void limits_begin_boot(struct limits *l, uint64_t now_ns)
{
	l->quiet_ns = now_ns;
}

void limits_begin_drain(struct limits *l, uint64_t now_ns)
{
	l->drain_ns = now_ns;
}

void limits_was_stopped(struct limits *l, uint64_t stopped_ns, uint64_t output_ns, uint64_t now_ns)
{
	if (output_ns > l->quiet_ns &&
	    output_ns + stopped_ns <= now_ns) /* printed before the stop */
		l->quiet_ns = output_ns;
	l->start_ns += stopped_ns;
	l->quiet_ns += stopped_ns;
	l->drain_ns += stopped_ns;
}

int limits_sooner_ms(int left_ms, uint64_t deadline_ns, uint64_t now_ns)
{
	if (now_ns >= deadline_ns)
		return 0;
	uint64_t ms = (deadline_ns - now_ns) / NS_PER_MS + 1;
	ms = ms < INT_MAX ? ms : INT_MAX;
	return left_ms < 0 || (int)ms < left_ms ? (int)ms : left_ms;
}

static double seconds(uint64_t ns)
{
	return (double)ns / 1e9;
}

int limits_left_ms(const struct limits *l, int left_ms, uint64_t output_ns, uint64_t now_ns,
		   struct stop *stop)
{
	uint64_t quiet_ns = output_ns > l->quiet_ns ? output_ns : l->quiet_ns;
	uint64_t end_ns = l->start_ns + l->timeout_ns, idle_end_ns = quiet_ns + l->idle_timeout_ns;

	if (l->timeout_ns && now_ns >= end_ns)
		stop_set(stop, STOP_TIMEOUT, 0, -1, "--timeout: the guest still ran after %.3f s",
			 seconds(l->timeout_ns));
	if (l->idle_timeout_ns && now_ns >= idle_end_ns)
		stop_set(stop, STOP_TIMEOUT, 0, -1,
			 "--idle-timeout: the console was silent for %.3f s",
			 seconds(l->idle_timeout_ns));
	if (l->timeout_ns)
		left_ms = limits_sooner_ms(left_ms, end_ns, now_ns);
	if (l->idle_timeout_ns)
		left_ms = limits_sooner_ms(left_ms, idle_end_ns, now_ns);
	return left_ms;
}

uint64_t limits_drain_deadline_ns(const struct limits *l, bool patient)
{
	if (!patient)
		return l->drain_ns + GRACE_NS;
	return l->timeout_ns ? l->start_ns + l->timeout_ns : 0;
}

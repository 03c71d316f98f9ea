/* SPDX-License-Identifier: BSD-3-Clause */
/* The times of a run: see timeline.h. */
#include "vmm/base/timeline.h"

#include "vmm/base/clock.h"

#include <stdbool.h>

void timeline_start(struct timeline *t)
{
	struct timespec used = {0};
	uint64_t now = clock_now_ns();

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	t->exec_ns = now - ((uint64_t)used.tv_sec * NS_PER_S + (uint64_t)used.tv_nsec);
	t->at_ns[MOMENT_VMM_START] = now;
}

void timeline_mark(struct timeline *t, enum moment moment)
{
	uint64_t never = 0;

	if (!__atomic_load_n(&t->at_ns[moment], __ATOMIC_RELAXED))
		__atomic_compare_exchange_n(&t->at_ns[moment], &never, clock_now_ns(), false,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

uint64_t timeline_since_exec_ns(const struct timeline *t, uint64_t at_ns)
{
	return at_ns ? at_ns - t->exec_ns : 0;
}

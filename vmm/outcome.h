/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How a run came out, for the user's eyes and for the reports: it outlives the VM.
 */
#ifndef VMM_OUTCOME_H
#define VMM_OUTCOME_H

#include "arch/kvm.h"
#include "vmm/stop.h"

#include <stdint.h>

enum { OUTCOME_REASON_BYTES = 512 };

/* All zero: nothing has run. */
struct outcome {
	enum stop_kind kind;
	int status;
	char reason[OUTCOME_REASON_BYTES]; /* a sentence; never empty once it is set */
	unsigned boots;                    /* how many VMs ran */
	uint64_t exits[EXIT_REASONS];      /* of all vCPUs, by KVM_EXIT_* */
};

struct vm;
struct err;

/* A VM has run, its threads have ended: counts it. */
void outcome_count(struct outcome *o, const struct vm *vm);

/* Its end is the run's end. */
void outcome_set(struct outcome *o, const struct vm *vm);

/* minivmm could not do its part. */
void outcome_fail(struct outcome *o, const struct err *e);

#endif

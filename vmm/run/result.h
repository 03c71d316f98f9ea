/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The result of a run, as data: the text for the user, the reports and the exit status are made
 * from it. It outlives the VM.
 */
#ifndef VMM_RUN_RESULT_H
#define VMM_RUN_RESULT_H

#include "arch/kvm.h"
#include "vmm/machine/stop.h"

#include <stdint.h>

enum { RESULT_REASON_BYTES = 512 };

/* All zero: nothing has run. */
struct result {
	enum stop_kind kind;
	uint64_t cause; /* enum panic_cause of STOP_PANIC, enum crash_cause of STOP_CRASH */
	int status;
	char reason[RESULT_REASON_BYTES]; /* a sentence; never empty once it is set */
	unsigned boots;                   /* how many VMs ran */
	uint64_t exits[EXIT_REASONS];     /* of all vCPUs, by KVM_EXIT_* */
};

/* The run has ended for the reason in @stop; the console gives the details @detail, or "". */
void result_set(struct result *r, const struct stop *stop, const char *detail);

/* minivmm itself has failed. */
void result_fail(struct result *r, const struct err *e);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How a run came out, as data: what the user is told, the reports and the exit status are made of
 * this. It outlives the VM.
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
	uint64_t cause; /* of a panic or a crash: stop.h says which enum it is */
	int status;
	char reason[RESULT_REASON_BYTES]; /* a sentence; never empty once it is set */
	unsigned boots;                   /* how many VMs ran */
	uint64_t exits[EXIT_REASONS];     /* of all vCPUs, by KVM_EXIT_* */
};

/* The run is over for the reason in @stop, of which the console says @detail ("": nothing). */
void result_set(struct result *r, const struct stop *stop, const char *detail);

/* minivmm could not do its part. */
void result_fail(struct result *r, const struct err *e);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* What a user is told on stderr when a run has ended. */
#ifndef VMM_RUN_EXPLAIN_H
#define VMM_RUN_EXPLAIN_H

#include "vmm/machine/vm.h"

/*
 * Nothing for a run that went well. Else the reason in one line; the end of the console, where the
 * user has not seen it; the last exits and registers, where they tell something; what to try.
 * @vm's threads have ended, and host->outcome is set.
 */
void explain(struct vm *vm, FILE *f);

#endif

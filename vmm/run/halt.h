/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Finds a guest that has halted for good: every vCPU waits in HLT with interrupts off, or was never
 * started. KVM_RUN does not return from that. While such a guest's process needs no processor, each
 * vCPU is taken out of KVM_RUN once a second, and its thread looks.
 */
#ifndef VMM_RUN_HALT_H
#define VMM_RUN_HALT_H

#include "vmm/machine/vm.h"

struct halt_watch {
	unsigned asked; /* how often in a row the vCPUs were asked */
};

/*
 * At each heartbeat of the loop: @still is what it said. Ends the run as a crash two beats after
 * the first at which the vCPUs were asked, when all answers agree.
 */
void halt_watch_beat(struct halt_watch *w, struct vm *vm, bool still);

#endif

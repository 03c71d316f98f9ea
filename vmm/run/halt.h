/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Finds a guest that has halted for ever: every vCPU waits in HLT with interrupts off, or was never
 * started. KVM_RUN does not return in this state. So while the process uses hardly any CPU time,
 * each vCPU is interrupted once a second, and its thread looks at its state.
 */
#ifndef VMM_RUN_HALT_H
#define VMM_RUN_HALT_H

#include "vmm/machine/vm.h"

struct halt_watch {
	unsigned asked; /* how often in a row the vCPUs were asked for their state */
};

/*
 * To be called at each heartbeat of the loop; @still is the result of heartbeat_beat(). Ends the
 * run as a crash two beats after the first question, if all answers agree.
 */
void halt_watch_beat(struct halt_watch *w, struct vm *vm, bool still);

#endif

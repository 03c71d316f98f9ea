/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Puts the machine's devices on its buses, and their wires to where they lead.
 */
#ifndef VMM_MACHINE_H
#define VMM_MACHINE_H

#include "vmm/vm.h"

/* Instantiates each of the board's devices. Errors: bus_add()'s: our own mistake in a layout. */
int machine_init(struct vm *vm, struct err *e);

/*
 * Tells the real-time clock when the time of its alarm has come. Returns after how many
 * milliseconds it wants to be called again, 1 to 1000, or -1: no alarm is set. A vCPU that sets one
 * wakes the loop.
 */
int machine_alarm_ms(struct vm *vm);

#endif

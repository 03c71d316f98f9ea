/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Puts the machine's devices on its buses, and their wires to where they lead.
 */
#ifndef VMM_MACHINE_H
#define VMM_MACHINE_H

#include "vmm/vm.h"

/* Instantiates each of arch_devices(). Errors: bus_add()'s: our own mistake in a layout. */
int machine_init(struct vm *vm, struct err *e);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The vCPU thread: KVM_RUN, and what each exit means.
 */
#ifndef VMM_RUN_H
#define VMM_RUN_H

#include "vmm/vm.h"

/* The thread of one vCPU (@arg: struct vcpu). Waits at the gate, runs until the run must end. */
void *run_vcpu(void *arg);

/* The end of an interrupt wire (@opaque: struct irq_wire): KVM's irqchip. */
void run_set_irq(void *opaque, bool level);

/* KVM has reset the vCPU with its last exit: its registers say nothing about the guest any more. */
bool run_registers_lost(const struct vcpu *v);
#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The virtual machine: it owns everything that lives from vm_init() to vm_fini(). A guest that
 * restarts gets a new one. This is the front door of machine/, which has the RAM, the buses, the
 * vCPU threads and the reason why they stopped.
 */
#ifndef VMM_MACHINE_VM_H
#define VMM_MACHINE_VM_H

#include "arch/arch.h"
#include "vmm/machine/devices.h"
#include "vmm/machine/load.h"
#include "vmm/machine/machine_config.h"
#include "vmm/machine/vcpu.h"

/* What a VM is made from, and what it is connected to. All borrowed. */
struct vm_setup {
	const struct machine_config *cfg;
	const struct kvm *kvm;
	struct payload *payload;  /* may be closed once the last VM is built */
	struct chardev console;   /* the other end of the serial line */
	struct event_line events; /* receives the events of devices, in a vCPU's thread */
	struct arch_log log;      /* warnings */
	struct stop *stop;        /* set by what ends the VM; read by its vCPUs */
	struct timeline *timeline;
};

struct vm {
	const struct machine_config *cfg;
	int fd;
	struct stop *stop;
	struct arch_vm arch;
	struct gmem mem;
	struct loaded loaded;
	struct devices devices;
	unsigned cpus; /* how many of vcpu[] are initialised */
	struct vcpu *vcpu;
	struct gate gate;
};

/* Builds the VM up to the vCPU threads, which wait at the gate. After an error, nothing is left. */
int vm_init(struct vm *vm, const struct vm_setup *setup, struct err *e);

/* Lets the vCPUs run. */
void vm_start(struct vm *vm);

/* Ends the vCPU threads of a VM that was never started. */
void vm_cancel(struct vm *vm);

/* Interrupts KVM_RUN of each vCPU, whose thread then notes in its struct whether it is at rest. */
void vm_ask(struct vm *vm);

/* Tells each vCPU that the process was stopped while the guest's clock went on. */
void vm_was_stopped(struct vm *vm);

/* Ends all vCPU threads. Afterwards, vm->stop no longer changes. */
void vm_join(struct vm *vm);

/* Adds the exits of all vCPUs to @exits, by KVM_EXIT_*. After vm_join(). */
void vm_count_exits(const struct vm *vm, uint64_t exits[EXIT_REASONS]);

/* Writes to @f what explains a crash: the last exits and registers. After vm_join(). */
void vm_explain(const struct vm *vm, FILE *f);

void vm_fini(struct vm *vm);

#endif

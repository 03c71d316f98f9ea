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

/* What a VM is made from, and what it is wired to. All borrowed. */
struct vm_setup {
	const struct machine_config *cfg;
	const struct kvm *kvm;
	struct payload *payload;  /* may be closed once the last VM is built */
	struct chardev console;   /* the serial line's other end */
	struct event_line events; /* what devices tell of; called in a vCPU's thread */
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

/* Builds all up to the vCPU threads, which wait. On error nothing is left. */
int vm_init(struct vm *vm, const struct vm_setup *setup, struct err *e);

/* Lets the vCPUs run. */
void vm_start(struct vm *vm);

/* Ends the vCPU threads of a VM that was never started. */
void vm_cancel(struct vm *vm);

/* Takes each vCPU out of KVM_RUN, for its thread to note in its struct whether it is at rest. */
void vm_ask(struct vm *vm);

/* The process was stopped; time went on for the guest: its vCPUs are told. */
void vm_was_stopped(struct vm *vm);

/* Ends all vCPU threads; vm->stop is final afterwards. */
void vm_join(struct vm *vm);

/* Adds how often each KVM_EXIT_* came, of all vCPUs, to @exits. After vm_join(). */
void vm_count_exits(const struct vm *vm, uint64_t exits[EXIT_REASONS]);

/* Says on @f what a user wants to know of a run that crashed: last exits and registers. */
void vm_explain(const struct vm *vm, FILE *f);

void vm_fini(struct vm *vm);

#endif

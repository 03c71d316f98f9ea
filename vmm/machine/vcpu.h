/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A vCPU and its thread: KVM_RUN, and what follows from each exit. Source: Linux
 * Documentation/virt/kvm/api.rst, section 5.
 */
#ifndef VMM_MACHINE_VCPU_H
#define VMM_MACHINE_VCPU_H

#include "arch/arch.h"
#include "vmm/base/thread.h"
#include "vmm/base/timeline.h"
#include "vmm/machine/devices.h"
#include "vmm/machine/exitlog.h"
#include "vmm/machine/gate.h"
#include "vmm/machine/stop.h"

/* What all vCPUs of a machine share; borrowed. */
struct vcpu_shared {
	struct gate *gate;
	struct devices *devices;
	struct stop *stop;
	struct timeline *timeline;
};

struct vcpu {
	unsigned id;
	int fd;
	struct kvm_run *run; /* KVM's shared page */
	size_t run_bytes;
	struct vcpu_shared shared;
	struct thread thread;
	bool started; /* the thread exists */
	/* KVM_RUN says EAGAIN since, and last did at, CLOCK_MONOTONIC. */
	uint64_t again_since_ns, again_last_ns;
	bool was_stopped; /* vm_was_stopped(): the guest was not told yet; atomic */
	/* vm_ask(): not answered yet, atomic; then what its thread found, and where. */
	bool asked;
	enum arch_rest rest;
	uint64_t rest_pc;
	struct exitlog exits;
	uint64_t exit_count[EXIT_REASONS]; /* by KVM_EXIT_* */
};

/* Creates it and maps its page, of @run_bytes. Errors: KVM's. */
int vcpu_init(struct vcpu *v, int vm_fd, unsigned id, size_t run_bytes, struct err *e);
void vcpu_fini(struct vcpu *v);

/* Starts the thread, which waits at the gate. Error: thread_start()'s. */
int vcpu_start(struct vcpu *v, const struct vcpu_shared *shared, struct err *e);

/* Takes it out of KVM_RUN, or out of the next one at once. */
void vcpu_kick(struct vcpu *v);

/* The thread's main(), with a struct vcpu: runs it until the run must end. */
void *vcpu_run(void *arg);

/*
 * KVM has reset the vCPU with its last exit: its registers say nothing about the guest any more. Of
 * a vCPU whose thread has ended.
 */
bool vcpu_registers_lost(const struct vcpu *v);

/* Writes its last exits and its registers. Of a vCPU whose thread has ended. */
void vcpu_explain(const struct vcpu *v, FILE *f);

#endif

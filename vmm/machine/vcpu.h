/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A vCPU and its thread, which calls KVM_RUN and handles each exit. Source: Linux
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

/* What all vCPUs of a machine share. Borrowed. */
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
	/* When KVM_RUN first and last returned EAGAIN in a row; CLOCK_MONOTONIC. */
	uint64_t again_since_ns, again_last_ns;
	bool was_stopped; /* vm_was_stopped() was called, and the guest is not told yet; atomic */
	/* vm_ask() was called, and not answered yet (atomic); then the answer of the thread. */
	bool asked;
	enum arch_rest rest;
	uint64_t rest_pc;
	struct exitlog exits;
	uint64_t exit_count[EXIT_REASONS]; /* by KVM_EXIT_* */
};

/* Creates the vCPU and maps its shared area of @run_bytes. Errors: those of KVM. */
int vcpu_init(struct vcpu *v, int vm_fd, unsigned id, size_t run_bytes, struct err *e);
void vcpu_fini(struct vcpu *v);

/* Starts the thread, which waits at the gate. Errors: those of thread_start(). */
int vcpu_start(struct vcpu *v, const struct vcpu_shared *shared, struct err *e);

/* Interrupts KVM_RUN, or else the next KVM_RUN as soon as it is called. */
void vcpu_kick(struct vcpu *v);

/* The thread's function; @arg is a struct vcpu, which it runs until the run must end. */
void *vcpu_run(void *arg);

/*
 * True when KVM reset the vCPU with its last exit: its registers no longer say anything about the
 * guest. Only after its thread has ended.
 */
bool vcpu_registers_lost(const struct vcpu *v);

/* Writes its last exits and its registers. Only after its thread has ended. */
void vcpu_explain(const struct vcpu *v, FILE *f);

#endif

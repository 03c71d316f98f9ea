/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The contract between vmm/ and the architecture that minivmm is built for: its board, and its part
 * of KVM. Exactly one directory below arch/ implements it in a build.
 */
#ifndef ARCH_ARCH_H
#define ARCH_ARCH_H

#include "arch/board.h"
#include "arch/kvm.h"

/*
 * struct arch_vm, which each architecture defines for itself. vmm/ holds one and does not look
 * inside.
 */
#if defined(__x86_64__)
#include "arch/x86_64/vm.h"
#elif defined(__aarch64__)
#include "arch/aarch64/vm.h"
#endif

/* A callback for warnings. */
struct arch_log {
	void (*warn)(void *opaque, const char *text);
	void *opaque;
};

/* The capabilities without which no guest runs. */
extern const struct kvm_need arch_needs[];
extern const unsigned arch_needs_n;

/* The ioctl requests of this architecture's code, while a VM runs and while one is built. */
extern const struct kvm_requests arch_run_requests, arch_build_requests;

/* What /dev/kvm is, as far as the processor tells: "hardware, AMD-V (svm)". */
const char *arch_virtualization(void);
/* The kvm module parameter that says whether guests may nest, or NULL. */
const char *arch_nested_parameter(void);

/* The most vCPUs that this host and minivmm's machine can have; *@why is what sets the limit. */
unsigned arch_max_cpus(const struct kvm *kvm, const char **why);

/* The RAM in bytes that every host's KVM can address: only for more is arch_max_ram() needed. */
extern const uint64_t arch_sure_ram_bytes;

/*
 * The most RAM, in bytes, that guests' addresses reach on this host; they have *@address_bits bits.
 * Error: KVM does not say how many.
 */
int arch_max_ram(const struct kvm *kvm, uint64_t *bytes, unsigned *address_bits, struct err *e);

/*
 * The bytes that KVM allocates for each 4 KiB page of a memory slot when the slot is made. They are
 * never swapped out.
 */
extern const unsigned arch_kvm_bytes_per_page;

/* KVM_CREATE_VM's type for a VM with @ram_bytes of RAM, at most arch_max_ram(). */
unsigned long arch_vm_type(const struct kvm *kvm, uint64_t ram_bytes);

/* The number by which KVM_IRQ_LINE knows a devdesc's irq. */
uint32_t arch_irq_line(int irq);

/*
 * Fills *@vm, whose KVM is @kvm and whose descriptor @fd, and makes what must exist before the
 * first vCPU, such as interrupt controllers. Errors: KVM lacks what @cpus asks for; KVM's own.
 * *@refusal is set with every error, and then there is nothing to undo.
 */
int arch_vm_init(struct arch_vm *vm, const struct kvm *kvm, int fd, const struct guest_cpus *cpus,
		 enum refusal *refusal, struct err *e);

/* The interrupt controllers that arch_vm_init() made. */
enum irqchip arch_vm_irqchip(const struct arch_vm *vm);

/* Undoes arch_vm_init(). */
void arch_vm_fini(struct arch_vm *vm);

/* One vCPU's features. @id counts from 0. */
int arch_vcpu_init(const struct arch_vm *vm, int vcpu_fd, unsigned id, const struct arch_log *log,
		   struct err *e);

/* What can be done only after all vCPUs exist, such as initialising a GIC. */
int arch_post_vcpus(const struct arch_vm *vm, struct err *e);

/*
 * The last step before a vCPU runs. The first one gets the registers for the kernel's entry; the
 * others wait until the guest starts them. Error: the CPU lacks the page size that the kernel
 * needs.
 */
int arch_vcpu_reset(const struct arch_vm *vm, int vcpu_fd, unsigned id, const struct boot *boot,
		    struct err *e);

/* What a vCPU that does not run waits for. */
enum arch_rest {
	REST_NONE,      /* an interrupt, or it runs */
	REST_UNSTARTED, /* another vCPU, to start it */
	REST_HALTED,    /* nothing that this machine has: interrupts are off */
};

/* False: arch_vcpu_rest() only says REST_NONE, for even a masked interrupt ends a halt. */
extern const bool arch_knows_rest;

/*
 * The state of a vCPU that a signal took out of KVM_RUN, in its thread. *@pc is set for
 * REST_HALTED: the address of its next instruction.
 */
enum arch_rest arch_vcpu_rest(int vcpu_fd, const struct kvm_run *run, uint64_t *pc);

/*
 * Tells the guest that the process was stopped while the guest's clock ran on, so that its
 * watchdogs do not report a lockup. To be called in the vCPU's thread, before the vCPU runs again.
 * Does nothing where KVM or the guest has no means for it.
 */
void arch_vcpu_was_stopped(int vcpu_fd);

/* Writes the registers that matter after a crash, one line each, to @text. */
void arch_vcpu_describe(int vcpu_fd, char *text, size_t size);

#endif

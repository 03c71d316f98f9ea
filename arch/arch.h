/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The contract between vmm/ and the architecture that minivmm is built for: its board, and its part
 * of KVM. Exactly one directory below arch/ implements it in a build. Calls come in the order of
 * this page.
 */
#ifndef ARCH_ARCH_H
#define ARCH_ARCH_H

#include "arch/board.h"
#include "arch/kvm.h"

/* Each architecture's own, for arch_vm_init() to fill; vmm/ keeps one and looks at none of it. */
#if defined(__x86_64__)
#include "arch/x86_64/vm.h"
#elif defined(__aarch64__)
#include "arch/aarch64/vm.h"
#endif

/* A callback for things that are not errors but that the user should know. */
struct arch_log {
	void (*warn)(void *opaque, const char *text);
	void *opaque;
};

/* The capabilities without which no guest runs. */
extern const struct kvm_need arch_needs[];
extern const unsigned arch_needs_n;

/* The ioctl requests of this architecture's part, likewise by phase. */
extern const struct kvm_requests arch_run_requests, arch_build_requests;

/* "hardware (svm)", "software, ...": what stands behind /dev/kvm, by the processor's flags. */
const char *arch_virtualization(void);
/* The kvm module parameter that says whether guests may nest, or NULL. */
const char *arch_nested_parameter(void);

/* The most vCPUs that this host and minivmm's machine can have; *@why is what sets the limit. */
unsigned arch_max_cpus(const struct kvm *kvm, const char **why);

/* RAM that any host's KVM can address, in bytes: nobody needs to ask for more than that. */
extern const uint64_t arch_sure_ram_bytes;

/*
 * The most RAM that a guest of this host's KVM can have, in bytes: up to where its addresses end,
 * which have *@address_bits bits. Error: KVM does not say how many.
 */
int arch_max_ram(const struct kvm *kvm, uint64_t *bytes, unsigned *address_bits, struct err *e);

/*
 * What KVM keeps for each page of 4 KiB of a memory slot, in bytes. It takes them when the slot is
 * made, of memory that is never swapped.
 */
extern const unsigned arch_kvm_bytes_per_page;

/* The type of a VM with that much RAM, at most arch_max_ram() (arm: its address size). */
unsigned long arch_vm_type(const struct kvm *kvm, uint64_t ram_bytes);

/* What KVM calls the wire of a devdesc's irq. */
uint32_t arch_irq_line(int irq);

/*
 * Fills *@vm, whose KVM is @kvm and whose descriptor @fd, and makes what must exist before the
 * first vCPU (the interrupt controllers; x86_64: TSS, identity map, PIT). Errors: KVM lacks what
 * @cpus asks for; KVM's own. *@refusal is set with every error, and then there is nothing to undo.
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

/* What can be done only when all vCPUs exist (arm: the GIC is made ready). */
int arch_post_vcpus(const struct arch_vm *vm, struct err *e);

/*
 * The last that a vCPU gets before it runs: the first its registers at the entry; the others wait
 * to be started by the guest. Error (arm): the CPU lacks the pages that the kernel needs.
 */
int arch_vcpu_reset(const struct arch_vm *vm, int vcpu_fd, unsigned id, const struct boot *boot,
		    struct err *e);

/* What a vCPU that does not run waits for. */
enum arch_rest {
	REST_NONE,      /* an interrupt, or it runs */
	REST_UNSTARTED, /* another vCPU, to start it */
	REST_HALTED,    /* interrupts are off: nothing that this machine has */
};

/* False: arch_vcpu_rest() knows REST_NONE alone (arm: WFI ends by an interrupt that is masked). */
extern const bool arch_knows_rest;

/*
 * The state of a vCPU that a signal took out of KVM_RUN, in its thread. *@pc is set for
 * REST_HALTED: the address of its next instruction.
 */
enum arch_rest arch_vcpu_rest(int vcpu_fd, const struct kvm_run *run, uint64_t *pc);

/*
 * The process was stopped, and the guest's clock went on. In the vCPU's thread, before it runs
 * again: lets the guest know, so that its watchdogs do not take the time for a lockup (x86 with
 * kvmclock; KVM has nothing of the kind for arm).
 */
void arch_vcpu_was_stopped(int vcpu_fd);

/* Writes the registers that matter after a crash, one line each, to @text. */
void arch_vcpu_describe(int vcpu_fd, char *text, size_t size);

#endif

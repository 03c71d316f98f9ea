/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * x86_64 KVM: a vCPU's state while its VM runs, and its registers afterwards.
 * Source: Linux Documentation/virt/kvm/api.rst.
 */
#include "arch/arch.h"

#include <stdio.h>

static const unsigned long run_requests[] = {KVM_GET_REGS, KVM_GET_SREGS, KVM_KVMCLOCK_CTRL};
const struct kvm_requests arch_run_requests = {run_requests,
					       sizeof(run_requests) / sizeof(run_requests[0])};

const bool arch_knows_rest = true;

/*
 * An NMI, an SMI or an INIT would end a halt as well. They come from a vCPU; NMIs also from the
 * PIT, where the guest has wired it so, and those would come all the time.
 */
enum arch_rest arch_vcpu_rest(int vcpu_fd, const struct kvm_run *run, uint64_t *pc)
{
	struct kvm_mp_state mp;
	struct kvm_regs r;
	struct err e;

	if (KVM_CALL(vcpu_fd, KVM_GET_MP_STATE, &mp, &e) < 0)
		return REST_NONE;
	if (mp.mp_state == KVM_MP_STATE_UNINITIALIZED || mp.mp_state == KVM_MP_STATE_INIT_RECEIVED)
		return REST_UNSTARTED;
	if (mp.mp_state != KVM_MP_STATE_HALTED || run->if_flag ||
	    KVM_CALL(vcpu_fd, KVM_GET_REGS, &r, &e) < 0)
		return REST_NONE;
	*pc = r.rip;
	return REST_HALTED;
}

void arch_vcpu_was_stopped(int vcpu_fd)
{
	struct err e;

	/* EINVAL: the guest has no kvmclock, and its watchdogs cannot be told. */
	(void)KVM_CALL(vcpu_fd, KVM_KVMCLOCK_CTRL, 0, &e);
}

void arch_vcpu_describe(int vcpu_fd, char *text, size_t size)
{
	struct kvm_regs r;
	struct kvm_sregs s;
	struct err e;

	if (KVM_CALL(vcpu_fd, KVM_GET_REGS, &r, &e) < 0 ||
	    KVM_CALL(vcpu_fd, KVM_GET_SREGS, &s, &e) < 0) {
		snprintf(text, size, "registers: %s\n", e.text);
		return;
	}
	snprintf(text, size,
		 "rip %016llx rsp %016llx rflags %08llx cr0 %08llx cr2 %016llx\n"
		 "rax %016llx rbx %016llx rcx %016llx rdx %016llx\n"
		 "rsi %016llx rdi %016llx rbp %016llx cr3 %016llx\n"
		 "r8  %016llx r9  %016llx r10 %016llx r11 %016llx\n"
		 "r12 %016llx r13 %016llx r14 %016llx r15 %016llx\n"
		 "cs %04x ss %04x cr4 %08llx efer %08llx\n",
		 r.rip, r.rsp, r.rflags, s.cr0, s.cr2, r.rax, r.rbx, r.rcx, r.rdx, r.rsi, r.rdi,
		 r.rbp, s.cr3, r.r8, r.r9, r.r10, r.r11, r.r12, r.r13, r.r14, r.r15, s.cs.selector,
		 s.ss.selector, s.cr4, s.efer);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* What x86_64 keeps of one VM: see arch.h. */
#ifndef ARCH_X86_64_VM_H
#define ARCH_X86_64_VM_H

#include "arch/board.h"

struct kvm;
union cpuid;

struct arch_vm {
	const struct kvm *kvm; /* borrowed */
	int fd;                /* the VM's, borrowed */
	struct guest_cpus cpus;
	union cpuid *cpuid; /* what KVM supports and the guest may know of; owned */
};

#endif

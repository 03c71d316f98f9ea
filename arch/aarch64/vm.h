/* SPDX-License-Identifier: BSD-3-Clause */
/* What aarch64 keeps of one VM: see arch.h. */
#ifndef ARCH_AARCH64_VM_H
#define ARCH_AARCH64_VM_H

#include "arch/board.h"

struct arch_vm {
	int fd; /* the VM's, borrowed */
	struct guest_cpus cpus;
	int gic_fd; /* the GIC, a KVM device; owned */
	unsigned gic_version;
	uint32_t vcpu_features; /* bits KVM_ARM_VCPU_... that every vCPU gets */
};

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The guest's interrupt controller, in KVM: a GICv3, or a GICv2 where the host supports no other.
 * Source: Linux Documentation/virt/kvm/devices/arm-vgic-v3.rst and arm-vgic.rst.
 */
#ifndef ARCH_AARCH64_GIC_H
#define ARCH_AARCH64_GIC_H

#include "arch/aarch64/vm.h"

/*
 * Creates it, at its place in the layout, for the VM and the CPUs that *@vm names, and sets its
 * gic_fd and gic_version. Errors: KVM has neither; more vCPUs than it takes (REFUSAL_CPUS).
 */
int gic_create(struct arch_vm *vm, enum refusal *refusal, struct err *e);

/* Makes it ready, when all vCPUs exist. */
int gic_init(const struct arch_vm *vm, struct err *e);

void gic_close(struct arch_vm *vm);

#endif

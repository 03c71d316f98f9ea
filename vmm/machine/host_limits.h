/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether this host and its KVM can provide the requested machine. */
#ifndef VMM_MACHINE_HOST_LIMITS_H
#define VMM_MACHINE_HOST_LIMITS_H

#include "arch/kvm.h"
#include "vmm/machine/machine_config.h"

/* Advice when the reason why /dev/kvm fails is not known: half a sentence. */
#define HOST_LIMITS_FIX "run `minivmm --check`"

/*
 * Opens KVM. Errors name the option: those of kvm_open(); KVM lacks a capability that every guest
 * needs; more vCPUs or more RAM than a guest of this host can have.
 */
int host_limits_open_kvm(struct kvm *kvm, const struct machine_config *cfg, struct err *e);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The affinity that KVM gives a vCPU: MPIDR_EL1, which names the CPU to PSCI and in the device
 * tree. Source: Linux arch/arm64/kvm, reset_mpidr(): 16 CPUs a cluster, because a GICv3 addresses
 * at most 16 of them with one SGI.
 */
#ifndef ARCH_AARCH64_MPIDR_H
#define ARCH_AARCH64_MPIDR_H

#include <stdint.h>

#define MPIDR_AFFINITY 0xff00ffffffULL /* Aff3 and Aff2 to Aff0; the rest are flags */

/* Aff2, Aff1 and Aff0 of vCPU @id, which counts from 0. */
static inline uint32_t mpidr_affinity(unsigned id)
{
	return (id & 0xf) | (id >> 4 & 0xff) << 8 | (id >> 12 & 0xff) << 16;
}

#endif

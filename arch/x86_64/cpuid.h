/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What CPUID says to one vCPU: KVM's answer, less what the guest is not to have, with the leaves
 * that differ between vCPUs filled in.
 * Source: Intel SDM volume 2, CPUID; AMD APM volume 3, appendix E; Linux
 * Documentation/virt/kvm/x86/cpuid.rst.
 */
#ifndef ARCH_X86_64_CPUID_H
#define ARCH_X86_64_CPUID_H

#include <linux/kvm.h>
#include <stdbool.h>
#include <stdint.h>

enum { CPUID_MAX_ENTRIES = 256 };

/* Address bits of a processor without leaf 0x80000008 (SDM volume 3, 4.1.4): the fewest. */
enum { CPUID_ADDRESS_BITS_MIN = 36 };

/* Storage: the head's last member is an array without a size. */
union cpuid {
	struct kvm_cpuid2 head;
	uint8_t bytes[sizeof(struct kvm_cpuid2) +
		      CPUID_MAX_ENTRIES * sizeof(struct kvm_cpuid_entry2)];
};

/* What a guest gets only where the user asks for it. Bits, to be or'ed. */
enum cpuid_extra {
	CPUID_NESTING = 1, /* guests of its own: VMX, SVM, SEV */
	CPUID_PMU = 2,     /* performance counters, and what traces and samples beside them */
};

/*
 * How many bits a guest's physical addresses may have, by @cpuid (KVM_GET_SUPPORTED_CPUID's
 * answer): the host's own, or fewer, where its second level of page tables maps fewer.
 */
unsigned cpuid_address_bits(const struct kvm_cpuid2 *cpuid);

/*
 * The extras that @cpuid (KVM_GET_SUPPORTED_CPUID's answer) has. The counters of AMD processors
 * before family 0x15 have no bit in CPUID and are not seen.
 */
unsigned cpuid_extras(const struct kvm_cpuid2 *cpuid);

/* Removes from @cpuid all that announces extras other than @keep. */
void cpuid_hide_extras(struct kvm_cpuid2 *cpuid, unsigned keep);

/*
 * Changes @cpuid (KVM_GET_SUPPORTED_CPUID's answer) for the vCPU with APIC id @id of @cpus: one
 * socket of @cpus cores of one thread. Leaf 1: APIC id, logical processors, hypervisor bit and,
 * when @tsc_deadline, that timer. Leaf 4: cores that share a package. Leaves 0xb and 0x1f:
 * topology. AMD's 0x80000008 and 0x8000001e likewise. Leaves that @cpuid lacks stay absent.
 */
void cpuid_for_vcpu(struct kvm_cpuid2 *cpuid, unsigned id, unsigned cpus, bool tsc_deadline);

#endif

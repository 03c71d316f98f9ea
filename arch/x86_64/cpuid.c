/* SPDX-License-Identifier: BSD-3-Clause */
/* CPUID for one vCPU: see cpuid.h. */
#include "arch/x86_64/cpuid.h"

#define LEAF1_EBX_KEEP         0x0000ffffu /* brand index, CLFLUSH size */
#define LEAF1_ECX_TSC_DEADLINE (1u << 24)
#define LEAF1_ECX_HYPERVISOR   (1u << 31)
#define LEAF1_EDX_HTT          (1u << 28)
#define TOPOLOGY_SMT           1u
#define TOPOLOGY_CORE          2u

enum { ANY_INDEX = -1 };

#define BIT(n)     (1u << (n))
#define WHOLE_LEAF .eax = ~0u, .ebx = ~0u, .ecx = ~0u, .edx = ~0u

/* The CPUID bits that announce each extra, by their names in the manuals. */
static const struct extra_bits {
	enum cpuid_extra extra;
	uint32_t function;
	int index;
	uint32_t eax, ebx, ecx, edx;
	bool is_proof; /* with one of these bits the extra is there; others only add to it */
} extra_bits[] = {
	{CPUID_NESTING, 1, 0, .ecx = BIT(5) /* VMX */, .is_proof = true},
	{CPUID_NESTING, 0x80000001, 0, .ecx = BIT(2) /* SVM */, .is_proof = true},
	{CPUID_NESTING, 0x80000001, 0, .ecx = BIT(12) /* SKINIT */},
	{CPUID_NESTING, 0x8000000a, 0, WHOLE_LEAF}, /* SVM's features */
	{CPUID_NESTING, 0x8000001f, 0, WHOLE_LEAF}, /* SEV: guests with encrypted memory */

	{CPUID_PMU, 0xa, 0, .eax = 0xff /* version */, .is_proof = true},
	{CPUID_PMU, 0x80000001, 0, .ecx = BIT(23) /* PerfCtrExtCore */, .is_proof = true},
	{CPUID_PMU, 0xa, 0, WHOLE_LEAF}, /* architectural performance monitoring */
	{CPUID_PMU, 1, 0, .ecx = BIT(2) | BIT(4) | BIT(15) /* DTES64, DS_CPL, PDCM */},
	{CPUID_PMU, 1, 0, .edx = BIT(21) /* DS */},
	{CPUID_PMU, 7, 0, .ebx = BIT(25) /* Processor Trace */, .edx = BIT(19) /* LBR */},
	{CPUID_PMU, 7, 1, .eax = BIT(8) /* ArchPerfmonExt: leaf 0x23 */},
	{CPUID_PMU, 0x14, ANY_INDEX, WHOLE_LEAF}, /* Processor Trace */
	{CPUID_PMU, 0x1c, ANY_INDEX, WHOLE_LEAF}, /* last branch records */
	{CPUID_PMU, 0x23, ANY_INDEX, WHOLE_LEAF}, /* performance monitoring, extended */
	{CPUID_PMU, 0x80000001, 0, .ecx = BIT(10) | BIT(15) /* IBS, LWP */},
	{CPUID_PMU, 0x80000001, 0, .ecx = BIT(24) | BIT(28) /* PerfCtrExtNB, PerfCtrExtLLC */},
	{CPUID_PMU, 0x80000001, 0, .ecx = BIT(27) /* PerfTsc */},
	{CPUID_PMU, 0x8000001b, 0, WHOLE_LEAF}, /* instruction-based sampling */
	{CPUID_PMU, 0x8000001c, 0, WHOLE_LEAF}, /* lightweight profiling */
	{CPUID_PMU, 0x80000022, 0, WHOLE_LEAF}, /* PerfMonV2, LbrStack, LbrAndPmcFreeze */
};
enum { EXTRA_BITS = sizeof(extra_bits) / sizeof(extra_bits[0]) };

unsigned cpuid_address_bits(const struct kvm_cpuid2 *cpuid)
{
	for (unsigned i = 0; i < cpuid->nent; i++) {
		if (cpuid->entries[i].function != 0x80000008)
			continue;
		unsigned host = cpuid->entries[i].eax & 0xff;
		unsigned guest = cpuid->entries[i].eax >> 16 & 0xff; /* 0: the same */
		unsigned bits = guest && guest < host ? guest : host;
		return bits > CPUID_ADDRESS_BITS_MIN ? bits : CPUID_ADDRESS_BITS_MIN;
	}
	return CPUID_ADDRESS_BITS_MIN;
}

static bool is_leaf(const struct extra_bits *x, const struct kvm_cpuid_entry2 *l)
{
	return l->function == x->function &&
	       (x->index == ANY_INDEX || l->index == (uint32_t)x->index);
}

unsigned cpuid_extras(const struct kvm_cpuid2 *cpuid)
{
	unsigned found = 0;

	for (unsigned i = 0; i < cpuid->nent; i++) {
		const struct kvm_cpuid_entry2 *l = &cpuid->entries[i];
		for (const struct extra_bits *x = extra_bits; x < extra_bits + EXTRA_BITS; x++)
			if (x->is_proof && is_leaf(x, l) &&
			    (l->eax & x->eax || l->ebx & x->ebx || l->ecx & x->ecx ||
			     l->edx & x->edx))
				found |= x->extra;
	}
	return found;
}

void cpuid_hide_extras(struct kvm_cpuid2 *cpuid, unsigned keep)
{
	for (unsigned i = 0; i < cpuid->nent; i++) {
		struct kvm_cpuid_entry2 *l = &cpuid->entries[i];
		for (const struct extra_bits *x = extra_bits; x < extra_bits + EXTRA_BITS; x++) {
			if (x->extra & keep || !is_leaf(x, l))
				continue;
			l->eax &= ~x->eax;
			l->ebx &= ~x->ebx;
			l->ecx &= ~x->ecx;
			l->edx &= ~x->edx;
		}
	}
}

/* The number of APIC id bits that tell @n apart. */
static unsigned bits_for(unsigned n)
{
	unsigned bits = 0;
	while ((1u << bits) < n)
		bits++;
	return bits;
}

static void set_field(uint32_t *reg, unsigned shift, uint32_t mask, uint32_t value)
{
	*reg = (*reg & ~(mask << shift)) | ((value > mask ? mask : value) << shift);
}

static void leaf_features(struct kvm_cpuid_entry2 *l, unsigned id, unsigned cpus, bool tsc_deadline)
{
	l->ebx &= LEAF1_EBX_KEEP;
	set_field(&l->ebx, 16, 0xff, 1u << bits_for(cpus));
	set_field(&l->ebx, 24, 0xff, id & 0xff);
	l->ecx |= LEAF1_ECX_HYPERVISOR;
	l->ecx &= ~LEAF1_ECX_TSC_DEADLINE;
	if (tsc_deadline)
		l->ecx |= LEAF1_ECX_TSC_DEADLINE;
	l->edx &= ~LEAF1_EDX_HTT;
	if (cpus > 1)
		l->edx |= LEAF1_EDX_HTT;
}

/* Deterministic cache parameters: L1 and L2 belong to a core, L3 to the package. */
static void leaf_caches(struct kvm_cpuid_entry2 *l, unsigned cpus)
{
	unsigned type = l->eax & 0x1f;
	unsigned level = (l->eax >> 5) & 7;
	if (!type)
		return;
	set_field(&l->eax, 14, 0xfff, level >= 3 ? (1u << bits_for(cpus)) - 1 : 0);
	set_field(&l->eax, 26, 0x3f, (1u << bits_for(cpus)) - 1);
}

/* Extended topology: sub-leaf 0 one thread a core, sub-leaf 1 all cores of the package. */
static void leaf_topology(struct kvm_cpuid_entry2 *l, unsigned id, unsigned cpus)
{
	l->eax = l->ebx = 0;
	l->ecx = l->index & 0xff;
	l->edx = id;
	if (l->index == 0) {
		l->ebx = 1;
		l->ecx |= TOPOLOGY_SMT << 8;
	} else if (l->index == 1) {
		l->eax = bits_for(cpus);
		l->ebx = cpus;
		l->ecx |= TOPOLOGY_CORE << 8;
	}
}

/* By the vendor's name, whose first four letters are in EBX of leaf 0. */
static bool is_amd_like(const struct kvm_cpuid2 *cpuid)
{
	for (unsigned i = 0; i < cpuid->nent; i++)
		if (cpuid->entries[i].function == 0)
			return cpuid->entries[i].ebx == 0x68747541 /* "Auth"enticAMD */ ||
			       cpuid->entries[i].ebx == 0x6f677948 /* "Hygo"nGenuine */;
	return false;
}

/* AMD: ApicIdSize and the number of cores less one. */
static void leaf_amd_sizes(struct kvm_cpuid_entry2 *l, unsigned cpus)
{
	set_field(&l->ecx, 0, 0xff, cpus - 1);
	set_field(&l->ecx, 12, 0xf, bits_for(cpus));
}

/* AMD: extended APIC id, compute unit (one thread each), node 0 of one. */
static void leaf_amd_apic(struct kvm_cpuid_entry2 *l, unsigned id)
{
	l->eax = id;
	l->ebx = id & 0xff;
	l->ecx = 0;
}

/* KVM lists 0xb with the sub-leaves of the host: make sure that ours, 0 to 2, are there. */
static void add_topology_subleaves(struct kvm_cpuid2 *cpuid, uint32_t function)
{
	unsigned have = 0;
	for (unsigned i = 0; i < cpuid->nent; i++)
		if (cpuid->entries[i].function == function)
			have |= 1u << (cpuid->entries[i].index & 0x1f);
	if (!have)
		return;
	for (uint32_t index = 0; index <= 2; index++)
		if (!(have & 1u << index) && cpuid->nent < CPUID_MAX_ENTRIES)
			cpuid->entries[cpuid->nent++] = (struct kvm_cpuid_entry2){
				.function = function,
				.index = index,
				.flags = KVM_CPUID_FLAG_SIGNIFCANT_INDEX,
			};
}

void cpuid_for_vcpu(struct kvm_cpuid2 *cpuid, unsigned id, unsigned cpus, bool tsc_deadline)
{
	bool amd = is_amd_like(cpuid);

	add_topology_subleaves(cpuid, 0xb);
	add_topology_subleaves(cpuid, 0x1f);
	for (unsigned i = 0; i < cpuid->nent; i++) {
		struct kvm_cpuid_entry2 *l = &cpuid->entries[i];
		switch (l->function) {
		case 1:
			leaf_features(l, id, cpus, tsc_deadline);
			break;
		case 4:
		case 0x8000001d: /* AMD's twin of leaf 4; its upper bits are reserved */
			leaf_caches(l, cpus);
			if (l->function != 4)
				set_field(&l->eax, 26, 0x3f, 0);
			break;
		case 0xb:
		case 0x1f:
			leaf_topology(l, id, cpus);
			break;
		case 0x80000008:
			if (amd) /* Intel reserves the register */
				leaf_amd_sizes(l, cpus);
			break;
		case 0x8000001e:
			leaf_amd_apic(l, id);
			break;
		default:
			break;
		}
	}
}

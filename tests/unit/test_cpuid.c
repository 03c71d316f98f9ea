/* SPDX-License-Identifier: BSD-3-Clause */
/* CPUID per vCPU: APIC ids, topology, leaves that are not there; and what is hidden from guests. */
#include "arch/x86_64/cpuid.h"
#include "suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define INDEXED  KVM_CPUID_FLAG_SIGNIFCANT_INDEX
#define ALL_ONES .eax = ~0u, .ebx = ~0u, .ecx = ~0u, .edx = ~0u

/* What a host could answer, with every bit set where we change some. */
static const struct kvm_cpuid_entry2 host[] = {
	{.function = 0, .eax = 0x20, .ebx = 0x68747541, .ecx = 0x444d4163, .edx = 0x69746e65},
	{.function = 1, ALL_ONES},
	/* L1d, L1i, L2, L3 of 16 threads, and the end */
	{.function = 4, .index = 0, .flags = INDEXED, .eax = 0x1c004121, .ebx = 0x02c0003f},
	{.function = 4, .index = 1, .flags = INDEXED, .eax = 0x1c004122, .ebx = 0x01c0003f},
	{.function = 4, .index = 2, .flags = INDEXED, .eax = 0x1c004143, .ebx = 0x03c0003f},
	{.function = 4, .index = 3, .flags = INDEXED, .eax = 0x1c03c163, .ebx = 0x04c0003f},
	{.function = 4, .index = 4, .flags = INDEXED, .eax = 0, .ebx = 0},
	{.function = 7, .flags = INDEXED, ALL_ONES},
	{.function = 0xb, .index = 0, .flags = INDEXED, ALL_ONES},
	{.function = 0xb, .index = 1, .flags = INDEXED, ALL_ONES},
	{.function = 0x1f, .index = 0, .flags = INDEXED, ALL_ONES},
	{.function = 0x40000000, ALL_ONES},
	{.function = 0x80000008, ALL_ONES},
	{.function = 0x8000001d, .index = 0, .flags = INDEXED, .eax = 0xfc004121, .ebx = 5},
	{.function = 0x8000001d, .index = 3, .flags = INDEXED, .eax = 0xfc03c163, .ebx = 6},
	{.function = 0x8000001e, ALL_ONES},
};

static struct kvm_cpuid2 *cpuid;

static void setup(void)
{
	/* From the heap, to the byte: a sanitizer sees what is written past the end. */
	cpuid = malloc(sizeof(*cpuid) + CPUID_MAX_ENTRIES * sizeof(cpuid->entries[0]));
	ck_assert_ptr_nonnull(cpuid);
	cpuid->nent = COUNT(host);
	memcpy(cpuid->entries, host, sizeof(host));
}

static void teardown(void)
{
	free(cpuid);
}

static const struct kvm_cpuid_entry2 *find(uint32_t function, uint32_t index)
{
	const struct kvm_cpuid_entry2 *found = NULL;

	for (unsigned i = 0; i < cpuid->nent; i++) {
		const struct kvm_cpuid_entry2 *l = &cpuid->entries[i];
		if (l->function != function || l->index != index)
			continue;
		ck_assert_msg(!found, "leaf 0x%x.%u is there twice", function, index);
		found = l;
	}
	return found;
}

static const struct kvm_cpuid_entry2 *leaf(uint32_t function, uint32_t index)
{
	const struct kvm_cpuid_entry2 *l = find(function, index);
	ck_assert_msg(l != NULL, "leaf 0x%x.%u is not there", function, index);
	return l;
}

static uint32_t bits(uint32_t reg, unsigned high, unsigned low)
{
	return (uint32_t)((reg >> low) & ((1ull << (high - low + 1)) - 1));
}

static const struct {
	unsigned cpus, shift; /* bits of APIC id that tell them apart */
} machines[] = {
	{1, 0}, {2, 1}, {3, 2}, {4, 2}, {5, 3}, {8, 3}, {9, 4}, {128, 7}, {129, 8}, {255, 8},
};

/* The ids that are tried on each machine: the first, one in the middle, the last. */
static unsigned id_of(unsigned cpus, int which)
{
	return which == 0 ? 0 : which == 1 ? cpus / 2 : cpus - 1;
}

START_TEST(leaf_1)
{
	unsigned cpus = machines[_i].cpus, wide = 1u << machines[_i].shift;

	for (int which = 0; which < 3; which++) {
		unsigned id = id_of(cpus, which);
		teardown();
		setup();
		cpuid_for_vcpu(cpuid, id, cpus, true);
		const struct kvm_cpuid_entry2 *l = leaf(1, 0);
		ck_assert_uint_eq(l->eax, ~0u);
		ck_assert_uint_eq(bits(l->ebx, 31, 24), id);
		ck_assert_uint_eq(bits(l->ebx, 23, 16), wide > 255 ? 255 : wide);
		ck_assert_uint_eq(bits(l->ebx, 15, 0),
				  0xffff); /* CLFLUSH size, brand: the host's */
		ck_assert_uint_eq(bits(l->edx, 28, 28), cpus > 1);
		ck_assert_uint_eq(l->edx | 1u << 28, ~0u);
	}
}
END_TEST

START_TEST(tsc_deadline_and_hypervisor)
{
	for (unsigned host_has = 0; host_has < 2; host_has++)
		for (unsigned want = 0; want < 2; want++) {
			teardown();
			setup();
			cpuid->entries[1].ecx = host_has ? ~0u : 0;
			cpuid_for_vcpu(cpuid, 0, 1, want);
			uint32_t ecx = leaf(1, 0)->ecx;
			ck_assert_uint_eq(bits(ecx, 24, 24), want);
			ck_assert_uint_eq(bits(ecx, 31, 31), 1);
			ck_assert_uint_eq(ecx & 0x7effffff, host_has ? 0x7effffff : 0);
		}
}
END_TEST

START_TEST(leaf_4)
{
	unsigned cpus = machines[_i].cpus, wide = 1u << machines[_i].shift;

	cpuid_for_vcpu(cpuid, cpus - 1, cpus, true);
	for (unsigned i = 0; i < 4; i++) {
		const struct kvm_cpuid_entry2 *l = leaf(4, i), *h = &host[2 + i];
		ck_assert_uint_eq(bits(l->eax, 13, 0), bits(h->eax, 13, 0));
		ck_assert_uint_eq(bits(l->eax, 25, 14), i == 3 ? wide - 1 : 0);
		ck_assert_uint_eq(bits(l->eax, 31, 26), wide > 64 ? 63 : wide - 1);
		ck_assert_uint_eq(l->ebx, h->ebx);
	}
	ck_assert_uint_eq(leaf(4, 4)->eax, 0); /* the end stays the end */
}
END_TEST

START_TEST(amd_caches)
{
	unsigned cpus = machines[_i].cpus, wide = 1u << machines[_i].shift;

	cpuid_for_vcpu(cpuid, 0, cpus, true);
	ck_assert_uint_eq(leaf(0x8000001d, 0)->eax, 0x121);
	ck_assert_uint_eq(leaf(0x8000001d, 3)->eax, 0x163 | (wide - 1) << 14);
	ck_assert_uint_eq(leaf(0x8000001d, 3)->ebx, 6);
}
END_TEST

START_TEST(topology)
{
	static const uint32_t functions[] = {0xb, 0x1f};
	unsigned cpus = machines[_i].cpus;

	for (int which = 0; which < 3; which++) {
		unsigned id = id_of(cpus, which);
		teardown();
		setup();
		cpuid_for_vcpu(cpuid, id, cpus, true);
		for (int f = 0; f < 2; f++) {
			/* SMT: one thread a core, no bit of the id */
			const struct kvm_cpuid_entry2 *l = leaf(functions[f], 0);
			ck_assert_uint_eq(l->eax, 0);
			ck_assert_uint_eq(l->ebx, 1);
			ck_assert_uint_eq(l->ecx, 1 << 8 | 0);
			ck_assert_uint_eq(l->edx, id);
			/* Core: all of them */
			l = leaf(functions[f], 1);
			ck_assert_uint_eq(l->eax, machines[_i].shift);
			ck_assert_uint_eq(l->ebx, cpus);
			ck_assert_uint_eq(l->ecx, 2 << 8 | 1);
			ck_assert_uint_eq(l->edx, id);
			/* No further level; the id is there all the same */
			l = leaf(functions[f], 2);
			ck_assert_uint_eq(l->eax, 0);
			ck_assert_uint_eq(l->ebx, 0);
			ck_assert_uint_eq(l->ecx, 2);
			ck_assert_uint_eq(l->edx, id);
			for (uint32_t i = 0; i <= 2; i++)
				ck_assert_uint_eq(leaf(functions[f], i)->flags, INDEXED);
			ck_assert_ptr_null(find(functions[f], 3));
		}
	}
}
END_TEST

/* Each vCPU's id is its own, and all of a package agree above the core's bits. */
START_TEST(ids_are_unique)
{
	for (unsigned id = 0; id < 255; id++) {
		teardown();
		setup();
		cpuid_for_vcpu(cpuid, id, 255, true);
		ck_assert_uint_eq(leaf(1, 0)->ebx >> 24, id);
		ck_assert_uint_eq(leaf(0xb, 1)->edx, id);
		ck_assert_uint_eq(leaf(0xb, 1)->edx >> leaf(0xb, 1)->eax, 0);
		ck_assert_uint_eq(leaf(0x8000001e, 0)->eax, id);
		ck_assert_uint_eq(leaf(0x8000001e, 0)->ebx, id); /* one thread a core */
		ck_assert_uint_eq(leaf(0x8000001e, 0)->ecx, 0);  /* one node */
	}
}
END_TEST

START_TEST(amd_sizes)
{
	unsigned cpus = machines[_i].cpus;

	cpuid_for_vcpu(cpuid, 0, cpus, true);
	const struct kvm_cpuid_entry2 *l = leaf(0x80000008, 0);
	ck_assert_uint_eq(bits(l->ecx, 7, 0), cpus - 1);
	ck_assert_uint_eq(bits(l->ecx, 15, 12), machines[_i].shift);
	ck_assert_uint_eq(l->ecx | 0xf0ff, ~0u);
	ck_assert_uint_eq(l->eax, ~0u); /* address widths: the host's */
}
END_TEST

/*
 * Intel reserves ECX of 0x80000008; Hygon's processors are AMD's in this. Without
 * the vendor's name it is left alone.
 */
START_TEST(sizes_by_vendor)
{
	cpuid->entries[0].function = 0x40000001;
	cpuid_for_vcpu(cpuid, 0, 2, true);
	ck_assert_uint_eq(leaf(0x80000008, 0)->ecx, ~0u);
	cpuid->entries[0].function = 0;
	cpuid->entries[0].ebx = 0x756e6547; /* "Genu"ineIntel */
	cpuid_for_vcpu(cpuid, 0, 2, true);
	ck_assert_uint_eq(leaf(0x80000008, 0)->ecx, ~0u);
	cpuid->entries[0].ebx = 0x6f677948; /* "Hygo"nGenuine */
	cpuid_for_vcpu(cpuid, 0, 2, true);
	ck_assert_uint_eq(bits(leaf(0x80000008, 0)->ecx, 7, 0), 1);
}
END_TEST

START_TEST(other_leaves_stay)
{
	cpuid_for_vcpu(cpuid, 1, 2, true);
	ck_assert_mem_eq(leaf(0, 0), &host[0], sizeof(host[0]));
	ck_assert_mem_eq(leaf(7, 0), &host[7], sizeof(host[0]));
	ck_assert_mem_eq(leaf(0x40000000, 0), &host[11], sizeof(host[0]));
	ck_assert_uint_eq(cpuid->nent, COUNT(host) + 3); /* 0xb.2, 0x1f.1, 0x1f.2 */
}
END_TEST

/* What tells of an extra, as the manuals number it: each bit alone, for a whole leaf one of each.
 */
static const struct {
	unsigned extra;
	struct kvm_cpuid_entry2 leaf;
	bool is_proof;
} told[] = {
	{CPUID_NESTING, {.function = 1, .ecx = 1u << 5}, true},
	{CPUID_NESTING, {.function = 0x80000001, .ecx = 1u << 2}, true},
	{CPUID_NESTING, {.function = 0x80000001, .ecx = 1u << 12}, false},
	{CPUID_NESTING, {.function = 0x8000000a, ALL_ONES}, false},
	{CPUID_NESTING, {.function = 0x8000001f, ALL_ONES}, false},
	{CPUID_PMU, {.function = 0xa, .eax = 1}, true},
	{CPUID_PMU, {.function = 0xa, .eax = 5}, true},
	{CPUID_PMU,
	 {.function = 0xa, .eax = 0xffffff00, .ebx = ~0u, .ecx = ~0u, .edx = ~0u},
	 false},
	{CPUID_PMU, {.function = 0x80000001, .ecx = 1u << 23}, true},
	{CPUID_PMU, {.function = 1, .ecx = 1u << 2}, false},
	{CPUID_PMU, {.function = 1, .ecx = 1u << 4}, false},
	{CPUID_PMU, {.function = 1, .ecx = 1u << 15}, false},
	{CPUID_PMU, {.function = 1, .edx = 1u << 21}, false},
	{CPUID_PMU, {.function = 7, .flags = INDEXED, .ebx = 1u << 25}, false},
	{CPUID_PMU, {.function = 7, .flags = INDEXED, .edx = 1u << 19}, false},
	{CPUID_PMU, {.function = 7, .index = 1, .flags = INDEXED, .eax = 1u << 8}, false},
	{CPUID_PMU, {.function = 0x14, .flags = INDEXED, ALL_ONES}, false},
	{CPUID_PMU, {.function = 0x14, .index = 1, .flags = INDEXED, ALL_ONES}, false},
	{CPUID_PMU, {.function = 0x1c, .flags = INDEXED, ALL_ONES}, false},
	{CPUID_PMU, {.function = 0x23, .flags = INDEXED, ALL_ONES}, false},
	{CPUID_PMU, {.function = 0x23, .index = 5, .flags = INDEXED, ALL_ONES}, false},
	{CPUID_PMU, {.function = 0x80000001, .ecx = 1u << 10}, false},
	{CPUID_PMU, {.function = 0x80000001, .ecx = 1u << 15}, false},
	{CPUID_PMU, {.function = 0x80000001, .ecx = 1u << 24}, false},
	{CPUID_PMU, {.function = 0x80000001, .ecx = 1u << 27}, false},
	{CPUID_PMU, {.function = 0x80000001, .ecx = 1u << 28}, false},
	{CPUID_PMU, {.function = 0x8000001b, ALL_ONES}, false},
	{CPUID_PMU, {.function = 0x8000001c, ALL_ONES}, false},
	{CPUID_PMU, {.function = 0x80000022, ALL_ONES}, false},
};

/* Bits that go with no extra, and those of one that is kept, stay as they are. */
START_TEST(extras_are_hidden_unless_kept)
{
	const struct kvm_cpuid_entry2 *l = &told[_i].leaf;

	for (unsigned keep = 0; keep <= (CPUID_NESTING | CPUID_PMU); keep++) {
		bool kept = keep & told[_i].extra;
		cpuid->nent = 1;
		cpuid->entries[0] = *l;
		ck_assert_uint_eq(cpuid_extras(cpuid), told[_i].is_proof ? told[_i].extra : 0);
		cpuid_hide_extras(cpuid, keep);
		ck_assert_uint_eq(cpuid->entries[0].eax, kept ? l->eax : 0);
		ck_assert_uint_eq(cpuid->entries[0].ebx, kept ? l->ebx : 0);
		ck_assert_uint_eq(cpuid->entries[0].ecx, kept ? l->ecx : 0);
		ck_assert_uint_eq(cpuid->entries[0].edx, kept ? l->edx : 0);
		ck_assert_uint_eq(cpuid->entries[0].flags, l->flags);
		ck_assert_uint_eq(cpuid->nent, 1);
	}
}
END_TEST

/* Everything else of the leaves that are shared, by all bits that are not above. */
START_TEST(other_features_are_not_hidden)
{
	static const struct kvm_cpuid_entry2 want[] = {
		{.function = 0, ALL_ONES},
		{.function = 1, .eax = ~0u, .ebx = ~0u, .ecx = ~0x8034u, .edx = ~(1u << 21)},
		{.function = 6, ALL_ONES},
		{.function = 7, .eax = ~0u, .ebx = ~(1u << 25), .ecx = ~0u, .edx = ~(1u << 19)},
		{.function = 7, .index = 1, .eax = ~0x100u, .ebx = ~0u, .ecx = ~0u, .edx = ~0u},
		{.function = 7, .index = 2, ALL_ONES},
		{.function = 0xd, .index = 1, ALL_ONES},
		{.function = 0x40000001, ALL_ONES},
		{.function = 0x80000001, .eax = ~0u, .ebx = ~0u, .ecx = ~0x19809404u, .edx = ~0u},
		{.function = 0x80000008, ALL_ONES},
		{.function = 0x80000021, ALL_ONES},
	};

	cpuid->nent = COUNT(want);
	for (unsigned i = 0; i < COUNT(want); i++)
		cpuid->entries[i] = (struct kvm_cpuid_entry2){
			.function = want[i].function, .index = want[i].index, ALL_ONES};
	ck_assert_uint_eq(cpuid_extras(cpuid), CPUID_NESTING | CPUID_PMU);
	cpuid_hide_extras(cpuid, 0);
	ck_assert_uint_eq(cpuid_extras(cpuid), 0);
	ck_assert_uint_eq(cpuid->nent, COUNT(want));
	ck_assert_mem_eq(cpuid->entries, want, sizeof(want));
}
END_TEST

/* An old host: no topology, no AMD leaves. None is made up. */
START_TEST(missing_leaves)
{
	cpuid->nent = 2;
	cpuid_for_vcpu(cpuid, 3, 4, true);
	ck_assert_uint_eq(cpuid->nent, 2);
	ck_assert_uint_eq(leaf(1, 0)->ebx >> 24, 3);
	cpuid->nent = 0;
	cpuid_for_vcpu(cpuid, 3, 4, true);
	ck_assert_uint_eq(cpuid->nent, 0);
}
END_TEST

/* One of the two topology leaves, by its second sub-leaf only: the other two are made. */
START_TEST(missing_subleaves)
{
	cpuid->nent = 1;
	cpuid->entries[0] = host[9];
	cpuid_for_vcpu(cpuid, 1, 2, true);
	ck_assert_uint_eq(cpuid->nent, 3);
	ck_assert_uint_eq(leaf(0xb, 0)->ebx, 1);
	ck_assert_uint_eq(leaf(0xb, 1)->ebx, 2);
	ck_assert_uint_eq(leaf(0xb, 2)->ebx, 0);
}
END_TEST

/* As many entries as there is room for: what has no room is left out, nothing is overwritten. */
START_TEST(at_the_limit)
{
	unsigned room = (unsigned)_i;

	for (unsigned i = 0; i < CPUID_MAX_ENTRIES; i++)
		cpuid->entries[i] =
			(struct kvm_cpuid_entry2){.function = 0x100 + i, .eax = i, .flags = 1};
	cpuid->entries[0] = host[8];
	cpuid->nent = CPUID_MAX_ENTRIES - room;
	cpuid_for_vcpu(cpuid, 1, 2, true);
	ck_assert_uint_eq(cpuid->nent, CPUID_MAX_ENTRIES - room + (room < 2 ? room : 2));
	ck_assert_uint_eq(leaf(0xb, 0)->edx, 1);
	ck_assert_int_eq(find(0xb, 1) != NULL, room >= 1);
	ck_assert_int_eq(find(0xb, 2) != NULL, room >= 2);
	for (unsigned i = 1; i < CPUID_MAX_ENTRIES - room; i++)
		ck_assert_uint_eq(cpuid->entries[i].eax, i);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("cpuid");
	TCase *tc = tcase_create("cpuid");
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, leaf_1, 0, COUNT(machines));
	tcase_add_test(tc, tsc_deadline_and_hypervisor);
	tcase_add_loop_test(tc, leaf_4, 0, COUNT(machines));
	tcase_add_loop_test(tc, amd_caches, 0, COUNT(machines));
	tcase_add_loop_test(tc, topology, 0, COUNT(machines));
	tcase_add_test(tc, ids_are_unique);
	tcase_add_loop_test(tc, amd_sizes, 0, COUNT(machines));
	tcase_add_test(tc, sizes_by_vendor);
	tcase_add_test(tc, other_leaves_stay);
	tcase_add_loop_test(tc, extras_are_hidden_unless_kept, 0, COUNT(told));
	tcase_add_test(tc, other_features_are_not_hidden);
	tcase_add_test(tc, missing_leaves);
	tcase_add_test(tc, missing_subleaves);
	tcase_add_loop_test(tc, at_the_limit, 0, 4);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

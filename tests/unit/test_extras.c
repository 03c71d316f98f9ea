/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * --nested and --pmu on x86_64, with an ioctl() of ours for KVM: what KVM is told before the first
 * vCPU, what a vCPU gets, and which requests are refused. A host whose KVM has a PMU is rare where
 * tests run.
 */
#include "arch/arch.h"
#include "suite.h"

#include <check.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>

enum { VM_FD = 1001, VCPU_FD, PMU_LEFT_ALONE = 77 };

#define MSR_IA32_MISC_ENABLE 0x1a0

#define VMX             (1u << 5) /* leaf 1, ECX */
#define SVM             (1u << 2) /* leaf 0x80000001, ECX */
#define PERFMON_VERSION 2         /* leaf 0xa, EAX */

/* A host's KVM: what it has, and what it was told. */
static struct {
	int pmu_cap;
	uint32_t vmx, svm, perfmon;
	uint64_t pmu_told; /* KVM_CAP_PMU_CAPABILITY's argument */
	unsigned vcpu_calls;
	uint64_t misc_enable;
	struct kvm_cpuid_entry2 got[3];
} host;

static int supported_cpuid(struct kvm_cpuid2 *cpuid)
{
	const struct kvm_cpuid_entry2 leaf[] = {
		{.function = 1, .ecx = host.vmx},
		{.function = 0xa, .eax = host.perfmon},
		{.function = 0x80000001, .ecx = host.svm},
	};

	ck_assert_uint_ge(cpuid->nent, COUNT(leaf));
	cpuid->nent = COUNT(leaf);
	memcpy(cpuid->entries, leaf, sizeof(leaf));
	return 0;
}

static int enable_cap(int fd, const struct kvm_enable_cap *enable)
{
	ck_assert_int_eq(fd, VM_FD);
	ck_assert_uint_eq(enable->cap, KVM_CAP_PMU_CAPABILITY);
	ck_assert_uint_eq(host.vcpu_calls, 0);
	host.pmu_told = enable->args[0];
	return 0;
}

static int set_msrs(const struct kvm_msrs *msrs)
{
	for (unsigned i = 0; i < msrs->nmsrs; i++)
		if (msrs->entries[i].index == MSR_IA32_MISC_ENABLE)
			host.misc_enable = msrs->entries[i].data;
	return (int)msrs->nmsrs;
}

/* With --on-reboot restart the filter of system calls is there already when a VM is built. */
static bool is_allowed(unsigned long request)
{
	const struct kvm_requests *lists[] = {&kvm_build_requests, &arch_build_requests};

	for (int i = 0; i < COUNT(lists); i++)
		for (unsigned k = 0; k < lists[i]->n; k++)
			if (lists[i]->request[k] == request)
				return true;
	return false;
}

/* In place of the libc's. */
int ioctl(int fd, unsigned long request, ...)
{
	va_list args;

	va_start(args, request);
	unsigned long arg = va_arg(args, unsigned long);
	va_end(args);
	ck_assert_msg(is_allowed(request), "request 0x%lx", request);
	host.vcpu_calls += fd == VCPU_FD;
	switch (request) {
	case KVM_CHECK_EXTENSION:
		return arg == KVM_CAP_PMU_CAPABILITY ? host.pmu_cap : 1;
	case KVM_GET_SUPPORTED_CPUID:
		return supported_cpuid((struct kvm_cpuid2 *)arg);
	case KVM_ENABLE_CAP:
		return enable_cap(fd, (const struct kvm_enable_cap *)arg);
	case KVM_SET_CPUID2:
		memcpy(host.got, ((struct kvm_cpuid2 *)arg)->entries, sizeof(host.got));
		return 0;
	case KVM_SET_MSRS:
		return set_msrs((const struct kvm_msrs *)arg);
	default:
		return 0;
	}
}

static void setup(void)
{
	memset(&host, 0, sizeof(host));
	host.pmu_told = PMU_LEFT_ALONE;
}

/* Builds as vmm/machine/vm.c does. Returns what arch_vm_init() does; with its error in @e. */
static int build(bool nested, bool pmu, enum refusal *refusal, struct err *e)
{
	const struct guest_cpus cpus = {.n = 1, .nested = nested, .pmu = pmu};
	const struct kvm kvm = {.fd = 1000};
	const struct arch_log log = {0};
	struct arch_vm vm;

	e->text[0] = '\0';
	if (arch_vm_init(&vm, &kvm, VM_FD, &cpus, refusal, e)) {
		ck_assert_ptr_null(vm.cpuid);
		return -1;
	}
	ck_assert_int_eq(arch_vcpu_init(&vm, VCPU_FD, 0, &log, e), 0);
	arch_vm_fini(&vm);
	return 0;
}

/* What a host has, what is asked for, and what comes of it. */
static const struct {
	uint32_t vmx, svm, perfmon;
	int pmu_cap;
	bool nested, pmu;
	uint64_t pmu_told, misc_enable;
} good[] = {
	/* nothing is asked for */
	{VMX, SVM, PERFMON_VERSION, KVM_PMU_CAP_DISABLE, false, false, KVM_PMU_CAP_DISABLE, 0x1801},
	{VMX, 0, PERFMON_VERSION, 0, false, false, PMU_LEFT_ALONE, 0x1801},
	{0, 0, 0, 0, false, false, PMU_LEFT_ALONE, 0x1801},
	/* one of the two */
	{VMX, 0, PERFMON_VERSION, KVM_PMU_CAP_DISABLE, true, false, KVM_PMU_CAP_DISABLE, 0x1801},
	{0, SVM, 0, 0, true, false, PMU_LEFT_ALONE, 0x1801},
	{VMX, SVM, PERFMON_VERSION, KVM_PMU_CAP_DISABLE, false, true, 0, 0x881},
	{VMX, 0, PERFMON_VERSION, 0, false, true, PMU_LEFT_ALONE, 0x881},
	/* an old AMD processor's counters, of which CPUID says nothing */
	{0, SVM, 0, KVM_PMU_CAP_DISABLE, false, true, 0, 0x881},
	/* both */
	{VMX, SVM, PERFMON_VERSION, KVM_PMU_CAP_DISABLE, true, true, 0, 0x881},
};

START_TEST(what_is_asked_for_is_there_and_nothing_else)
{
	enum refusal refusal;
	struct err e;

	host.vmx = good[_i].vmx;
	host.svm = good[_i].svm;
	host.perfmon = good[_i].perfmon;
	host.pmu_cap = good[_i].pmu_cap;
	ck_assert_msg(build(good[_i].nested, good[_i].pmu, &refusal, &e) == 0, "%s", e.text);
	ck_assert_uint_eq(host.got[0].ecx & VMX, good[_i].nested ? good[_i].vmx : 0);
	ck_assert_uint_eq(host.got[1].eax, good[_i].pmu ? good[_i].perfmon : 0);
	ck_assert_uint_eq(host.got[2].ecx, good[_i].nested ? good[_i].svm : 0);
	ck_assert_uint_eq(host.pmu_told, good[_i].pmu_told);
	ck_assert_uint_eq(host.misc_enable, good[_i].misc_enable);
}
END_TEST

START_TEST(what_kvm_lacks_is_refused)
{
	enum refusal refusal;
	struct err e;

	host.perfmon = PERFMON_VERSION;
	ck_assert_int_eq(build(true, false, &refusal, &e), -1);
	ck_assert_str_eq(e.text, "this host's KVM offers guests neither VMX nor SVM; load "
				 "kvm_intel or kvm_amd with the parameter nested=1");
	ck_assert_int_eq(refusal, REFUSAL_NESTING);
	setup();
	host.vmx = VMX;
	ck_assert_int_eq(build(false, true, &refusal, &e), -1);
	ck_assert_str_eq(e.text, "this host's KVM has no PMU for guests: the processor lacks "
				 "one, or the module kvm was loaded with enable_pmu=0");
	ck_assert_int_eq(refusal, REFUSAL_PMU);
	ck_assert_uint_eq(host.vcpu_calls, 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("extras");
	TCase *tc = tcase_create("extras");
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_loop_test(tc, what_is_asked_for_is_there_and_nothing_else, 0, COUNT(good));
	tcase_add_test(tc, what_kvm_lacks_is_refused);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

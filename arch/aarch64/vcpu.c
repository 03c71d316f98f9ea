/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * aarch64 KVM: capabilities, the VM's address size, a vCPU's features and its initial state.
 * Source: Linux Documentation/virt/kvm/api.rst and devices/vcpu.rst; Documentation/arch/arm64/
 * booting.rst; the Arm ARM (DDI 0487) for system registers.
 */
#include "arch/aarch64/gic.h"
#include "arch/aarch64/granule.h"
#include "arch/aarch64/layout.h"
#include "arch/aarch64/mpidr.h"
#include "arch/arch.h"

#include <stddef.h>
#include <stdio.h>

/* api.rst, KVM_GET_ONE_REG: a field of struct kvm_regs, by its offset in words of 32 bits. */
#define CORE(field)                                                                                \
	(KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE |                                     \
	 (offsetof(struct kvm_regs, field) / sizeof(uint32_t)))
#define CORE_X(n) (CORE(regs.regs[0]) + 2ull * (n))

#define MPIDR_EL1        ARM64_SYS_REG(3, 0, 0, 0, 5)
#define ID_AA64MMFR0_EL1 ARM64_SYS_REG(3, 0, 0, 7, 0)
#define SCTLR_EL1        ARM64_SYS_REG(3, 0, 1, 0, 0)
#define TTBR0_EL1        ARM64_SYS_REG(3, 0, 2, 0, 0)
#define TTBR1_EL1        ARM64_SYS_REG(3, 0, 2, 0, 1)
#define ESR_EL1          ARM64_SYS_REG(3, 0, 5, 2, 0)
#define FAR_EL1          ARM64_SYS_REG(3, 0, 6, 0, 0)
#define VBAR_EL1         ARM64_SYS_REG(3, 0, 12, 0, 0)

/* Address sizes of VMs: KVM's minimum, and that of type 0. */
enum { IPA_BITS_MIN = 32, IPA_BITS_DEFAULT = 40 };

#define FEATURE(name) (1u << KVM_ARM_VCPU_##name)

const struct kvm_need arch_needs[] = {
	{KVM_CAP_USER_MEMORY, "KVM_CAP_USER_MEMORY"},
	{KVM_CAP_ONE_REG, "KVM_CAP_ONE_REG"},
	{KVM_CAP_DEVICE_CTRL, "KVM_CAP_DEVICE_CTRL"},
	{KVM_CAP_IRQCHIP, "KVM_CAP_IRQCHIP"},
	{KVM_CAP_ARM_PSCI_0_2, "KVM_CAP_ARM_PSCI_0_2"},
	{KVM_CAP_IMMEDIATE_EXIT, "KVM_CAP_IMMEDIATE_EXIT"},
};
const unsigned arch_needs_n = sizeof(arch_needs) / sizeof(arch_needs[0]);

static const unsigned long run_requests[] = {KVM_GET_ONE_REG};
static const unsigned long build_requests[] = {
	KVM_ENABLE_CAP,    KVM_CREATE_DEVICE,     KVM_SET_DEVICE_ATTR, KVM_ARM_PREFERRED_TARGET,
	KVM_ARM_VCPU_INIT, KVM_ARM_VCPU_FINALIZE, KVM_SET_ONE_REG,
};
const struct kvm_requests arch_run_requests = {run_requests, 1};
const struct kvm_requests arch_build_requests = {build_requests, sizeof(build_requests) /
									 sizeof(build_requests[0])};

unsigned arch_max_cpus(const struct kvm *kvm, const char **why)
{
	int max = kvm_cap(kvm->fd, KVM_CAP_MAX_VCPUS);

	*why = "KVM's limit";
	if (max > 0 && max <= (int)ARM64_GICV2_CPUS_MAX)
		*why = "it has a GICv2, which takes no more";
	if (!max)
		max = 4; /* api.rst: assume 4 where it is not known */
	if (max <= (int)ARM64_GICV3_CPUS_MAX)
		return (unsigned)max;
	*why = "there is room for so many redistributors";
	return ARM64_GICV3_CPUS_MAX;
}

const uint64_t arch_sure_ram_bytes = (1ull << IPA_BITS_MIN) - ARM64_RAM_GPA;

int arch_max_ram(const struct kvm *kvm, uint64_t *bytes, unsigned *address_bits, struct err *e)
{
	int bits = kvm_cap(kvm->fd, KVM_CAP_ARM_VM_IPA_SIZE);

	(void)e;
	*address_bits = bits ? (unsigned)bits : IPA_BITS_DEFAULT;
	*bytes = (1ull << *address_bits) - ARM64_RAM_GPA;
	return 0;
}

unsigned long arch_vm_type(const struct kvm *kvm, uint64_t ram_bytes)
{
	unsigned bits = IPA_BITS_MIN;

	if (!kvm_cap(kvm->fd, KVM_CAP_ARM_VM_IPA_SIZE))
		return 0; /* KVM before 4.20 knows no other type */
	while (ARM64_RAM_GPA + ram_bytes > 1ull << bits)
		bits++;
	return KVM_VM_TYPE_ARM_IPA_SIZE(bits);
}

const unsigned arch_kvm_bytes_per_page = 0;

/* The KVM features that a guest gets where the host has them. Never HAS_EL2: guests do not nest. */
static uint32_t find_features(int vm_fd)
{
	uint32_t features = FEATURE(PSCI_0_2);

	if (kvm_cap(vm_fd, KVM_CAP_ARM_SVE))
		features |= FEATURE(SVE);
	if (kvm_cap(vm_fd, KVM_CAP_ARM_PTRAUTH_ADDRESS) &&
	    kvm_cap(vm_fd, KVM_CAP_ARM_PTRAUTH_GENERIC))
		features |= FEATURE(PTRAUTH_ADDRESS) | FEATURE(PTRAUTH_GENERIC);
	return features;
}

/* What the guest gets of KVM before the GIC. Errors: those of arch_vm_init(). */
static int choose_features(struct arch_vm *vm, enum refusal *refusal, struct err *e)
{
	/* An access that KVM cannot decode becomes an exit; without this it would fail KVM_RUN. */
	if (kvm_cap(vm->fd, KVM_CAP_ARM_NISV_TO_USER) &&
	    kvm_enable_cap(vm->fd, KVM_CAP_ARM_NISV_TO_USER, 0, "KVM_CAP_ARM_NISV_TO_USER", e) < 0)
		return -1;
	vm->vcpu_features = find_features(vm->fd);
	if (!vm->cpus.pmu)
		return 0;
	*refusal = REFUSAL_PMU;
	if (!kvm_cap(vm->fd, KVM_CAP_ARM_PMU_V3))
		return err_set(e, "this host's KVM has no PMU for guests (KVM_CAP_ARM_PMU_V3)");
	vm->vcpu_features |= FEATURE(PMU_V3);
	return 0;
}

int arch_vm_init(struct arch_vm *vm, const struct kvm *kvm, int fd, const struct guest_cpus *cpus,
		 enum refusal *refusal, struct err *e)
{
	(void)kvm;
	*vm = (struct arch_vm){.fd = fd, .cpus = *cpus, .gic_fd = -1};
	*refusal = REFUSAL_NONE;
	if (choose_features(vm, refusal, e))
		return -1;
	return gic_create(vm, refusal, e);
}

enum irqchip arch_vm_irqchip(const struct arch_vm *vm)
{
	return vm->gic_version == 2 ? IRQCHIP_GICV2 : IRQCHIP_GICV3;
}

void arch_vm_fini(struct arch_vm *vm)
{
	gic_close(vm);
}

int arch_post_vcpus(const struct arch_vm *vm, struct err *e)
{
	return gic_init(vm, e);
}

static int get(int vcpu_fd, uint64_t id, uint64_t *value, struct err *e)
{
	struct kvm_one_reg reg = {.id = id, .addr = (uintptr_t)value};

	return KVM_CALL(vcpu_fd, KVM_GET_ONE_REG, &reg, e) < 0 ? -1 : 0;
}

static int set(int vcpu_fd, uint64_t id, uint64_t value, struct err *e)
{
	struct kvm_one_reg reg = {.id = id, .addr = (uintptr_t)&value};

	return KVM_CALL(vcpu_fd, KVM_SET_ONE_REG, &reg, e) < 0 ? -1 : 0;
}

/* The device tree names each CPU by what this register says. */
static int check_mpidr(int vcpu_fd, unsigned id, struct err *e)
{
	uint64_t mpidr;

	if (get(vcpu_fd, MPIDR_EL1, &mpidr, e))
		return -1;
	if ((mpidr & MPIDR_AFFINITY) != mpidr_affinity(id))
		return err_set(e, "KVM gives it the MPIDR 0x%llx, expected the affinity 0x%x",
			       (unsigned long long)mpidr, mpidr_affinity(id));
	return 0;
}

int arch_vcpu_init(const struct arch_vm *vm, int vcpu_fd, unsigned id, const struct arch_log *log,
		   struct err *e)
{
	struct kvm_vcpu_init init;
	int sve = KVM_ARM_VCPU_SVE;

	(void)log;
	if (KVM_CALL(vm->fd, KVM_ARM_PREFERRED_TARGET, &init, e) < 0)
		return -1;
	init.features[0] |= vm->vcpu_features;
	if (id != 0)
		init.features[0] |= FEATURE(POWER_OFF); /* until PSCI CPU_ON */
	if (KVM_CALL(vcpu_fd, KVM_ARM_VCPU_INIT, &init, e) < 0)
		return -1;
	if (vm->vcpu_features & FEATURE(SVE) &&
	    KVM_CALL(vcpu_fd, KVM_ARM_VCPU_FINALIZE, &sve, e) < 0)
		return -1;
	return check_mpidr(vcpu_fd, id, e);
}

/* KVM accepts the PMU's interrupt only after the GIC is initialised. */
static int init_pmu(int vcpu_fd, struct err *e)
{
	int intid = 16 + ARM64_PMU_PPI;
	struct kvm_device_attr irq = {.group = KVM_ARM_VCPU_PMU_V3_CTRL,
				      .attr = KVM_ARM_VCPU_PMU_V3_IRQ,
				      .addr = (uintptr_t)&intid};
	struct kvm_device_attr init = {.group = KVM_ARM_VCPU_PMU_V3_CTRL,
				       .attr = KVM_ARM_VCPU_PMU_V3_INIT};

	if (KVM_CALL(vcpu_fd, KVM_SET_DEVICE_ATTR, &irq, e) < 0 ||
	    KVM_CALL(vcpu_fd, KVM_SET_DEVICE_ATTR, &init, e) < 0)
		return err_context(e, "PMU");
	return 0;
}

/* A kernel whose page size the CPU lacks would stop before it prints anything. */
static int check_granule(int vcpu_fd, uint32_t page_bytes, struct err *e)
{
	uint64_t mmfr0;

	if (!page_bytes)
		return 0;
	if (get(vcpu_fd, ID_AA64MMFR0_EL1, &mmfr0, e))
		return -1;
	if (!granule_is_there(mmfr0, page_bytes))
		return err_set(e,
			       "the kernel's header says that it has pages of %u KiB, which this "
			       "processor does not have (ID_AA64MMFR0_EL1=0x%llx)",
			       page_bytes >> 10, (unsigned long long)mmfr0);
	return 0;
}

/* KVM has set everything else: EL1, interrupts masked, MMU off, x1 to x3 zero. */
int arch_vcpu_reset(const struct arch_vm *vm, int vcpu_fd, unsigned id, const struct boot *boot,
		    struct err *e)
{
	if (vm->cpus.pmu && init_pmu(vcpu_fd, e))
		return -1;
	if (id != 0)
		return 0;
	if (check_granule(vcpu_fd, boot->page_bytes, e) || set(vcpu_fd, CORE_X(0), boot->arg, e) ||
	    set(vcpu_fd, CORE(regs.pc), boot->entry, e))
		return -1;
	return 0;
}

const bool arch_knows_rest = false;

enum arch_rest arch_vcpu_rest(int vcpu_fd, const struct kvm_run *run, uint64_t *pc)
{
	(void)vcpu_fd;
	(void)run;
	(void)pc;
	return REST_NONE;
}

void arch_vcpu_was_stopped(int vcpu_fd)
{
	(void)vcpu_fd;
}

/* A register to show. */
struct shown {
	const char *name;
	uint64_t id;
};

static void describe(int vcpu_fd, const struct shown *shown, unsigned n, char *text, size_t size)
{
	size_t at = 0;

	for (unsigned i = 0; i < n && at < size; i++) {
		uint64_t value;
		struct err e;
		const char *after = i % 4 == 3 || i == n - 1 ? "\n" : " ";
		int len = get(vcpu_fd, shown[i].id, &value, &e)
				  ? snprintf(text + at, size - at, "%-6s (%s)%s", shown[i].name,
					     e.text, after)
				  : snprintf(text + at, size - at, "%-6s %016llx%s", shown[i].name,
					     (unsigned long long)value, after);
		at += (size_t)len;
	}
}

void arch_vcpu_describe(int vcpu_fd, char *text, size_t size)
{
	static const struct shown special[] = {
		{"pc", CORE(regs.pc)},    {"sp_el0", CORE(regs.sp)},
		{"sp_el1", CORE(sp_el1)}, {"pstate", CORE(regs.pstate)},
		{"elr", CORE(elr_el1)},   {"esr", ESR_EL1},
		{"far", FAR_EL1},         {"vbar", VBAR_EL1},
		{"sctlr", SCTLR_EL1},     {"ttbr0", TTBR0_EL1},
		{"ttbr1", TTBR1_EL1},     {"mpidr", MPIDR_EL1},
	};
	enum { SPECIAL = sizeof(special) / sizeof(special[0]), GENERAL = 31 };
	struct shown shown[SPECIAL + GENERAL];
	char name[GENERAL][4];

	for (unsigned i = 0; i < SPECIAL; i++)
		shown[i] = special[i];
	for (unsigned i = 0; i < GENERAL; i++) {
		snprintf(name[i], sizeof(name[i]), "x%u", i);
		shown[SPECIAL + i] = (struct shown){name[i], CORE_X(i)};
	}
	describe(vcpu_fd, shown, SPECIAL + GENERAL, text, size);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * x86_64 KVM: capabilities, irqchip, and a vCPU's initial state by boot protocol.
 * Source: Linux Documentation/virt/kvm/api.rst; boot.rst "64-bit Boot Protocol"; Xen
 * docs/misc/pvh.pandoc; Intel SDM volume 3.
 */
#include "arch/arch.h"
#include "arch/x86_64/cpuid.h"
#include "arch/x86_64/layout.h"
#include "arch/x86_64/paging.h"
#include "arch/x86_64/pic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Control registers, EFER and RFLAGS: the bits that an entry sets. */
#define CR0_PE   (1ull << 0)
#define CR0_MP   (1ull << 1)
#define CR0_ET   (1ull << 4)
#define CR0_NE   (1ull << 5)
#define CR0_WP   (1ull << 16)
#define CR0_AM   (1ull << 18)
#define CR0_PG   (1ull << 31)
#define CR4_PAE  (1ull << 5)
#define EFER_LME (1ull << 8)
#define EFER_LMA (1ull << 10)
#define RFLAGS_1 (1ull << 1) /* reserved, always one */

#define MSR_IA32_MISC_ENABLE     0x1a0
#define MISC_ENABLE_FAST_STRING  (1ull << 0)
#define MISC_ENABLE_EMON         (1ull << 7)
#define MISC_ENABLE_BTS_UNAVAIL  (1ull << 11)
#define MISC_ENABLE_PEBS_UNAVAIL (1ull << 12)
#define MSR_MTRR_DEF_TYPE        0x2ff
#define MTRR_ENABLED_WRITE_BACK  0x806

#define APIC_LVT0        0x350
#define APIC_LVT1        0x360
#define APIC_MODE_NMI    0x400
#define APIC_MODE_EXTINT 0x700

/* One byte of APIC id, 255 is the broadcast; more would need x2APIC and a split irqchip. */
enum { MAX_APIC_IDS = 255 };

const struct kvm_need arch_needs[] = {
	{KVM_CAP_USER_MEMORY, "KVM_CAP_USER_MEMORY"},
	{KVM_CAP_SET_TSS_ADDR, "KVM_CAP_SET_TSS_ADDR"},
	{KVM_CAP_EXT_CPUID, "KVM_CAP_EXT_CPUID"},
	{KVM_CAP_IRQCHIP, "KVM_CAP_IRQCHIP"},
	{KVM_CAP_PIT2, "KVM_CAP_PIT2"},
	{KVM_CAP_IMMEDIATE_EXIT, "KVM_CAP_IMMEDIATE_EXIT"},
};
const unsigned arch_needs_n = sizeof(arch_needs) / sizeof(arch_needs[0]);

static const unsigned long build_requests[] = {
	KVM_ENABLE_CAP,   KVM_SET_IDENTITY_MAP_ADDR,
	KVM_SET_TSS_ADDR, KVM_CREATE_IRQCHIP,
	KVM_GET_IRQCHIP,  KVM_SET_IRQCHIP,
	KVM_CREATE_PIT2,  KVM_GET_SUPPORTED_CPUID,
	KVM_SET_CPUID2,   KVM_SET_MSRS,
	KVM_GET_LAPIC,    KVM_SET_LAPIC,
	KVM_SET_REGS,     KVM_SET_SREGS,
};
const struct kvm_requests arch_build_requests = {build_requests, sizeof(build_requests) /
									 sizeof(build_requests[0])};

unsigned arch_max_cpus(const struct kvm *kvm, const char **why)
{
	int max = kvm_cap(kvm->fd, KVM_CAP_MAX_VCPUS);
	if (!max)
		max = kvm_cap(kvm->fd, KVM_CAP_NR_VCPUS);
	if (!max)
		max = 4; /* api.rst: assume 4 where neither is known */
	*why = max < MAX_APIC_IDS ? "KVM's limit" : "APIC ids are bytes";
	return max < MAX_APIC_IDS ? (unsigned)max : MAX_APIC_IDS;
}

/* How much of the addresses below 1 << @bits is RAM's: not the hole. */
#define RAM_BELOW(bits) ((1ull << (bits)) - (X86_HOLE_END_GPA - X86_HOLE_GPA))

const uint64_t arch_sure_ram_bytes = RAM_BELOW(CPUID_ADDRESS_BITS_MIN);

int arch_max_ram(const struct kvm *kvm, uint64_t *bytes, unsigned *address_bits, struct err *e)
{
	union cpuid cpuid = {.head.nent = CPUID_MAX_ENTRIES};

	if (KVM_CALL(kvm->fd, KVM_GET_SUPPORTED_CPUID, &cpuid, e) < 0)
		return -1;
	*address_bits = cpuid_address_bits(&cpuid.head);
	*bytes = RAM_BELOW(*address_bits);
	return 0;
}

unsigned long arch_vm_type(const struct kvm *kvm, uint64_t ram_bytes)
{
	(void)kvm;
	(void)ram_bytes;
	return 0;
}

const unsigned arch_kvm_bytes_per_page = 10; /* 8 for a mapping, 2 that count who tracks writes */

uint32_t arch_irq_line(int irq)
{
	return (uint32_t)irq; /* a GSI */
}

/* Once for all vCPUs: KVM asks the processor for each leaf, and under another hypervisor that is
 * slow. */
static int read_cpuid(struct arch_vm *vm, struct err *e)
{
	vm->cpuid = malloc(sizeof(*vm->cpuid));
	if (!vm->cpuid)
		return err_set(e, "CPUID: out of memory");
	vm->cpuid->head.nent = CPUID_MAX_ENTRIES;
	if (KVM_CALL(vm->kvm->fd, KVM_GET_SUPPORTED_CPUID, vm->cpuid, e) >= 0)
		return 0;
	arch_vm_fini(vm);
	return -1;
}

/*
 * Hides what the user did not ask for, and turns the PMU off: AMD's first four counters are there
 * by family, without a bit in CPUID. KVM before 5.18 cannot turn it off, and these stay.
 */
static int limit_extras(const struct arch_vm *vm, enum refusal *refusal, struct err *e)
{
	const struct guest_cpus *cpus = &vm->cpus;
	unsigned has = cpuid_extras(&vm->cpuid->head);
	int pmu_cap = kvm_cap(vm->fd, KVM_CAP_PMU_CAPABILITY);

	*refusal = REFUSAL_NESTING;
	if (cpus->nested && !(has & CPUID_NESTING))
		return err_set(e, "this host's KVM offers guests neither VMX nor SVM; load "
				  "kvm_intel or kvm_amd with the parameter nested=1");
	*refusal = REFUSAL_PMU;
	if (cpus->pmu && !(has & CPUID_PMU) && !pmu_cap)
		return err_set(e, "this host's KVM has no PMU for guests: the processor lacks "
				  "one, or the module kvm was loaded with enable_pmu=0");
	*refusal = REFUSAL_NONE;
	cpuid_hide_extras(&vm->cpuid->head,
			  (cpus->nested ? CPUID_NESTING : 0u) | (cpus->pmu ? CPUID_PMU : 0u));
	if (pmu_cap & KVM_PMU_CAP_DISABLE)
		return kvm_enable_cap(vm->fd, KVM_CAP_PMU_CAPABILITY,
				      cpus->pmu ? 0 : KVM_PMU_CAP_DISABLE, "KVM_CAP_PMU_CAPABILITY",
				      e);
	return 0;
}

static int make_irqchip(int vm_fd, struct err *e)
{
	uint64_t identity_map = X86_IDENTITY_MAP_GPA;
	struct kvm_pit_config pit = {.flags = KVM_PIT_SPEAKER_DUMMY};

	if (kvm_cap(vm_fd, KVM_CAP_SET_IDENTITY_MAP_ADDR) &&
	    KVM_CALL(vm_fd, KVM_SET_IDENTITY_MAP_ADDR, &identity_map, e) < 0)
		return -1;
	if (KVM_CALL(vm_fd, KVM_SET_TSS_ADDR, X86_TSS_GPA, e) < 0 ||
	    KVM_CALL(vm_fd, KVM_CREATE_IRQCHIP, 0, e) < 0 || pic_mask_all(vm_fd, e) < 0 ||
	    KVM_CALL(vm_fd, KVM_CREATE_PIT2, &pit, e) < 0)
		return -1;
	return 0;
}

int arch_vm_init(struct arch_vm *vm, const struct kvm *kvm, int fd, const struct guest_cpus *cpus,
		 enum refusal *refusal, struct err *e)
{
	*vm = (struct arch_vm){.kvm = kvm, .fd = fd, .cpus = *cpus};
	*refusal = REFUSAL_NONE;
	if (make_irqchip(fd, e) || read_cpuid(vm, e))
		return -1;
	if (limit_extras(vm, refusal, e) < 0) {
		arch_vm_fini(vm);
		return -1;
	}
	return 0;
}

enum irqchip arch_vm_irqchip(const struct arch_vm *vm)
{
	(void)vm;
	return IRQCHIP_APIC;
}

void arch_vm_fini(struct arch_vm *vm)
{
	free(vm->cpuid); /* the rest goes with the VM's descriptor */
	vm->cpuid = NULL;
}

int arch_post_vcpus(const struct arch_vm *vm, struct err *e)
{
	(void)vm;
	(void)e;
	return 0;
}

static int set_cpuid(const struct arch_vm *vm, int vcpu_fd, unsigned id, struct err *e)
{
	union cpuid cpuid = *vm->cpuid;
	bool tsc_deadline = kvm_cap(vm->kvm->fd, KVM_CAP_TSC_DEADLINE_TIMER) != 0;

	cpuid_for_vcpu(&cpuid.head, id, vm->cpus.n, tsc_deadline);
	return KVM_CALL(vcpu_fd, KVM_SET_CPUID2, &cpuid, e);
}

/*
 * MSRs that firmware would set. A KVM without one of them costs the guest speed, nothing more. What
 * IA32_MISC_ENABLE says of the PMU agrees with CPUID; KVM has no branch trace store for guests.
 */
static const struct {
	uint32_t index;
	uint64_t value, value_with_pmu;
	const char *name;
} firmware_msrs[] = {
	{MSR_IA32_MISC_ENABLE,
	 MISC_ENABLE_FAST_STRING | MISC_ENABLE_BTS_UNAVAIL | MISC_ENABLE_PEBS_UNAVAIL,
	 MISC_ENABLE_FAST_STRING | MISC_ENABLE_BTS_UNAVAIL | MISC_ENABLE_EMON, "IA32_MISC_ENABLE"},
	{MSR_MTRR_DEF_TYPE, MTRR_ENABLED_WRITE_BACK, MTRR_ENABLED_WRITE_BACK, "IA32_MTRR_DEF_TYPE"},
};
enum { FIRMWARE_MSRS = sizeof(firmware_msrs) / sizeof(firmware_msrs[0]) };

/* Sets those from @from on, up to the first that KVM refuses. Returns the number of that one. */
static unsigned set_msrs_from(int vcpu_fd, bool pmu, unsigned from)
{
	union {
		struct kvm_msrs head;
		uint8_t bytes[sizeof(struct kvm_msrs) +
			      FIRMWARE_MSRS * sizeof(struct kvm_msr_entry)];
	} msrs = {.head.nmsrs = FIRMWARE_MSRS - from};
	struct err e;

	for (unsigned i = from; i < FIRMWARE_MSRS; i++)
		msrs.head.entries[i - from] = (struct kvm_msr_entry){
			.index = firmware_msrs[i].index,
			.data = pmu ? firmware_msrs[i].value_with_pmu : firmware_msrs[i].value,
		};
	int n = KVM_CALL(vcpu_fd, KVM_SET_MSRS, &msrs, &e);
	return n < 0 ? from : from + (unsigned)n;
}

static void set_msrs(int vcpu_fd, bool pmu, unsigned id, const struct arch_log *log)
{
	for (unsigned i = 0; i < FIRMWARE_MSRS; i++) {
		char text[128];

		i = set_msrs_from(vcpu_fd, pmu, i);
		if (i >= FIRMWARE_MSRS || id != 0)
			continue;
		snprintf(text, sizeof(text),
			 "this host's KVM does not let %s be set; left as it is",
			 firmware_msrs[i].name);
		log->warn(log->opaque, text);
	}
}

/* Virtual wire mode (MultiProcessor Specification 3.6.2.1): LINT0 is the PIC, LINT1 the NMI. */
static int set_lapic(int vcpu_fd, struct err *e)
{
	struct kvm_lapic_state lapic;
	uint32_t extint = APIC_MODE_EXTINT, nmi = APIC_MODE_NMI;

	if (KVM_CALL(vcpu_fd, KVM_GET_LAPIC, &lapic, e) < 0)
		return -1;
	memcpy(&lapic.regs[APIC_LVT0], &extint, sizeof(extint));
	memcpy(&lapic.regs[APIC_LVT1], &nmi, sizeof(nmi));
	return KVM_CALL(vcpu_fd, KVM_SET_LAPIC, &lapic, e);
}

int arch_vcpu_init(const struct arch_vm *vm, int vcpu_fd, unsigned id, const struct arch_log *log,
		   struct err *e)
{
	if (set_cpuid(vm, vcpu_fd, id, e) < 0)
		return -1;
	set_msrs(vcpu_fd, vm->cpus.pmu, id, log);
	return set_lapic(vcpu_fd, e) < 0 ? -1 : 0;
}

/* Hidden parts of the segment registers; they agree with paging_write_gdt(). */
static const struct kvm_segment code64 = {.limit = 0xffffffff,
					  .selector = GDT_BOOT_CS,
					  .type = 0xb,
					  .present = 1,
					  .s = 1,
					  .l = 1,
					  .g = 1};
static const struct kvm_segment code32 = {.limit = 0xffffffff,
					  .selector = GDT_BOOT_CS,
					  .type = 0xb,
					  .present = 1,
					  .s = 1,
					  .db = 1,
					  .g = 1};
static const struct kvm_segment data32 = {.limit = 0xffffffff,
					  .selector = GDT_BOOT_DS,
					  .type = 0x3,
					  .present = 1,
					  .s = 1,
					  .db = 1,
					  .g = 1};
static const struct kvm_segment tss32 = {
	.limit = 0x67, .selector = GDT_BOOT_TSS, .type = 0xb, .present = 1};

static void set_segments(struct kvm_sregs *s, const struct kvm_segment *code)
{
	s->cs = *code;
	s->ds = s->es = s->fs = s->gs = s->ss = data32;
	s->tr = tss32;
	s->gdt = (struct kvm_dtable){.base = X86_GDT_GPA, .limit = GDT_ENTRIES * 8 - 1};
	s->idt = (struct kvm_dtable){.base = 0, .limit = 0};
}

/* Paging on, long mode, code segment of 64 bits: boot.rst "64-bit Boot Protocol". */
static void enter_linux64(const struct boot *boot, struct kvm_sregs *s, struct kvm_regs *r)
{
	set_segments(s, &code64);
	s->cr0 = CR0_PE | CR0_MP | CR0_ET | CR0_NE | CR0_WP | CR0_AM | CR0_PG;
	s->cr3 = X86_PAGE_TABLES_GPA;
	s->cr4 = CR4_PAE;
	s->efer = EFER_LME | EFER_LMA;
	r->rsi = boot->arg;
}

/* Flat 32-bit protected mode, paging off, EBX = start_info: pvh.pandoc "x86/HVM direct boot ABI".
 */
static void enter_pvh(const struct boot *boot, struct kvm_sregs *s, struct kvm_regs *r)
{
	set_segments(s, &code32);
	s->cr0 = CR0_PE | CR0_ET;
	s->cr4 = 0;
	s->efer = 0;
	r->rbx = boot->arg;
}

int arch_vcpu_reset(const struct arch_vm *vm, int vcpu_fd, unsigned id, const struct boot *boot,
		    struct err *e)
{
	struct kvm_sregs s;
	struct kvm_regs r = {.rflags = RFLAGS_1, .rip = boot->entry};

	(void)vm;
	if (id != 0)
		return 0; /* KVM leaves it waiting for INIT and SIPI */
	if (KVM_CALL(vcpu_fd, KVM_GET_SREGS, &s, e) < 0)
		return -1;
	if (boot->proto == BOOT_PVH)
		enter_pvh(boot, &s, &r);
	else
		enter_linux64(boot, &s, &r);
	if (KVM_CALL(vcpu_fd, KVM_SET_SREGS, &s, e) < 0 ||
	    KVM_CALL(vcpu_fd, KVM_SET_REGS, &r, e) < 0)
		return -1;
	return 0;
}

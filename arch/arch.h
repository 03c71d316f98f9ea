/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The contract between vmm/ and one architecture. Exactly one directory below arch/ implements it
 * in a build. Calls come in the order of this page.
 */
#ifndef ARCH_ARCH_H
#define ARCH_ARCH_H

#include "arch/devdesc.h"
#include "arch/kvm.h"
#include "loader/image.h"

/* How the kernel is entered. */
enum boot_proto {
	BOOT_AUTO,    /* linux64, but PVH for an ELF that has its note and is not Linux */
	BOOT_LINUX64, /* the 64-bit Linux boot protocol */
	BOOT_PVH,     /* the 32-bit PVH entry */
};

/* What the user asked for. */
struct boot_wish {
	enum boot_proto proto;
	const char *cmdline;
	struct blob initrd; /* size 0: none */
	struct blob dtb;    /* size 0: none; else arch_has_dtb, and it is the user's device tree */
};

/* What arch_vcpu_reset() needs to know of what arch_boot_write() wrote. */
struct boot {
	enum boot_proto proto; /* never BOOT_AUTO */
	gpa_t entry;
	gpa_t arg;           /* zero page, start_info, or device tree */
	size_t dtb_bytes;    /* of the device tree at arg; 0: there is none */
	uint32_t page_bytes; /* what the kernel's pages must be; 0: not known */
};

union cpuid;

/* One VM's part that is the architecture's: from arch_pre_vcpus() to arch_vm_fini(). */
struct arch_vm {
	const struct kvm *kvm; /* borrowed */
	int fd;                /* the VM's, borrowed */
	unsigned cpus;
	bool nested; /* guests of its own are wanted for the guest */
	bool pmu;    /* a performance monitoring unit likewise */

	/* x86_64 alone */
	union cpuid *cpuid; /* what KVM supports and the guest may know of; owned */

	/* aarch64 alone */
	int gic_fd; /* the GIC, a KVM device; owned */
	unsigned gic_version;
	uint32_t vcpu_features; /* bits KVM_ARM_VCPU_... that every vCPU gets */
};

/* A callback for things that are not errors but that the user should know. */
struct arch_log {
	void (*warn)(void *opaque, const char *text);
	void *opaque;
};

/* The kernel parameter for output before the console is up: "earlyprintk=ttyS0". */
extern const char arch_early_console[];
/* The default kernel command line, and the guest that is built in. */
extern const char arch_default_cmdline[];
struct blob arch_embedded_guest(void);
/* The program that is /init in the guest with --init; FILE is /minivmm/init for it. */
struct blob arch_embedded_init(void);

/* The capabilities without which no guest runs. */
extern const struct kvm_need arch_needs[];
extern const unsigned arch_needs_n;

/* The ioctl requests of this architecture's part, likewise by phase. */
extern const struct kvm_requests arch_run_requests, arch_build_requests;

/* "hardware (svm)", "software, ...": what stands behind /dev/kvm, by the processor's flags. */
const char *arch_virtualization(void);
/* The kvm module parameter that says whether guests may nest, or NULL. */
const char *arch_nested_parameter(void);

/* The most vCPUs that this host and minivmm's machine can have; *@why is what sets the limit. */
unsigned arch_max_cpus(const struct kvm *kvm, const char **why);

/* Why guests of this machine can never have guests of their own, or NULL: they can. */
extern const char *const arch_no_nesting;

/* Kernels are told of the machine by a device tree. */
extern const bool arch_has_dtb;

/* The smallest RAM that holds the boot structures, in bytes. */
extern const uint64_t arch_min_ram_bytes;

/* Where @ram_bytes of RAM lie: up to GMEM_MAX_RANGES pairs of base and size. Returns how many. */
unsigned arch_mem_layout(uint64_t ram_bytes, gpa_t *base, uint64_t *size);

/* The machine that kernels are loaded for. */
extern const enum image_machine arch_machine;

/* Where a kernel may lie; an initrd lies at @lowest or above, too. */
extern const struct image_wish *const arch_kernel_place;

/* RAM that any host's KVM can address, in bytes: nobody needs to ask for more than that. */
extern const uint64_t arch_sure_ram_bytes;

/*
 * The most RAM that a guest of this host's KVM can have, in bytes: up to where its addresses end,
 * which have *@address_bits bits. Error: KVM does not say how many.
 */
int arch_max_ram(const struct kvm *kvm, uint64_t *bytes, unsigned *address_bits, struct err *e);

/*
 * What KVM keeps for each page of 4 KiB of a memory slot, in bytes. It takes them when the slot is
 * made, of memory that is never swapped.
 */
extern const unsigned arch_kvm_bytes_per_page;

/* The type of a VM with that much RAM, at most arch_max_ram() (arm: its address size). */
unsigned long arch_vm_type(const struct kvm *kvm, uint64_t ram_bytes);

/* The machine's devices, constant. */
struct devlist arch_devices(void);

/* What KVM calls the wire of a devdesc's irq. */
uint32_t arch_irq_line(int irq);

/*
 * What must exist before the first vCPU (x86: TSS, identity map, irqchip, PIT; arm: the GIC). Of
 * *@vm the first five fields are set. Errors also: KVM has not what @nested or @pmu want. On error
 * there is nothing to undo.
 */
int arch_pre_vcpus(struct arch_vm *vm, struct err *e);

/* What arch_pre_vcpus() makes of a common host, without KVM: for arch_boot_write() alone. */
struct arch_vm arch_vm_without_kvm(unsigned cpus, bool pmu);

/* Undoes arch_pre_vcpus(). */
void arch_vm_fini(struct arch_vm *vm);

/* One vCPU's features. @id counts from 0. */
int arch_vcpu_init(const struct arch_vm *vm, int vcpu_fd, unsigned id, const struct arch_log *log,
		   struct err *e);

/* What can be done only when all vCPUs exist (arm: the GIC is made ready). */
int arch_post_vcpus(const struct arch_vm *vm, struct err *e);

/*
 * Writes what the boot protocol wants into guest memory: initrd, command line, tables.
 * Errors: the protocol is not one that the image offers; no room; the command line is longer than
 * the kernel takes.
 */
int arch_boot_write(const struct arch_vm *vm, const struct gmem *mem, const struct image *img,
		    const struct boot_wish *wish, struct boot *boot, struct err *e);

/*
 * The last that a vCPU gets before it runs: the first its registers at the entry; the others wait
 * to be started by the guest. Error (arm): the CPU lacks the pages that the kernel needs.
 */
int arch_vcpu_reset(const struct arch_vm *vm, int vcpu_fd, unsigned id, const struct boot *boot,
		    struct err *e);

/* What a vCPU that does not run waits for. */
enum arch_rest {
	REST_NONE,      /* an interrupt, or it runs */
	REST_UNSTARTED, /* another vCPU, to start it */
	REST_HALTED,    /* interrupts are off: nothing that this machine has */
};

/* False: arch_vcpu_rest() knows REST_NONE alone (arm: WFI ends by an interrupt that is masked). */
extern const bool arch_knows_rest;

/*
 * The state of a vCPU that a signal took out of KVM_RUN, in its thread. *@pc is set for
 * REST_HALTED: the address of its next instruction.
 */
enum arch_rest arch_vcpu_rest(int vcpu_fd, const struct kvm_run *run, uint64_t *pc);

/*
 * The process was stopped, and the guest's clock went on. In the vCPU's thread, before it runs
 * again: lets the guest know, so that its watchdogs do not take the time for a lockup (x86 with
 * kvmclock; KVM has nothing of the kind for arm).
 */
void arch_vcpu_was_stopped(int vcpu_fd);

/* Writes the registers that matter after a crash, one line each, to @text. */
void arch_vcpu_describe(int vcpu_fd, char *text, size_t size);

#endif

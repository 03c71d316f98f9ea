/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The floor: the KVM calls without which no guest runs, and nothing else, for the guest of first.S
 * in 256 MiB (in flat 32-bit mode, as PVH enters it). No irqchip, no CPUID, no files, no checks
 * but that it worked. Called with a number of vCPUs it makes what each of them needs in KVM to run
 * Linux, too: the irqchip's local APIC, and CPUID. A VMM cannot be faster than the faster of the
 * two. It writes a byte to stdout when the guest has run.
 */
#include "arch/x86_64/layout.h"

#include <fcntl.h>
#include <linux/kvm.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { RAM_BYTES = 256 << 20, ENTRY = 0x100000, FAILED = 125, CPUID_ENTRIES = 256 };

/* mov $42, %al; out %al, $X86_EXIT_PORT */
static const unsigned char code[] = {0xb0, 42, 0xe6, X86_EXIT_PORT};

static int create_vcpu(int vm, int id, struct kvm_cpuid2 *cpuid)
{
	int cpu = ioctl(vm, KVM_CREATE_VCPU, id);

	if (cpu < 0 || (cpuid->nent && ioctl(cpu, KVM_SET_CPUID2, cpuid)))
		exit(FAILED);
	return cpu;
}

/* FLOOR [VCPUS]: of which the first one runs. */
int main(int argc, char **argv)
{
	int cpus = argc > 1 ? atoi(argv[1]) : 0;
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	int vm = ioctl(kvm, KVM_CREATE_VM, 0);
	size_t run_bytes = (size_t)ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	unsigned char *ram = mmap(NULL, RAM_BYTES, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	struct kvm_userspace_memory_region region = {.memory_size = RAM_BYTES,
						     .userspace_addr = (unsigned long)ram};
	struct kvm_segment flat = {
		.limit = 0xffffffff, .selector = 8, .present = 1, .s = 1, .db = 1, .g = 1};
	struct kvm_regs regs = {.rip = ENTRY, .rflags = 2};
	struct kvm_sregs sregs;
	union {
		struct kvm_cpuid2 head;
		char bytes[sizeof(struct kvm_cpuid2) +
			   CPUID_ENTRIES * sizeof(struct kvm_cpuid_entry2)];
	} cpuid = {.head.nent = cpus ? CPUID_ENTRIES : 0};

	if (ram == MAP_FAILED || ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region))
		return FAILED;
	memcpy(ram + ENTRY, code, sizeof(code));
	if (cpus &&
	    (ioctl(vm, KVM_CREATE_IRQCHIP, 0) || ioctl(kvm, KVM_GET_SUPPORTED_CPUID, &cpuid)))
		return FAILED;
	int cpu = create_vcpu(vm, 0, &cpuid.head);
	for (int id = 1; id < cpus; id++)
		create_vcpu(vm, id, &cpuid.head);
	struct kvm_run *run = mmap(NULL, run_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, cpu, 0);
	if (run == MAP_FAILED || ioctl(cpu, KVM_GET_SREGS, &sregs))
		return FAILED;
	sregs.cs = sregs.ds = sregs.es = sregs.ss = flat;
	sregs.cs.type = 0xb;
	sregs.ds.type = sregs.es.type = sregs.ss.type = 3;
	sregs.cr0 |= 1;
	if (ioctl(cpu, KVM_SET_SREGS, &sregs) || ioctl(cpu, KVM_SET_REGS, &regs) ||
	    ioctl(cpu, KVM_RUN, 0))
		return FAILED;
	if (run->exit_reason != KVM_EXIT_IO || run->io.port != X86_EXIT_PORT)
		return FAILED;
	if (write(STDOUT_FILENO, "!", 1) != 1)
		return FAILED;
	return *((unsigned char *)run + run->io.data_offset);
}

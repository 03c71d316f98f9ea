/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * kvmcheck: status 0 when /dev/kvm can make a virtual machine and a CPU of it
 * that runs an instruction, else one line that says what failed. The lab's
 * init asks it before it runs anything, so that a lab without KVM is a failure
 * of the lab and not of every test in it.
 *
 * Documentation/virt/kvm/api.rst.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <linux/kvm.h>

static int fail(const char *what)
{
	perror(what);
	return 1;
}

#ifdef __aarch64__
#define EXIT_WANTED KVM_EXIT_MMIO

/* mov x0, #0x10000; str wzr, [x0]: a store past the page. */
static const unsigned code[] = {0xd2a00020, 0xb900001f};

/* At 0, where a reset leaves it. */
static int reset_to_zero(int vm, int cpu)
{
	struct kvm_vcpu_init init;

	if (ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init))
		return -1;
	return ioctl(cpu, KVM_ARM_VCPU_INIT, &init);
}
#else
#define EXIT_WANTED KVM_EXIT_HLT

static const unsigned char code[] = {0xf4}; /* hlt */

/* Real mode at 0:0. */
static int reset_to_zero(int vm, int cpu)
{
	struct kvm_sregs sregs;
	struct kvm_regs regs;

	(void)vm;
	memset(&regs, 0, sizeof(regs));
	regs.rflags = 2;
	if (ioctl(cpu, KVM_GET_SREGS, &sregs))
		return -1;
	sregs.cs.base = 0;
	sregs.cs.selector = 0;
	if (ioctl(cpu, KVM_SET_SREGS, &sregs))
		return -1;
	return ioctl(cpu, KVM_SET_REGS, &regs);
}
#endif

int main(void)
{
	struct kvm_userspace_memory_region region = {.memory_size = 4096};
	struct kvm_run *run;
	unsigned char *page;
	int kvm, vm, cpu, size;

	kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (kvm < 0)
		return fail("/dev/kvm");
	if (ioctl(kvm, KVM_GET_API_VERSION, 0) != KVM_API_VERSION)
		return fail("KVM_GET_API_VERSION");
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	if (vm < 0)
		return fail("KVM_CREATE_VM");
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		return fail("mmap");
	memcpy(page, code, sizeof(code));
	region.userspace_addr = (unsigned long)page;
	if (ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region))
		return fail("KVM_SET_USER_MEMORY_REGION");
	cpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	if (cpu < 0)
		return fail("KVM_CREATE_VCPU");
	size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, cpu, 0);
	if (run == MAP_FAILED)
		return fail("mmap of the CPU");
	if (reset_to_zero(vm, cpu) || ioctl(cpu, KVM_RUN, 0))
		return fail("KVM_RUN");
	if (run->exit_reason != EXIT_WANTED) {
		fprintf(stderr, "KVM_RUN: exit reason %u, expected %u\n", run->exit_reason,
			EXIT_WANTED);
		return 1;
	}
	return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Checked KVM ioctls: see kvm.h. */
#include "arch/kvm.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

const char *kvm_open_fix(int error)
{
	switch (error) {
	case ENOENT:
		return kvm_missing_fix;
	case EACCES:
	case EPERM:
		return "add yourself to the group that owns it (usually `sudo usermod -aG kvm "
		       "$USER`, then log in again)";
	case EBUSY:
		return "another hypervisor holds the processor's virtualization; stop it";
	case ENODEV:
	case ENXIO:
		return "the kernel has no KVM behind it: enable virtualization in the firmware, "
		       "or nested virtualization on the host";
	default:
		return NULL;
	}
}

int kvm_check_version(int fd, struct err *e)
{
	int version = ioctl(fd, KVM_GET_API_VERSION, 0UL);

	if (version != KVM_API_VERSION)
		return err_set(e, DEV_KVM ": KVM_GET_API_VERSION says %d, expected %d", version,
			       KVM_API_VERSION);
	return 0;
}

int kvm_open(struct kvm *kvm, const char *otherwise, struct err *e)
{
	kvm->fd = open(DEV_KVM, O_RDWR | O_CLOEXEC);
	if (kvm->fd < 0) {
		const char *fix = kvm_open_fix(errno);
		return err_set(e, DEV_KVM ": %s; %s", strerror(errno), fix ? fix : otherwise);
	}
	if (kvm_check_version(kvm->fd, e))
		goto out_close;
	int bytes = KVM_CALL(kvm->fd, KVM_GET_VCPU_MMAP_SIZE, 0, e);
	if (bytes < (int)sizeof(struct kvm_run)) {
		if (bytes >= 0)
			err_set(e, "KVM_GET_VCPU_MMAP_SIZE says %d, expected at least %zu", bytes,
				sizeof(struct kvm_run));
		goto out_close;
	}
	kvm->run_bytes = (size_t)bytes;
	return 0;

out_close:
	kvm_close(kvm);
	return -1;
}

void kvm_close(struct kvm *kvm)
{
	if (kvm->fd >= 0)
		close(kvm->fd);
	kvm->fd = -1;
}

int kvm_cap(int fd, int cap)
{
	int value = ioctl(fd, KVM_CHECK_EXTENSION, (unsigned long)cap);
	return value > 0 ? value : 0;
}

int kvm_need(int fd, const struct kvm_need *need, unsigned n, struct err *e)
{
	for (unsigned i = 0; i < n; i++)
		if (!kvm_cap(fd, need[i].cap))
			return err_set(e, "this host's KVM lacks %s, which minivmm needs",
				       need[i].name);
	return 0;
}

int kvm_vm_create(const struct kvm *kvm, unsigned long type, struct err *e)
{
	int fd;
	/* A signal during VM creation ends it with EINTR on kernels up to 5.x. */
	do {
		fd = ioctl(kvm->fd, KVM_CREATE_VM, type);
	} while (fd < 0 && errno == EINTR);
	if (fd < 0)
		return err_set(e, "KVM_CREATE_VM: %s", strerror(errno));
	return fd;
}

int kvm_vcpu_create(int vm_fd, unsigned id, struct err *e)
{
	return kvm_ioctl(vm_fd, KVM_CREATE_VCPU, id, "KVM_CREATE_VCPU", e);
}

int kvm_ioctl(int fd, unsigned long request, unsigned long arg, const char *name, struct err *e)
{
	int value;
	do {
		value = ioctl(fd, request, arg);
	} while (value < 0 && errno == EINTR);
	if (value < 0)
		return err_set(e, "%s: %s", name, strerror(errno));
	return value;
}

int kvm_enable_cap(int fd, unsigned cap, uint64_t arg0, const char *name, struct err *e)
{
	struct kvm_enable_cap enable = {.cap = cap, .args = {arg0}};
	return kvm_ioctl(fd, KVM_ENABLE_CAP, (unsigned long)&enable, name, e);
}

/* KVM makes no slot of more than 2^31 - 1 pages (KVM_MEM_MAX_NR_PAGES in its sources). */
static const uint64_t max_slot_bytes = 1ull << 42;

/* Makes the slots of one range, from number *@slot on, and moves *@slot past them. */
static int set_range(int vm_fd, const struct gmem_range *r, unsigned *slot, struct err *e)
{
	for (uint64_t done = 0; done < r->size; done += max_slot_bytes) {
		uint64_t left = r->size - done;
		struct kvm_userspace_memory_region region = {
			.slot = (*slot)++,
			.guest_phys_addr = r->base + done,
			.memory_size = left < max_slot_bytes ? left : max_slot_bytes,
			.userspace_addr = (uintptr_t)r->host + done,
		};
		if (KVM_CALL(vm_fd, KVM_SET_USER_MEMORY_REGION, &region, e) < 0)
			return err_context(e, "guest RAM at 0x%llx, 0x%llx bytes",
					   (unsigned long long)region.guest_phys_addr,
					   (unsigned long long)region.memory_size);
	}
	return 0;
}

int kvm_set_memory(int vm_fd, const struct gmem *mem, struct err *e)
{
	unsigned slot = 0;

	for (unsigned i = 0; i < mem->n; i++)
		if (set_range(vm_fd, &mem->range[i], &slot, e))
			return -1;
	return 0;
}

void kvm_irq_line(int vm_fd, uint32_t line, bool level)
{
	struct kvm_irq_level irq = {.irq = line, .level = level};

	/* Cannot fail for a line of the irqchip; the guest would miss an interrupt if it did. */
	(void)ioctl(vm_fd, KVM_IRQ_LINE, &irq);
}

static const char *const exit_names[] = {
	[KVM_EXIT_UNKNOWN] = "UNKNOWN",
	[KVM_EXIT_EXCEPTION] = "EXCEPTION",
	[KVM_EXIT_IO] = "IO",
	[KVM_EXIT_HYPERCALL] = "HYPERCALL",
	[KVM_EXIT_DEBUG] = "DEBUG",
	[KVM_EXIT_HLT] = "HLT",
	[KVM_EXIT_MMIO] = "MMIO",
	[KVM_EXIT_IRQ_WINDOW_OPEN] = "IRQ_WINDOW_OPEN",
	[KVM_EXIT_SHUTDOWN] = "SHUTDOWN",
	[KVM_EXIT_FAIL_ENTRY] = "FAIL_ENTRY",
	[KVM_EXIT_INTR] = "INTR",
	[KVM_EXIT_SET_TPR] = "SET_TPR",
	[KVM_EXIT_TPR_ACCESS] = "TPR_ACCESS",
	[KVM_EXIT_NMI] = "NMI",
	[KVM_EXIT_INTERNAL_ERROR] = "INTERNAL_ERROR",
	[KVM_EXIT_OSI] = "OSI",
	[KVM_EXIT_SYSTEM_EVENT] = "SYSTEM_EVENT",
	[KVM_EXIT_IOAPIC_EOI] = "IOAPIC_EOI",
	[KVM_EXIT_ARM_NISV] = "ARM_NISV",
	[KVM_EXIT_X86_RDMSR] = "X86_RDMSR",
	[KVM_EXIT_X86_WRMSR] = "X86_WRMSR",
};

const char *kvm_exit_name(uint32_t reason)
{
	return reason < sizeof(exit_names) / sizeof(exit_names[0]) ? exit_names[reason] : NULL;
}

static const unsigned long run_requests[] = {KVM_RUN, KVM_IRQ_LINE, KVM_GET_MP_STATE};
static const unsigned long build_requests[] = {KVM_CREATE_VM, KVM_CHECK_EXTENSION,
					       KVM_SET_USER_MEMORY_REGION, KVM_CREATE_VCPU};

const struct kvm_requests kvm_run_requests = {run_requests, 3};
const struct kvm_requests kvm_build_requests = {build_requests, 4};

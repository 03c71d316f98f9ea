/* SPDX-License-Identifier: BSD-3-Clause */
/* The guest's interrupt controller: see gic.h. */
#include "arch/aarch64/gic.h"

#include "arch/aarch64/layout.h"
#include "arch/arch.h"

#include <sys/ioctl.h>
#include <unistd.h>

enum { FIRST_SPI = 32 };

/* A part of a GIC: the attribute that sets its address, and that address. */
struct place {
	uint64_t attr;
	uint64_t gpa;
};

static const struct gic_model {
	unsigned version;
	unsigned type;
	unsigned cpus_max;
	struct place place[2];
} models[] = {
	{3,
	 KVM_DEV_TYPE_ARM_VGIC_V3,
	 ARM64_GICV3_CPUS_MAX,
	 {{KVM_VGIC_V3_ADDR_TYPE_DIST, ARM64_GIC_DIST_GPA},
	  {KVM_VGIC_V3_ADDR_TYPE_REDIST, ARM64_GIC_REDIST_GPA}}},
	{2,
	 KVM_DEV_TYPE_ARM_VGIC_V2,
	 ARM64_GICV2_CPUS_MAX,
	 {{KVM_VGIC_V2_ADDR_TYPE_DIST, ARM64_GIC_DIST_GPA},
	  {KVM_VGIC_V2_ADDR_TYPE_CPU, ARM64_GICV2_CPU_GPA}}},
};

static int set(int fd, uint32_t group, uint64_t attr, const void *value, struct err *e)
{
	struct kvm_device_attr a = {.group = group, .attr = attr, .addr = (uintptr_t)value};

	return KVM_CALL(fd, KVM_SET_DEVICE_ATTR, &a, e) < 0 ? -1 : 0;
}

static int configure(const struct gic_model *model, const struct arch_vm *vm, enum refusal *refusal,
		     struct err *e)
{
	uint32_t irqs = FIRST_SPI + ARM64_SPIS;

	*refusal = REFUSAL_CPUS;
	if (vm->cpus.n > model->cpus_max)
		return err_set(e, "%u, but this host's KVM has a GICv%u, which takes at most %u",
			       vm->cpus.n, model->version, model->cpus_max);
	*refusal = REFUSAL_NONE;
	for (unsigned i = 0; i < 2; i++)
		if (set(vm->gic_fd, KVM_DEV_ARM_VGIC_GRP_ADDR, model->place[i].attr,
			&model->place[i].gpa, e))
			return err_context(e, "GICv%u at 0x%llx", model->version,
					   (unsigned long long)model->place[i].gpa);
	return set(vm->gic_fd, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &irqs, e);
}

int gic_create(struct arch_vm *vm, enum refusal *refusal, struct err *e)
{
	*refusal = REFUSAL_NONE;
	for (unsigned i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
		struct kvm_create_device create = {.type = models[i].type};
		if (ioctl(vm->fd, KVM_CREATE_DEVICE, &create) < 0)
			continue; /* ENODEV: the host's GIC cannot provide this one */
		vm->gic_fd = (int)create.fd;
		vm->gic_version = models[i].version;
		if (configure(&models[i], vm, refusal, e) == 0)
			return 0;
		gic_close(vm);
		return -1;
	}
	return err_set(e, "this host's KVM has neither a GICv3 nor a GICv2 for guests");
}

int gic_init(const struct arch_vm *vm, struct err *e)
{
	if (set(vm->gic_fd, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, NULL, e))
		return err_context(e, "GICv%u", vm->gic_version);
	return 0;
}

void gic_close(struct arch_vm *vm)
{
	close(vm->gic_fd);
	vm->gic_fd = -1;
}

uint32_t arch_irq_line(int irq)
{
	return KVM_ARM_IRQ_TYPE_SPI << KVM_ARM_IRQ_TYPE_SHIFT | (uint32_t)(FIRST_SPI + irq);
}

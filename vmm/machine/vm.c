/* SPDX-License-Identifier: BSD-3-Clause */
/* The virtual machine: see vm.h. */
#include "vmm/machine/vm.h"

#include "arch/kvm.h"
#include "vmm/machine/ram.h"
#include "vmm/machine/refusal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void vcpus_fini(struct vm *vm)
{
	while (vm->cpus)
		vcpu_fini(&vm->vcpu[--vm->cpus]);
	free(vm->vcpu);
	vm->vcpu = NULL;
}

static int add_vcpu(struct vm *vm, const struct vm_setup *setup, struct err *e)
{
	unsigned id = vm->cpus;
	struct vcpu *v = &vm->vcpu[id];

	if (vcpu_init(v, vm->fd, id, setup->kvm->run_bytes, e))
		return err_context(e, "vCPU %u of %u", id, vm->cfg->cpus);
	vm->cpus++; /* from here on, vcpus_fini() undoes it */
	if (arch_vcpu_init(&vm->arch, v->fd, id, &setup->log, e))
		return err_context(e, "vCPU %u", id);
	return 0;
}

static int vcpus_init(struct vm *vm, const struct vm_setup *setup, struct err *e)
{
	unsigned wanted = vm->cfg->cpus;

	vm->vcpu = calloc(wanted, sizeof(*vm->vcpu));
	if (!vm->vcpu)
		return err_set(e, "%u vCPUs: out of memory", wanted);
	while (vm->cpus < wanted)
		if (add_vcpu(vm, setup, e)) {
			vcpus_fini(vm);
			return -1;
		}
	return 0;
}

static int vcpus_reset(struct vm *vm, struct err *e)
{
	for (unsigned id = 0; id < vm->cpus; id++)
		if (arch_vcpu_reset(&vm->arch, vm->vcpu[id].fd, id, &vm->loaded.boot, e))
			return err_context(e, "vCPU %u", id);
	return 0;
}

static int start_threads(struct vm *vm, const struct vm_setup *setup, struct err *e)
{
	const struct vcpu_shared shared = {
		.gate = &vm->gate,
		.devices = &vm->devices,
		.stop = setup->stop,
		.timeline = setup->timeline,
	};

	for (unsigned i = 0; i < vm->cpus; i++)
		if (vcpu_start(&vm->vcpu[i], &shared, e)) {
			vm_cancel(vm);
			return -1;
		}
	return 0;
}

static void warn(const struct vm_setup *setup)
{
	const char *warning = payload_warning(setup->payload);

	if (warning[0] && setup->log.warn)
		setup->log.warn(setup->log.opaque, warning);
}

static int load(struct vm *vm, const struct vm_setup *setup, struct err *e)
{
	struct payload *payload = setup->payload;
	enum irqchip irqchip = arch_vm_irqchip(&vm->arch);

	if (payload_load(payload, &vm->mem, &vm->loaded.image, e))
		return -1;
	warn(setup);
	if (load_boot(payload, vm->cfg, irqchip, &vm->mem, &vm->loaded, e))
		return -1;
	timeline_mark(setup->timeline, MOMENT_KERNEL_LOADED);
	return 0;
}

static int make_devices(struct vm *vm, const struct vm_setup *setup, struct err *e)
{
	const struct device_wires wires = {
		.vm_fd = vm->fd,
		.console = setup->console,
		.events = setup->events,
		.wake_fd = setup->stop->wake_fd,
	};

	return devices_init(&vm->devices, &wires, e);
}

/* Loads the guest and makes the devices once the vCPUs exist; the threads come last. */
static int make_ready(struct vm *vm, const struct vm_setup *setup, struct err *e)
{
	if (load(vm, setup, e) || make_devices(vm, setup, e))
		return -1;
	if (vcpus_reset(vm, e) || start_threads(vm, setup, e)) {
		devices_fini(&vm->devices);
		return -1;
	}
	return 0;
}

/* The parts that need KVM. Each is undone when a later one fails. */
static int build(struct vm *vm, const struct vm_setup *setup, struct err *e)
{
	const struct guest_cpus cpus = machine_cpus(vm->cfg);
	enum refusal refusal;

	if (kvm_set_memory(vm->fd, &vm->mem, e))
		return -1;
	if (arch_vm_init(&vm->arch, setup->kvm, vm->fd, &cpus, &refusal, e))
		return refusal_name_option(refusal, NULL, e);
	if (vcpus_init(vm, setup, e))
		goto out_arch;
	if (arch_post_vcpus(&vm->arch, e))
		goto out_vcpus;
	timeline_mark(setup->timeline, MOMENT_KVM_READY);
	if (make_ready(vm, setup, e) == 0)
		return 0;

out_vcpus:
	vcpus_fini(vm);
out_arch:
	arch_vm_fini(&vm->arch);
	return -1;
}

int vm_init(struct vm *vm, const struct vm_setup *setup, struct err *e)
{
	memset(vm, 0, sizeof(*vm));
	vm->cfg = setup->cfg;
	vm->stop = setup->stop;
	if (ram_map(vm->cfg->memory_bytes, &vm->mem, e))
		return -1;
	vm->fd = kvm_vm_create(setup->kvm, arch_vm_type(setup->kvm, vm->cfg->memory_bytes), e);
	if (vm->fd < 0)
		goto out_ram;
	gate_init(&vm->gate);
	if (build(vm, setup, e) == 0)
		return 0;

	gate_fini(&vm->gate);
	close(vm->fd);
out_ram:
	ram_unmap(&vm->mem);
	return -1;
}

void vm_start(struct vm *vm)
{
	gate_set(&vm->gate, GATE_OPEN);
}

void vm_cancel(struct vm *vm)
{
	gate_set(&vm->gate, GATE_CANCELLED);
	vm_join(vm);
}

static void kick_all(struct vm *vm)
{
	for (unsigned i = 0; i < vm->cpus; i++)
		vcpu_kick(&vm->vcpu[i]);
}

void vm_ask(struct vm *vm)
{
	for (unsigned i = 0; i < vm->cpus; i++)
		__atomic_store_n(&vm->vcpu[i].asked, true, __ATOMIC_RELEASE);
	kick_all(vm);
}

void vm_was_stopped(struct vm *vm)
{
	for (unsigned i = 0; i < vm->cpus; i++)
		__atomic_store_n(&vm->vcpu[i].was_stopped, true, __ATOMIC_RELEASE);
	kick_all(vm);
}

void vm_join(struct vm *vm)
{
	/*
	 * Kick all before joining any: a vCPU that still runs would compete with it for a
	 * processor.
	 */
	kick_all(vm);
	for (unsigned i = 0; i < vm->cpus; i++) {
		struct vcpu *v = &vm->vcpu[i];
		if (v->started)
			thread_end(&v->thread);
		v->started = false;
	}
}

void vm_count_exits(const struct vm *vm, uint64_t exits[EXIT_REASONS])
{
	for (unsigned i = 0; i < vm->cpus; i++)
		for (unsigned reason = 0; reason < EXIT_REASONS; reason++)
			exits[reason] += vm->vcpu[i].exit_count[reason];
}

void vm_explain(const struct vm *vm, FILE *f)
{
	if (vm->stop->kind == STOP_TIMEOUT)
		for (unsigned i = 0; i < vm->cpus; i++)
			vcpu_explain(&vm->vcpu[i], f);
	else if (vm->stop->vcpu >= 0)
		vcpu_explain(&vm->vcpu[vm->stop->vcpu], f);
}

void vm_fini(struct vm *vm)
{
	vcpus_fini(vm);
	arch_vm_fini(&vm->arch);
	devices_fini(&vm->devices);
	gate_fini(&vm->gate);
	close(vm->fd);
	ram_unmap(&vm->mem);
}

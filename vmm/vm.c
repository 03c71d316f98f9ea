/* SPDX-License-Identifier: BSD-3-Clause */
/* The virtual machine: see vm.h. */
#include "vmm/vm.h"

#include "arch/kvm.h"
#include "vmm/clock.h"
#include "vmm/file.h"
#include "vmm/machine.h"
#include "vmm/ram.h"
#include "vmm/refusal.h"
#include "vmm/run.h"
#include "vmm/thread.h"
#include "vmm/verdict.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

static struct guest_cpus wanted_cpus(const struct config *cfg)
{
	return (struct guest_cpus){.n = cfg->cpus, .nested = cfg->nested, .pmu = cfg->pmu};
}

static int write_boot(struct vm *vm, enum irqchip irqchip, struct err *e)
{
	const struct config *cfg = vm->host->cfg;
	struct boot_seeds seeds;
	enum refusal refusal;
	const struct boot_request request = {
		.proto = cfg->boot,
		.cmdline = vm->host->kernel.cmdline,
		.initrd = vm->host->initramfs.bytes,
		.dtb = vm->host->dtb,
		.cpus = wanted_cpus(cfg),
		.irqchip = irqchip,
		.seeds = &seeds,
	};

	if (getrandom(&seeds, sizeof(seeds), 0) != (ssize_t)sizeof(seeds))
		return err_set(e, "getrandom: %s", strerror(errno));
	if (board_native->boot_write(&vm->mem, &vm->image, &request, &vm->boot, &refusal, e))
		return refusal_name_option(refusal, options_boot_name(vm->boot.proto), e);
	vm->host->reporter.kernel.boot = options_boot_name(vm->boot.proto);
	timeline_mark(&vm->host->timeline, MOMENT_KERNEL_LOADED);
	return 0;
}

/* Only Linux is known to unpack one. */
static void check_initrd(struct vm *vm)
{
	const struct host *host = vm->host;
	struct initrd_check *check = &vm->host->initrd_check;
	const struct image *img = &vm->image;
	uint64_t kernel_bytes = img->end - img->start;
	struct blob kernel = {gmem_at(&vm->mem, img->start, kernel_bytes), kernel_bytes};

	if (img->format == IMAGE_ELF && !img->is_linux) {
		*check = (struct initrd_check){.given = false};
		return;
	}
	initrd_check_ram(check, kernel_bytes, gmem_total(&vm->mem));
	if (kernel.data)
		initrd_check_config(check, kernel);
	if (check->problem.text[0] && host->log.warn)
		host->log.warn(host->log.opaque, check->problem.text);
}

int vm_load(struct vm *vm, enum irqchip irqchip, struct err *e)
{
	struct host *host = vm->host;

	if (kernel_load(&host->kernel, host->initramfs.bytes.size, &vm->mem, &vm->image, e))
		return -1;
	check_initrd(vm);
	return write_boot(vm, irqchip, e);
}

static int vcpu_init(struct vm *vm, struct vcpu *v, unsigned id, struct err *e)
{
	struct host *host = vm->host;

	*v = (struct vcpu){.vm = vm, .id = id};
	v->fd = kvm_vcpu_create(vm->fd, id, e);
	if (v->fd < 0)
		return err_context(e, "vCPU %u of %u", id, host->cfg->cpus);
	void *run = mmap(NULL, host->kvm.run_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, v->fd, 0);
	if (run == MAP_FAILED) {
		err_set(e, "vCPU %u: cannot map its run page: %s", id, strerror(errno));
		goto out_close;
	}
	v->run = run;
	if (arch_vcpu_init(&vm->arch, v->fd, id, &host->log, e)) {
		err_context(e, "vCPU %u", id);
		goto out_unmap;
	}
	return 0;

out_unmap:
	munmap(v->run, host->kvm.run_bytes);
out_close:
	close(v->fd);
	return -1;
}

static void vcpus_fini(struct vm *vm)
{
	while (vm->cpus) {
		struct vcpu *v = &vm->vcpu[--vm->cpus];
		munmap(v->run, vm->host->kvm.run_bytes);
		close(v->fd);
	}
	free(vm->vcpu);
	vm->vcpu = NULL;
}

static int vcpus_init(struct vm *vm, struct err *e)
{
	unsigned wanted = vm->host->cfg->cpus;

	vm->vcpu = calloc(wanted, sizeof(*vm->vcpu));
	if (!vm->vcpu)
		return err_set(e, "%u vCPUs: out of memory", wanted);
	for (; vm->cpus < wanted; vm->cpus++)
		if (vcpu_init(vm, &vm->vcpu[vm->cpus], vm->cpus, e)) {
			vcpus_fini(vm);
			return -1;
		}
	return 0;
}

static int vcpus_reset(struct vm *vm, struct err *e)
{
	for (unsigned id = 0; id < vm->cpus; id++)
		if (arch_vcpu_reset(&vm->arch, vm->vcpu[id].fd, id, &vm->boot, e))
			return err_context(e, "vCPU %u", id);
	return 0;
}

static void set_gate(struct vm *vm, enum gate gate)
{
	pthread_mutex_lock(&vm->gate_lock);
	vm->gate = gate;
	pthread_cond_broadcast(&vm->gate_changed);
	pthread_mutex_unlock(&vm->gate_lock);
}

static int start_threads(struct vm *vm, struct err *e)
{
	for (unsigned i = 0; i < vm->cpus; i++) {
		struct vcpu *v = &vm->vcpu[i];
		char name[16];
		snprintf(name, sizeof(name), "vcpu %u", v->id);
		if (thread_start(&v->thread, name, THREAD_STACK_BYTES, run_vcpu, v, e)) {
			vm_cancel(vm);
			return -1;
		}
		v->started = true;
	}
	return 0;
}

/* The parts that KVM and its threads hang on; each undoes itself when a later one fails. */
static int build(struct vm *vm, struct err *e)
{
	struct guest_cpus cpus = wanted_cpus(vm->host->cfg);
	enum refusal refusal;

	if (kvm_set_memory(vm->fd, &vm->mem, e))
		return -1;
	if (arch_vm_init(&vm->arch, &vm->host->kvm, vm->fd, &cpus, &refusal, e))
		return refusal_name_option(refusal, NULL, e);
	if (vcpus_init(vm, e))
		goto out_arch;
	if (arch_post_vcpus(&vm->arch, e))
		goto out_vcpus;
	timeline_mark(&vm->host->timeline, MOMENT_KVM_READY);
	if (vm_load(vm, arch_vm_irqchip(&vm->arch), e) || machine_init(vm, e) ||
	    vcpus_reset(vm, e) || start_threads(vm, e))
		goto out_vcpus;
	return 0;

out_vcpus:
	vcpus_fini(vm);
out_arch:
	arch_vm_fini(&vm->arch);
	return -1;
}

/* What vm_init() made itself. The console outlives us and must not call into what is gone. */
static void release(struct vm *vm)
{
	vm->host->console.on_mark = NULL;
	stop_fini(&vm->stop);
	pthread_cond_destroy(&vm->gate_changed);
	pthread_mutex_destroy(&vm->gate_lock);
	pthread_mutex_destroy(&vm->dev_lock);
}

int vm_init(struct vm *vm, struct host *host, struct err *e)
{
	memset(vm, 0, sizeof(*vm));
	vm->host = host;
	if (ram_map(host->cfg->memory_bytes, &vm->mem, e))
		return -1;
	vm->fd = kvm_vm_create(&host->kvm, arch_vm_type(&host->kvm, host->cfg->memory_bytes), e);
	if (vm->fd < 0)
		goto out_ram;
	pthread_mutex_init(&vm->dev_lock, NULL);
	pthread_mutex_init(&vm->gate_lock, NULL);
	pthread_cond_init(&vm->gate_changed, NULL);
	stop_init(&vm->stop, host->wake_fd);
	if (build(vm, e) == 0)
		return 0;

	release(vm);
	close(vm->fd);
out_ram:
	ram_unmap(&vm->mem);
	return -1;
}

int vm_dump_dtb(const struct vm *vm, const char *path, struct err *e)
{
	struct blob dtb = {gmem_at(&vm->mem, vm->boot.arg, vm->boot.dtb_bytes), vm->boot.dtb_bytes};

	return file_write(path, dtb, e) ? err_context(e, "--dump-dtb") : 0;
}

void vm_start(struct vm *vm)
{
	set_gate(vm, GATE_OPEN);
}

void vm_cancel(struct vm *vm)
{
	set_gate(vm, GATE_CANCELLED);
	vm_join(vm);
}

/* Every vCPU leaves KVM_RUN, or the next one at once. */
static void take_out(struct vm *vm)
{
	for (unsigned i = 0; i < vm->cpus; i++) {
		struct vcpu *v = &vm->vcpu[i];
		if (!v->started)
			continue;
		__atomic_store_n(&v->run->immediate_exit, 1, __ATOMIC_RELEASE);
		thread_kick(&v->thread);
	}
}

void vm_ask(struct vm *vm)
{
	for (unsigned i = 0; i < vm->cpus; i++)
		__atomic_store_n(&vm->vcpu[i].asked, true, __ATOMIC_RELEASE);
	take_out(vm);
}

void vm_was_stopped(struct vm *vm, uint64_t stopped_ns)
{
	for (unsigned i = 0; i < vm->cpus; i++)
		__atomic_store_n(&vm->vcpu[i].was_stopped, true, __ATOMIC_RELEASE);
	take_out(vm);
	pthread_mutex_lock(&vm->dev_lock);
	uint64_t *since = &vm->host->console.silent_since_ns, now = clock_now_ns();
	*since = *since + stopped_ns < now ? *since + stopped_ns : now;
	pthread_mutex_unlock(&vm->dev_lock);
}

void vm_join(struct vm *vm)
{
	/* All before any is waited for: those that still ran would keep it from the processors. */
	take_out(vm);
	for (unsigned i = 0; i < vm->cpus; i++) {
		struct vcpu *v = &vm->vcpu[i];
		if (v->started)
			thread_end(&v->thread);
		v->started = false;
	}
	verdict_on_guest(vm);
}

static void explain_vcpu(const struct vcpu *v, FILE *f)
{
	char registers[2048];

	fprintf(f, "minivmm: the last exits of vCPU %u, oldest first:\n", v->id);
	exitlog_print(&v->exits, f, "  ");
	if (run_registers_lost(v))
		return;
	arch_vcpu_describe(v->fd, registers, sizeof(registers));
	fprintf(f, "minivmm: its registers:\n%s", registers);
}

void vm_explain(struct vm *vm, FILE *f)
{
	if (vm->stop.kind == STOP_TIMEOUT)
		for (unsigned i = 0; i < vm->cpus; i++)
			explain_vcpu(&vm->vcpu[i], f);
	else if (vm->stop.vcpu >= 0)
		explain_vcpu(&vm->vcpu[vm->stop.vcpu], f);
}

void vm_fini(struct vm *vm)
{
	vcpus_fini(vm);
	arch_vm_fini(&vm->arch);
	release(vm);
	close(vm->fd);
	ram_unmap(&vm->mem);
}

void vm_console_changed(struct vm *vm)
{
	pthread_mutex_lock(&vm->dev_lock);
	uart16550_peer_changed(&vm->uart);
	pthread_mutex_unlock(&vm->dev_lock);
}

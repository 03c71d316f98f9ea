/* SPDX-License-Identifier: BSD-3-Clause */
/* The vCPU thread: see run.h. Source: Linux Documentation/virt/kvm/api.rst, section 5. */
#include "vmm/run.h"

#include "vmm/clock.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

void run_set_irq(void *opaque, bool level)
{
	const struct irq_wire *wire = opaque;
	struct kvm_irq_level irq = {.irq = wire->line, .level = level};

	/* Cannot fail for a GSI of the irqchip; the guest would miss an interrupt if it did. */
	(void)ioctl(wire->vm_fd, KVM_IRQ_LINE, &irq);
}

bool run_registers_lost(const struct vcpu *v)
{
	return v->run->exit_reason == KVM_EXIT_SHUTDOWN;
}

/* One access to a bus, noted in the vCPU's log. */
static void access_bus(struct vcpu *v, uint32_t reason, const struct bus *bus, uint64_t addr,
		       uint8_t *data, unsigned size, bool write)
{
	struct exitlog_entry entry = {
		.reason = reason, .write = write, .addr = addr, .size = (uint8_t)size};

	if (size > sizeof(entry.data)) /* KVM says at most 8 */
		return;
	pthread_mutex_lock(&v->vm->dev_lock);
	if (write)
		bus_write(bus, addr, data, size);
	else
		bus_read(bus, addr, data, size);
	pthread_mutex_unlock(&v->vm->dev_lock);
	memcpy(&entry.data, data, size);
	exitlog_add(&v->exits, &entry);
}

static void handle_io(struct vcpu *v)
{
	struct kvm_run *run = v->run;
	uint8_t *data = (uint8_t *)run + run->io.data_offset;

	for (uint32_t i = 0; i < run->io.count; i++, data += run->io.size)
		access_bus(v, KVM_EXIT_IO, &v->vm->pio, run->io.port, data, run->io.size,
			   run->io.direction == KVM_EXIT_IO_OUT);
}

static void handle_mmio(struct vcpu *v)
{
	struct kvm_run *run = v->run;

	access_bus(v, KVM_EXIT_MMIO, &v->vm->mmio, run->mmio.phys_addr, run->mmio.data,
		   run->mmio.len, run->mmio.is_write);
}

static void handle_internal_error(struct vcpu *v)
{
	const struct kvm_run *run = v->run;
	char bytes[80] = ""; /* the words, and 15 times 3 */

	if (run->internal.suberror == KVM_INTERNAL_ERROR_EMULATION && run->internal.ndata >= 1 &&
	    (run->emulation_failure.flags & KVM_INTERNAL_ERROR_EMULATION_FLAG_INSTRUCTION_BYTES)) {
		size_t n = run->emulation_failure.insn_size,
		       max = sizeof(run->emulation_failure.insn_bytes);
		strcpy(bytes, ", instruction bytes");
		for (size_t i = 0; i < n && i < max && i < 15; i++)
			sprintf(bytes + strlen(bytes), " %02x",
				run->emulation_failure.insn_bytes[i]);
	}
	stop_set(&v->vm->stop, STOP_CRASH, 0, (int)v->id,
		 "vCPU %u: KVM internal error, suberror %u%s%s", v->id, run->internal.suberror,
		 run->internal.suberror == KVM_INTERNAL_ERROR_EMULATION
			 ? " (an instruction that KVM does not emulate)"
			 : "",
		 bytes);
}

/* arm: the processor says what an access was, but not for every instruction. */
static void handle_no_syndrome(struct vcpu *v)
{
	stop_set(&v->vm->stop, STOP_CRASH, 0, (int)v->id,
		 "vCPU %u: an access to 0x%llx, where there is no memory, by an instruction that "
		 "KVM cannot decode (ldp, stp, a vector, an index that is written back)",
		 v->id, (unsigned long long)v->run->arm_nisv.fault_ipa);
}

static void handle_system_event(struct vcpu *v)
{
	struct stop *stop = &v->vm->stop;

	switch (v->run->system_event.type) {
	case KVM_SYSTEM_EVENT_SHUTDOWN:
		stop_set(stop, STOP_POWER_OFF, 0, -1, "%s", "");
		break;
	case KVM_SYSTEM_EVENT_RESET:
		stop_set(stop, STOP_RESET, 0, -1, "%s", "");
		break;
	case KVM_SYSTEM_EVENT_CRASH:
		stop_set(stop, STOP_CRASH, 0, (int)v->id, "vCPU %u: the guest says that it crashed",
			 v->id);
		break;
	default:
		stop_set(stop, STOP_CRASH, 0, (int)v->id, "vCPU %u: system event %u", v->id,
			 v->run->system_event.type);
		break;
	}
}

static void handle_exit(struct vcpu *v)
{
	const struct kvm_run *run = v->run;
	struct stop *stop = &v->vm->stop;
	int id = (int)v->id;

	if (run->exit_reason < EXIT_REASONS)
		v->exit_count[run->exit_reason]++;
	if (run->exit_reason == KVM_EXIT_IO) {
		handle_io(v);
		return;
	}
	if (run->exit_reason == KVM_EXIT_MMIO) {
		handle_mmio(v);
		return;
	}
	exitlog_add(&v->exits, &(struct exitlog_entry){.reason = run->exit_reason});
	switch (run->exit_reason) {
	case KVM_EXIT_INTR:
	case KVM_EXIT_IRQ_WINDOW_OPEN:
		break;
	case KVM_EXIT_SYSTEM_EVENT:
		handle_system_event(v);
		break;
	case KVM_EXIT_SHUTDOWN:
		stop_set(stop, STOP_CRASH, 0, id, "vCPU %u: triple fault (KVM_EXIT_SHUTDOWN)",
			 v->id);
		break;
	case KVM_EXIT_INTERNAL_ERROR:
		handle_internal_error(v);
		break;
	case KVM_EXIT_ARM_NISV:
		handle_no_syndrome(v);
		break;
	case KVM_EXIT_FAIL_ENTRY:
		stop_set(stop, STOP_CRASH, 0, id,
			 "vCPU %u: the processor refused to enter the guest "
			 "(hardware_entry_failure_reason 0x%llx)",
			 v->id, run->fail_entry.hardware_entry_failure_reason);
		break;
	default:
		stop_set(stop, STOP_CRASH, 0, id,
			 "vCPU %u: KVM exit %u (%s) is not one that minivmm asked for", v->id,
			 run->exit_reason,
			 kvm_exit_name(run->exit_reason) ? kvm_exit_name(run->exit_reason)
							 : "unknown");
		break;
	}
}

static bool wait_at_gate(struct vm *vm)
{
	pthread_mutex_lock(&vm->gate_lock);
	while (vm->gate == GATE_CLOSED)
		pthread_cond_wait(&vm->gate_changed, &vm->gate_lock);
	bool open = vm->gate == GATE_OPEN;
	pthread_mutex_unlock(&vm->gate_lock);
	return open;
}

/*
 * EAGAIN is a vCPU's answer each time that something wakes it before its SIPI. It is also that of a
 * KVM that cannot start a thread of its own (kvm_mmu_post_init_vm() in Linux 6.13 and later), and
 * then it comes again and again.
 */
#define AGAIN_PAUSE_NS (100 * NS_PER_MS) /* one that comes later is not the same trouble */

static void handle_again(struct vcpu *v)
{
	uint64_t now = clock_now_ns(), pc;
	bool is_unstarted = arch_vcpu_rest(v->fd, v->run, &pc) == REST_UNSTARTED;

	if (now - v->again_last_ns > AGAIN_PAUSE_NS || is_unstarted)
		v->again_since_ns = now;
	v->again_last_ns = now;
	if (now - v->again_since_ns >= NS_PER_S)
		stop_set(&v->vm->stop, STOP_HOST, 0, (int)v->id,
			 "vCPU %u: KVM_RUN: %s, for a second; the likely reason is a limit of "
			 "processes (ulimit -u, a cgroup's pids.max) that leaves KVM no thread of "
			 "its own",
			 v->id, strerror(EAGAIN));
}

/*
 * A signal took the vCPU out: the run ends, vm_ask(), vm_was_stopped(); or none of these. Then it
 * is the very signal that stopped the process, of which the guest must know before it looks at its
 * clock: the loop would often be too late to tell. (Or it is a kick that came late, and being told
 * once too often does no harm.)
 */
static void handle_signal(struct vcpu *v)
{
	__atomic_store_n(&v->run->immediate_exit, 0, __ATOMIC_SEQ_CST);
	if (stop_wanted(&v->vm->stop))
		return;
	bool asked = __atomic_load_n(&v->asked, __ATOMIC_ACQUIRE);
	if (__atomic_exchange_n(&v->was_stopped, false, __ATOMIC_ACQ_REL) || !asked)
		arch_vcpu_was_stopped(v->fd);
	if (!asked)
		return;
	v->rest = arch_vcpu_rest(v->fd, v->run, &v->rest_pc);
	__atomic_store_n(&v->asked, false, __ATOMIC_RELEASE);
}

/* KVM_RUN failed. */
static void handle_failure(struct vcpu *v, int error)
{
	if (error == EAGAIN)
		handle_again(v);
	else if (error == EINTR)
		handle_signal(v);
	else
		stop_set(&v->vm->stop, STOP_HOST, 0, (int)v->id, "vCPU %u: KVM_RUN: %s", v->id,
			 strerror(error));
}

void *run_vcpu(void *arg)
{
	struct vcpu *v = arg;
	struct stop *stop = &v->vm->stop;

	if (!wait_at_gate(v->vm))
		return NULL;
	timeline_mark(&v->vm->host->timeline, MOMENT_FIRST_INSTRUCTION);
	while (!stop_wanted(stop)) {
		if (ioctl(v->fd, KVM_RUN, 0UL) == 0)
			handle_exit(v);
		else
			handle_failure(v, errno);
	}
	return NULL;
}

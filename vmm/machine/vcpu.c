/* SPDX-License-Identifier: BSD-3-Clause */
/* A vCPU and its thread: see vcpu.h. */
#include "vmm/machine/vcpu.h"

#include "vmm/base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

int vcpu_init(struct vcpu *v, int vm_fd, unsigned id, size_t run_bytes, struct err *e)
{
	*v = (struct vcpu){.id = id, .run_bytes = run_bytes};
	v->fd = kvm_vcpu_create(vm_fd, id, e);
	if (v->fd < 0)
		return -1;
	void *run = mmap(NULL, run_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, v->fd, 0);
	if (run == MAP_FAILED) {
		err_set(e, "cannot map its run page: %s", strerror(errno));
		close(v->fd);
		return -1;
	}
	v->run = run;
	return 0;
}

void vcpu_fini(struct vcpu *v)
{
	munmap(v->run, v->run_bytes);
	close(v->fd);
}

int vcpu_start(struct vcpu *v, const struct vcpu_shared *shared, struct err *e)
{
	char name[16];

	v->shared = *shared;
	snprintf(name, sizeof(name), "vcpu %u", v->id);
	if (thread_start(&v->thread, name, THREAD_STACK_BYTES, vcpu_run, v, e))
		return -1;
	v->started = true;
	return 0;
}

void vcpu_kick(struct vcpu *v)
{
	if (!v->started)
		return;
	__atomic_store_n(&v->run->immediate_exit, 1, __ATOMIC_RELEASE);
	thread_kick(&v->thread);
}

bool vcpu_registers_lost(const struct vcpu *v)
{
	return v->run->exit_reason == KVM_EXIT_SHUTDOWN;
}

void vcpu_explain(const struct vcpu *v, FILE *f)
{
	char registers[2048];

	fprintf(f, "minivmm: the last exits of vCPU %u, oldest first:\n", v->id);
	exitlog_print(&v->exits, f, "  ");
	if (vcpu_registers_lost(v))
		return;
	arch_vcpu_describe(v->fd, registers, sizeof(registers));
	fprintf(f, "minivmm: its registers:\n%s", registers);
}

/* Makes one access to a bus, and adds it to the vCPU's log. */
static void access_bus(struct vcpu *v, uint32_t reason, const struct bus *bus, uint64_t addr,
		       uint8_t *data, unsigned size, bool write)
{
	struct exitlog_entry entry = {
		.reason = reason, .write = write, .addr = addr, .size = (uint8_t)size};

	if (size > sizeof(entry.data)) /* KVM says at most 8 */
		return;
	devices_access(v->shared.devices, bus, write, addr, data, size);
	memcpy(&entry.data, data, size);
	exitlog_add(&v->exits, &entry);
}

static void handle_io(struct vcpu *v)
{
	struct kvm_run *run = v->run;
	uint8_t *data = (uint8_t *)run + run->io.data_offset;

	for (uint32_t i = 0; i < run->io.count; i++, data += run->io.size)
		access_bus(v, KVM_EXIT_IO, &v->shared.devices->pio, run->io.port, data,
			   run->io.size, run->io.direction == KVM_EXIT_IO_OUT);
}

static void handle_mmio(struct vcpu *v)
{
	struct kvm_run *run = v->run;

	access_bus(v, KVM_EXIT_MMIO, &v->shared.devices->mmio, run->mmio.phys_addr, run->mmio.data,
		   run->mmio.len, run->mmio.is_write);
}

static void handle_internal_error(struct vcpu *v)
{
	const struct kvm_run *run = v->run;
	bool not_emulated = run->internal.suberror == KVM_INTERNAL_ERROR_EMULATION;
	char bytes[80] = ""; /* the words, and 15 bytes of 3 characters each */

	if (not_emulated && run->internal.ndata >= 1 &&
	    (run->emulation_failure.flags & KVM_INTERNAL_ERROR_EMULATION_FLAG_INSTRUCTION_BYTES)) {
		size_t n = run->emulation_failure.insn_size,
		       max = sizeof(run->emulation_failure.insn_bytes);
		strcpy(bytes, ", instruction bytes");
		for (size_t i = 0; i < n && i < max && i < 15; i++)
			sprintf(bytes + strlen(bytes), " %02x",
				run->emulation_failure.insn_bytes[i]);
	}
	stop_set(v->shared.stop, STOP_CRASH, not_emulated ? CRASH_NOT_EMULATED : CRASH_OTHER,
		 (int)v->id, "vCPU %u: KVM internal error, suberror %u%s%s", v->id,
		 run->internal.suberror,
		 not_emulated ? " (an instruction that KVM does not emulate)" : "", bytes);
}

/* arm: for some instructions, the processor does not describe the access (no valid syndrome). */
static void handle_no_syndrome(struct vcpu *v)
{
	stop_set(v->shared.stop, STOP_CRASH, CRASH_OTHER, (int)v->id,
		 "vCPU %u: an access to 0x%llx, where there is no memory, by an instruction that "
		 "KVM cannot decode (ldp, stp, a vector, an index that is written back)",
		 v->id, (unsigned long long)v->run->arm_nisv.fault_ipa);
}

static void handle_system_event(struct vcpu *v)
{
	struct stop *stop = v->shared.stop;

	switch (v->run->system_event.type) {
	case KVM_SYSTEM_EVENT_SHUTDOWN:
		stop_set(stop, STOP_POWER_OFF, 0, -1, "%s", "");
		break;
	case KVM_SYSTEM_EVENT_RESET:
		stop_set(stop, STOP_RESET, 0, -1, "%s", "");
		break;
	case KVM_SYSTEM_EVENT_CRASH:
		stop_set(stop, STOP_CRASH, CRASH_OTHER, (int)v->id,
			 "vCPU %u: the guest says that it crashed", v->id);
		break;
	default:
		stop_set(stop, STOP_CRASH, CRASH_OTHER, (int)v->id, "vCPU %u: system event %u",
			 v->id, v->run->system_event.type);
		break;
	}
}

static void handle_exit(struct vcpu *v)
{
	const struct kvm_run *run = v->run;
	struct stop *stop = v->shared.stop;
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
		stop_set(stop, STOP_CRASH, CRASH_OTHER, id,
			 "vCPU %u: triple fault (KVM_EXIT_SHUTDOWN)", v->id);
		break;
	case KVM_EXIT_INTERNAL_ERROR:
		handle_internal_error(v);
		break;
	case KVM_EXIT_ARM_NISV:
		handle_no_syndrome(v);
		break;
	case KVM_EXIT_FAIL_ENTRY:
		stop_set(stop, STOP_CRASH, CRASH_OTHER, id,
			 "vCPU %u: the processor refused to enter the guest "
			 "(hardware_entry_failure_reason 0x%llx)",
			 v->id, run->fail_entry.hardware_entry_failure_reason);
		break;
	default:
		stop_set(stop, STOP_CRASH, CRASH_OTHER, id,
			 "vCPU %u: KVM exit %u (%s) is not one that minivmm asked for", v->id,
			 run->exit_reason,
			 kvm_exit_name(run->exit_reason) ? kvm_exit_name(run->exit_reason)
							 : "unknown");
		break;
	}
}

/*
 * KVM_RUN returns EAGAIN each time that something wakes a vCPU before its SIPI. It also does when
 * KVM cannot start a thread of its own (kvm_mmu_post_init_vm() in Linux 6.13 and later), and then
 * returns it again and again.
 */
#define AGAIN_PAUSE_NS (100 * NS_PER_MS) /* after such a pause, EAGAIN counts as a new problem */

static void handle_again(struct vcpu *v)
{
	uint64_t now = clock_now_ns(), pc;
	bool is_unstarted = arch_vcpu_rest(v->fd, v->run, &pc) == REST_UNSTARTED;

	if (now - v->again_last_ns > AGAIN_PAUSE_NS || is_unstarted)
		v->again_since_ns = now;
	v->again_last_ns = now;
	if (now - v->again_since_ns >= NS_PER_S)
		stop_set(v->shared.stop, STOP_HOST, 0, (int)v->id,
			 "vCPU %u: KVM_RUN: %s, for a second; the likely reason is a limit of "
			 "processes (ulimit -u, a cgroup's pids.max) that leaves KVM no thread of "
			 "its own",
			 v->id, strerror(EAGAIN));
}

/*
 * A signal interrupted KVM_RUN: the run ends, or vm_ask() or vm_was_stopped() was called. If it is
 * none of these, it is the signal that stopped the process, and the guest must be told before it
 * reads its clock; the loop would often be too late. (It may also be a late kick; telling the guest
 * once too often does no harm.)
 */
static void handle_signal(struct vcpu *v)
{
	__atomic_store_n(&v->run->immediate_exit, 0, __ATOMIC_SEQ_CST);
	if (stop_wanted(v->shared.stop))
		return;
	bool asked = __atomic_load_n(&v->asked, __ATOMIC_ACQUIRE);
	if (__atomic_exchange_n(&v->was_stopped, false, __ATOMIC_ACQ_REL) || !asked)
		arch_vcpu_was_stopped(v->fd);
	if (!asked)
		return;
	v->rest = arch_vcpu_rest(v->fd, v->run, &v->rest_pc);
	__atomic_store_n(&v->asked, false, __ATOMIC_RELEASE);
}

/* KVM_RUN failed with the errno @error. */
static void handle_failure(struct vcpu *v, int error)
{
	if (error == EAGAIN)
		handle_again(v);
	else if (error == EINTR)
		handle_signal(v);
	else
		stop_set(v->shared.stop, STOP_HOST, 0, (int)v->id, "vCPU %u: KVM_RUN: %s", v->id,
			 strerror(error));
}

void *vcpu_run(void *arg)
{
	struct vcpu *v = arg;
	struct stop *stop = v->shared.stop;

	if (!gate_wait(v->shared.gate))
		return NULL;
	timeline_mark(v->shared.timeline, MOMENT_FIRST_INSTRUCTION);
	while (!stop_wanted(stop)) {
		if (ioctl(v->fd, KVM_RUN, 0UL) == 0)
			handle_exit(v);
		else
			handle_failure(v, errno);
	}
	return NULL;
}

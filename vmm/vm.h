/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The virtual machine: owns everything that lives from a build to its end. A restart is another
 * build.
 */
#ifndef VMM_VM_H
#define VMM_VM_H

#include "arch/arch.h"
#include "vmm/bus.h"
#include "vmm/devices/acpi_pm.h"
#include "vmm/devices/cmos.h"
#include "vmm/devices/exitdev.h"
#include "vmm/devices/i8042.h"
#include "vmm/devices/pci_host.h"
#include "vmm/devices/pl031.h"
#include "vmm/devices/pvpanic.h"
#include "vmm/devices/uart16550.h"
#include "vmm/exitlog.h"
#include "vmm/host.h"
#include "vmm/stop.h"
#include "vmm/thread.h"

#include <pthread.h>

struct vm;

struct vcpu {
	struct vm *vm;
	unsigned id;
	int fd;
	struct kvm_run *run; /* KVM's shared page */
	struct thread thread;
	bool started; /* the thread exists */
	/* KVM_RUN says EAGAIN since, and last did at, CLOCK_MONOTONIC. */
	uint64_t again_since_ns, again_last_ns;
	bool was_stopped; /* vm_was_stopped(): not passed on yet; atomic */
	/* vm_ask(): not answered yet, atomic; then what its thread found, and where. */
	bool asked;
	enum arch_rest rest;
	uint64_t rest_pc;
	struct exitlog exits;
	uint64_t exit_count[EXIT_REASONS]; /* by KVM_EXIT_* */
};

/* An interrupt wire's end in KVM. */
struct irq_wire {
	int vm_fd;
	uint32_t line; /* KVM's number of it */
};

/* What the machine's real-time clock waits for. */
struct alarm {
	int64_t at_s; /* seconds since 1970 by the host's clock; WALL_NEVER: nothing; atomic */
	void (*tick)(struct vm *vm);
};

enum gate { GATE_CLOSED, GATE_OPEN, GATE_CANCELLED };

struct vm {
	struct host *host;
	int fd;
	struct arch_vm arch;
	struct gmem mem;
	struct image image;
	struct boot boot;
	struct stop stop;

	pthread_mutex_t dev_lock; /* the buses, the devices, the console's input */
	struct bus pio, mmio;
	struct irq_wire uart_irq, rtc_irq;
	struct uart16550 uart;
	struct i8042 i8042;
	struct cmos cmos;
	struct exitdev exitdev;
	struct pl031 pl031;
	struct pvpanic pvpanic;
	struct acpi_pm acpi_pm;
	struct pci_host pci_host;
	struct alarm alarm;
	uint64_t printed_before; /* bytes of the console that were there when this VM began */

	unsigned cpus; /* how many of vcpu[] are initialised */
	struct vcpu *vcpu;
	pthread_mutex_t gate_lock;
	pthread_cond_t gate_changed;
	enum gate gate; /* vCPU threads wait here until all is ready */
};

/* Builds all up to the vCPU threads, which wait. On error nothing is left. */
int vm_init(struct vm *vm, struct host *host, struct err *e);

/*
 * Loads the kernel and writes what its boot protocol wants: a part of vm_init(). @vm has its host
 * and its RAM; the tables tell of @irqchip.
 */
int vm_load(struct vm *vm, enum irqchip irqchip, struct err *e);

/* Writes the device tree that the guest will find. Error: the file cannot be written. */
int vm_dump_dtb(const struct vm *vm, const char *path, struct err *e);

/* Lets the vCPUs run. */
void vm_start(struct vm *vm);

/* Ends the vCPU threads of a VM that was never started. */
void vm_cancel(struct vm *vm);

/* Takes each vCPU out of KVM_RUN, for its thread to note in its struct whether it is at rest. */
void vm_ask(struct vm *vm);

/* The process was stopped for that long: deadlines move on, and the guest's vCPUs are told. */
void vm_was_stopped(struct vm *vm, uint64_t stopped_ns);

/* Ends all vCPU threads; vm->stop is final afterwards. */
void vm_join(struct vm *vm);

/* Says on @f what a user wants to know of a run that crashed: last exits and registers. */
void vm_explain(struct vm *vm, FILE *f);

void vm_fini(struct vm *vm);

/* The console's other side changed: input has come, output has room. From the loop. */
void vm_console_changed(struct vm *vm);

#endif

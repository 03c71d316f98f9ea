/* SPDX-License-Identifier: BSD-3-Clause */
/* Devices, buses and wires: see machine.h. */
#include "vmm/machine.h"

#include "arch/acpi_pm.h"
#include "loader/cmdline.h"
#include "vmm/clock.h"
#include "vmm/run.h"

#include <string.h>

/* How long a guest may be silent after its last words before it counts as gone. */
#define PANIC_NS        (3 * NS_PER_S)
#define CRASH_KERNEL_NS (60 * NS_PER_S) /* it is checked, and unpacks itself, before it prints */
#define POWER_DOWN_NS   (2 * NS_PER_S)

/* The longest wait for an alarm, for the host's clock may be set meanwhile. */
enum { ALARM_WAIT_MS = 1000 };

static void raise_event(void *opaque, enum machine_event event, uint64_t value)
{
	struct vm *vm = opaque;

	switch (event) {
	case EVENT_POWER_OFF:
		stop_set(&vm->stop, STOP_POWER_OFF, 0, -1, "%s", "");
		break;
	case EVENT_RESET:
		stop_set(&vm->stop, STOP_RESET, 0, -1, "%s", "");
		break;
	case EVENT_EXIT:
		stop_set(&vm->stop, STOP_EXIT, value, -1, "%s", "");
		break;
	case EVENT_PANIC:
		stop_set(&vm->stop, STOP_PANIC, 0, -1, "the guest's kernel panicked (pvpanic)");
		break;
	case EVENT_CRASH_LOADED:
		stop_note_panic(&vm->stop);
		console_await_silence(&vm->host->console, MARK_NONE, 0); /* its crash kernel runs */
		break;
	}
}

/* A kernel without memory for a crash kernel has none. */
static bool may_start_crash_kernel(const struct vm *vm)
{
	return cmdline_has(vm->host->kernel.cmdline, "crashkernel");
}

/* The kernel panicked. It may have more to say, may reboot or start a crash kernel. */
static void console_panicked(struct vm *vm)
{
	stop_note_panic(&vm->stop);
	console_await_silence(&vm->host->console, MARK_PANIC,
			      may_start_crash_kernel(vm) ? CRASH_KERNEL_NS : PANIC_NS);
	stop_wake(&vm->stop);
}

/* What the kernel says on the console, where no device tells of it. */
static void console_mark(void *opaque, enum mark mark)
{
	struct vm *vm = opaque;

	switch (mark) {
	case MARK_NONE:
		break;
	case MARK_BANNER: /* after a panic: of a crash kernel, which has its time */
		console_await_silence(&vm->host->console, MARK_NONE, 0);
		break;
	case MARK_PANIC:
		console_panicked(vm);
		break;
	case MARK_PANIC_END:
		stop_note_panic(&vm->stop);
		stop_set(&vm->stop, STOP_PANIC, 0, -1, "the guest's kernel panicked");
		break;
	case MARK_POWER_DOWN: /* a guest that has a power-off is gone at once */
		console_await_silence(&vm->host->console, mark, POWER_DOWN_NS);
		stop_wake(&vm->stop);
		break;
	case MARK_HALTED:
		stop_set(&vm->stop, STOP_HALT, 0, -1, "the guest halted");
		break;
	case MARK_UNPACKING:
		stop_set(&vm->stop, STOP_CRASH, 0, -1,
			 "the kernel could not unpack itself, and halted");
		break;
	}
}

static int add(struct vm *vm, const struct devdesc *d, const struct device_ops *ops, void *dev,
	       struct err *e)
{
	return bus_add(d->space == DEV_PIO ? &vm->pio : &vm->mmio, d->base, d->size, ops, dev, e);
}

static int add_uart(struct vm *vm, const struct devdesc *d, struct err *e)
{
	vm->uart_irq = (struct irq_wire){vm->fd, arch_irq_line(d->irq)};
	uart16550_init(&vm->uart, (struct irq_line){run_set_irq, &vm->uart_irq},
		       console_chardev(&vm->host->console));
	return add(vm, d, &uart16550_ops, &vm->uart, e);
}

static int64_t wall_now_s(void *opaque)
{
	struct timespec now;

	(void)opaque;
	clock_gettime(CLOCK_REALTIME, &now); /* time() may be some milliseconds late */
	return now.tv_sec;
}

static void set_alarm(void *opaque, int64_t at_s)
{
	struct vm *vm = opaque;

	if (vm->alarm.at_s == at_s)
		return;
	__atomic_store_n(&vm->alarm.at_s, at_s, __ATOMIC_RELEASE);
	if (at_s != WALL_NEVER)
		stop_wake(&vm->stop);
}

static void tick_cmos(struct vm *vm)
{
	cmos_tick(&vm->cmos);
}

static void tick_pl031(struct vm *vm)
{
	pl031_tick(&vm->pl031);
}

static int add_rtc(struct vm *vm, const struct devdesc *d, struct err *e)
{
	struct irq_line irq = {run_set_irq, &vm->rtc_irq};
	struct wall_clock clock = {wall_now_s, set_alarm, vm};

	vm->rtc_irq = (struct irq_wire){vm->fd, arch_irq_line(d->irq)};
	if (d->kind == DEV_CMOS) {
		vm->alarm.tick = tick_cmos;
		cmos_init(&vm->cmos, irq, clock);
		return add(vm, d, &cmos_ops, &vm->cmos, e);
	}
	vm->alarm.tick = tick_pl031;
	pl031_init(&vm->pl031, irq, clock);
	return add(vm, d, &pl031_ops, &vm->pl031, e);
}

static int add_device(struct vm *vm, const struct devdesc *d, struct err *e)
{
	struct event_line events = {raise_event, vm};

	switch (d->kind) {
	case DEV_UART16550:
		return add_uart(vm, d, e);
	case DEV_I8042:
		i8042_init(&vm->i8042, events);
		return add(vm, d, &i8042_ops, &vm->i8042, e);
	case DEV_CMOS:
	case DEV_PL031:
		return add_rtc(vm, d, e);
	case DEV_EXIT:
		exitdev_init(&vm->exitdev, events);
		return add(vm, d, &exitdev_ops, &vm->exitdev, e);
	case DEV_PVPANIC:
		pvpanic_init(&vm->pvpanic, events);
		return add(vm, d, &pvpanic_ops, &vm->pvpanic, e);
	case DEV_PCI_HOST:
		pci_host_init(&vm->pci_host);
		return add(vm, d, &pci_host_ops, &vm->pci_host, e);
	case DEV_ACPI_PM:
		acpi_pm_init(&vm->acpi_pm, ACPI_PM_SLP_TYP_S5, ACPI_PM_RESET_VALUE, events);
		return add(vm, d, &acpi_pm_ops, &vm->acpi_pm, e);
	}
	return err_set(e, "a device of unknown kind %d", d->kind);
}

int machine_init(struct vm *vm, struct err *e)
{
	struct devlist devs = board_native->devices;

	vm->alarm.at_s = WALL_NEVER;
	for (unsigned i = 0; i < devs.n; i++)
		if (add_device(vm, &devs.dev[i], e))
			return -1;
	vm->host->console.on_mark = console_mark;
	vm->host->console.opaque = vm;
	vm->printed_before = vm->host->console.tail.n;
	console_await_silence(&vm->host->console, MARK_NONE, 0);
	return 0;
}

int machine_alarm_ms(struct vm *vm)
{
	int64_t at_s = __atomic_load_n(&vm->alarm.at_s, __ATOMIC_ACQUIRE);
	struct timespec now;

	if (at_s == WALL_NEVER)
		return -1;
	clock_gettime(CLOCK_REALTIME, &now);
	if (now.tv_sec >= at_s) {
		pthread_mutex_lock(&vm->dev_lock);
		vm->alarm.tick(vm);
		pthread_mutex_unlock(&vm->dev_lock);
		return ALARM_WAIT_MS;
	}
	if (at_s - now.tv_sec > 1)
		return ALARM_WAIT_MS;
	return ALARM_WAIT_MS - (int)(now.tv_nsec / (long)NS_PER_MS); /* at least 1 */
}

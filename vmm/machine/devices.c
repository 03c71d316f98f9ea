/* SPDX-License-Identifier: BSD-3-Clause */
/* Devices, buses and wires: see devices.h. */
#include "vmm/machine/devices.h"

#include "arch/acpi_pm.h"
#include "arch/arch.h"

static void set_irq(void *opaque, bool level)
{
	const struct irq_wire *wire = opaque;

	kvm_irq_line(wire->vm_fd, wire->line, level);
}

static int add(struct devices *d, const struct devdesc *desc, const struct device_ops *ops,
	       void *dev, struct err *e)
{
	struct bus *bus = desc->space == DEV_PIO ? &d->pio : &d->mmio;

	return bus_add(bus, desc->base, desc->size, ops, dev, e);
}

static int add_uart(struct devices *d, const struct devdesc *desc, struct err *e)
{
	d->uart_irq = (struct irq_wire){d->wires.vm_fd, arch_irq_line(desc->irq)};
	uart16550_init(&d->uart, (struct irq_line){set_irq, &d->uart_irq}, d->wires.console);
	return add(d, desc, &uart16550_ops, &d->uart, e);
}

static void tick_cmos(struct devices *d)
{
	cmos_tick(&d->cmos);
}

static void tick_pl031(struct devices *d)
{
	pl031_tick(&d->pl031);
}

static int add_rtc(struct devices *d, const struct devdesc *desc, struct err *e)
{
	struct irq_line irq = {set_irq, &d->rtc_irq};

	d->rtc_irq = (struct irq_wire){d->wires.vm_fd, arch_irq_line(desc->irq)};
	if (desc->kind == DEV_CMOS) {
		d->tick = tick_cmos;
		cmos_init(&d->cmos, irq, alarm_clock(&d->alarm));
		return add(d, desc, &cmos_ops, &d->cmos, e);
	}
	d->tick = tick_pl031;
	pl031_init(&d->pl031, irq, alarm_clock(&d->alarm));
	return add(d, desc, &pl031_ops, &d->pl031, e);
}

static int add_device(struct devices *d, const struct devdesc *desc, struct err *e)
{
	struct event_line events = d->wires.events;

	switch (desc->kind) {
	case DEV_UART16550:
		return add_uart(d, desc, e);
	case DEV_I8042:
		i8042_init(&d->i8042, events);
		return add(d, desc, &i8042_ops, &d->i8042, e);
	case DEV_CMOS:
	case DEV_PL031:
		return add_rtc(d, desc, e);
	case DEV_EXIT:
		exitdev_init(&d->exitdev, events);
		return add(d, desc, &exitdev_ops, &d->exitdev, e);
	case DEV_PVPANIC:
		pvpanic_init(&d->pvpanic, events);
		return add(d, desc, &pvpanic_ops, &d->pvpanic, e);
	case DEV_PCI_HOST:
		pci_host_init(&d->pci_host);
		return add(d, desc, &pci_host_ops, &d->pci_host, e);
	case DEV_ACPI_PM:
		acpi_pm_init(&d->acpi_pm, ACPI_PM_SLP_TYP_S5, ACPI_PM_RESET_VALUE, events);
		return add(d, desc, &acpi_pm_ops, &d->acpi_pm, e);
	}
	return err_set(e, "a device of unknown kind %d", desc->kind);
}

int devices_init(struct devices *d, const struct device_wires *wires, struct err *e)
{
	struct devlist devs = board_native->devices;

	*d = (struct devices){.wires = *wires};
	pthread_mutex_init(&d->lock, NULL);
	alarm_init(&d->alarm, wires->wake_fd);
	for (unsigned i = 0; i < devs.n; i++)
		if (add_device(d, &devs.dev[i], e)) {
			devices_fini(d);
			return -1;
		}
	return 0;
}

void devices_fini(struct devices *d)
{
	pthread_mutex_destroy(&d->lock);
}

void devices_access(struct devices *d, const struct bus *bus, bool write, uint64_t addr,
		    uint8_t *data, unsigned size)
{
	pthread_mutex_lock(&d->lock);
	if (write)
		bus_write(bus, addr, data, size);
	else
		bus_read(bus, addr, data, size);
	pthread_mutex_unlock(&d->lock);
}

void devices_console_changed(struct devices *d)
{
	pthread_mutex_lock(&d->lock);
	uart16550_peer_changed(&d->uart);
	pthread_mutex_unlock(&d->lock);
}

int devices_alarm_ms(struct devices *d)
{
	bool due;
	int left_ms = alarm_left_ms(&d->alarm, &due);

	if (due) {
		pthread_mutex_lock(&d->lock);
		d->tick(d);
		pthread_mutex_unlock(&d->lock);
	}
	return left_ms;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The machine's devices on its buses, and what their wires are connected to. Each device is a file
 * pair in devices/ and knows nothing about this.
 */
#ifndef VMM_MACHINE_DEVICES_H
#define VMM_MACHINE_DEVICES_H

#include "loader/err.h"
#include "vmm/machine/alarm.h"
#include "vmm/machine/bus.h"
#include "vmm/machine/devices/acpi_pm.h"
#include "vmm/machine/devices/cmos.h"
#include "vmm/machine/devices/exitdev.h"
#include "vmm/machine/devices/i8042.h"
#include "vmm/machine/devices/pci_host.h"
#include "vmm/machine/devices/pl031.h"
#include "vmm/machine/devices/pvpanic.h"
#include "vmm/machine/devices/uart16550.h"

#include <pthread.h>

/* What the devices' wires are connected to. */
struct device_wires {
	int vm_fd;                /* interrupts; borrowed */
	struct chardev console;   /* the other end of the serial line */
	struct event_line events; /* power-off, reset, a panic, ... */
	int wake_fd;              /* written when an alarm is set; borrowed */
};

/* The end of an interrupt wire in KVM. */
struct irq_wire {
	int vm_fd;
	uint32_t line; /* its number in KVM */
};

struct devices {
	/* The buses, all devices, and with them every call of wires.console and wires.events. */
	pthread_mutex_t lock;
	struct bus pio, mmio;
	struct irq_wire uart_irq, rtc_irq;
	struct device_wires wires;
	struct uart16550 uart;
	struct i8042 i8042;
	struct cmos cmos;
	struct exitdev exitdev;
	struct pl031 pl031;
	struct pvpanic pvpanic;
	struct acpi_pm acpi_pm;
	struct pci_host pci_host;
	struct alarm alarm;
	/* Tells the real-time clock that the time of its alarm has come. */
	void (*tick)(struct devices *d);
};

/*
 * Instantiates each of the board's devices. *@d must not be moved until devices_fini(). Errors:
 * those of bus_add(), which mean a mistake in a layout.
 */
int devices_init(struct devices *d, const struct device_wires *wires, struct err *e);
void devices_fini(struct devices *d);

/* A vCPU's access of @size bytes to @bus, which is d->pio or d->mmio. */
void devices_access(struct devices *d, const struct bus *bus, bool write, uint64_t addr,
		    uint8_t *data, unsigned size);

/* The other side of the console has changed: there is input, or room for output. */
void devices_console_changed(struct devices *d);

/*
 * Tells the real-time clock when the time of its alarm has come. Returns after how many
 * milliseconds to call again, 1 to 1000, or -1 when no alarm is set. When a vCPU sets one,
 * wires.wake_fd is written.
 */
int devices_alarm_ms(struct devices *d);

#endif

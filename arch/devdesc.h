/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * struct devdesc: the single truth about a machine's devices. The VMM instantiates devices from
 * it; ACPI, the MP table and the FDT are written from it.
 */
#ifndef ARCH_DEVDESC_H
#define ARCH_DEVDESC_H

#include "loader/api.h"

#include <stdbool.h>
#include <stdint.h>

MINIVMM_BEGIN

enum dev_kind {
	DEV_UART16550, /* 8 registers */
	DEV_I8042,     /* ports 0x60 and 0x64: reset only */
	DEV_CMOS,      /* index and data port of the RTC */
	DEV_EXIT,      /* a write of N ends the run with status N */
	DEV_PVPANIC,   /* one byte, QEMU0001 */
	DEV_ACPI_PM,   /* PM1a event and control blocks, reset register: acpi_pm.h */
	DEV_PCI_HOST,  /* CONFIG_ADDRESS and CONFIG_DATA of a bus without devices */
	DEV_PL031,     /* ARM's RTC */
};

enum dev_space { DEV_PIO, DEV_MMIO };

enum { DEV_NO_IRQ = -1 };

struct devdesc {
	enum dev_kind kind;
	enum dev_space space;
	uint64_t base; /* first port, or guest-physical address */
	uint64_t size; /* in ports, or bytes */
	int irq;       /* GSI (x86), SPI counted from 0 (arm); DEV_NO_IRQ: none */
};

/* A machine's devices. */
struct devlist {
	const struct devdesc *dev; /* borrowed */
	unsigned n;
};

/* The first device of a kind, or NULL. */
const struct devdesc *devlist_find(struct devlist devs, enum dev_kind kind);

/* True when a device of the list drives the interrupt @irq. */
bool devlist_has_irq(struct devlist devs, unsigned irq);

MINIVMM_END

#endif

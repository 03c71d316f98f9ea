/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A 16550A UART with FIFOs of 16 bytes and a level-triggered interrupt.
 * Source: National Semiconductor PC16550D datasheet; register names of <linux/serial_reg.h>.
 *
 * Differences from the chip:
 * - A byte is sent at once, whatever the divisor.
 * - The receiver takes bytes from its peer only while the guest listens: it has set MCR.RTS, or has
 *   enabled the receive interrupt and OUT2, which connects the interrupt in a PC. So input that is
 *   typed before the guest opens its terminal waits; a driver that probes the chip would flush it.
 * - A break that the guest sends (LCR.SBC) is ignored, and bytes written during it are sent.
 */
#ifndef VMM_MACHINE_DEVICES_UART16550_H
#define VMM_MACHINE_DEVICES_UART16550_H

#include "vmm/machine/devices/device.h"

enum { UART_FIFO_BYTES = 16 };

struct uart16550 {
	/* registers */
	uint8_t ier, fcr, lcr, mcr, scr, dll, dlm;
	uint8_t lsr_errors; /* LSR.OE: sticky until LSR is read */
	uint8_t msr_delta;  /* MSR bits 0-3: sticky until MSR is read */
	bool thre_pending;  /* the THRE interrupt; cleared by reading IIR or writing THR */
	bool held_back;     /* the sink has no room: LSR.THRE reads 0 */
	uint16_t rx[UART_FIFO_BYTES]; /* bytes, or LINE_BREAK until LSR has reported it */
	unsigned rx_first, rx_count;
	bool irq_level;
	/* wires */
	struct irq_line irq;
	struct chardev peer;
};

extern const struct device_ops uart16550_ops;

/* Puts the UART in the state after a hardware reset. The wires are borrowed. */
void uart16550_init(struct uart16550 *u, struct irq_line irq, struct chardev peer);

/* The peer has input, or room for output again. The caller holds the lock of the devices. */
void uart16550_peer_changed(struct uart16550 *u);

#endif

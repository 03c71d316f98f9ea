/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A 16550A UART: FIFOs of 16 bytes, interrupt as a level.
 * Source: National Semiconductor PC16550D datasheet; register names of <linux/serial_reg.h>.
 *
 * Differences from the chip: a byte is sent at once, whatever the divisor; the receiver takes bytes
 * from its peer only while the guest says that it listens, as a peer with hardware flow control
 * would have it: MCR.RTS, or the receive interrupt with OUT2, which wires it to the PC. Input typed
 * before the guest opens its terminal waits, where a driver's probing would flush it. A break that
 * the guest sends (LCR.SBC) goes nowhere, and what is written meanwhile is sent all the same.
 */
#ifndef VMM_MACHINE_DEVICES_UART16550_H
#define VMM_MACHINE_DEVICES_UART16550_H

#include "vmm/machine/devices/device.h"

enum { UART_FIFO_BYTES = 16 };

struct uart16550 {
	/* registers */
	uint8_t ier, fcr, lcr, mcr, scr, dll, dlm;
	uint8_t lsr_errors;           /* LSR.OE: sticky until LSR is read */
	uint8_t msr_delta;            /* MSR bits 0-3: sticky until MSR is read */
	bool thre_pending;            /* the THRE interrupt, until IIR is read or THR written */
	bool held_back;               /* the sink was not writable: LSR.THRE reads 0 */
	uint16_t rx[UART_FIFO_BYTES]; /* bytes, or LINE_BREAK until LSR has told of it */
	unsigned rx_first, rx_count;
	bool irq_level;
	/* wires */
	struct irq_line irq;
	struct chardev peer;
};

extern const struct device_ops uart16550_ops;

/* After a hardware reset. The wires are borrowed. */
void uart16550_init(struct uart16550 *u, struct irq_line irq, struct chardev peer);

/* The peer has something to read, or can be written to again. Under the device lock. */
void uart16550_peer_changed(struct uart16550 *u);

#endif

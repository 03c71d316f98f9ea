/* SPDX-License-Identifier: BSD-3-Clause */
/* What the suites about the UART share: one that is wired up, and a driver's ways with it. */
#ifndef TESTS_UNIT_UART_H
#define TESTS_UNIT_UART_H

#include "suite.h"
#include "vmm/machine/devices/uart16550.h"

#include <check.h>
#include <linux/serial_reg.h>
#include <string.h>

#define LSR_IDLE (UART_LSR_THRE | UART_LSR_TEMT)
#define IIR_FIFO 0xc0

static struct uart16550 uart;
static bool irq;           /* the line's level */
static unsigned irq_edges; /* how often it rose */
static bool writable;
static uint8_t sent[4096];
static size_t sent_n;
static const uint8_t *source; /* what the peer has to say */
static size_t source_n;
static bool bars_are_breaks; /* of what it says, each '|' is a break */

static void irq_set(void *opaque, bool level)
{
	(void)opaque;
	ck_assert_int_ne(level, irq); /* only changes are worth an ioctl */
	irq = level;
	irq_edges += level;
}

static bool peer_writable(void *opaque)
{
	(void)opaque;
	return writable;
}

static void peer_write(void *opaque, uint8_t byte)
{
	(void)opaque;
	ck_assert_uint_lt(sent_n, sizeof(sent));
	sent[sent_n++] = byte;
}

static size_t peer_read(void *opaque, uint16_t *dst, size_t max)
{
	(void)opaque;
	ck_assert_uint_ge(max, 1);
	ck_assert_uint_le(max, UART_FIFO_BYTES);
	size_t n = source_n < max ? source_n : max;
	if (!n)
		return 0;
	for (size_t i = 0; i < n; i++)
		dst[i] = bars_are_breaks && source[i] == '|' ? LINE_BREAK : source[i];
	source += n;
	source_n -= n;
	return n;
}

static void setup(void)
{
	irq = false;
	irq_edges = 0;
	writable = true;
	bars_are_breaks = false;
	sent_n = source_n = 0;
	memset(&uart, 0xa5, sizeof(uart));
	uart16550_init(&uart, (struct irq_line){irq_set, NULL},
		       (struct chardev){peer_writable, peer_write, peer_read, NULL});
}

static inline uint8_t in(uint64_t offset)
{
	return (uint8_t)uart16550_ops.read(&uart, offset, 1);
}

static inline void out(uint64_t offset, uint8_t value)
{
	uart16550_ops.write(&uart, offset, 1, value);
}

/* The other side types. */
static inline void type(const char *text)
{
	ck_assert_uint_eq(source_n, 0);
	source = (const uint8_t *)text;
	source_n = strlen(text);
	uart16550_peer_changed(&uart);
}

static inline void reader_is_back(void)
{
	writable = true;
	uart16550_peer_changed(&uart);
}

/* A driver's ordinary state: 8 bits, FIFOs with trigger level 8, DTR, RTS and OUT2. */
static inline void open_port(uint8_t ier)
{
	out(UART_LCR, UART_LCR_WLEN8);
	out(UART_FCR, UART_FCR_ENABLE_FIFO);
	out(UART_FCR, UART_FCR_ENABLE_FIFO | UART_FCR_R_TRIG_10);
	out(UART_MCR, UART_MCR_DTR | UART_MCR_RTS | UART_MCR_OUT2);
	(void)in(UART_MSR);
	out(UART_IER, ier);
}

/* Reads what is received, polling. */
static inline void expect_received(const char *text)
{
	for (; *text; text++) {
		ck_assert_uint_eq(in(UART_LSR), LSR_IDLE | UART_LSR_DR);
		ck_assert_int_eq(in(UART_RX), *text);
	}
	ck_assert_uint_eq(in(UART_LSR), LSR_IDLE);
}

static inline void expect_sent(const char *text)
{
	ck_assert_uint_eq(sent_n, strlen(text));
	ck_assert_mem_eq(sent, text, sent_n);
	sent_n = 0;
}

#endif

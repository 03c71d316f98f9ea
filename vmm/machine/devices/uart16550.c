/* SPDX-License-Identifier: BSD-3-Clause */
/* A 16550A UART: see uart16550.h. */
#include "vmm/machine/devices/uart16550.h"

#include <linux/serial_reg.h>
#include <string.h>

#define IER_MASK         0x0f
#define MCR_MASK         0x1f
#define MSR_DELTA_MASK   0x0f
#define IIR_FIFO_ENABLED 0xc0
#define IIR_TIMEOUT      0x0c /* character timeout: data below the trigger level */

static bool fifo_enabled(const struct uart16550 *u)
{
	return u->fcr & UART_FCR_ENABLE_FIFO;
}

static unsigned rx_capacity(const struct uart16550 *u)
{
	return fifo_enabled(u) ? UART_FIFO_BYTES : 1;
}

static unsigned rx_trigger(const struct uart16550 *u)
{
	static const uint8_t level[] = {1, 4, 8, 14};
	return fifo_enabled(u) ? level[u->fcr >> 6] : 1;
}

static bool receiving(const struct uart16550 *u)
{
	bool interrupts = (u->ier & UART_IER_RDI) && (u->mcr & UART_MCR_OUT2);

	return !(u->mcr & UART_MCR_LOOP) && ((u->mcr & UART_MCR_RTS) || interrupts);
}

/* The next character is a break that LSR has not reported yet. */
static bool break_on_top(const struct uart16550 *u)
{
	return u->rx_count && u->rx[u->rx_first] == LINE_BREAK;
}

/* The error bits of LSR: that of the next character, and FIFOE if the FIFO has any error. */
static uint8_t rx_errors(const struct uart16550 *u)
{
	uint8_t errors = break_on_top(u) ? UART_LSR_BI : 0;

	for (unsigned i = 0; fifo_enabled(u) && i < u->rx_count; i++)
		if (u->rx[(u->rx_first + i) % UART_FIFO_BYTES] == LINE_BREAK)
			errors |= UART_LSR_FIFOE;
	return errors;
}

/* The interrupt identification by priority: datasheet table III. */
static uint8_t interrupt_id(const struct uart16550 *u)
{
	if ((u->ier & UART_IER_RLSI) && (u->lsr_errors || break_on_top(u)))
		return UART_IIR_RLSI;
	if ((u->ier & UART_IER_RDI) && u->rx_count)
		return u->rx_count >= rx_trigger(u) ? UART_IIR_RDI : IIR_TIMEOUT;
	if ((u->ier & UART_IER_THRI) && u->thre_pending)
		return UART_IIR_THRI;
	if ((u->ier & UART_IER_MSI) && u->msr_delta)
		return UART_IIR_MSI;
	return UART_IIR_NO_INT;
}

static void update_irq(struct uart16550 *u)
{
	bool level = interrupt_id(u) != UART_IIR_NO_INT;
	if (level == u->irq_level)
		return;
	u->irq_level = level;
	u->irq.set(u->irq.opaque, level);
}

static void rx_push(struct uart16550 *u, uint16_t character)
{
	if (u->rx_count == rx_capacity(u)) {
		u->lsr_errors |= UART_LSR_OE;
		return;
	}
	u->rx[(u->rx_first + u->rx_count++) % UART_FIFO_BYTES] = character;
}

/* Takes as many characters from the peer as there is room for, so that input never overruns. */
static void rx_fill(struct uart16550 *u)
{
	uint16_t characters[UART_FIFO_BYTES];
	size_t n, room = rx_capacity(u) - u->rx_count;

	if (!receiving(u) || !room)
		return;
	n = u->peer.read(u->peer.opaque, characters, room);
	for (size_t i = 0; i < n; i++)
		rx_push(u, characters[i]);
}

static uint8_t rx_pop(struct uart16550 *u)
{
	if (!u->rx_count)
		return 0;
	uint8_t byte = (uint8_t)u->rx[u->rx_first]; /* 0 for a break */
	u->rx_first = (u->rx_first + 1) % UART_FIFO_BYTES;
	u->rx_count--;
	rx_fill(u);
	return byte;
}

/* The modem inputs: those of a connected null modem or, in loopback, the outputs. */
static uint8_t modem_status(const struct uart16550 *u)
{
	if (!(u->mcr & UART_MCR_LOOP))
		return UART_MSR_CTS | UART_MSR_DSR | UART_MSR_DCD;
	uint8_t msr = 0;
	if (u->mcr & UART_MCR_RTS)
		msr |= UART_MSR_CTS;
	if (u->mcr & UART_MCR_DTR)
		msr |= UART_MSR_DSR;
	if (u->mcr & UART_MCR_OUT1)
		msr |= UART_MSR_RI;
	if (u->mcr & UART_MCR_OUT2)
		msr |= UART_MSR_DCD;
	return msr;
}

static void write_mcr(struct uart16550 *u, uint8_t value)
{
	uint8_t before = modem_status(u);
	u->mcr = value & MCR_MASK;
	/* RI reports only its trailing edge (TERI). A delta bit is 4 bits below its input. */
	uint8_t changed = before ^ modem_status(u);
	changed &= (uint8_t) ~(UART_MSR_RI & ~before);
	u->msr_delta |= (changed >> 4) & MSR_DELTA_MASK;
	rx_fill(u);
}

static uint8_t read_msr(struct uart16550 *u)
{
	uint8_t msr = modem_status(u) | u->msr_delta;
	u->msr_delta = 0;
	return msr;
}

/* Asks the sink for room. When it has room again, the THR becomes empty: a THRE interrupt. */
static void note_writable(struct uart16550 *u)
{
	bool was = u->held_back;
	u->held_back = !u->peer.writable(u->peer.opaque);
	if (was && !u->held_back)
		u->thre_pending = true;
}

static uint8_t read_lsr(struct uart16550 *u)
{
	note_writable(u);
	uint8_t lsr = u->lsr_errors | rx_errors(u);
	if (u->rx_count)
		lsr |= UART_LSR_DR;
	if (!u->held_back)
		lsr |= UART_LSR_THRE | UART_LSR_TEMT;
	u->lsr_errors = 0;
	if (break_on_top(u))
		u->rx[u->rx_first] = 0;
	return lsr;
}

static uint8_t read_iir(struct uart16550 *u)
{
	uint8_t id = interrupt_id(u);
	if (id == UART_IIR_THRI)
		u->thre_pending = false;
	return fifo_enabled(u) ? id | IIR_FIFO_ENABLED : id;
}

static void write_thr(struct uart16550 *u, uint8_t byte)
{
	if (u->mcr & UART_MCR_LOOP) {
		rx_push(u, byte);
		u->thre_pending = true;
		return;
	}
	u->peer.write(u->peer.opaque, byte);
	/* The byte is sent at once, so the THR is empty again, unless the sink has no room. */
	u->held_back = !u->peer.writable(u->peer.opaque);
	u->thre_pending = !u->held_back;
}

static void write_ier(struct uart16550 *u, uint8_t value)
{
	/* Enabling THRI with an empty THR interrupts at once (datasheet, 8.6.5). */
	if ((value & UART_IER_THRI) && !(u->ier & UART_IER_THRI) && !u->held_back)
		u->thre_pending = true;
	u->ier = value & IER_MASK;
	rx_fill(u);
}

static void write_fcr(struct uart16550 *u, uint8_t value)
{
	bool was_on = fifo_enabled(u);
	bool on = value & UART_FCR_ENABLE_FIFO;
	/* Without the enable bit, the other bits are ignored. */
	u->fcr = on ? value & (UART_FCR_ENABLE_FIFO | UART_FCR_TRIGGER_MASK) : 0;
	/*
	 * Disabling the FIFOs clears them. In the chip, enabling them does so, too. Here, a byte
	 * that was received is kept, because Linux enables the receive interrupt before the FIFOs
	 * (serial8250_do_set_termios()): the first byte of waiting input would be lost.
	 */
	if ((was_on && !on) || (on && (value & UART_FCR_CLEAR_RCVR)))
		u->rx_count = 0;
	rx_fill(u);
}

static uint64_t uart_read(void *dev, uint64_t offset, unsigned size)
{
	struct uart16550 *u = dev;
	bool dlab = u->lcr & UART_LCR_DLAB;
	uint8_t value = 0;

	(void)size;
	switch (offset) {
	case UART_RX:
		value = dlab ? u->dll : rx_pop(u);
		break;
	case UART_IER:
		value = dlab ? u->dlm : u->ier;
		break;
	case UART_IIR:
		value = read_iir(u);
		break;
	case UART_LCR:
		value = u->lcr;
		break;
	case UART_MCR:
		value = u->mcr;
		break;
	case UART_LSR:
		value = read_lsr(u);
		break;
	case UART_MSR:
		value = read_msr(u);
		break;
	case UART_SCR:
		value = u->scr;
		break;
	default:
		break;
	}
	update_irq(u);
	return value;
}

static void uart_write(void *dev, uint64_t offset, unsigned size, uint64_t value64)
{
	struct uart16550 *u = dev;
	bool dlab = u->lcr & UART_LCR_DLAB;
	uint8_t value = (uint8_t)value64;

	(void)size;
	switch (offset) {
	case UART_TX:
		if (dlab)
			u->dll = value;
		else
			write_thr(u, value);
		break;
	case UART_IER:
		if (dlab)
			u->dlm = value;
		else
			write_ier(u, value);
		break;
	case UART_FCR:
		write_fcr(u, value);
		break;
	case UART_LCR:
		u->lcr = value;
		break;
	case UART_MCR:
		write_mcr(u, value);
		break;
	case UART_SCR:
		u->scr = value;
		break;
	default:
		break; /* LSR and MSR are read-only */
	}
	update_irq(u);
}

const struct device_ops uart16550_ops = {"uart16550", 1, uart_read, uart_write};

void uart16550_init(struct uart16550 *u, struct irq_line irq, struct chardev peer)
{
	memset(u, 0, sizeof(*u));
	u->dll = 1; /* 115200 baud, as firmware would set it */
	u->irq = irq;
	u->peer = peer;
}

void uart16550_peer_changed(struct uart16550 *u)
{
	rx_fill(u);
	if (u->held_back)
		note_writable(u);
	update_irq(u);
}

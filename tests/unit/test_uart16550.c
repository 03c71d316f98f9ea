/* SPDX-License-Identifier: BSD-3-Clause */
/* The UART's registers, interrupts and FIFOs, as the data sheet has them. */
#include "uart.h"

#define TIMEOUT 0x0c

START_TEST(after_reset)
{
	ck_assert_uint_eq(in(UART_LSR), LSR_IDLE);
	ck_assert_uint_eq(in(UART_IIR), UART_IIR_NO_INT);
	ck_assert_uint_eq(in(UART_IER), 0);
	ck_assert_uint_eq(in(UART_LCR), 0);
	ck_assert_uint_eq(in(UART_MCR), 0);
	ck_assert_uint_eq(in(UART_RX), 0);
	/* A peer that is there, and no change yet. */
	ck_assert_uint_eq(in(UART_MSR), UART_MSR_CTS | UART_MSR_DSR | UART_MSR_DCD);
	ck_assert(!irq);
	ck_assert_uint_eq(uart16550_ops.max_size, 1);
}
END_TEST

START_TEST(registers_keep)
{
	for (unsigned v = 0; v < 256; v++) {
		out(UART_SCR, (uint8_t)v);
		ck_assert_uint_eq(in(UART_SCR), v);
		out(UART_LCR, (uint8_t)v);
		ck_assert_uint_eq(in(UART_LCR), v);
	}
	out(UART_LCR, 0);
	out(UART_IER, 0xff);
	ck_assert_uint_eq(in(UART_IER), 0x0f);
	out(UART_IER, 0);
	out(UART_MCR, 0xff);
	ck_assert_uint_eq(in(UART_MCR), 0x1f);
	out(UART_LSR, 0);
	out(UART_MSR, 0xff);
	ck_assert_uint_eq(in(UART_LSR), LSR_IDLE);
	ck_assert_uint_eq(in(UART_SCR), 255);
	out(8, 0xff); /* no such register: nothing, not even a crash */
	ck_assert_uint_eq(in(8), 0);
}
END_TEST

START_TEST(divisor_latch)
{
	open_port(UART_IER_RDI);
	type("a");
	ck_assert(irq);
	out(UART_LCR, UART_LCR_DLAB | UART_LCR_WLEN8);
	ck_assert_uint_eq(in(UART_DLL), 1); /* 115200, for a driver that asks */
	ck_assert_uint_eq(in(UART_DLM), 0);
	out(UART_DLL, 0x0c);
	out(UART_DLM, 0x7f);
	ck_assert_uint_eq(in(UART_DLL), 0x0c);
	ck_assert_uint_eq(in(UART_DLM), 0x7f);
	ck_assert(irq); /* the byte is still there */
	out(UART_LCR, UART_LCR_WLEN8);
	ck_assert_uint_eq(in(UART_IER), UART_IER_RDI);
	ck_assert_uint_eq(sent_n, 0);
	expect_received("a");
	ck_assert(!irq);
}
END_TEST

START_TEST(size_without_fifo)
{
	out(UART_MCR, UART_MCR_LOOP);
	out(UART_TX, 'a');
	ck_assert_uint_eq(in(UART_LSR), LSR_IDLE | UART_LSR_DR);
	out(UART_TX, 'b');
	ck_assert_uint_eq(in(UART_LSR), LSR_IDLE | UART_LSR_DR | UART_LSR_OE);
	ck_assert_uint_eq(in(UART_LSR), LSR_IDLE | UART_LSR_DR); /* OE is read once */
	(void)in(UART_RX);
	ck_assert_uint_eq(in(UART_LSR), LSR_IDLE);
}
END_TEST

START_TEST(thre_interrupt)
{
	open_port(0);
	ck_assert(!irq);
	out(UART_IER, UART_IER_THRI); /* the THR is empty: at once */
	ck_assert(irq);
	ck_assert_uint_eq(in(UART_IIR), IIR_FIFO | UART_IIR_THRI);
	ck_assert(!irq); /* reading IIR was the acknowledgement */
	ck_assert_uint_eq(in(UART_IIR), IIR_FIFO | UART_IIR_NO_INT);
	out(UART_IER, UART_IER_THRI); /* it was enabled already: nothing new */
	ck_assert(!irq);
	out(UART_TX, 'a');
	ck_assert(irq); /* sent, and empty again */
	(void)in(UART_IIR);
	out(UART_MCR, UART_MCR_LOOP);
	out(UART_TX, 'x');
	ck_assert(irq); /* in the loop, too */
	out(UART_MCR, UART_MCR_RTS);
	out(UART_TX, 'b');
	ck_assert(irq);
	out(UART_IER, 0);
	ck_assert(!irq);
	ck_assert_uint_eq(in(UART_IIR), IIR_FIFO | UART_IIR_NO_INT);
	out(UART_IER, UART_IER_THRI);
	ck_assert(irq);
	ck_assert_uint_eq(in(UART_LSR), LSR_IDLE | UART_LSR_DR); /* acknowledges nothing */
	ck_assert(irq);
	expect_sent("ab");
}
END_TEST

START_TEST(sink_holds_back)
{
	open_port(UART_IER_THRI);
	(void)in(UART_IIR);
	writable = false;
	out(UART_TX, 'a');
	expect_sent("a"); /* never lost */
	ck_assert(!irq);
	ck_assert_uint_eq(in(UART_LSR), 0);
	out(UART_TX, 'b'); /* a driver that does not look, or the rest of its burst */
	expect_sent("b");
	ck_assert(!irq);
	uart16550_peer_changed(&uart); /* something else changed */
	ck_assert(!irq);
	ck_assert_uint_eq(in(UART_IIR), IIR_FIFO | UART_IIR_NO_INT);
	reader_is_back();
	ck_assert(irq);
	ck_assert_uint_eq(in(UART_LSR), LSR_IDLE);
	ck_assert_uint_eq(in(UART_IIR), IIR_FIFO | UART_IIR_THRI);
	ck_assert(!irq);
	reader_is_back(); /* again is no news */
	ck_assert(!irq);
}
END_TEST

START_TEST(enabling_while_held_back)
{
	open_port(0);
	writable = false;
	out(UART_TX, 'a');
	out(UART_IER, UART_IER_THRI);
	ck_assert(!irq); /* the THR is not empty */
	reader_is_back();
	ck_assert(irq);
}
END_TEST

/* Whoever polls LSR first must not take the THRE interrupt away from who waits for it. */
START_TEST(polling_keeps_the_interrupt)
{
	open_port(UART_IER_THRI);
	(void)in(UART_IIR);
	writable = false;
	out(UART_TX, 'a');
	ck_assert_uint_eq(in(UART_LSR), 0);
	writable = true;
	ck_assert_uint_eq(in(UART_LSR), LSR_IDLE);
	uart16550_peer_changed(&uart);
	ck_assert(irq);
	ck_assert_uint_eq(in(UART_IIR), IIR_FIFO | UART_IIR_THRI);
}
END_TEST

static const struct {
	uint8_t bits;
	unsigned level;
} triggers[] = {
	{UART_FCR_R_TRIG_00, 1},
	{UART_FCR_R_TRIG_01, 4},
	{UART_FCR_R_TRIG_10, 8},
	{UART_FCR_R_TRIG_11, 14},
};

START_TEST(trigger_level)
{
	static const char text[] = "0123456789abcdef";
	unsigned level = triggers[_i].level;

	for (unsigned n = 1; n <= 16; n++) {
		setup();
		open_port(UART_IER_RDI);
		out(UART_FCR, UART_FCR_ENABLE_FIFO | triggers[_i].bits);
		type(text + 16 - n);
		ck_assert(irq);
		for (unsigned left = n; left; left--) {
			uint8_t id = left >= level ? UART_IIR_RDI : TIMEOUT;
			ck_assert_uint_eq(in(UART_IIR), IIR_FIFO | id);
			ck_assert(irq); /* reading IIR does not acknowledge it */
			ck_assert_int_eq(in(UART_RX), text[16 - left]);
		}
		ck_assert(!irq);
		ck_assert_uint_eq(in(UART_IIR), IIR_FIFO | UART_IIR_NO_INT);
	}
}
END_TEST

START_TEST(receives_without_fifo)
{
	out(UART_MCR, UART_MCR_RTS);
	out(UART_IER, UART_IER_RDI);
	type("abc");
	ck_assert_uint_eq(source_n, 2);
	ck_assert_uint_eq(in(UART_IIR), UART_IIR_RDI);
	expect_received("abc");
	ck_assert(!irq);
	ck_assert_uint_eq(in(UART_RX), 0);
}
END_TEST

/* Polled input, no interrupt at all: kdb, early consoles, boot loaders. */
START_TEST(receives_polled)
{
	open_port(0);
	type("0123456789abcdefghij");
	ck_assert(!irq);
	expect_received("0123456789abcdefghij");
	ck_assert_uint_eq(irq_edges, 0);
}
END_TEST

START_TEST(input_waits_for_rts_or_the_interrupt)
{
	out(UART_FCR, UART_FCR_ENABLE_FIFO);
	type("abc");
	ck_assert_uint_eq(source_n, 3);
	ck_assert_uint_eq(in(UART_LSR), LSR_IDLE);
	out(UART_IER, UART_IER_RDI); /* without OUT2 it is wired to nothing */
	ck_assert_uint_eq(source_n, 3);
	out(UART_IER, UART_IER_RLSI | UART_IER_THRI | UART_IER_MSI);
	out(UART_MCR, UART_MCR_DTR | UART_MCR_OUT1 | UART_MCR_OUT2);
	out(UART_FCR, UART_FCR_ENABLE_FIFO | UART_FCR_CLEAR_RCVR);
	(void)in(UART_RX);
	ck_assert_uint_eq(source_n, 3);
	if (_i)
		out(UART_MCR, UART_MCR_RTS);
	else
		out(UART_IER, UART_IER_RDI);
	ck_assert_uint_eq(source_n, 0);
	expect_received("abc");
}
END_TEST

START_TEST(no_input_into_the_loop)
{
	open_port(UART_IER_RDI);
	out(UART_MCR, UART_MCR_LOOP | UART_MCR_RTS);
	type("abc");
	ck_assert_uint_eq(source_n, 3);
	ck_assert(!irq);
	out(UART_TX, 'x');
	ck_assert(irq);
	expect_received("x");
	ck_assert_uint_eq(source_n, 3);
	out(UART_MCR, UART_MCR_RTS);
	expect_received("abc");
	ck_assert_uint_eq(sent_n, 0);
}
END_TEST

START_TEST(overrun_interrupts)
{
	open_port(UART_IER_RLSI);
	out(UART_MCR, UART_MCR_LOOP);
	for (unsigned i = 0; i < 16; i++)
		out(UART_TX, 'a');
	ck_assert(!irq);
	out(UART_TX, 'b');
	ck_assert(irq);
	ck_assert_uint_eq(in(UART_IIR), IIR_FIFO | UART_IIR_RLSI);
	ck_assert(irq);
	ck_assert_uint_eq(in(UART_LSR), LSR_IDLE | UART_LSR_DR | UART_LSR_OE);
	ck_assert(!irq); /* LSR was the acknowledgement */
}
END_TEST

static void type_breaks(const char *text)
{
	bars_are_breaks = true;
	type(text);
}

/* What is read between characters, and each character, of a line that brought "a|bc|". */
static const struct {
	uint8_t lsr, rx;
} with_fifos[] =
	{
		{UART_LSR_DR | UART_LSR_FIFOE, 'a'}, /* not on top yet */
		{UART_LSR_DR | UART_LSR_BI | UART_LSR_FIFOE, 0},
		{UART_LSR_DR | UART_LSR_FIFOE, 'b'},
		{UART_LSR_DR | UART_LSR_FIFOE, 'c'},
		{UART_LSR_DR | UART_LSR_BI | UART_LSR_FIFOE, 0},
},
  without_fifos[] = {
	  {UART_LSR_DR, 'a'}, {UART_LSR_DR | UART_LSR_BI, 0}, {UART_LSR_DR, 'b'},
	  {UART_LSR_DR, 'c'}, {UART_LSR_DR | UART_LSR_BI, 0},
};

START_TEST(breaks_keep_their_place)
{
	open_port(0);
	out(UART_FCR, _i ? UART_FCR_ENABLE_FIFO : 0);
	type_breaks("a|bc|");
	for (int i = 0; i < COUNT(with_fifos); i++) {
		uint8_t lsr = _i ? with_fifos[i].lsr : without_fifos[i].lsr;
		ck_assert_uint_eq(in(UART_LSR), LSR_IDLE | lsr);
		ck_assert_uint_eq(in(UART_RX), with_fifos[i].rx);
	}
	ck_assert_uint_eq(in(UART_LSR), LSR_IDLE);
	ck_assert_uint_eq(irq_edges, 0);
}
END_TEST

START_TEST(a_break_interrupts_when_it_is_on_top)
{
	open_port(UART_IER_RLSI);
	type_breaks("a|");
	ck_assert(!irq); /* data alone is not what was asked for */
	(void)in(UART_RX);
	ck_assert(irq);
	ck_assert_uint_eq(in(UART_IIR), IIR_FIFO | UART_IIR_RLSI);
	ck_assert(irq);
	ck_assert_uint_eq(in(UART_LSR), LSR_IDLE | UART_LSR_DR | UART_LSR_BI | UART_LSR_FIFOE);
	ck_assert(!irq); /* LSR was the acknowledgement; the NUL is still there */
	ck_assert_uint_eq(in(UART_LSR), LSR_IDLE | UART_LSR_DR);
	ck_assert_uint_eq(in(UART_RX), 0);
	type_breaks("|");
	ck_assert(irq);
	(void)in(UART_RX); /* unseen: it is gone with its NUL */
	ck_assert(!irq);
	ck_assert_uint_eq(in(UART_LSR), LSR_IDLE);
}
END_TEST

/* More than the FIFO holds: breaks wait on the line as bytes do, none is lost or overruns. */
START_TEST(many_breaks)
{
	open_port(UART_IER_RLSI);
	type_breaks("||||||||||||||||||||");
	for (unsigned i = 0; i < 20; i++) {
		ck_assert(irq);
		ck_assert_uint_eq(in(UART_LSR) & (UART_LSR_BI | UART_LSR_OE), UART_LSR_BI);
		ck_assert_uint_eq(in(UART_RX), 0);
	}
	ck_assert_uint_eq(in(UART_LSR), LSR_IDLE);
	type_breaks("|a");
	out(UART_FCR, UART_FCR_ENABLE_FIFO | UART_FCR_CLEAR_RCVR);
	ck_assert(!irq);
	ck_assert_uint_eq(in(UART_LSR), LSR_IDLE);
}
END_TEST

/* The guest's own break acts on the line alone (datasheet, 8.1.3): nothing of it is seen here. */
START_TEST(a_break_that_the_guest_sends)
{
	open_port(UART_IER_RLSI);
	out(UART_LCR, UART_LCR_SBC | UART_LCR_WLEN8);
	out(UART_TX, 'a');
	out(UART_MCR, UART_MCR_LOOP);
	out(UART_TX, 'x');
	ck_assert(!irq);
	ck_assert_uint_eq(in(UART_LSR), LSR_IDLE | UART_LSR_DR);
	ck_assert_uint_eq(in(UART_RX), 'x');
	ck_assert_uint_eq(in(UART_LSR), LSR_IDLE);
	out(UART_MCR, UART_MCR_RTS);
	out(UART_LCR, UART_LCR_WLEN8);
	out(UART_TX, 'b');
	expect_sent("ab");
}
END_TEST

START_TEST(priorities)
{
	open_port(0);
	out(UART_MCR, UART_MCR_LOOP);
	for (unsigned i = 0; i < 17; i++)
		out(UART_TX, 'a');
	out(UART_IER, 0x0f);
	ck_assert_uint_eq(in(UART_IIR), IIR_FIFO | UART_IIR_RLSI);
	(void)in(UART_LSR);
	ck_assert_uint_eq(in(UART_IIR), IIR_FIFO | UART_IIR_RDI);
	for (unsigned i = 0; i < 16; i++)
		(void)in(UART_RX);
	ck_assert_uint_eq(in(UART_IIR), IIR_FIFO | UART_IIR_THRI);
	ck_assert_uint_eq(in(UART_IIR), IIR_FIFO | UART_IIR_MSI); /* CTS, DSR and DCD fell */
	ck_assert(irq);
	ck_assert_uint_eq(in(UART_MSR), UART_MSR_DCTS | UART_MSR_DDSR | UART_MSR_DDCD);
	ck_assert_uint_eq(in(UART_IIR), IIR_FIFO | UART_IIR_NO_INT);
	ck_assert(!irq);
	ck_assert_uint_eq(irq_edges, 1); /* the line never fell in between */
}
END_TEST

/* An interrupt that nobody enabled does not show, and is there when it is enabled. */
START_TEST(masks)
{
	open_port(0);
	type("a");
	ck_assert_uint_eq(in(UART_IIR), IIR_FIFO | UART_IIR_NO_INT);
	out(UART_IER, UART_IER_RLSI | UART_IER_MSI);
	ck_assert(!irq);
	out(UART_IER, UART_IER_RDI);
	ck_assert(irq);
	out(UART_IER, 0);
	ck_assert(!irq);
	out(UART_IER, UART_IER_RDI);
	ck_assert(irq);
	ck_assert_uint_eq(irq_edges, 2);
}
END_TEST

static const struct {
	uint8_t mcr, msr;
} loops[] = {
	{0, 0},
	{UART_MCR_DTR, UART_MSR_DSR},
	{UART_MCR_RTS, UART_MSR_CTS},
	{UART_MCR_OUT1, UART_MSR_RI},
	{UART_MCR_OUT2, UART_MSR_DCD},
	{0x0f, 0xf0},
};

START_TEST(modem_lines_in_the_loop)
{
	out(UART_MCR, UART_MCR_LOOP | loops[_i].mcr);
	(void)in(UART_MSR);
	ck_assert_uint_eq(in(UART_MSR), loops[_i].msr); /* the changes were read away */
	out(UART_MCR, loops[_i].mcr);
	ck_assert_uint_eq(in(UART_MSR)&0xf0, UART_MSR_CTS | UART_MSR_DSR | UART_MSR_DCD);
}
END_TEST

START_TEST(modem_changes)
{
	out(UART_MCR, UART_MCR_LOOP);
	(void)in(UART_MSR);
	out(UART_IER, UART_IER_MSI);
	ck_assert(!irq);
	out(UART_MCR, UART_MCR_LOOP | UART_MCR_RTS);
	ck_assert(irq);
	ck_assert_uint_eq(in(UART_IIR), UART_IIR_MSI);
	ck_assert(irq);
	ck_assert_uint_eq(in(UART_MSR), UART_MSR_CTS | UART_MSR_DCTS);
	ck_assert(!irq);
	/* RI: only its end is told. */
	out(UART_MCR, UART_MCR_LOOP | UART_MCR_RTS | UART_MCR_OUT1);
	ck_assert(!irq);
	ck_assert_uint_eq(in(UART_MSR), UART_MSR_CTS | UART_MSR_RI);
	out(UART_MCR, UART_MCR_LOOP | UART_MCR_RTS);
	ck_assert(irq);
	ck_assert_uint_eq(in(UART_MSR), UART_MSR_CTS | UART_MSR_TERI);
	/* There and back between two reads is two changes, told as one. */
	out(UART_MCR, UART_MCR_LOOP);
	out(UART_MCR, UART_MCR_LOOP | UART_MCR_RTS);
	ck_assert_uint_eq(in(UART_MSR), UART_MSR_CTS | UART_MSR_DCTS);
	/* Outside the loop the peer's lines never change. */
	out(UART_MCR, 0);
	(void)in(UART_MSR);
	out(UART_MCR, UART_MCR_DTR | UART_MCR_RTS | UART_MCR_OUT1 | UART_MCR_OUT2);
	ck_assert(!irq);
}
END_TEST

static const struct {
	uint8_t fcr, write;
	unsigned left; /* of 5 bytes that were received with @fcr */
} clears[] = {
	{1, UART_FCR_ENABLE_FIFO, 5},
	{1, UART_FCR_ENABLE_FIFO | UART_FCR_R_TRIG_11, 5},
	{1, UART_FCR_ENABLE_FIFO | UART_FCR_CLEAR_XMIT, 5},
	{1, UART_FCR_ENABLE_FIFO | UART_FCR_CLEAR_RCVR, 0},
	{1, UART_FCR_ENABLE_FIFO | UART_FCR_CLEAR_RCVR | UART_FCR_CLEAR_XMIT, 0},
	{1, 0, 0},                   /* turning the FIFOs off clears them */
	{0, UART_FCR_CLEAR_RCVR, 1}, /* without bit 0 the others do not count */
	{0, UART_FCR_CLEAR_RCVR | UART_FCR_R_TRIG_11, 1},
	{0, 0, 1},
	{0, UART_FCR_ENABLE_FIFO, 1}, /* see linux_start_with_input_waiting */
	{0, UART_FCR_ENABLE_FIFO | UART_FCR_CLEAR_RCVR, 0},
};

START_TEST(fcr)
{
	out(UART_FCR, clears[_i].fcr);
	out(UART_MCR, UART_MCR_LOOP);
	out(UART_IER, UART_IER_RDI);
	for (unsigned i = 0; i < 5; i++)
		out(UART_TX, (uint8_t)('a' + i));
	(void)in(UART_LSR);
	ck_assert(irq);
	out(UART_FCR, clears[_i].write);
	ck_assert_int_eq(irq, clears[_i].left > 0);
	ck_assert_uint_eq(in(UART_IIR)&IIR_FIFO, clears[_i].write & 1 ? IIR_FIFO : 0);
	for (unsigned i = 0; i < clears[_i].left; i++)
		ck_assert_uint_eq(in(UART_RX), 'a' + i);
	ck_assert_uint_eq(in(UART_LSR), LSR_IDLE);
	ck_assert(!irq);
	/* And it works on, in the new mode: one byte, or 16. */
	for (unsigned i = 0; i < 16; i++)
		out(UART_TX, (uint8_t)('A' + i));
	for (unsigned i = 0; i < (clears[_i].write & 1 ? 16 : 1); i++)
		ck_assert_uint_eq(in(UART_RX), 'A' + i);
	ck_assert_uint_eq(in(UART_LSR)&UART_LSR_DR, 0);
}
END_TEST

/* Any guest, any access: nothing breaks, the line is what IIR says, the FIFO keeps its bounds. */
START_TEST(any_access)
{
	static const char noise[] = "input | that comes || at any time";
	unsigned seed = (unsigned)_i + 1;

	bars_are_breaks = true;
	for (unsigned i = 0; i < 20000; i++) {
		seed = seed * 1103515245 + 12345;
		unsigned r = seed >> 8;
		if (r % 16 == 0) {
			source = (const uint8_t *)noise;
			source_n = r / 16 % sizeof(noise);
			writable = r & 0x1000;
			uart16550_peer_changed(&uart);
		} else if (r % 2) {
			out(r / 2 % 9, (uint8_t)(r >> 8));
		} else {
			(void)in(r / 2 % 9);
		}
		sent_n = 0;
		ck_assert_uint_le(uart.rx_count, uart.fcr & UART_FCR_ENABLE_FIFO ? 16 : 1);
		ck_assert_uint_lt(uart.rx_first, UART_FIFO_BYTES);
		if (i % 8 == 0) { /* reading IIR acknowledges THRE: look before and after */
			bool level = irq, none = in(UART_IIR)&UART_IIR_NO_INT;
			ck_assert_int_eq(level, !none);
		}
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("uart16550");
	TCase *tc = tcase_create("uart16550");
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, after_reset);
	tcase_add_test(tc, registers_keep);
	tcase_add_test(tc, divisor_latch);
	tcase_add_test(tc, size_without_fifo);
	tcase_add_test(tc, thre_interrupt);
	tcase_add_test(tc, sink_holds_back);
	tcase_add_test(tc, enabling_while_held_back);
	tcase_add_test(tc, polling_keeps_the_interrupt);
	tcase_add_loop_test(tc, trigger_level, 0, COUNT(triggers));
	tcase_add_test(tc, receives_without_fifo);
	tcase_add_test(tc, receives_polled);
	tcase_add_loop_test(tc, input_waits_for_rts_or_the_interrupt, 0, 2);
	tcase_add_test(tc, no_input_into_the_loop);
	tcase_add_test(tc, overrun_interrupts);
	tcase_add_loop_test(tc, breaks_keep_their_place, 0, 2);
	tcase_add_test(tc, a_break_interrupts_when_it_is_on_top);
	tcase_add_test(tc, many_breaks);
	tcase_add_test(tc, a_break_that_the_guest_sends);
	tcase_add_test(tc, priorities);
	tcase_add_test(tc, masks);
	tcase_add_loop_test(tc, modem_lines_in_the_loop, 0, COUNT(loops));
	tcase_add_test(tc, modem_changes);
	tcase_add_loop_test(tc, fcr, 0, COUNT(clears));
	tcase_add_loop_test(tc, any_access, 0, 4);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

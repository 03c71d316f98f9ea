/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The UART as Linux' drivers/tty/serial/8250 uses it: its probe, its start, its interrupt handler
 * are played here register for register.
 */
#include "uart.h"

#include <stdlib.h>

#define PASTE (100 << 10)

/* 8250_port.c autoconfig(): what makes Linux say "16550A". */
START_TEST(linux_autoconfig)
{
	uint8_t ier = in(UART_IER), mcr, lcr, status1, status2;

	out(UART_IER, 0);
	ck_assert_uint_eq(in(UART_IER)&0x0f, 0);
	out(UART_IER, 0x0f);
	ck_assert_uint_eq(in(UART_IER)&0x0f, 0x0f);
	out(UART_IER, ier);
	mcr = in(UART_MCR);
	lcr = in(UART_LCR);
	out(UART_MCR, UART_MCR_LOOP | UART_MCR_OUT2 | UART_MCR_RTS);
	ck_assert_uint_eq(in(UART_MSR)&0xf0, UART_MSR_DCD | UART_MSR_CTS);
	out(UART_MCR, mcr);
	out(UART_LCR, UART_LCR_CONF_MODE_B);
	out(UART_EFR, 0);
	out(UART_LCR, 0);
	out(UART_FCR, UART_FCR_ENABLE_FIFO);
	ck_assert_uint_eq(in(UART_IIR) >> 6, 3);
	/* autoconfig_16550a(): no EFR in either mode, no NS16550A's EXCR1, no 16750, no XScale. */
	out(UART_LCR, UART_LCR_CONF_MODE_A);
	ck_assert_uint_ne(in(UART_EFR), 0);
	out(UART_LCR, UART_LCR_CONF_MODE_B);
	ck_assert_uint_ne(in(UART_EFR), 0);
	out(UART_LCR, 0);
	status1 = in(UART_MCR);
	out(UART_LCR, 0xe0);
	status2 = in(0x02);
	if (!((status2 ^ status1) & UART_MCR_LOOP)) {
		out(UART_LCR, 0);
		out(UART_MCR, status1 ^ UART_MCR_LOOP);
		out(UART_LCR, 0xe0);
		status2 = in(0x02);
		out(UART_LCR, 0);
		out(UART_MCR, status1);
		ck_assert(!((status2 ^ status1) & UART_MCR_LOOP));
	}
	out(UART_LCR, 0);
	out(UART_FCR, UART_FCR_ENABLE_FIFO | UART_FCR7_64BYTE);
	ck_assert_uint_eq(in(UART_IIR) >> 5, 6);
	out(UART_FCR, UART_FCR_ENABLE_FIFO);
	out(UART_LCR, UART_LCR_CONF_MODE_A);
	out(UART_FCR, UART_FCR_ENABLE_FIFO | UART_FCR7_64BYTE);
	ck_assert_uint_eq(in(UART_IIR) >> 5, 6);
	out(UART_FCR, UART_FCR_ENABLE_FIFO);
	out(UART_LCR, 0);
	out(UART_IER, in(UART_IER) | UART_IER_UUE);
	ck_assert_uint_eq(in(UART_IER)&UART_IER_UUE, 0);
	out(UART_MCR, mcr);
	out(UART_FCR, UART_FCR_ENABLE_FIFO | UART_FCR_CLEAR_RCVR | UART_FCR_CLEAR_XMIT);
	out(UART_FCR, 0);
	(void)in(UART_RX);
	out(UART_IER, 0);
	out(UART_LCR, lcr);
	ck_assert(!irq);
	ck_assert_uint_eq(sent_n, 0);
}
END_TEST

/* 8250_port.c size_fifo(): 256 bytes into the loop, so many come out. */
START_TEST(linux_size_fifo)
{
	unsigned count;

	out(UART_LCR, 0);
	out(UART_FCR, UART_FCR_ENABLE_FIFO | UART_FCR_CLEAR_RCVR | UART_FCR_CLEAR_XMIT);
	out(UART_MCR, UART_MCR_LOOP);
	out(UART_LCR, UART_LCR_WLEN8);
	for (count = 0; count < 256; count++)
		out(UART_TX, (uint8_t)count);
	ck_assert_uint_eq(in(UART_LSR)&UART_LSR_OE, UART_LSR_OE);
	for (count = 0; (in(UART_LSR)&UART_LSR_DR) && count < 256; count++)
		ck_assert_uint_eq(in(UART_RX), count); /* an overrun keeps what is in the FIFO */
	ck_assert_uint_eq(count, 16);
	ck_assert_uint_eq(irq_edges, 0);
	ck_assert_uint_eq(sent_n, 0);
}
END_TEST

/* 8250_port.c serial8250_do_startup(), then set_termios() and RTS as tty_open() brings them. */
static void linux_startup(void)
{
	static const uint8_t clear[] = {UART_LSR, UART_RX, UART_IIR, UART_MSR};

	out(UART_FCR, UART_FCR_ENABLE_FIFO);
	out(UART_FCR, UART_FCR_ENABLE_FIFO | UART_FCR_CLEAR_RCVR | UART_FCR_CLEAR_XMIT);
	out(UART_FCR, 0);
	for (int i = 0; i < COUNT(clear); i++)
		(void)in(clear[i]);
	ck_assert_uint_ne(in(UART_LSR), 0xff); /* "LSR safety check engaged!" */
	out(UART_LCR, UART_LCR_WLEN8);
	/* The THRE test: else Linux polls with a timer ("THRE_TEST failed"). */
	ck_assert_uint_eq(in(UART_LSR)&UART_LSR_THRE, UART_LSR_THRE);
	out(UART_IER, UART_IER_THRI);
	ck_assert_uint_eq(in(UART_IIR), UART_IIR_THRI);
	out(UART_IER, 0);
	out(UART_IER, UART_IER_THRI);
	ck_assert_uint_eq(in(UART_IIR), UART_IIR_THRI);
	out(UART_IER, 0);
	out(UART_MCR, UART_MCR_OUT2);
	/* The TXEN test: else "enabling bad tx status workarounds". */
	out(UART_IER, UART_IER_THRI);
	ck_assert_uint_eq(in(UART_LSR)&UART_LSR_TEMT, UART_LSR_TEMT);
	ck_assert_uint_eq(in(UART_IIR), UART_IIR_THRI);
	out(UART_IER, 0);
	for (int i = 0; i < COUNT(clear); i++)
		(void)in(clear[i]);
	ck_assert(!irq);
	/* set_termios(): the interrupt is enabled before the FIFO is. */
	out(UART_IER, UART_IER_RLSI | UART_IER_RDI);
	out(UART_LCR, UART_LCR_DLAB | UART_LCR_WLEN8);
	out(UART_DLL, 1);
	out(UART_DLM, 0);
	out(UART_LCR, UART_LCR_WLEN8);
	out(UART_FCR, UART_FCR_ENABLE_FIFO);
	out(UART_FCR, UART_FCR_ENABLE_FIFO | UART_FCR_R_TRIG_10);
	out(UART_MCR, UART_MCR_OUT2);
	out(UART_MCR, UART_MCR_OUT2 | UART_MCR_DTR | UART_MCR_RTS);
}

START_TEST(linux_start)
{
	linux_startup();
	ck_assert(!irq);
	ck_assert_uint_eq(in(UART_IIR), IIR_FIFO | UART_IIR_NO_INT);
}
END_TEST

/* What was typed before anyone listened arrives, from its first byte on. */
START_TEST(linux_start_with_input_waiting)
{
	type("poweroff\n");
	ck_assert_uint_eq(source_n, 9);
	linux_startup();
	ck_assert(irq);
	expect_received("poweroff\n");
}
END_TEST

/* 8250_port.c serial8250_tx_chars(): 16 bytes per interrupt. */
START_TEST(linux_transmits)
{
	static const char text[] = "The quick brown fox jumps over the lazy dog.\r\n";
	size_t n = 0, interrupts = 0;

	open_port(UART_IER_RLSI | UART_IER_RDI | UART_IER_THRI);
	while (irq) {
		ck_assert_uint_lt(interrupts++, 10);
		ck_assert_uint_eq(in(UART_IIR), IIR_FIFO | UART_IIR_THRI);
		ck_assert_uint_eq(in(UART_LSR), LSR_IDLE);
		for (int i = 0; i < UART_FIFO_BYTES && text[n]; i++)
			out(UART_TX, (uint8_t)text[n++]);
		if (!text[n])
			out(UART_IER, UART_IER_RLSI | UART_IER_RDI);
	}
	ck_assert_uint_eq(interrupts, 3);
	expect_sent(text);
}
END_TEST

/* console=ttyS0: LSR is polled before every byte, with all interrupts off. */
START_TEST(polled_console)
{
	for (const char *p = "early\r\n"; *p; p++) {
		ck_assert_uint_eq(in(UART_LSR)&LSR_IDLE, LSR_IDLE);
		out(UART_TX, (uint8_t)*p);
	}
	expect_sent("early\r\n");
	writable = false;
	out(UART_TX, 'x');
	for (int i = 0; i < 100; i++)
		ck_assert_uint_eq(in(UART_LSR), 0);
	writable = true; /* and nobody says so: polling alone finds out */
	ck_assert_uint_eq(in(UART_LSR), LSR_IDLE);
	ck_assert_uint_eq(irq_edges, 0);
}
END_TEST

/*
 * 100 KiB, as fast as the peer can, into an interrupt handler like Linux' (serial8250_interrupt():
 * until IIR says that there is nothing more), while the same handler echoes.
 */
START_TEST(a_paste_arrives_whole)
{
	uint8_t *paste = malloc(PASTE), *got = malloc(PASTE);
	size_t n = 0, fed = 0;
	unsigned seed = 1;

	ck_assert(paste && got);
	for (size_t i = 0; i < PASTE; i++)
		paste[i] = (uint8_t)((seed = seed * 1103515245 + 12345) >> 16);
	open_port(UART_IER_RLSI | UART_IER_RDI);
	while (n < PASTE) {
		size_t before = n;
		if (!source_n && fed < PASTE) { /* like the loop: pieces of up to 4096 */
			source = paste + fed;
			source_n = PASTE - fed < 4096 ? PASTE - fed : 1 + fed % 4096;
			fed += source_n;
			uart16550_peer_changed(&uart);
		}
		ck_assert(irq);
		for (uint8_t iir; !((iir = in(UART_IIR)) & UART_IIR_NO_INT);) {
			uint8_t lsr = in(UART_LSR);
			ck_assert_uint_eq(lsr & UART_LSR_OE, 0);
			for (int max = 256; (lsr & UART_LSR_DR) && max; max--) {
				ck_assert_uint_lt(n, PASTE);
				got[n++] = in(UART_RX);
				lsr = in(UART_LSR);
			}
			out(UART_TX, got[n - 1]); /* an echo in between */
			sent_n = 0;
		}
		ck_assert_uint_gt(n, before);
	}
	ck_assert_uint_eq(n, PASTE);
	ck_assert_mem_eq(got, paste, PASTE);
	ck_assert_uint_eq(source_n, 0);
	ck_assert(!irq);
	free(paste);
	free(got);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("uart16550_linux");
	TCase *tc = tcase_create("uart16550_linux");
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, linux_autoconfig);
	tcase_add_test(tc, linux_size_fifo);
	tcase_add_test(tc, linux_start);
	tcase_add_test(tc, linux_start_with_input_waiting);
	tcase_add_test(tc, linux_transmits);
	tcase_add_test(tc, polled_console);
	tcase_add_test(tc, a_paste_arrives_whole);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

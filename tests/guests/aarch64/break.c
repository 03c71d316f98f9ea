/* SPDX-License-Identifier: BSD-3-Clause */
/* Prints what it got up to a q: a break as "<break>". */
#include "guest.h"

enum { UART_RBR = 0, UART_MCR = 4, UART_LSR = 5, LSR_DR = 0x01, LSR_BI = 0x10, MCR_DTR_RTS = 3 };
enum { MAX = 64, BREAK = 0x80 };

/* The next character, or BREAK. */
static uint8_t receive(void)
{
	uint8_t lsr, c;

	do
		lsr = read8(ARM64_UART_GPA + UART_LSR);
	while (!(lsr & LSR_DR));
	c = read8(ARM64_UART_GPA + UART_RBR);
	if (!(lsr & LSR_BI))
		return c;
	check(c == 0, "a break came with a character");
	return BREAK;
}

/* Nothing is printed before the end: put_char() reads LSR, which clears LSR.BI. */
void guest_main(void)
{
	uint8_t got[MAX];
	unsigned n = 0;

	say("break: type, q ends");
	write8(ARM64_UART_GPA + UART_MCR, MCR_DTR_RTS);
	do
		got[n] = receive();
	while (got[n++] != 'q' && n < MAX);
	for (unsigned i = 0; i < n; i++)
		if (got[i] == BREAK)
			put("<break>");
		else
			put_char((char)got[i]);
	put_char('\n');
	end(0);
}

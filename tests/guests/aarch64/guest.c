/* SPDX-License-Identifier: BSD-3-Clause */
/* What the tests' guests share: see guest.h. */
#include "guest.h"

#include <stddef.h>

enum { UART_DATA = 0, UART_MCR = 4, UART_LSR = 5, LSR_DR = 1, LSR_THRE = 0x20, MCR_DTR_RTS = 3 };

struct entry_state entry_state;
volatile uint64_t cpu_seen[CPUS_MAX];

int64_t psci(uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
	register uint64_t x0 __asm__("x0") = function;
	register uint64_t x1 __asm__("x1") = a;
	register uint64_t x2 __asm__("x2") = b;
	register uint64_t x3 __asm__("x3") = c;

	__asm__ volatile("hvc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) : : "memory");
	return (int64_t)x0;
}

void put_char(char c)
{
	while (!(read8(ARM64_UART_GPA + UART_LSR) & LSR_THRE))
		;
	write8(ARM64_UART_GPA + UART_DATA, (uint8_t)c);
}

void put(const char *text)
{
	for (; *text; text++)
		put_char(*text);
}

void put_decimal(uint64_t n)
{
	if (n >= 10)
		put_decimal(n / 10);
	put_char((char)('0' + n % 10));
}

void say(const char *text)
{
	put(text);
	put_char('\n');
}

char get_char(void)
{
	write8(ARM64_UART_GPA + UART_MCR, MCR_DTR_RTS);
	while (!(read8(ARM64_UART_GPA + UART_LSR) & LSR_DR))
		;
	return (char)read8(ARM64_UART_GPA + UART_DATA);
}

/*
 * The command line stands in the device tree as it is: searching the tree's bytes is enough for a
 * test, whose words occur nowhere else.
 */
const char *find_word(const char *word)
{
	const char *tree = (const char *)entry_state.x[0];
	const uint8_t *size = (const uint8_t *)tree + 4;
	uint32_t bytes = (uint32_t)size[1] << 16 | (uint32_t)size[2] << 8 | size[3];

	for (const char *p = tree; p < tree + bytes; p++) {
		unsigned i = 0;
		while (word[i] && p[i] == word[i])
			i++;
		if (!word[i])
			return p + i;
	}
	return NULL;
}

int64_t find_number(const char *word)
{
	const char *p = find_word(word);
	int64_t n = 0;

	if (!p)
		return -1;
	for (; *p >= '0' && *p <= '9'; p++)
		n = n * 10 + (*p - '0');
	return n;
}

void end(unsigned status)
{
	write32(ARM64_EXIT_GPA, status);
	for (;;)
		__asm__ volatile("wfi");
}

void check(bool ok, const char *what)
{
	if (ok)
		return;
	put("FAIL: ");
	say(what);
	end(1);
}

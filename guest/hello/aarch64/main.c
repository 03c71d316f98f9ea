/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The guest that is built into minivmm: the smallest "kernel" that shows how a kernel is booted. It
 * prints what the device tree told it and powers off through PSCI.
 *
 * Command line: `exit=N` ends with status N by the exit device, `reset` resets instead.
 *
 * It runs on bare virtual hardware: no libc, no interrupts, no MMU; nothing in memory but its stack
 * is ever written. It knows no address: all it needs stands in the device tree (Devicetree
 * Specification 0.4, chapter 5).
 */
#include <stdbool.h>
#include <stdint.h>

/* A UART 16550's registers. */
enum { UART_THR = 0, UART_LSR = 5, LSR_THRE = 1 << 5 };

/* Tokens of a tree's structure block. */
enum { FDT_BEGIN_NODE = 1, FDT_END_NODE = 2, FDT_PROP = 3, FDT_NOP = 4 };

/* PSCI (Arm DEN 0022), function numbers. */
#define PSCI_VERSION      0x84000000u
#define PSCI_SYSTEM_OFF   0x84000008u
#define PSCI_SYSTEM_RESET 0x84000009u

struct machine {
	uint64_t dtb_bytes;
	const char *cmdline;
	const char *gic; /* what it is compatible with */
	uint64_t memory, memory_bytes;
	uint64_t initrd, initrd_end;
	uint64_t uart, exit_device;
	unsigned cpus;
};

/* Plain loads and stores. A compiler may choose one with write-back, which KVM cannot decode. */
static uint32_t read8(uint64_t address)
{
	uint32_t value;
	__asm__ volatile("ldrb %w0, [%1]" : "=r"(value) : "r"(address));
	return value;
}

static void write8(uint64_t address, uint32_t value)
{
	__asm__ volatile("strb %w0, [%1]" : : "r"(value), "r"(address));
}

static void put_char(const struct machine *m, char c)
{
	while (!(read8(m->uart + UART_LSR) & LSR_THRE))
		;
	write8(m->uart + UART_THR, (uint32_t)c);
}

static void put(const struct machine *m, const char *text)
{
	for (; *text; text++)
		put_char(m, *text);
}

/* At least @digits digits in @base. */
static void put_number(const struct machine *m, uint64_t value, unsigned base, unsigned digits)
{
	if (value >= base || digits > 1)
		put_number(m, value / base, base, digits > 1 ? digits - 1 : 1);
	put_char(m, "0123456789abcdef"[value % base]);
}

static void put_decimal(const struct machine *m, uint64_t value)
{
	put_number(m, value, 10, 1);
}

static void put_range(const struct machine *m, uint64_t base, uint64_t end)
{
	put(m, "0x");
	put_number(m, base, 16, 12);
	put(m, "-0x");
	put_number(m, end - 1, 16, 12);
}

/* ---- The device tree ---- */

static uint32_t cell(const void *at)
{
	const uint8_t *p = at;
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* A number of one or two cells. */
static uint64_t number(const uint8_t *value, uint32_t bytes)
{
	return bytes == 4 ? cell(value) : (uint64_t)cell(value) << 32 | cell(value + 4);
}

static bool begins(const char *text, const char *with)
{
	while (*with && *text == *with)
		text++, with++;
	return !*with;
}

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

/* One property of a node below the root; @node is its name with the address. */
static void note(struct machine *m, const char *node, const char *name, const uint8_t *value,
		 uint32_t bytes)
{
	if (same(name, "reg") && begins(node, "memory@")) {
		m->memory = number(value, 8);
		m->memory_bytes = number(value + 8, 8);
	} else if (same(name, "reg") && begins(node, "serial@")) {
		m->uart = number(value, 8);
	} else if (same(name, "reg") && begins(node, "exit@")) {
		m->exit_device = number(value, 8);
	} else if (same(name, "compatible") && begins(node, "interrupt-controller@")) {
		m->gic = (const char *)value;
	} else if (same(name, "device_type") && begins(node, "cpu@")) {
		m->cpus++;
	} else if (same(name, "bootargs")) {
		m->cmdline = (const char *)value;
	} else if (same(name, "linux,initrd-start")) {
		m->initrd = number(value, bytes);
	} else if (same(name, "linux,initrd-end")) {
		m->initrd_end = number(value, bytes);
	}
}

static uint64_t align4(uint64_t n)
{
	return (n + 3) & ~3ull;
}

static void read_tree(const uint8_t *tree, struct machine *m)
{
	const uint8_t *p = tree + cell(tree + 8); /* off_dt_struct */
	const char *names = (const char *)tree + cell(tree + 12), *node = "";

	m->dtb_bytes = cell(tree + 4);
	for (;;) {
		uint32_t token = cell(p);
		p += 4;
		if (token == FDT_BEGIN_NODE) {
			uint64_t n = 0;
			node = (const char *)p;
			while (node[n])
				n++;
			p += align4(n + 1);
		} else if (token == FDT_PROP) {
			uint32_t bytes = cell(p);
			note(m, node, names + cell(p + 4), p + 8, bytes);
			p += 8 + align4(bytes);
		} else if (token != FDT_END_NODE && token != FDT_NOP) {
			return; /* FDT_END */
		}
	}
}

/* ---- PSCI ---- */

static uint64_t psci(uint32_t function)
{
	register uint64_t x0 __asm__("x0") = function;
	__asm__ volatile("hvc #0" : "+r"(x0) : : "x1", "x2", "x3", "memory");
	return x0;
}

/* ---- What is printed, and the end ---- */

static void print_boot(const struct machine *m)
{
	put(m, "minivmm embedded guest\nprotocol: arm64 Linux, device tree of ");
	put_decimal(m, m->dtb_bytes);
	put(m, " bytes\ncommand line: ");
	put(m, m->cmdline ? m->cmdline : "");
	put(m, "\nmemory map:\n  ");
	put_range(m, m->memory, m->memory + m->memory_bytes);
	put(m, " usable\nRAM: ");
	put_decimal(m, m->memory_bytes >> 20);
	put(m, " MiB\ninitrd: ");
	if (m->initrd_end) {
		put_range(m, m->initrd, m->initrd_end);
		put(m, ", ");
		put_decimal(m, m->initrd_end - m->initrd);
		put(m, " bytes\n");
	} else {
		put(m, "none\n");
	}
}

static void print_cpus(const struct machine *m)
{
	uint64_t version = psci(PSCI_VERSION);

	put(m, "CPUs: ");
	put_decimal(m, m->cpus);
	put(m, " (PSCI ");
	put_decimal(m, version >> 16);
	put_char(m, '.');
	put_decimal(m, version & 0xffff);
	put(m, ")\ninterrupt controller: ");
	put(m, m->gic ? m->gic : "none");
	put_char(m, '\n');
}

/* What follows @word in the command line, if that is one of its words; else NULL. */
static const char *find_word(const char *line, const char *word)
{
	for (const char *p = line; p && *p; p++) {
		unsigned n = 0;
		if (p != line && p[-1] != ' ')
			continue;
		while (word[n] && p[n] == word[n])
			n++;
		if (!word[n])
			return p + n;
	}
	return (const char *)0;
}

static void end(const struct machine *m)
{
	const char *status = find_word(m->cmdline, "exit=");

	if (status && m->exit_device) {
		uint32_t n = 0;
		for (; *status >= '0' && *status <= '9'; status++)
			n = n * 10 + (uint32_t)(*status - '0');
		put(m, "exit: device at 0x");
		put_number(m, m->exit_device, 16, 8);
		put_char(m, '\n');
		write8(m->exit_device, n < 0xff ? n : 0xff);
	}
	if (find_word(m->cmdline, "reset")) {
		put(m, "reset: PSCI SYSTEM_RESET\n");
		psci(PSCI_SYSTEM_RESET);
	}
	put(m, "power off: PSCI SYSTEM_OFF\n");
	psci(PSCI_SYSTEM_OFF);
}

/* Called by entry.S, once. */
_Noreturn void guest_main(const uint8_t *tree);

_Noreturn void guest_main(const uint8_t *tree)
{
	struct machine m;

	m.cmdline = m.gic =
		(const char *)0; /* no initializer: a compiler may call memset() for one */
	m.initrd = m.initrd_end = m.exit_device = 0;
	m.memory = m.memory_bytes = m.uart = 0;
	m.cpus = 0;
	read_tree(tree, &m);
	if (m.uart) {
		print_boot(&m);
		print_cpus(&m);
	}
	end(&m);
	for (;;)
		__asm__ volatile("wfi");
}

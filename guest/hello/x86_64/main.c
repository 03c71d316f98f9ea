/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The guest that is built into minivmm: the smallest "kernel" that shows how a kernel is booted.
 * It prints what the VMM told it (by PVH or by the 64-bit Linux boot protocol), finds the CPUs and
 * the power-off register in the ACPI tables, and powers off.
 *
 * Command line: `exit=N` ends with status N by the exit port, `reset` resets instead.
 *
 * It runs on bare virtual hardware: no libc, no interrupts, no memory management. All memory up to
 * 4 GiB is mapped where it is, so a physical address is a pointer.
 */
#include "arch/x86_64/acpi_tables.h"
#include "arch/x86_64/bootparam.h"
#include "arch/x86_64/layout.h"
#include "arch/x86_64/start_info.h"

#include <stdbool.h>

#define TEXT(token)    #token
#define TEXT_OF(macro) TEXT(macro)

enum protocol {
	PROTOCOL_PVH,
	PROTOCOL_LINUX64,
};

enum {
	COM1_LSR = X86_COM1_PORT + 5,
	LSR_THRE = 1 << 5, /* the transmitter takes a character */
};

/* PM1 control (ACPI 6.5, 4.8.3.2.1) */
enum {
	SLP_TYP_SHIFT = 10,
	SLP_EN = 1 << 13,
};

/* What both protocols tell, in one form. */
struct machine {
	const char *cmdline;
	uint64_t initrd, initrd_bytes;
	const struct acpi_rsdp *rsdp;
	const uint8_t *map; /* entries that start as a boot_e820_entry */
	uint32_t map_entries, map_stride;
};

static void outb(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static void outw(uint16_t port, uint16_t value)
{
	__asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static uint8_t inb(uint16_t port)
{
	uint8_t value;
	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static void put_char(char c)
{
	while (!(inb(COM1_LSR) & LSR_THRE))
		;
	outb(X86_COM1_PORT, (uint8_t)c);
}

static void put(const char *text)
{
	for (; *text; text++)
		put_char(*text);
}

/* At least @digits digits in @base. */
static void put_number(uint64_t value, unsigned base, unsigned digits)
{
	if (value >= base || digits > 1)
		put_number(value / base, base, digits > 1 ? digits - 1 : 1);
	put_char("0123456789abcdef"[value % base]);
}

static void put_decimal(uint64_t value)
{
	put_number(value, 10, 1);
}

static void put_range(uint64_t base, uint64_t bytes)
{
	put("0x");
	put_number(base, 16, 12);
	put("-0x");
	put_number(base + bytes - 1, 16, 12);
}

static const void *at(uint64_t physical)
{
	return (const void *)physical;
}

static bool same(const char *a, const char *b, unsigned n)
{
	while (n && *a == *b)
		a++, b++, n--;
	return n == 0;
}

/* ---- What the boot protocol says ---- */

static void read_start_info(const struct hvm_start_info *si, struct machine *m)
{
	put("protocol: PVH, start_info version ");
	put_decimal(si->version);
	put(si->magic == HVM_START_MAGIC ? "\n" : ", WRONG MAGIC\n");

	m->cmdline = at(si->cmdline_paddr);
	m->rsdp = at(si->rsdp_paddr);
	m->map = at(si->memmap_paddr);
	m->map_entries = si->memmap_entries;
	m->map_stride = sizeof(struct hvm_memmap_table_entry);
	if (si->nr_modules) {
		const struct hvm_modlist_entry *module = at(si->modlist_paddr);
		m->initrd = module->paddr;
		m->initrd_bytes = module->size;
	}
}

static void read_boot_params(const struct boot_params *bp, struct machine *m)
{
	put("protocol: 64-bit Linux boot protocol ");
	put_decimal(bp->hdr.version >> 8);
	put_char('.');
	put_number(bp->hdr.version & 0xff, 10, 2);
	put(bp->hdr.header == SETUP_HEADER_MAGIC ? "\n" : ", WRONG MAGIC\n");

	m->cmdline = at(bp->hdr.cmd_line_ptr | (uint64_t)bp->ext_cmd_line_ptr << 32);
	m->rsdp = at(bp->acpi_rsdp_addr);
	m->map = (const uint8_t *)bp->e820_table;
	m->map_entries = bp->e820_entries;
	m->map_stride = sizeof(struct boot_e820_entry);
	m->initrd = bp->hdr.ramdisk_image | (uint64_t)bp->ext_ramdisk_image << 32;
	m->initrd_bytes = bp->hdr.ramdisk_size | (uint64_t)bp->ext_ramdisk_size << 32;
}

static void print_memory(const struct machine *m)
{
	static const char *const type_name[] = {"?", "usable", "reserved", "ACPI tables"};
	const uint32_t types = sizeof(type_name) / sizeof(type_name[0]);
	uint64_t usable = 0;

	put("memory map:\n");
	for (uint32_t i = 0; i < m->map_entries; i++) {
		const struct boot_e820_entry *e = (const void *)(m->map + i * m->map_stride);
		put("  ");
		put_range(e->addr, e->size);
		put_char(' ');
		put(type_name[e->type < types ? e->type : 0]);
		put_char('\n');
		if (e->type == 1)
			usable += e->size;
	}
	put("RAM: ");
	put_decimal((usable + 0xfffff) >> 20); /* the first MiB is not all usable: round up */
	put(" MiB\n");
}

static void print_initrd(const struct machine *m)
{
	put("initrd: ");
	if (!m->initrd_bytes) {
		put("none\n");
		return;
	}
	put_range(m->initrd, m->initrd_bytes);
	put(", ");
	put_decimal(m->initrd_bytes);
	put(" bytes\n");
}

/* ---- ACPI, and the MP table ---- */

static bool sum_is_zero(const void *data, uint32_t bytes)
{
	const uint8_t *p = data;
	uint8_t sum = 0;
	while (bytes--)
		sum = (uint8_t)(sum + *p++);
	return sum == 0;
}

/* The ACPI table of that signature, or NULL: each link is checked on the way. */
static const void *find_table(const struct acpi_rsdp *rsdp, const char *signature)
{
	if (!rsdp || !same(rsdp->signature, "RSD PTR ", 8) || !sum_is_zero(rsdp, sizeof(*rsdp)))
		return NULL;
	const struct acpi_header *xsdt = at(rsdp->xsdt_address);
	if (!same(xsdt->signature, "XSDT", 4) || !sum_is_zero(xsdt, xsdt->length))
		return NULL;

	const uint8_t *entry = (const uint8_t *)(xsdt + 1);
	const uint8_t *end = (const uint8_t *)xsdt + xsdt->length;
	for (; entry < end; entry += sizeof(uint64_t)) {
		const struct acpi_header *table = at(*(const uint64_t *)entry);
		if (same(table->signature, signature, 4) && sum_is_zero(table, table->length))
			return table;
	}
	return NULL;
}

/* Enabled processors in the MADT; 0: there is none. */
static unsigned count_madt_cpus(const struct acpi_madt *madt)
{
	unsigned cpus = 0;
	if (!madt)
		return 0;
	const uint8_t *entry = (const uint8_t *)(madt + 1);
	const uint8_t *end = (const uint8_t *)madt + madt->header.length;
	for (; entry + 2 <= end && entry[1]; entry += entry[1]) { /* type, length, ... */
		if (entry[0] == ACPI_MADT_LAPIC)
			cpus += ((const struct acpi_madt_lapic *)entry)->flags & ACPI_MADT_ENABLED;
		if (entry[0] == ACPI_MADT_X2APIC)
			cpus += ((const struct acpi_madt_x2apic *)entry)->flags & ACPI_MADT_ENABLED;
	}
	return cpus;
}

/* The same in the MP table, as old kernels find it: a signature on a 16-byte boundary. */
static unsigned count_mp_cpus(void)
{
	const uint64_t first = 0xf0000, end = 0x100000;
	unsigned cpus = 0;
	for (uint64_t p = first; p < end; p += 16) {
		if (!same(at(p), "_MP_", 4) || !sum_is_zero(at(p), 16))
			continue;
		const uint8_t *table = at(*(const uint32_t *)at(p + 4));
		const uint8_t *entry = table + 44;
		for (uint16_t n = *(const uint16_t *)(table + 34); n; n--) {
			cpus += entry[0] == 0 && entry[3] & 1; /* a processor, enabled */
			entry += entry[0] == 0 ? 20 : 8;
		}
		break;
	}
	return cpus;
}

static void print_cpus(const struct machine *m)
{
	unsigned cpus = count_madt_cpus(find_table(m->rsdp, "APIC"));
	const char *source = " (ACPI MADT)\n";
	if (!cpus) {
		cpus = count_mp_cpus();
		source = " (MP table)\n";
	}
	put("CPUs: ");
	put_decimal(cpus);
	put(source);
}

/* ---- The end ---- */

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
	return NULL;
}

/*
 * SLP_TYP for power-off: the first element of \_S5. A kernel interprets the DSDT; for one byte it
 * is enough to know how Name(\_S5, Package() {5, ...}) looks: "_S5_" 0x12 length count 0x0a 5.
 */
static int find_s5(const struct acpi_header *dsdt)
{
	const char *p = (const char *)(dsdt + 1);
	const char *end = (const char *)dsdt + dsdt->length - 9;
	for (; p < end; p++) {
		if (same(p, "_S5_\x12", 5))
			return p[7] == 0x0a ? p[8] : p[7];
	}
	return -1;
}

/* A Generic Address Structure tells in which space a register lies. */
static void write_register(const struct acpi_gas *reg, uint8_t value)
{
	if (reg->address_space_id == ACPI_GAS_SYSTEM_IO)
		outb((uint16_t)reg->address, value);
	else
		*(volatile uint8_t *)reg->address = value;
}

static void power_off(const struct acpi_fadt *fadt)
{
	int slp_typ = fadt ? find_s5(at(fadt->x_dsdt)) : -1;
	if (slp_typ >= 0) {
		put("power off: ACPI PM1a control 0x");
		put_number(fadt->pm1a_cnt_blk, 16, 1);
		put_char('\n');
		outw((uint16_t)fadt->pm1a_cnt_blk, (uint16_t)(slp_typ << SLP_TYP_SHIFT | SLP_EN));
	}
	put("power off: exit port\n");
	outb(X86_EXIT_PORT, 0);
}

static void reset(const struct acpi_fadt *fadt)
{
	if (fadt && fadt->flags & ACPI_FADT_RESET_REG_SUP) {
		put("reset: ACPI reset register\n");
		write_register(&fadt->reset_reg, fadt->reset_value);
	}
	put("reset: no way found\n");
}

/* Called by entry.S, once. */
_Noreturn void guest_main(enum protocol protocol, uint64_t arg);

_Noreturn void guest_main(enum protocol protocol, uint64_t arg)
{
	struct machine m = {.initrd_bytes = 0};

	put("minivmm embedded guest\n");
	if (protocol == PROTOCOL_PVH)
		read_start_info(at(arg), &m);
	else
		read_boot_params(at(arg), &m);
	put("command line: ");
	put(m.cmdline ? m.cmdline : "");
	put_char('\n');
	print_memory(&m);
	print_initrd(&m);
	print_cpus(&m);

	const struct acpi_fadt *fadt = find_table(m.rsdp, "FACP");
	const char *status = find_word(m.cmdline, "exit=");
	if (status) {
		uint8_t n = 0;
		for (; *status >= '0' && *status <= '9'; status++)
			n = (uint8_t)(n * 10 + (*status - '0'));
		put("exit: port " TEXT_OF(X86_EXIT_PORT) "\n");
		outb(X86_EXIT_PORT, n);
	} else if (find_word(m.cmdline, "reset")) {
		reset(fadt);
	} else {
		power_off(fadt);
	}
	for (;;)
		__asm__ volatile("cli; hlt");
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The ACPI tables, found and read as a kernel does: RSDP, XSDT, and what it points to. Offsets are
 * ACPI 6.5's. `test_acpi --dump FILE` writes the DSDT for test_aml.sh, which has iasl judge it.
 */
#include "arch/x86_64/acpi.h"

#include "arch/acpi_pm.h"
#include "arch/x86_64/layout.h"
#include "lowmem.h"

#include <stdbool.h>
#include <stdio.h>

static const struct devdesc all_devices[] = {
	{DEV_UART16550, DEV_PIO, 0x3f8, 8, 4},
	{DEV_I8042, DEV_PIO, 0x60, 5, DEV_NO_IRQ},
	{DEV_CMOS, DEV_PIO, 0x70, 2, 8},
	{DEV_EXIT, DEV_PIO, 0xf4, 4, DEV_NO_IRQ},
	{DEV_PVPANIC, DEV_PIO, 0x505, 1, DEV_NO_IRQ},
	{DEV_ACPI_PM, DEV_PIO, 0x600, ACPI_PM_PORTS, 9},
};
static const struct devdesc no_pm[] = {{DEV_UART16550, DEV_PIO, 0x3f8, 8, 4}};
static const struct devdesc only_pm[] = {{DEV_ACPI_PM, DEV_PIO, 0x1230, ACPI_PM_PORTS, 11}};
static const struct devdesc no_sci[] = {{DEV_ACPI_PM, DEV_PIO, 0x600, ACPI_PM_PORTS, DEV_NO_IRQ}};
static const struct devdesc mmio_pm[] = {{DEV_ACPI_PM, DEV_MMIO, 0x600, ACPI_PM_PORTS, 9}};
static const struct devdesc high_pm[] = {{DEV_ACPI_PM, DEV_PIO, 0xfffa, ACPI_PM_PORTS, 9}};

static const struct devlist devs = {all_devices, sizeof(all_devices) / sizeof(all_devices[0])};

static uint64_t get(uint64_t gpa, unsigned bytes)
{
	uint64_t v = 0;
	ck_assert_uint_le(gpa + bytes, LOWMEM_BYTES);
	memcpy(&v, lowmem + gpa, bytes);
	return v;
}

static bool has(uint64_t gpa, const char *text)
{
	return memcmp(lowmem + gpa, text, strlen(text)) == 0;
}

static void write_ok(struct devlist d, unsigned cpus)
{
	struct gmem mem = lowmem_init(LOWMEM_BYTES);
	struct err e = {""};
	gpa_t rsdp = 0;
	ck_assert_msg(acpi_write(&mem, d, cpus, &rsdp, &e) == 0, "%s", e.text);
	ck_assert_uint_eq(rsdp, X86_ACPI_GPA);
	lowmem_untouched(0, X86_FACS_GPA);
	lowmem_untouched(X86_FACS_GPA + X86_FACS_BYTES, X86_ACPI_GPA);
	lowmem_untouched(X86_ACPI_GPA + X86_ACPI_BYTES, LOWMEM_BYTES);
}

/* A table's address when it is as every table must be. */
static uint64_t check_table(uint64_t gpa, const char *signature, unsigned revision)
{
	uint64_t length = get(gpa + 4, 4);
	ck_assert_uint_eq(gpa % 16, 0);
	ck_assert_uint_ge(gpa, X86_ACPI_GPA + 36);
	ck_assert_uint_ge(length, 36);
	ck_assert_uint_le(gpa + length, X86_ACPI_GPA + X86_ACPI_BYTES);
	ck_assert_msg(has(gpa, signature), "not a %s", signature);
	ck_assert_uint_eq(lowmem_sum(gpa, length), 0);
	ck_assert_uint_eq(get(gpa + 8, 1), revision);
	ck_assert(has(gpa + 10, "MINIVM"));
	return gpa;
}

static uint64_t xsdt(void)
{
	return check_table(get(X86_ACPI_GPA + 24, 8), "XSDT", 1);
}

static uint64_t fadt(void)
{
	return check_table(get(xsdt() + 36, 8), "FACP", 6);
}

static uint64_t madt(void)
{
	return check_table(get(xsdt() + 44, 8), "APIC", 6);
}

static uint64_t dsdt(void)
{
	return check_table(get(fadt() + 140, 8), "DSDT", 2);
}

START_TEST(rsdp)
{
	write_ok(devs, 1);
	ck_assert(has(X86_ACPI_GPA, "RSD PTR "));
	ck_assert_uint_eq(lowmem_sum(X86_ACPI_GPA, 20), 0);
	ck_assert_uint_eq(lowmem_sum(X86_ACPI_GPA, 36), 0);
	ck_assert(has(X86_ACPI_GPA + 9, "MINIVM"));
	ck_assert_uint_eq(get(X86_ACPI_GPA + 15, 1), 2); /* revision */
	ck_assert_uint_eq(get(X86_ACPI_GPA + 16, 4), 0); /* no RSDT */
	ck_assert_uint_eq(get(X86_ACPI_GPA + 20, 4), 36);
}
END_TEST

/* [start, end) of each table, and none overlaps another. */
START_TEST(tables_do_not_overlap)
{
	write_ok(devs, 300);
	const uint64_t at[] = {X86_ACPI_GPA, xsdt(), fadt(), madt(), dsdt()};
	for (unsigned i = 0; i < 5; i++) {
		for (unsigned j = 0; j < 5; j++) {
			uint64_t i_end = at[i] + (i ? get(at[i] + 4, 4) : 36);
			uint64_t j_end = at[j] + (j ? get(at[j] + 4, 4) : 36);
			ck_assert(i == j || i_end <= at[j] || j_end <= at[i]);
		}
	}
	ck_assert_uint_eq(get(xsdt() + 4, 4), 36 + 2 * 8);
}
END_TEST

/* @bits wide from @port on; one byte is read as a byte, more as words. */
static void check_ports(uint64_t gas, uint64_t port, unsigned bits)
{
	ck_assert_uint_eq(get(gas, 1), 1); /* system I/O */
	ck_assert_uint_eq(get(gas + 1, 1), bits);
	ck_assert_uint_eq(get(gas + 2, 1), 0);
	ck_assert_uint_eq(get(gas + 3, 1), bits == 8 ? 1 : 2);
	ck_assert_uint_eq(get(gas + 4, 8), port);
}

static void check_zero(uint64_t from, uint64_t end)
{
	for (; from < end; from++)
		ck_assert_uint_eq(get(from, 1), 0);
}

/* Both forms of the blocks, 32 and 64 bits wide, say the same; what is not listed is not there. */
static void check_fixed_hardware(uint64_t t, unsigned base, unsigned sci)
{
	check_zero(t + 44, t + 46);
	ck_assert_uint_eq(get(t + 46, 2), sci);
	check_zero(t + 48, t + 56); /* no SMI_CMD: ACPI is on */
	ck_assert_uint_eq(get(t + 56, 4), base);
	ck_assert_uint_eq(get(t + 60, 4), 0); /* no PM1b */
	ck_assert_uint_eq(get(t + 64, 4), base + 4);
	check_zero(t + 68, t + 88);                    /* no PM2, timer, GPEs */
	ck_assert_uint_eq(get(t + 88, 4), 4 | 2 << 8); /* lengths: PM1 event and control */
	check_zero(t + 92, t + 96);
	ck_assert_uint_gt(get(t + 96, 2), 100);  /* no C2 */
	ck_assert_uint_gt(get(t + 98, 2), 1000); /* no C3 */
	check_zero(t + 100, t + 109);
	check_ports(t + 116, base + 6, 8);
	check_ports(t + 148, base, 32);
	check_zero(t + 160, t + 172);
	check_ports(t + 172, base + 4, 16);
	check_zero(t + 184, t + 268); /* nor the registers of hardware-reduced ACPI */
}

START_TEST(fadt_fields)
{
	write_ok(devs, 2);
	uint64_t t = fadt();
	ck_assert_uint_eq(get(t + 4, 4), 276);
	ck_assert_uint_eq(get(t + 36, 4), X86_FACS_GPA);
	ck_assert_uint_eq(get(t + 40, 4), dsdt());  /* DSDT */
	ck_assert_uint_eq(get(t + 109, 2), 1 << 2); /* no VGA, no 8042, a CMOS RTC */
	/* reset register; no fixed RTC, sleep and power buttons; WBINVD; not hardware-reduced */
	ck_assert_uint_eq(get(t + 112, 4), 1 << 10 | 1 << 6 | 1 << 5 | 1 << 4 | 1 << 0);
	ck_assert_uint_eq(get(t + 128, 1), ACPI_PM_RESET_VALUE);
	ck_assert_uint_eq(get(t + 131, 1), 5); /* minor revision */
	ck_assert_uint_eq(get(t + 132, 8), 0); /* one address of the FACS is enough */
	check_fixed_hardware(t, 0x600, 9);
}
END_TEST

START_TEST(fadt_follows_the_devices)
{
	struct devlist d = {only_pm, 1};
	write_ok(d, 1);
	uint64_t t = fadt();
	check_fixed_hardware(t, 0x1230, 11);
	ck_assert_uint_eq(get(t + 109, 2), 1 << 5 | 1 << 2); /* no CMOS RTC either */
}
END_TEST

START_TEST(facs_fields)
{
	write_ok(devs, 1);
	uint64_t t = get(fadt() + 36, 4);
	ck_assert_uint_eq(t % 64, 0);
	ck_assert(has(t, "FACS"));
	ck_assert_uint_eq(get(t + 4, 4), 64);
	check_zero(t + 8, t + 32); /* no waking vector, nobody has the global lock */
	ck_assert_uint_eq(get(t + 32, 1), 2);
	check_zero(t + 33, t + 64);
}
END_TEST

/* Bytes of the MADT's entries that are no CPUs: IO-APIC, an override a device's interrupt, NMI. */
static unsigned other_entries(void)
{
	unsigned overrides = 0;
	for (unsigned i = 0; i < devs.n; i++)
		overrides += devs.dev[i].irq != DEV_NO_IRQ;
	return 12 + overrides * 10 + 6;
}

static const unsigned cpu_counts[] = {1, 2, 254, 255, 256, 257, 1000};

/* An ISA interrupt at its own GSI, a level, active high. Returns where the next entry is. */
static uint64_t check_override(uint64_t at, unsigned irq)
{
	ck_assert_uint_eq(get(at, 4), 2 | 10 << 8 | 0 << 16 | irq << 24); /* type, length, ISA */
	ck_assert_uint_eq(get(at + 4, 4), irq);
	ck_assert_uint_eq(get(at + 8, 2), 0xd);
	return at + 10;
}

START_TEST(madt_cpus)
{
	unsigned cpus = cpu_counts[_i], xapic = cpus < 255 ? cpus : 255;
	write_ok(devs, cpus);
	uint64_t t = madt(), at = t + 44;
	ck_assert_uint_eq(get(t + 36, 4), 0xfee00000);
	ck_assert_uint_eq(get(t + 40, 4), 1); /* PCAT_COMPAT */
	for (unsigned id = 0; id < xapic; id++, at += 8) {
		ck_assert_uint_eq(get(at, 2), 0 | 8 << 8); /* type, length */
		ck_assert_uint_eq(get(at + 2, 1), id);     /* uid */
		ck_assert_uint_eq(get(at + 3, 1), id);
		ck_assert_uint_eq(get(at + 4, 4), 1); /* enabled */
	}
	for (unsigned id = xapic; id < cpus; id++, at += 16) {
		ck_assert_uint_eq(get(at, 4), 9 | 16 << 8);
		ck_assert_uint_eq(get(at + 4, 4), id);
		ck_assert_uint_eq(get(at + 8, 4), 1);
		ck_assert_uint_eq(get(at + 12, 4), id); /* uid */
	}
	ck_assert_uint_eq(get(at, 2), 1 | 12 << 8); /* the IO-APIC */
	ck_assert_uint_eq(get(at + 2, 1), cpus <= 255 ? cpus : 0);
	ck_assert_uint_eq(get(at + 4, 4), 0xfec00000);
	ck_assert_uint_eq(get(at + 8, 4), 0);
	at += 12;
	for (unsigned i = 0; i < devs.n; i++) {
		if (devs.dev[i].irq != DEV_NO_IRQ)
			at = check_override(at, (unsigned)devs.dev[i].irq);
	}
	ck_assert_uint_eq(get(at, 2), 4 | 6 << 8); /* NMI on LINT1 of all */
	ck_assert_uint_eq(get(at + 2, 1), 0xff);
	ck_assert_uint_eq(get(at + 3, 2), 0);
	ck_assert_uint_eq(get(at + 5, 1), 1);
	ck_assert_uint_eq(at + 6, t + get(t + 4, 4));
}
END_TEST

START_TEST(as_many_cpus_as_fit)
{
	write_ok(devs, 1);
	uint64_t room = X86_ACPI_GPA + X86_ACPI_BYTES - madt();
	unsigned most = 255 + (unsigned)((room - (44 + 255 * 8 + other_entries())) / 16);
	ck_assert_uint_gt(most, 3000);
	write_ok(devs, most);
	ck_assert_uint_gt(madt() + get(madt() + 4, 4) + 16, X86_ACPI_GPA + X86_ACPI_BYTES);

	static const unsigned beyond[] = {1, 2, 1000, 1000000};
	for (unsigned i = 0; i < 4; i++) {
		struct gmem mem = lowmem_init(LOWMEM_BYTES);
		struct err e = {""};
		gpa_t rsdp_gpa = 7;
		char want[ERR_TEXT_BYTES];
		unsigned cpus = most + beyond[i];
		snprintf(want, sizeof(want),
			 "ACPI tables: a MADT for %u CPUs takes %llu bytes, but there is room for "
			 "%llu",
			 cpus, 44 + 255 * 8 + (cpus - 255) * 16ULL + other_entries(),
			 (unsigned long long)room);
		ck_assert_int_eq(acpi_write(&mem, devs, cpus, &rsdp_gpa, &e), -1);
		ck_assert_str_eq(e.text, want);
		ck_assert_uint_eq(rsdp_gpa, 7);
		lowmem_untouched(0, X86_ACPI_GPA);
		lowmem_untouched(X86_ACPI_GPA + X86_ACPI_BYTES, LOWMEM_BYTES);
	}
}
END_TEST

START_TEST(cpu_count_does_not_wrap)
{
	struct gmem mem = lowmem_init(LOWMEM_BYTES);
	struct err e = {""};
	gpa_t rsdp_gpa;
	char want[ERR_TEXT_BYTES];
	write_ok(devs, 1);
	snprintf(want, sizeof(want),
		 "ACPI tables: a MADT for 4294967295 CPUs takes %llu bytes, but there is room for "
		 "%llu",
		 44 + 255 * 8 + (4294967295ULL - 255) * 16 + other_entries(),
		 (unsigned long long)(X86_ACPI_GPA + X86_ACPI_BYTES - madt()));
	ck_assert_int_eq(acpi_write(&mem, devs, ~0U, &rsdp_gpa, &e), -1);
	ck_assert_str_eq(e.text, want);
}
END_TEST

START_TEST(no_cpu)
{
	struct gmem mem = lowmem_init(LOWMEM_BYTES);
	struct err e = {""};
	gpa_t rsdp_gpa;
	ck_assert_int_eq(acpi_write(&mem, devs, 0, &rsdp_gpa, &e), -1);
	ck_assert_str_eq(e.text, "ACPI tables: 0 CPUs, expected at least 1");
	lowmem_untouched(0, LOWMEM_BYTES);
}
END_TEST

/* Whether the bytes occur in the DSDT's AML. */
static bool aml_has(const void *bytes, size_t len)
{
	uint64_t t = dsdt();
	return memmem(lowmem + t + 36, get(t + 4, 4) - 36, bytes, len) != NULL;
}

START_TEST(dsdt_devices)
{
	write_ok(devs, 1);
	static const uint8_t s5[] = {0x08, '\\', '_', 'S', '5', '_', 0x12, 7, 4, 0x0a, 5, 0, 0, 0};
	static const uint8_t uart[] = {0x47, 1, 0xf8, 3, 0xf8, 3, 1, 8, /* IO */
				       0x89, 6, 0,    1, 1,    4, 0, 0, 0, 0x79, 0};
	static const uint8_t rtc[] = {0x47, 1, 0x70, 0, 0x70, 0, 1, 2, /* IO */
				      0x89, 6, 0,    1, 1,    8, 0, 0, 0, 0x79, 0};
	static const uint8_t panic[] = {0x47, 1, 0x05, 5, 0x05, 5, 1, 1, 0x79, 0};
	static const uint8_t pnp0501[] = {0x0c, 0x41, 0xd0, 5, 1},
			     pnp0b00[] = {0x0c, 0x41, 0xd0, 0xb, 0};
	ck_assert(aml_has(s5, sizeof(s5)));
	ck_assert(aml_has("\\_SB_", 5));
	ck_assert(aml_has("\x08_HID\x0dQEMU0001", 15));
	ck_assert(aml_has(uart, sizeof(uart)));
	ck_assert(aml_has(rtc, sizeof(rtc)));
	ck_assert(aml_has(panic, sizeof(panic)));
	ck_assert(aml_has(pnp0501, sizeof(pnp0501)));
	ck_assert(aml_has(pnp0b00, sizeof(pnp0b00)));
}
END_TEST

START_TEST(dsdt_names_only_what_is_there)
{
	struct devlist d = {only_pm, 1};
	write_ok(d, 1);
	ck_assert(aml_has("_S5_", 4));
	ck_assert(!aml_has("_HID", 4));
}
END_TEST

static const struct {
	struct devlist devs;
	uint64_t ram;
	const char *text;
} errors[] = {
	{{no_pm, 1}, LOWMEM_BYTES, "ACPI tables: the machine has no power management registers"},
	{{NULL, 0}, LOWMEM_BYTES, "ACPI tables: the machine has no power management registers"},
	{{no_sci, 1},
	 LOWMEM_BYTES,
	 "ACPI tables: the power management registers have no interrupt (SCI)"},
	{{mmio_pm, 1},
	 LOWMEM_BYTES,
	 "ACPI tables: the power management registers are no I/O ports"},
	{{high_pm, 1},
	 LOWMEM_BYTES,
	 "ACPI tables: the power management registers are no I/O ports"},
	{{only_pm, 1}, 0xeffff, "ACPI tables: 65536 bytes at 0xe0000 do not lie in RAM"},
	{{only_pm, 1}, 0x1000, "ACPI tables: 65536 bytes at 0xe0000 do not lie in RAM"},
};

START_TEST(refused)
{
	struct gmem mem = lowmem_init(errors[_i].ram);
	struct err e = {""};
	gpa_t rsdp_gpa = 7;
	ck_assert_int_eq(acpi_write(&mem, errors[_i].devs, 1, &rsdp_gpa, &e), -1);
	ck_assert_str_eq(e.text, errors[_i].text);
	ck_assert_uint_eq(rsdp_gpa, 7);
	lowmem_untouched(0, LOWMEM_BYTES);
}
END_TEST

/* Outside of any test: no ck_assert here. The XSDT lies at 48, the first entry is the FADT. */
static int dump(const char *path)
{
	struct gmem mem = {.range = {{0, sizeof(lowmem), lowmem}}, .n = 1};
	uint64_t fadt_gpa, dsdt_gpa;
	uint32_t length;
	gpa_t rsdp_gpa;
	if (acpi_write(&mem, devs, 4, &rsdp_gpa, NULL))
		return 1;
	memcpy(&fadt_gpa, lowmem + rsdp_gpa + 48 + 36, sizeof(fadt_gpa));
	memcpy(&dsdt_gpa, lowmem + fadt_gpa + 140, sizeof(dsdt_gpa));
	memcpy(&length, lowmem + dsdt_gpa + 4, sizeof(length));

	FILE *f = fopen(path, "wb");
	if (!f)
		return 1;
	bool ok = fwrite(lowmem + dsdt_gpa, 1, length, f) == length;
	return fclose(f) == 0 && ok ? 0 : 1;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--dump") == 0)
		return dump(argv[2]);

	Suite *s = suite_create("acpi");
	TCase *t = tcase_create("all");
	tcase_add_test(t, rsdp);
	tcase_add_test(t, tables_do_not_overlap);
	tcase_add_test(t, fadt_fields);
	tcase_add_test(t, fadt_follows_the_devices);
	tcase_add_test(t, facs_fields);
	tcase_add_loop_test(t, madt_cpus, 0, sizeof(cpu_counts) / sizeof(cpu_counts[0]));
	tcase_add_test(t, as_many_cpus_as_fit);
	tcase_add_test(t, cpu_count_does_not_wrap);
	tcase_add_test(t, no_cpu);
	tcase_add_test(t, dsdt_devices);
	tcase_add_test(t, dsdt_names_only_what_is_there);
	tcase_add_loop_test(t, refused, 0, sizeof(errors) / sizeof(errors[0]));
	suite_add_tcase(s, t);
	return run_suite(s);
}

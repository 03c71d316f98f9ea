/* SPDX-License-Identifier: BSD-3-Clause */
/* The MP table, read as a kernel does. Offsets are the MultiProcessor Specification 1.4's. */
#include "arch/x86_64/mptable.h"

#include "arch/x86_64/layout.h"
#include "lowmem.h"

#include <stdio.h>

static const struct devdesc uart[] = {
	{DEV_CMOS, DEV_PIO, 0x70, 2, 8},
	{DEV_UART16550, DEV_PIO, 0x3f8, 8, 4},
};
static const struct devlist devs = {uart, 2};

enum { TABLE = X86_MPTABLE_GPA + 16 };

static uint64_t get(uint64_t gpa, unsigned bytes)
{
	uint64_t v = 0;
	ck_assert_uint_le(gpa + bytes, LOWMEM_BYTES);
	memcpy(&v, lowmem + gpa, bytes);
	return v;
}

static void write_ok(struct devlist d, unsigned cpus)
{
	struct gmem mem = lowmem_init(LOWMEM_BYTES);
	struct err e = {""};
	ck_assert_msg(mptable_write(&mem, d, cpus, &e) == 0, "%s", e.text);
	lowmem_untouched(0, X86_MPTABLE_GPA);
	lowmem_untouched(TABLE + get(TABLE + 4, 2), LOWMEM_BYTES);
}

START_TEST(floating_pointer)
{
	write_ok(devs, 1);
	ck_assert_int_eq(memcmp(lowmem + X86_MPTABLE_GPA, "_MP_", 4), 0);
	ck_assert_uint_eq(get(X86_MPTABLE_GPA + 4, 4), TABLE);
	ck_assert_uint_eq(get(X86_MPTABLE_GPA + 8, 1), 1); /* 16 bytes */
	ck_assert_uint_eq(get(X86_MPTABLE_GPA + 9, 1), 4);
	ck_assert_uint_eq(get(X86_MPTABLE_GPA + 11, 5), 0); /* features */
	ck_assert_uint_eq(lowmem_sum(X86_MPTABLE_GPA, 16), 0);
}
END_TEST

static const unsigned cpu_counts[] = {1, 2, 41, 253, 254, 255, 256, 1000};

START_TEST(header)
{
	unsigned cpus = cpu_counts[_i] < 254 ? cpu_counts[_i] : 254;
	write_ok(devs, cpu_counts[_i]);
	ck_assert_int_eq(memcmp(lowmem + TABLE, "PCMP", 4), 0);
	ck_assert_uint_eq(get(TABLE + 4, 2), 44 + cpus * 20 + (1 + 1 + 16 + 2) * 8);
	ck_assert_uint_eq(get(TABLE + 6, 1), 4);
	ck_assert_uint_eq(lowmem_sum(TABLE, get(TABLE + 4, 2)), 0);
	ck_assert_int_eq(memcmp(lowmem + TABLE + 8, "MINIVMM MICRO-VM    ", 20), 0);
	ck_assert_uint_eq(get(TABLE + 28, 6), 0); /* no OEM table */
	ck_assert_uint_eq(get(TABLE + 34, 2), cpus + 1 + 1 + 16 + 2);
	ck_assert_uint_eq(get(TABLE + 36, 4), 0xfee00000);
	ck_assert_uint_eq(get(TABLE + 40, 4), 0); /* no extended table */
}
END_TEST

/* The entries of 8 bytes after the processors'. */
static void check_entry(uint64_t *at, const uint8_t want[8])
{
	ck_assert_mem_eq(lowmem + *at, want, 8);
	*at += 8;
}

START_TEST(entries)
{
	unsigned cpus = cpu_counts[_i] < 254 ? cpu_counts[_i] : 254;
	uint8_t ioapic = (uint8_t)cpus; /* the first id that no CPU has */
	uint64_t at = TABLE + 44;
	write_ok(devs, cpu_counts[_i]);
	for (unsigned id = 0; id < cpus; id++, at += 20) {
		ck_assert_uint_eq(get(at, 1), 0);
		ck_assert_uint_eq(get(at + 1, 1), id);
		ck_assert_uint_eq(get(at + 3, 1), id == 0 ? 3 : 1); /* bootstrap, enabled */
		ck_assert_uint_eq(get(at + 12, 8), 0);
	}
	check_entry(&at, (const uint8_t[8]){1, 0, 'I', 'S', 'A', ' ', ' ', ' '});
	check_entry(&at, (const uint8_t[8]){2, ioapic, 0x11, 1, 0, 0, 0xc0, 0xfe});
	for (uint8_t irq = 0; irq < 16; irq++) { /* IRQs 4, COM1, and 8, RTC: level, active high */
		uint8_t flags = irq == 4 || irq == 8 ? 0xd : 0;
		check_entry(&at, (const uint8_t[8]){3, 0, flags, 0, 0, irq, ioapic, irq});
	}
	check_entry(&at, (const uint8_t[8]){4, 3, 0, 0, 0, 0, 0xff, 0}); /* ExtINT */
	check_entry(&at, (const uint8_t[8]){4, 1, 0, 0, 0, 0, 0xff, 1}); /* NMI */
	ck_assert_uint_eq(at, TABLE + get(TABLE + 4, 2));
}
END_TEST

START_TEST(without_devices)
{
	struct devlist none = {NULL, 0};
	write_ok(none, 1);
	for (unsigned irq = 0; irq < 16; irq++)
		ck_assert_uint_eq(get(TABLE + 44 + 20 + 16 + irq * 8 + 2, 2), 0);
}
END_TEST

START_TEST(refused)
{
	static const struct {
		unsigned cpus;
		uint64_t ram;
		const char *text;
	} cases[] = {
		{0, LOWMEM_BYTES, "MP table: 0 CPUs, expected at least 1"},
		{1, 0xf00ef, "MP table: 240 bytes at 0xf0000 do not lie in RAM"},
		{1, 0x1000, "MP table: 240 bytes at 0xf0000 do not lie in RAM"},
		{255, 0xf0100, "MP table: 5300 bytes at 0xf0000 do not lie in RAM"},
	};
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gmem mem = lowmem_init(cases[i].ram);
		struct err e = {""};
		ck_assert_int_eq(mptable_write(&mem, devs, cases[i].cpus, &e), -1);
		ck_assert_str_eq(e.text, cases[i].text);
		lowmem_untouched(0, LOWMEM_BYTES);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mptable");
	TCase *t = tcase_create("all");
	const int n = sizeof(cpu_counts) / sizeof(cpu_counts[0]);
	tcase_add_test(t, floating_pointer);
	tcase_add_loop_test(t, header, 0, n);
	tcase_add_loop_test(t, entries, 0, n);
	tcase_add_test(t, without_devices);
	tcase_add_test(t, refused);
	suite_add_tcase(s, t);
	return run_suite(s);
}

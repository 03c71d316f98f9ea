/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The device tree, read back with libfdt. --dump VERSION CPUS FILE writes one for test_dtb.sh,
 * which has dtc and dt-validate judge it.
 */
#include "arch/aarch64/dtb.h"

#include "arm64.h"
#include "suite.h"

#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 1 << 20, FILL = 0xa5 };

static uint64_t storage[ROOM / 8];
static void *const fdt = storage;

static void build(const struct dtb_config *cfg)
{
	struct err e = {""};
	size_t room = dtb_room(cfg);

	ck_assert_uint_lt(room, ROOM);
	memset(storage, FILL, sizeof(storage));
	int n = dtb_build(cfg, storage, room, &e);
	ck_assert_msg(n > 0, "%s", e.text);
	ck_assert_uint_le((size_t)n, room);
	ck_assert_int_eq(fdt_check_full(fdt, (size_t)n), 0);
	ck_assert_uint_eq(fdt_totalsize(fdt), (size_t)n);
	while (room < ROOM && ((uint8_t *)storage)[room] == FILL)
		room++;
	ck_assert_uint_eq(room, ROOM);
}

static int node(const char *path)
{
	int at = fdt_path_offset(fdt, path);
	ck_assert_msg(at >= 0, "no %s", path);
	return at;
}

static const void *property(const char *path, const char *name, int size)
{
	int len;
	const void *value = fdt_getprop(fdt, node(path), name, &len);
	ck_assert_msg(value != NULL, "%s has no %s", path, name);
	ck_assert_msg(len == size, "%s/%s has %d bytes, expected %d", path, name, len, size);
	return value;
}

static void is_text(const char *path, const char *name, const char *value)
{
	ck_assert_str_eq(property(path, name, (int)strlen(value) + 1), value);
}

static void is_cells(const char *path, const char *name, const uint32_t *value, int n)
{
	const fdt32_t *cell = property(path, name, n * 4);
	for (int i = 0; i < n; i++)
		ck_assert_msg(fdt32_ld(&cell[i]) == value[i],
			      "%s/%s: cell %d is 0x%x, expected 0x%x", path, name, i,
			      fdt32_ld(&cell[i]), value[i]);
}

#define CELLS(path, name, ...)                                                                     \
	is_cells(path, name, (const uint32_t[]){__VA_ARGS__},                                      \
		 COUNT(((const uint32_t[]){__VA_ARGS__})))

static void absent(const char *path, const char *name)
{
	int at = fdt_path_offset(fdt, path);
	if (name)
		ck_assert_ptr_null(fdt_getprop(fdt, at, name, NULL));
	else
		ck_assert_int_lt(at, 0);
}

static unsigned children(const char *path)
{
	unsigned n = 0;
	int child;
	fdt_for_each_subnode(child, fdt, node(path)) n++;
	return n;
}

START_TEST(root)
{
	struct dtb_config cfg = arm64_config(1);
	build(&cfg);
	is_text("/", "compatible", "linux,dummy-virt");
	is_text("/", "model", "minivmm");
	CELLS("/", "#address-cells", 2);
	CELLS("/", "#size-cells", 2);
	CELLS("/", "interrupt-parent", fdt_get_phandle(fdt, node("/interrupt-controller@8000000")));
}
END_TEST

START_TEST(chosen)
{
	struct dtb_config cfg = arm64_config(1);
	build(&cfg);
	is_text("/chosen", "bootargs", "console=ttyS0 \"a b\"");
	is_text("/chosen", "stdout-path", "/serial@1000000:115200n8");
	is_text("/aliases", "serial0", "/serial@1000000");
	CELLS("/chosen", "linux,initrd-start", 0x9ffff000);
	CELLS("/chosen", "linux,initrd-end", 0x9ffff234);
	ck_assert_mem_eq(property("/chosen", "rng-seed", 64), cfg.seeds->rng, 64);
	ck_assert_mem_eq(property("/chosen", "kaslr-seed", 8), cfg.seeds->kaslr, 8);

	cfg.initrd = (struct initrd){0xfffff000, 0x1000}; /* ends at 4 GiB */
	build(&cfg);
	CELLS("/chosen", "linux,initrd-start", 0, 0xfffff000);
	CELLS("/chosen", "linux,initrd-end", 1, 0);
	cfg.initrd = (struct initrd){0x1fffff000, 0x1001};
	cfg.cmdline = "";
	build(&cfg);
	is_text("/chosen", "bootargs", "");
	CELLS("/chosen", "linux,initrd-start", 1, 0xfffff000);
	CELLS("/chosen", "linux,initrd-end", 2, 1);

	cfg.initrd.size = 0;
	build(&cfg);
	absent("/chosen", "linux,initrd-start");
	absent("/chosen", "linux,initrd-end");
}
END_TEST

START_TEST(memory)
{
	const struct gmem mem = {
		.range = {{ARM64_RAM_GPA, 0x340000000, NULL}, {1ull << 40, 4096, NULL}}, .n = 2};
	struct dtb_config cfg = arm64_config(1);
	build(&cfg);
	is_text("/memory@80000000", "device_type", "memory");
	CELLS("/memory@80000000", "reg", 0, 0x80000000, 0, 512 << 20);

	cfg.mem = &mem;
	build(&cfg);
	CELLS("/memory@80000000", "reg", 0, 0x80000000, 3, 0x40000000);
	CELLS("/memory@10000000000", "reg", 0x100, 0, 0, 4096);
}
END_TEST

/* A cluster has 16 CPUs. */
START_TEST(cpu_nodes)
{
	static const struct {
		unsigned id;
		uint32_t mpidr;
		const char *path;
	} some[] = {
		{0, 0x0, "/cpus/cpu@0"},       {1, 0x1, "/cpus/cpu@1"},
		{15, 0xf, "/cpus/cpu@f"},      {16, 0x100, "/cpus/cpu@100"},
		{31, 0x10f, "/cpus/cpu@10f"},  {32, 0x200, "/cpus/cpu@200"},
		{254, 0xf0e, "/cpus/cpu@f0e"}, {511, 0x1f0f, "/cpus/cpu@1f0f"},
	};
	struct dtb_config cfg = arm64_config(512);
	build(&cfg);
	ck_assert_uint_eq(children("/cpus"), 512);
	CELLS("/cpus", "#address-cells", 1);
	CELLS("/cpus", "#size-cells", 0);
	for (int i = 0; i < COUNT(some); i++) {
		is_text(some[i].path, "device_type", "cpu");
		is_text(some[i].path, "compatible", "arm,armv8");
		is_text(some[i].path, "enable-method", "psci");
		CELLS(some[i].path, "reg", some[i].mpidr);
	}
	CELLS("/interrupt-controller@8000000", "reg", 0, 0x08000000, 0, 0x10000, 0, 0x10000000, 0,
	      512 * 0x20000);
	cfg.cpus = 3;
	build(&cfg);
	ck_assert_uint_eq(children("/cpus"), 3);
}
END_TEST

START_TEST(psci)
{
	struct dtb_config cfg = arm64_config(1);
	build(&cfg);
	ck_assert_int_eq(fdt_node_check_compatible(fdt, node("/psci"), "arm,psci-1.0"), 0);
	ck_assert_int_eq(fdt_node_check_compatible(fdt, node("/psci"), "arm,psci-0.2"), 0);
	is_text("/psci", "method", "hvc");
}
END_TEST

START_TEST(gicv3)
{
	const char *gic = "/interrupt-controller@8000000";
	struct dtb_config cfg = arm64_config(2);
	build(&cfg);
	is_text(gic, "compatible", "arm,gic-v3");
	property(gic, "interrupt-controller", 0);
	CELLS(gic, "#interrupt-cells", 3);
	CELLS(gic, "reg", 0, 0x08000000, 0, 0x10000, 0, 0x10000000, 0, 2 * 0x20000);
	CELLS("/timer", "interrupts", 1, 13, 8, 1, 14, 8, 1, 11, 8, 1, 10, 8);
	CELLS("/pmu", "interrupts", 1, 7, 8);
}
END_TEST

START_TEST(gicv2)
{
	const char *gic = "/interrupt-controller@8000000";
	struct dtb_config cfg = arm64_config(8);
	cfg.gic_version = 2;
	build(&cfg);
	is_text(gic, "compatible", "arm,cortex-a15-gic");
	CELLS(gic, "reg", 0, 0x08000000, 0, 0x1000, 0, 0x08010000, 0, 0x2000);
	CELLS("/timer", "interrupts", 1, 13, 0xff08, 1, 14, 0xff08, 1, 11, 0xff08, 1, 10, 0xff08);
	CELLS("/pmu", "interrupts", 1, 7, 0xff08);
	cfg.cpus = 1;
	build(&cfg);
	CELLS("/timer", "interrupts", 1, 13, 0x108, 1, 14, 0x108, 1, 11, 0x108, 1, 10, 0x108);
}
END_TEST

START_TEST(timer_and_pmu)
{
	struct dtb_config cfg = arm64_config(1);
	build(&cfg);
	is_text("/timer", "compatible", "arm,armv8-timer");
	property("/timer", "always-on", 0);
	is_text("/pmu", "compatible", "arm,armv8-pmuv3");
	cfg.pmu = false;
	build(&cfg);
	absent("/pmu", NULL);
}
END_TEST

START_TEST(devices)
{
	struct dtb_config cfg = arm64_config(1);
	build(&cfg);
	is_text("/serial@1000000", "compatible", "ns16550a");
	CELLS("/serial@1000000", "reg", 0, 0x01000000, 0, 8);
	CELLS("/serial@1000000", "reg-shift", 0);
	CELLS("/serial@1000000", "reg-io-width", 1);
	CELLS("/serial@1000000", "clock-frequency", 1843200);
	CELLS("/serial@1000000", "interrupts", 0, ARM64_UART_SPI, 4);
	ck_assert_int_eq(fdt_node_check_compatible(fdt, node("/rtc@1010000"), "arm,pl031"), 0);
	ck_assert_int_eq(fdt_node_check_compatible(fdt, node("/rtc@1010000"), "arm,primecell"), 0);
	CELLS("/rtc@1010000", "reg", 0, 0x01010000, 0, 0x1000);
	CELLS("/rtc@1010000", "clocks", fdt_get_phandle(fdt, node("/apb-pclk")));
	is_text("/rtc@1010000", "clock-names", "apb_pclk");
	CELLS("/rtc@1010000", "interrupts", 0, ARM64_RTC_SPI, 4);
	is_text("/exit@1020000", "compatible", "minivmm,exit");
	CELLS("/exit@1020000", "reg", 0, 0x01020000, 0, 4);
	is_text("/pvpanic@1030000", "compatible", "qemu,pvpanic-mmio");
	CELLS("/pvpanic@1030000", "reg", 0, 0x01030000, 0, 1);
}
END_TEST

START_TEST(without_devices)
{
	struct dtb_config cfg = arm64_config(1);
	cfg.devs.n = 0;
	build(&cfg);
	absent("/chosen", "stdout-path");
	absent("/aliases", NULL);
	absent("/apb-pclk", NULL);
}
END_TEST

START_TEST(errors)
{
	static const struct devdesc alien = {DEV_CMOS, DEV_PIO, 0x70, 2, DEV_NO_IRQ};
	struct dtb_config cfg = arm64_config(2);
	struct err e = {""};
	ck_assert_int_eq(dtb_build(&cfg, storage, 600, &e), -1);
	ck_assert_str_eq(e.text, "device tree: 600 bytes of room for 2 CPUs: FDT_ERR_NOSPACE");
	ck_assert_int_eq(dtb_build(&cfg, storage, 8, &e), -1);
	ck_assert_str_eq(e.text, "device tree: 8 bytes of room for 2 CPUs: FDT_ERR_NOSPACE");
	cfg.devs = (struct devlist){&alien, 1};
	ck_assert_int_eq(dtb_build(&cfg, storage, ROOM, &e), -1);
	ck_assert_str_eq(e.text, "device tree: no node for a device of kind 2");
}
END_TEST

/* The room is enough for a long command line, too. */
START_TEST(long_command_line)
{
	static char line[65536];
	struct dtb_config cfg = arm64_config(1);
	memset(line, 'x', sizeof(line) - 1);
	cfg.cmdline = line;
	build(&cfg);
	is_text("/chosen", "bootargs", line);
}
END_TEST

static int dump(unsigned gic_version, unsigned cpus, const char *path)
{
	struct dtb_config cfg = arm64_config(cpus);
	struct err e;
	cfg.gic_version = gic_version;
	int n = dtb_build(&cfg, storage, dtb_room(&cfg), &e);
	FILE *f = fopen(path, "wb");
	bool ok = f && n > 0 && fwrite(storage, (size_t)n, 1, f) == 1;
	return f && fclose(f) == 0 && ok ? 0 : 1;
}

int main(int argc, char **argv)
{
	if (argc == 5 && strcmp(argv[1], "--dump") == 0)
		return dump((unsigned)atoi(argv[2]), (unsigned)atoi(argv[3]), argv[4]);
	Suite *s = suite_create("dtb");
	TCase *t = tcase_create("all");
	tcase_add_test(t, root);
	tcase_add_test(t, chosen);
	tcase_add_test(t, memory);
	tcase_add_test(t, cpu_nodes);
	tcase_add_test(t, psci);
	tcase_add_test(t, gicv3);
	tcase_add_test(t, gicv2);
	tcase_add_test(t, timer_and_pmu);
	tcase_add_test(t, devices);
	tcase_add_test(t, without_devices);
	tcase_add_test(t, errors);
	tcase_add_test(t, long_command_line);
	suite_add_tcase(s, t);
	return run_suite(s);
}

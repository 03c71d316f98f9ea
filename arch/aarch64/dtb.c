/* SPDX-License-Identifier: BSD-3-Clause */
/* The device tree, written from front to back: see dtb.h. */
#include "arch/aarch64/dtb.h"

#include "arch/aarch64/layout.h"
#include "arch/aarch64/mpidr.h"

#include <libfdt.h>
#include <stdio.h>
#include <string.h>

enum { PHANDLE_GIC = 1, PHANDLE_CLOCK };

/* Cells of an interrupt specifier: Documentation/devicetree/bindings/interrupt-controller. */
enum { GIC_SPI = 0, GIC_PPI = 1 };
enum { LEVEL_HIGH = 4, LEVEL_LOW = 8 };

enum {
	UART_CLOCK_HZ = 1843200, /* 16 times 115200 */
	APB_CLOCK_HZ = 24000000,
};

/* What dtb_room() counts with: at least what a node with all its properties takes. */
enum { FIXED_BYTES = 4096, CPU_BYTES = 128, DEVICE_BYTES = 256 };

/* A tree in the making. Once something fails, nothing more is written. */
struct tree {
	void *fdt;
	int error;
};

static void begin(struct tree *t, const char *name)
{
	if (!t->error)
		t->error = fdt_begin_node(t->fdt, name);
}

/* "NAME@ADDRESS" */
static void begin_at(struct tree *t, const char *name, uint64_t address)
{
	char full[48];

	snprintf(full, sizeof(full), "%s@%llx", name, (unsigned long long)address);
	begin(t, full);
}

static void end(struct tree *t)
{
	if (!t->error)
		t->error = fdt_end_node(t->fdt);
}

static void bytes(struct tree *t, const char *name, const void *value, size_t size)
{
	if (!t->error)
		t->error = fdt_property(t->fdt, name, value, (int)size);
}

static void flag(struct tree *t, const char *name)
{
	bytes(t, name, NULL, 0);
}

static void text(struct tree *t, const char *name, const char *value)
{
	bytes(t, name, value, strlen(value) + 1);
}

/* A list of strings, a literal with "\0" between them. */
#define TEXTS(t, name, literal) bytes(t, name, literal, sizeof(literal))

static void cells(struct tree *t, const char *name, const uint32_t *value, unsigned n)
{
	fdt32_t cell[16];

	for (unsigned i = 0; i < n; i++)
		cell[i] = cpu_to_fdt32(value[i]);
	bytes(t, name, cell, n * sizeof(cell[0]));
}

#define CELLS(t, name, ...)                                                                        \
	cells(t, name, (const uint32_t[]){__VA_ARGS__},                                            \
	      sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

/* Numbers of two cells each. */
#define HIGH(x)            (uint32_t)((uint64_t)(x) >> 32)
#define LOW(x)             (uint32_t)(x)
#define WIDE(t, name, x)   CELLS(t, name, HIGH(x), LOW(x))
#define REG(t, base, size) CELLS(t, "reg", HIGH(base), LOW(base), HIGH(size), LOW(size))
#define REG2(t, b1, s1, b2, s2)                                                                    \
	CELLS(t, "reg", HIGH(b1), LOW(b1), HIGH(s1), LOW(s1), HIGH(b2), LOW(b2), HIGH(s2), LOW(s2))

/* One cell where that is enough: dt-schema of 2022 knows no other, kernels take both. */
static void put_initrd(struct tree *t, struct initrd initrd)
{
	uint64_t past = initrd.base + initrd.size;

	if (!initrd.size)
		return;
	if (past <= UINT32_MAX) {
		CELLS(t, "linux,initrd-start", LOW(initrd.base));
		CELLS(t, "linux,initrd-end", LOW(past));
	} else {
		WIDE(t, "linux,initrd-start", initrd.base);
		WIDE(t, "linux,initrd-end", past);
	}
}

static void put_chosen(struct tree *t, const struct dtb_config *cfg)
{
	const struct devdesc *uart = devlist_find(cfg->devs, DEV_UART16550);
	char path[48];

	begin(t, "chosen");
	text(t, "bootargs", cfg->cmdline);
	if (uart) {
		snprintf(path, sizeof(path), "/serial@%llx:115200n8",
			 (unsigned long long)uart->base);
		text(t, "stdout-path", path);
	}
	put_initrd(t, cfg->initrd);
	bytes(t, "rng-seed", cfg->seeds->rng, sizeof(cfg->seeds->rng));
	bytes(t, "kaslr-seed", cfg->seeds->kaslr, sizeof(cfg->seeds->kaslr));
	end(t);
}

static void put_aliases(struct tree *t, const struct dtb_config *cfg)
{
	const struct devdesc *uart = devlist_find(cfg->devs, DEV_UART16550);
	char path[48];

	if (!uart)
		return;
	snprintf(path, sizeof(path), "/serial@%llx", (unsigned long long)uart->base);
	begin(t, "aliases");
	text(t, "serial0", path);
	end(t);
}

static void put_memory(struct tree *t, const struct gmem *mem)
{
	for (unsigned i = 0; i < mem->n; i++) {
		begin_at(t, "memory", mem->range[i].base);
		text(t, "device_type", "memory");
		REG(t, mem->range[i].base, mem->range[i].size);
		end(t);
	}
}

static void put_cpus(struct tree *t, unsigned cpus)
{
	begin(t, "cpus");
	CELLS(t, "#address-cells", 1); /* Aff3 is 0 */
	CELLS(t, "#size-cells", 0);
	for (unsigned id = 0; id < cpus; id++) {
		begin_at(t, "cpu", mpidr_affinity(id));
		text(t, "device_type", "cpu");
		text(t, "compatible", "arm,armv8");
		CELLS(t, "reg", mpidr_affinity(id));
		text(t, "enable-method", "psci");
		end(t);
	}
	end(t);
}

static void put_psci(struct tree *t)
{
	begin(t, "psci");
	TEXTS(t, "compatible", "arm,psci-1.0\0arm,psci-0.2");
	text(t, "method", "hvc");
	end(t);
}

static void put_gic(struct tree *t, const struct dtb_config *cfg)
{
	begin_at(t, "interrupt-controller", ARM64_GIC_DIST_GPA);
	text(t, "compatible", cfg->gic_version == 3 ? "arm,gic-v3" : "arm,cortex-a15-gic");
	CELLS(t, "#address-cells", 0);
	CELLS(t, "#interrupt-cells", 3);
	flag(t, "interrupt-controller");
	if (cfg->gic_version == 3)
		REG2(t, ARM64_GIC_DIST_GPA, ARM64_GICV3_DIST, ARM64_GIC_REDIST_GPA,
		     ARM64_GIC_REDIST * cfg->cpus);
	else
		REG2(t, ARM64_GIC_DIST_GPA, ARM64_GICV2_DIST, ARM64_GICV2_CPU_GPA, ARM64_GICV2_CPU);
	CELLS(t, "phandle", PHANDLE_GIC);
	end(t);
}

/* The flags of a private interrupt. For a GICv2 they also say to which CPUs it is wired. */
static uint32_t ppi_flags(const struct dtb_config *cfg)
{
	return cfg->gic_version == 3 ? LEVEL_LOW : LEVEL_LOW | ((1u << cfg->cpus) - 1) << 8;
}

static void put_timer(struct tree *t, const struct dtb_config *cfg)
{
	uint32_t flags = ppi_flags(cfg);

	begin(t, "timer");
	text(t, "compatible", "arm,armv8-timer");
	CELLS(t, "interrupts", GIC_PPI, ARM64_TIMER_SECURE_PPI, flags, GIC_PPI,
	      ARM64_TIMER_PHYS_PPI, flags, GIC_PPI, ARM64_TIMER_VIRTUAL_PPI, flags, GIC_PPI,
	      ARM64_TIMER_HYP_PPI, flags);
	flag(t, "always-on");
	end(t);
}

static void put_pmu(struct tree *t, const struct dtb_config *cfg)
{
	if (!cfg->pmu)
		return;
	begin(t, "pmu");
	text(t, "compatible", "arm,armv8-pmuv3");
	CELLS(t, "interrupts", GIC_PPI, ARM64_PMU_PPI, ppi_flags(cfg));
	end(t);
}

/* The PL031's clock, which the driver of the AMBA bus asks for. */
static void put_clock(struct tree *t)
{
	begin(t, "apb-pclk");
	text(t, "compatible", "fixed-clock");
	CELLS(t, "#clock-cells", 0);
	CELLS(t, "clock-frequency", APB_CLOCK_HZ);
	text(t, "clock-output-names", "apb_pclk");
	CELLS(t, "phandle", PHANDLE_CLOCK);
	end(t);
}

static void put_uart(struct tree *t, const struct devdesc *d)
{
	begin_at(t, "serial", d->base);
	text(t, "compatible", "ns16550a");
	REG(t, d->base, d->size);
	CELLS(t, "reg-shift", 0);
	CELLS(t, "reg-io-width", 1);
	CELLS(t, "clock-frequency", UART_CLOCK_HZ);
	CELLS(t, "current-speed", 115200);
	CELLS(t, "interrupts", GIC_SPI, (uint32_t)d->irq, LEVEL_HIGH);
	end(t);
}

static void put_rtc(struct tree *t, const struct devdesc *d)
{
	begin_at(t, "rtc", d->base);
	TEXTS(t, "compatible", "arm,pl031\0arm,primecell");
	REG(t, d->base, d->size);
	CELLS(t, "clocks", PHANDLE_CLOCK);
	text(t, "clock-names", "apb_pclk");
	if (d->irq != DEV_NO_IRQ)
		CELLS(t, "interrupts", GIC_SPI, (uint32_t)d->irq, LEVEL_HIGH);
	end(t);
}

static void put_simple(struct tree *t, const struct devdesc *d, const char *name,
		       const char *compatible)
{
	begin_at(t, name, d->base);
	text(t, "compatible", compatible);
	REG(t, d->base, d->size);
	end(t);
}

static int put_device(struct tree *t, const struct devdesc *d, struct err *e)
{
	switch (d->kind) {
	case DEV_UART16550:
		put_uart(t, d);
		return 0;
	case DEV_PL031:
		put_clock(t);
		put_rtc(t, d);
		return 0;
	case DEV_PVPANIC:
		put_simple(t, d, "pvpanic", "qemu,pvpanic-mmio");
		return 0;
	case DEV_EXIT:
		put_simple(t, d, "exit", "minivmm,exit");
		return 0;
	default:
		return err_set(e, "device tree: no node for a device of kind %d", d->kind);
	}
}

static int put_root(struct tree *t, const struct dtb_config *cfg, struct err *e)
{
	begin(t, "");
	CELLS(t, "#address-cells", 2);
	CELLS(t, "#size-cells", 2);
	CELLS(t, "interrupt-parent", PHANDLE_GIC);
	text(t, "compatible", "linux,dummy-virt");
	text(t, "model", "minivmm");
	put_chosen(t, cfg);
	put_aliases(t, cfg);
	put_memory(t, cfg->mem);
	put_cpus(t, cfg->cpus);
	put_psci(t);
	put_gic(t, cfg);
	put_timer(t, cfg);
	put_pmu(t, cfg);
	for (unsigned i = 0; i < cfg->devs.n; i++)
		if (put_device(t, &cfg->devs.dev[i], e))
			return -1;
	end(t);
	return 0;
}

size_t dtb_room(const struct dtb_config *cfg)
{
	return FIXED_BYTES + strlen(cfg->cmdline) + (size_t)cfg->cpus * CPU_BYTES +
	       (size_t)cfg->devs.n * DEVICE_BYTES;
}

int dtb_build(const struct dtb_config *cfg, void *buf, size_t room, struct err *e)
{
	struct tree t = {.fdt = buf};

	t.error = fdt_create(buf, (int)room);
	if (!t.error)
		t.error = fdt_finish_reservemap(buf);
	if (put_root(&t, cfg, e))
		return -1;
	if (!t.error)
		t.error = fdt_finish(buf);
	if (t.error)
		return err_set(e, "device tree: %zu bytes of room for %u CPUs: %s", room, cfg->cpus,
			       fdt_strerror(t.error));
	return (int)fdt_totalsize(buf);
}

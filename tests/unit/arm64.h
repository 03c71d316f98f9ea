/* SPDX-License-Identifier: BSD-3-Clause */
/* An aarch64 machine as the tests of its device tree want it. */
#ifndef TESTS_UNIT_ARM64_H
#define TESTS_UNIT_ARM64_H

#include "arch/aarch64/dtb.h"
#include "arch/aarch64/layout.h"

enum { ARM64_TEST_RAM = 512 << 20 };

/* A machine with @cpus CPUs, all its devices and an initrd. What it points to is static. */
static inline struct dtb_config arm64_config(unsigned cpus)
{
	static const struct devdesc devices[] = {
		{DEV_UART16550, DEV_MMIO, ARM64_UART_GPA, ARM64_UART_BYTES, ARM64_UART_SPI},
		{DEV_PL031, DEV_MMIO, ARM64_RTC_GPA, ARM64_RTC_BYTES, ARM64_RTC_SPI},
		{DEV_EXIT, DEV_MMIO, ARM64_EXIT_GPA, ARM64_EXIT_BYTES, DEV_NO_IRQ},
		{DEV_PVPANIC, DEV_MMIO, ARM64_PVPANIC_GPA, ARM64_PVPANIC_BYTES, DEV_NO_IRQ},
	};
	static struct dtb_seeds seeds;
	static const struct gmem mem = {.range = {{ARM64_RAM_GPA, ARM64_TEST_RAM, NULL}}, .n = 1};

	for (unsigned i = 0; i < sizeof(seeds.rng); i++)
		seeds.rng[i] = (uint8_t)(i + 1);
	for (unsigned i = 0; i < sizeof(seeds.kaslr); i++)
		seeds.kaslr[i] = (uint8_t)(0xf0 + i);
	return (struct dtb_config){
		.devs = {devices, 4},
		.mem = &mem,
		.cpus = cpus,
		.gic_version = 3,
		.pmu = true,
		.cmdline = "console=ttyS0 \"a b\"",
		.initrd = {0x9ffff000, 0x234},
		.seeds = &seeds,
	};
}

#endif

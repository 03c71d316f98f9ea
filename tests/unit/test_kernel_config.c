/* SPDX-License-Identifier: BSD-3-Clause */
/* What the configuration in a guest's memory says of its console. */
#include "pack.h"
#include "suite.h"
#include "vmm/payload/kernel_config.h"

#include <stdlib.h>
#include <string.h>

#define START 0x1000

static uint8_t ram[0x4000];

/* A kernel in RAM with this .config, unless it is NULL. False where the build has no gzip. */
static bool load(const char *config)
{
	struct blob packed;
	uint8_t *at = ram + 100;

	memset(ram, 'k', sizeof(ram));
	if (!config)
		return true;
	if (!pack_data(PACK_GZIP, (struct blob){(const uint8_t *)config, strlen(config)}, &packed))
		return false;
	memcpy(at, "IKCFG_ST", 8);
	memcpy(at + 8, packed.data, packed.size);
	memcpy(at + 8 + packed.size, "IKCFG_ED", 8);
	free((void *)(uintptr_t)packed.data);
	return true;
}

#define SERIAL "CONFIG_SERIAL_8250=y\nCONFIG_SERIAL_8250_CONSOLE=y\n"

static const struct {
	const char *config, *lacks, *own;
} kernels[] = {
	{NULL, NULL, NULL},
	{"CONFIG_PRINTK=y\n" SERIAL, NULL, NULL},
	{"CONFIG_PRINTK=y\nCONFIG_VT_CONSOLE=y\n" SERIAL, NULL, "tty0 (CONFIG_VT_CONSOLE)"},
	{"# CONFIG_PRINTK is not set\n" SERIAL, "CONFIG_PRINTK", NULL},
	{"CONFIG_PRINTK=y\nCONFIG_SERIAL_8250=m\n", "CONFIG_SERIAL_8250", NULL},
	{"CONFIG_PRINTK=y\nCONFIG_SERIAL_8250=y\n", "CONFIG_SERIAL_8250_CONSOLE", NULL},
};

START_TEST(says)
{
	struct gmem mem = {.n = 0};
	struct err e;

	if (!load(kernels[_i].config))
		return;
	ck_assert_int_eq(gmem_add(&mem, START, sizeof(ram), ram, &e), 0);
	struct kernel_console c = kernel_config_console(&mem, START, START + sizeof(ram));
	ck_assert_pstr_eq(c.lacks, kernels[_i].lacks);
	ck_assert_pstr_eq(c.own, kernels[_i].own);
	/* The guest can have written anything there. */
	memset(ram + 120, 0, sizeof(ram) - 120);
	c = kernel_config_console(&mem, START, START + sizeof(ram));
	ck_assert(!c.lacks && !c.own);
	/* What is no RAM is not read. */
	c = kernel_config_console(&mem, START, START + sizeof(ram) + 1);
	ck_assert(!c.lacks && !c.own);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("kernel_config");
	TCase *t = tcase_create("kernel_config");

	tcase_add_loop_test(t, says, 0, COUNT(kernels));
	suite_add_tcase(s, t);
	return run_suite(s);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* The code at the legacy reset vector. */
#include "arch/x86_64/firmware.h"

#include "arch/acpi_pm.h"
#include "arch/x86_64/layout.h"
#include "lowmem.h"

static const struct devdesc pm = {DEV_ACPI_PM, DEV_PIO, 0x600, ACPI_PM_PORTS, 9};

START_TEST(writes_the_reset_register)
{
	static const uint8_t expected[] = {0xba, 0x06, 0x06, 0xb0, 0x01, 0xee, 0xf4, 0xeb, 0xfd};
	struct gmem mem = lowmem_init(LOWMEM_BYTES);
	struct err e;

	ck_assert_int_eq(firmware_write(&mem, (struct devlist){&pm, 1}, &e), 0);
	ck_assert_mem_eq(lowmem + 0xffff0, expected, sizeof(expected));
	lowmem_untouched(0, 0xffff0);
	lowmem_untouched(0xffff0 + sizeof(expected), LOWMEM_BYTES);
}
END_TEST

START_TEST(needs_the_ports)
{
	static const struct devdesc mmio = {DEV_ACPI_PM, DEV_MMIO, 0x600, ACPI_PM_PORTS, 9};
	static const struct devdesc high = {DEV_ACPI_PM, DEV_PIO, 0xfffa, ACPI_PM_PORTS, 9};
	const struct devlist without[] = {{NULL, 0}, {&mmio, 1}, {&high, 1}};
	struct gmem mem = lowmem_init(LOWMEM_BYTES);
	struct err e;

	ck_assert_int_eq(firmware_write(&mem, without[_i], &e), -1);
	ck_assert_str_eq(e.text, "reset vector: the machine has no ACPI PM ports");
	lowmem_untouched(0, LOWMEM_BYTES);
}
END_TEST

START_TEST(needs_ram)
{
	struct gmem mem = lowmem_init(0xffff8);
	struct err e;

	ck_assert_int_eq(firmware_write(&mem, (struct devlist){&pm, 1}, &e), -1);
	ck_assert_msg(strncmp(e.text, "reset vector", 12) == 0, "%s", e.text);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("firmware");
	TCase *t = tcase_create("firmware");

	tcase_add_test(t, writes_the_reset_register);
	tcase_add_loop_test(t, needs_the_ports, 0, 3);
	tcase_add_test(t, needs_ram);
	suite_add_tcase(s, t);
	return run_suite(s);
}

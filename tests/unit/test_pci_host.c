/* SPDX-License-Identifier: BSD-3-Clause */
/* A PCI bus with nothing but its host bridge, as software finds it by mechanism 1. */
#include "suite.h"
#include "vmm/machine/devices/pci_host.h"

#include <check.h>

enum { ADDRESS = 0, DATA = 4 };

static uint64_t get(struct pci_host *d, uint64_t offset, unsigned size)
{
	return pci_host_ops.read(d, offset, size) & (~0ull >> (64 - size * 8));
}

static void put(struct pci_host *d, uint64_t offset, unsigned size, uint64_t value)
{
	pci_host_ops.write(d, offset, size, value);
}

START_TEST(the_address_register_keeps_a_doubleword)
{
	struct pci_host d;

	pci_host_init(&d);
	ck_assert_uint_eq(get(&d, ADDRESS, 4), 0);
	put(&d, ADDRESS, 4, 0x80000000);
	ck_assert_uint_eq(get(&d, ADDRESS, 4), 0x80000000);
	put(&d, ADDRESS, 4, 0xffffffff);
	ck_assert_uint_eq(get(&d, ADDRESS, 4), 0x80fffffc); /* reserved bits are 0 */
}
END_TEST

/* 3.2.2.3.2: only doublewords are CONFIG_ADDRESS, what is narrower may be another device's. */
START_TEST(the_address_register_takes_nothing_narrower)
{
	struct pci_host d;

	pci_host_init(&d);
	put(&d, ADDRESS, 4, 0x80000010);
	put(&d, ADDRESS + 3, 1, 1); /* as Linux does to tell mechanism 1 from 2 */
	put(&d, ADDRESS + 1, 1, 6);
	put(&d, ADDRESS, 2, 0xffff);
	ck_assert_uint_eq(get(&d, ADDRESS, 4), 0x80000010);
	ck_assert_uint_eq(get(&d, ADDRESS, 1), 0xff);
	ck_assert_uint_eq(get(&d, ADDRESS + 1, 1), 0xff);
	ck_assert_uint_eq(get(&d, ADDRESS + 2, 2), 0xffff);
}
END_TEST

static const struct {
	uint32_t address;
	unsigned byte, size;
	uint64_t value;
} reads[] = {
	{0x80000000, 0, 4, 0x00081b36}, /* device, vendor */
	{0x80000000, 0, 2, 0x1b36},     {0x80000000, 2, 2, 0x0008},
	{0x80000000, 1, 1, 0x1b},       {0x80000004, 0, 4, 0}, /* status, command */
	{0x80000008, 0, 4, 0x06000000},                        /* a host bridge */
	{0x80000008, 2, 2, 0x0600},     {0x8000000c, 2, 1, 0}, /* header type 0, one function */
	{0x80000010, 0, 4, 0},                                 /* no base address register */
	{0x800000fc, 0, 4, 0},          {0x00000000, 0, 4, 0xffffffff}, /* not enabled */
	{0x80000100, 0, 4, 0xffffffff}, /* another function, device, bus: nothing there */
	{0x80000800, 0, 4, 0xffffffff}, {0x8000f800, 0, 2, 0xffff},
	{0x80010000, 0, 4, 0xffffffff}, {0x80ff0008, 2, 1, 0xff},
};

START_TEST(the_header_reads_as)
{
	struct pci_host d;

	pci_host_init(&d);
	put(&d, ADDRESS, 4, reads[_i].address);
	ck_assert_uint_eq(get(&d, DATA + reads[_i].byte, reads[_i].size), reads[_i].value);
	put(&d, DATA + reads[_i].byte, reads[_i].size, 0xa5a5a5a5); /* and cannot be changed */
	ck_assert_uint_eq(get(&d, DATA + reads[_i].byte, reads[_i].size), reads[_i].value);
	ck_assert_uint_eq(get(&d, ADDRESS, 4), reads[_i].address);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("pci_host");
	TCase *t = tcase_create("all");

	tcase_add_test(t, the_address_register_keeps_a_doubleword);
	tcase_add_test(t, the_address_register_takes_nothing_narrower);
	tcase_add_loop_test(t, the_header_reads_as, 0, sizeof(reads) / sizeof(reads[0]));
	suite_add_tcase(s, t);
	return run_suite(s);
}

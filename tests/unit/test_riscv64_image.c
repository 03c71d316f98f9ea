/* SPDX-License-Identifier: BSD-3-Clause */
#include "loading.h"

#include <check.h>
#include <stdio.h>

#define OFFSET(field) offsetof(struct riscv64_image_header, field)

static void setup(void)
{
	setup_with(kernel_riscv64_small);
}

START_TEST(loads)
{
	ck_assert_msg(load(0) == 0, "%s", e.text);
	ck_assert_int_eq((int)img.format, IMAGE_RISCV64);
	ck_assert_uint_eq(img.start, 2 * MIB);
	ck_assert_uint_eq(img.end, 2 * MIB + SMALL_ARM64_IMAGE_SIZE);
	ck_assert(img.has_entry64);
	ck_assert_uint_eq(img.entry64, 2 * MIB);
	ck_assert(!img.has_pvh);
	ck_assert_str_eq(img.no_pvh, "a riscv64 kernel has no PVH entry");
	ck_assert_uint_eq(img.cmdline_max, 1023);
	ck_assert_uint_eq(img.initrd_addr_min, img.start);
	ck_assert_uint_eq(img.initrd_addr_max, UINT64_MAX);
	ck_assert(img.initrd_above_4g);
	ck_assert_mem_eq(guest.host + 2 * MIB, k.bytes, k.size);
	ck_assert_uint_eq(guest.host[2 * MIB - 1], 0xcc);
	ck_assert_uint_eq(guest.host[2 * MIB + k.size], 0xcc);
}
END_TEST

/* Where a kernel with another field, or with a placement request, lies in 4 MiB of RAM. */
static const struct {
	size_t offset;
	uint64_t value;
	struct image_placement where;
	gpa_t start, end;
} places[] = {
	{OFFSET(text_offset), 0, {0}, 0, 0x2000},
	{OFFSET(text_offset), 0, {.lowest = 1}, 2 * MIB, 2 * MIB + 0x2000},
	{OFFSET(text_offset), 0, {.image_base = 2 * MIB}, 2 * MIB, 2 * MIB + 0x2000},
	{OFFSET(text_offset), 4 * MIB - 0x2000, {0}, 4 * MIB - 0x2000, 4 * MIB},
	{OFFSET(image_size), 2 * MIB, {0}, 2 * MIB, 4 * MIB},
	{OFFSET(image_size), 1, {0}, 2 * MIB, 2 * MIB + SMALL_ARM64_BYTES},
	{OFFSET(flags), UINT64_MAX - 1, {0}, 2 * MIB, 2 * MIB + 0x2000},
	{OFFSET(magic), 0, {0}, 2 * MIB, 2 * MIB + 0x2000},
	{OFFSET(version), 0xffff, {0}, 2 * MIB, 2 * MIB + 0x2000},
};

START_TEST(lies)
{
	kernel_put(&k, places[_i].offset, 8, places[_i].value);
	ck_assert_msg(load_at(&places[_i].where) == 0, "%s", e.text);
	ck_assert_uint_eq(img.start, places[_i].start);
	ck_assert_uint_eq(img.end, places[_i].end);
	ck_assert_uint_eq(img.entry64, img.start);
	ck_assert_mem_eq(guest.host + img.start, k.bytes, k.size);
}
END_TEST

static const struct patch bad_fields[] = {
	{OFFSET(flags), 1, 1,
	 "riscv64 Image: flags=0x1, expected bit 0 clear: this is a big-endian kernel"},
	{OFFSET(version), 4, 0x10002, "riscv64 Image: header version 1.2, expected 0.x"},
	{OFFSET(image_size), 8, 0,
	 "riscv64 Image: text_offset=0x200000, image_size=0x0, expected at most "
	 "0x100000000000000, and image_size above 0"},
	{OFFSET(image_size), 8, UINT64_MAX,
	 "riscv64 Image: text_offset=0x200000, image_size=0xffffffffffffffff, expected at most "
	 "0x100000000000000, and image_size above 0"},
	{OFFSET(text_offset), 8, UINT64_MAX,
	 "riscv64 Image: text_offset=0xffffffffffffffff, image_size=0x2000, expected at most "
	 "0x100000000000000, and image_size above 0"},
	{OFFSET(text_offset), 8, 0,
	 "riscv64 Image: text_offset=0x0, image_size=0x2000: the base 0x300000 is not aligned to "
	 "2 MiB"},
	{OFFSET(image_size), 8, 3 * MIB,
	 "riscv64 Image: text_offset=0x200000, image_size=0x300000: 0x500000 bytes fit nowhere in "
	 "RAM from 0x0 on, aligned to 2 MiB (RAM has 0x400000 bytes)"},
};

START_TEST(refuses)
{
	const struct patch *p = &bad_fields[_i];
	const bool base = strstr(p->text, "the base") != NULL;
	const struct image_placement where = {.image_base = base ? 3 * MIB : 0};
	kernel_put(&k, p->offset, p->width, p->value);
	ck_assert_int_eq(load_at(&where), -1);
	ck_assert_str_eq(e.text, p->text);
	ck_assert(guest_untouched(&guest));
}
END_TEST

/* image_probe() looks at the magic: only a direct call gets here. */
START_TEST(refuses_without_its_magic)
{
	struct blob file = {k.bytes, k.size};
	kernel_put(&k, OFFSET(magic2), 4, 0x05435351);
	ck_assert_int_eq(riscv64_image_load(file, &guest.mem, &from_1_mib, &img, &e), -1);
	ck_assert_str_eq(e.text,
			 "riscv64 Image: magic2=0x05435351, expected 0x05435352 (\"RSC\\x05\")");
}
END_TEST

/* The header must be there; the rest may be bss. */
START_TEST(every_truncation)
{
	char text[ERR_TEXT_BYTES];
	for (size_t size = 60; size < 64; size++) {
		ck_assert_int_eq(kernel_load(&k, size, &guest.mem, 0, &img, &e), -1);
		snprintf(text, sizeof(text),
			 "riscv64 Image: the file has %zu bytes, its header needs 64", size);
		ck_assert_str_eq(e.text, text);
	}
	for (size_t size = 64; size <= k.size; size++) {
		ck_assert_msg(kernel_load(&k, size, &guest.mem, 0, &img, &e) == 0, "%s", e.text);
		ck_assert_mem_eq(guest.host + img.start, k.bytes, size);
		ck_assert_uint_eq(img.end - img.start, SMALL_ARM64_IMAGE_SIZE);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("riscv64_image");
	TCase *tc = tcase_create("riscv64_image");
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, loads);
	tcase_add_loop_test(tc, lies, 0, COUNT(places));
	tcase_add_loop_test(tc, refuses, 0, COUNT(bad_fields));
	tcase_add_test(tc, refuses_without_its_magic);
	tcase_add_test(tc, every_truncation);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* The AML writer: lengths of every size, encodings, overflow. test_aml.sh has iasl judge more. */
#include "arch/x86_64/aml.h"

#include "lowmem.h"

static uint8_t buf[1 << 21];
static struct aml a;

static void start(size_t size)
{
	memset(buf, LOWMEM_FILL, sizeof(buf));
	aml_init(&a, buf, size);
}

static void check_bytes(const uint8_t *want, size_t len)
{
	ck_assert(!a.overflow);
	ck_assert_uint_eq(a.used, len);
	ck_assert_mem_eq(buf, want, len);
}

#define CHECK_BYTES(...)                                                                           \
	do {                                                                                       \
		static const uint8_t want[] = {__VA_ARGS__};                                       \
		check_bytes(want, sizeof(want));                                                   \
	} while (0)

START_TEST(integers)
{
	start(100);
	aml_integer(&a, 0);
	aml_integer(&a, 1);
	aml_integer(&a, 2);
	aml_integer(&a, 0xff);
	aml_integer(&a, 0x100);
	aml_integer(&a, 0xffff);
	aml_integer(&a, 0x10000);
	aml_integer(&a, 0xfedcba98);
	CHECK_BYTES(0, 1, 0x0a, 2, 0x0a, 0xff, 0x0b, 0, 1, 0x0b, 0xff, 0xff, 0x0c, 0, 0, 1, 0, 0x0c,
		    0x98, 0xba, 0xdc, 0xfe);
}
END_TEST

START_TEST(names)
{
	start(100);
	aml_name(&a, "A");
	aml_name(&a, "_HID");
	aml_name(&a, "\\_S5");
	aml_string(&a, "x");
	CHECK_BYTES(8, 'A', '_', '_', '_', 8, '_', 'H', 'I', 'D', 8, '\\', '_', 'S', '5', '_', 0xd,
		    'x', 0);
}
END_TEST

START_TEST(eisa_id)
{
	start(100);
	aml_eisa_id(&a, "PNP0A08");
	CHECK_BYTES(0x0c, 0x41, 0xd0, 0x0a, 0x08);
}
END_TEST

START_TEST(nested)
{
	start(100);
	size_t scope = aml_open_scope(&a, "\\_SB");
	size_t dev = aml_open_device(&a, "D");
	aml_name(&a, "N");
	size_t package = aml_open_package(&a, 1);
	aml_integer(&a, 1);
	aml_close(&a, package);
	aml_close(&a, dev);
	aml_close(&a, scope);
	CHECK_BYTES(0x10, 22, '\\', '_', 'S', 'B', '_', 0x5b, 0x82, 14, 'D', '_', '_', '_', 8, 'N',
		    '_', '_', '_', 0x12, 3, 1, 1);
}
END_TEST

START_TEST(resources)
{
	start(100);
	size_t r = aml_open_resources(&a);
	aml_io(&a, 0x1234, 7);
	aml_interrupt(&a, 0x12345678);
	aml_close_resources(&a, r);
	CHECK_BYTES(0x11, 22, 0x0a, 19, 0x47, 1, 0x34, 0x12, 0x34, 0x12, 1, 7, 0x89, 6, 0, 1, 1,
		    0x78, 0x56, 0x34, 0x12, 0x79, 0);
}
END_TEST

/* Content lengths around each limit of PkgLength, and how many bytes it then has. */
static const struct {
	size_t content, pkg_bytes;
} lengths[] = {{5, 1},    {62, 1},   {63, 2},    {64, 2},      {4093, 2},    {4094, 3},
	       {4095, 3}, {4096, 3}, {65536, 3}, {1048572, 3}, {1048573, 4}, {1048576, 4}};

START_TEST(package_length)
{
	size_t content = lengths[_i].content, n = lengths[_i].pkg_bytes;
	start(sizeof(buf));
	size_t scope = aml_open_scope(&a, "ABCD");
	for (size_t i = 4; i < content; i++)
		aml_integer(&a, 0);
	aml_close(&a, scope);
	ck_assert(!a.overflow);
	ck_assert_uint_eq(a.used, 1 + n + content);

	size_t length = n == 1 ? buf[1] : buf[1] & 0xf;
	ck_assert_uint_eq(buf[1] >> 6, n - 1);
	for (size_t i = 1; i < n; i++)
		length |= (size_t)buf[1 + i] << (4 + 8 * (i - 1));
	ck_assert_uint_eq(length, n + content);
	ck_assert_mem_eq(buf + 1 + n, "ABCD", 4);
}
END_TEST

/* One byte less than is needed: it says so, and writes nothing beyond its end. */
START_TEST(overflow)
{
	for (size_t size = 0; size <= 23; size++) {
		start(size);
		size_t scope = aml_open_scope(&a, "\\_SB");
		size_t dev = aml_open_device(&a, "D");
		aml_name(&a, "N");
		size_t package = aml_open_package(&a, 1);
		aml_integer(&a, 1);
		aml_close(&a, package);
		aml_close(&a, dev);
		aml_close(&a, scope);
		ck_assert_int_eq(a.overflow, size < 23);
		ck_assert_uint_le(a.used, size);
		for (size_t i = size; i < 64; i++)
			ck_assert_uint_eq(buf[i], LOWMEM_FILL);
	}
}
END_TEST

/* What no AML says is like an overflow: the caller looks once, at the end. */
START_TEST(no_names_no_ids)
{
	static const char *const bad_names[] = {"", "\\", "ABCDE", "\\ABCDE"};
	static const char *const ids[] = {"", "PNP050", "PNP05011"};
	for (int i = 0; i < COUNT(bad_names); i++) {
		start(sizeof(buf));
		aml_name(&a, bad_names[i]);
		ck_assert(a.overflow);
	}
	for (int i = 0; i < COUNT(ids); i++) {
		start(sizeof(buf));
		aml_eisa_id(&a, ids[i]);
		ck_assert(a.overflow);
	}
}
END_TEST

START_TEST(a_template_has_255_bytes)
{
	for (int n = 31; n <= 32; n++) { /* 8 bytes each, and 2 for the end */
		start(sizeof(buf));
		size_t template = aml_open_resources(&a);
		for (int i = 0; i < n; i++)
			aml_io(&a, 0x70, 1);
		aml_close_resources(&a, template);
		ck_assert_int_eq(a.overflow, n == 32);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("aml");
	TCase *t = tcase_create("all");
	tcase_add_test(t, integers);
	tcase_add_test(t, names);
	tcase_add_test(t, eisa_id);
	tcase_add_test(t, nested);
	tcase_add_test(t, resources);
	tcase_add_loop_test(t, package_length, 0, sizeof(lengths) / sizeof(lengths[0]));
	tcase_add_test(t, overflow);
	tcase_add_test(t, no_names_no_ids);
	tcase_add_test(t, a_template_has_255_bytes);
	suite_add_tcase(s, t);
	return run_suite(s);
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "loader/ikconfig.h"

#include "pack.h"
#include "suite.h"

#include <stdlib.h>

#define BLOB(s) ((struct blob){(const uint8_t *)(s), sizeof(s) - 1})

static const char config[] = "# Linux/x86 6.1 Kernel Configuration\n"
			     "CONFIG_PVH=y\n"
			     "# CONFIG_ACPI is not set\n"
			     "CONFIG_VIRTIO_MMIO=m\n"
			     "CONFIG_VIRTIO=n\n"
			     "XCONFIG_SMP=y\n"
			     "CONFIG_HZ=250\n"
			     "CONFIG_PATH=m/y\n"
			     "CONFIG_EMPTY=\n"
			     "CONFIG_LOCALVERSION=\"a b\"";

/* A kernel with @config inside: on the heap, of just its size. */
static struct blob kernel_with(const char *start, struct blob packed, const char *end)
{
	size_t before = 32, size = before + strlen(start) + packed.size + strlen(end);
	uint8_t *data = malloc(size);
	ck_assert_ptr_nonnull(data);
	memset(data, 'k', before);
	uint8_t *at = data + before;
	memcpy(at, start, strlen(start));
	memcpy(at + strlen(start), packed.data, packed.size);
	memcpy(at + strlen(start) + packed.size, end, strlen(end));
	return (struct blob){data, size};
}

static void drop(struct blob b)
{
	free((void *)(uintptr_t)b.data);
}

/* False where the build has no gzip. */
static bool pack_config(struct blob *packed)
{
	return pack_data(PACK_GZIP, BLOB(config), packed);
}

START_TEST(unpacks)
{
	struct blob packed;
	struct unpacked text;
	struct err e = {""};
	if (!pack_config(&packed))
		return;
	struct blob kernel = kernel_with("IKCFG_ST IKCFG_ST", packed, "IKCFG_EDIKCFG_ED");
	ck_assert_msg(ikconfig_unpack(kernel, &text, &e) == 0, "%s", e.text);
	ck_assert_uint_eq(text.size, sizeof(config) - 1);
	ck_assert_mem_eq(text.data, config, text.size);
	unpacked_free(&text);
	drop(kernel);
	drop(packed);
}
END_TEST

START_TEST(there_may_be_none)
{
	static const struct blob without[] = {{NULL, 0}, {(const uint8_t *)"", 1}};
	struct unpacked text;
	struct err e = {""};
	for (int i = 0; i < COUNT(without); i++) {
		ck_assert_int_eq(ikconfig_unpack(without[i], &text, &e), 0);
		ck_assert_ptr_null(text.data);
	}
	/* The mark in some text: no gzip data after it. */
	ck_assert_int_eq(ikconfig_unpack(BLOB("x IKCFG_ST IKCFG_ED"), &text, &e), 0);
	ck_assert_ptr_null(text.data);
}
END_TEST

START_TEST(refuses)
{
	struct blob packed;
	struct unpacked text;
	struct err e = {""};
	ck_assert_int_eq(ikconfig_unpack(BLOB("abcIKCFG_ST\x1f\x8bxyz"), &text, &e), -1);
	ck_assert_str_eq(e.text, "IKCONFIG: \"IKCFG_ST\" at byte 3 has no \"IKCFG_ED\" after it");
	ck_assert_ptr_null(text.data);
	if (!pack_config(&packed))
		return;
	packed.size -= 9; /* the checksum, the size, and some */
	struct blob kernel = kernel_with("IKCFG_ST", packed, "IKCFG_ED");
	ck_assert_int_eq(ikconfig_unpack(kernel, &text, &e), -1);
	ck_assert_msg(strncmp(e.text, "IKCONFIG: gzip: its ", 20) == 0, "%s", e.text);
	ck_assert_ptr_null(text.data);
	drop(kernel);
	drop(packed);
}
END_TEST

static const struct {
	const char *name;
	const char *value; /* NULL: not set */
	enum ikconfig_state state;
} values[] = {
	{"PVH", "y", IKCONFIG_Y},
	{"VIRTIO_MMIO", "m", IKCONFIG_M},
	{"VIRTIO", "n", IKCONFIG_N},
	{"HZ", "250", IKCONFIG_N},
	{"LOCALVERSION", "\"a b\"", IKCONFIG_N},
	{"PATH", "m/y", IKCONFIG_N},
	{"EMPTY", "", IKCONFIG_N},
	{"ACPI", NULL, IKCONFIG_N},
	{"SMP", NULL, IKCONFIG_N},
	{"PV", NULL, IKCONFIG_N},
	{"PVHX", NULL, IKCONFIG_N},
	{"", NULL, IKCONFIG_N},
};

START_TEST(value)
{
	struct blob found = {NULL, 0};
	ck_assert(ikconfig_value(BLOB(config), values[_i].name, &found) ==
		  (values[_i].value != NULL));
	ck_assert_uint_eq(found.size, values[_i].value ? strlen(values[_i].value) : 0);
	if (values[_i].value)
		ck_assert_mem_eq(found.data, values[_i].value, found.size);
	ck_assert_int_eq((int)ikconfig_state(BLOB(config), values[_i].name), (int)values[_i].state);
	ck_assert(!ikconfig_value((struct blob){NULL, 0}, values[_i].name, &found));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ikconfig");
	TCase *tc = tcase_create("ikconfig");
	tcase_add_test(tc, unpacks);
	tcase_add_test(tc, there_may_be_none);
	tcase_add_test(tc, refuses);
	tcase_add_loop_test(tc, value, 0, COUNT(values));
	suite_add_tcase(s, tc);
	return run_suite(s);
}

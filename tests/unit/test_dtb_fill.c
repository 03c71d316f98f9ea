/* SPDX-License-Identifier: BSD-3-Clause */
/* The user's device tree: what is filled in, and what is refused. */
#include "arch/aarch64/dtb.h"

#include "arm64.h"
#include "suite.h"

#include <libfdt.h>
#include <stdio.h>
#include <string.h>

enum { ROOM = ARM64_DTB_MAX_BYTES };

static uint64_t file_storage[ROOM / 8 + 1], storage[ROOM / 8];
static void *const given = file_storage;
static void *const fdt = storage;

enum shape {
	CHOSEN = 1 << 0,
	MEMORY = 1 << 1,      /* one node */
	MORE_MEMORY = 1 << 2, /* and two others */
	ALL = CHOSEN | MEMORY,
};

/* A user's tree with a node that is none of our business. Returns its size. */
static size_t user_tree(unsigned shape, uint32_t address_cells, uint32_t size_cells)
{
	fdt_create(given, 4096);
	fdt_finish_reservemap(given);
	fdt_begin_node(given, "");
	fdt_property_u32(given, "#address-cells", address_cells);
	fdt_property_u32(given, "#size-cells", size_cells);
	fdt_property_string(given, "compatible", "user,board");
	for (unsigned i = 0; i < (shape & MORE_MEMORY ? 3u : shape & MEMORY ? 1u : 0u); i++) {
		static const char *const name[] = {"memory", "memory@1000", "memory@80000000"};
		fdt_begin_node(given, name[i]);
		fdt_property_string(given, "device_type", "memory");
		fdt_property_u32(given, "reg", 7);
		fdt_end_node(given);
	}
	if (shape & CHOSEN) {
		fdt_begin_node(given, "chosen");
		fdt_property_string(given, "bootargs", "the user's");
		fdt_property_string(given, "stdout-path", "/x");
		fdt_property_u32(given, "linux,initrd-start", 1);
		fdt_property_u32(given, "linux,initrd-end", 2);
		fdt_property_u32(given, "linux,initrd-end", 3); /* libfdt takes it twice */
		fdt_end_node(given);
	}
	fdt_begin_node(given, "x");
	fdt_property_string(given, "status", "okay");
	fdt_end_node(given);
	fdt_end_node(given);
	ck_assert_int_eq(fdt_finish(given), 0);
	return fdt_totalsize(given);
}

static int fill(size_t size, const struct dtb_config *cfg, size_t room, struct err *e)
{
	return dtb_fill((struct blob){given, size}, cfg, storage, room, e);
}

static void fill_ok(size_t size, const struct dtb_config *cfg)
{
	struct err e = {""};
	int n = fill(size, cfg, ROOM, &e);
	ck_assert_msg(n > 0, "%s", e.text);
	ck_assert_int_eq(fdt_check_full(fdt, (size_t)n), 0);
	ck_assert_uint_eq(fdt_totalsize(fdt), (size_t)n);
}

static void is_refused(size_t size, const struct dtb_config *cfg, const char *text)
{
	struct err e = {""};
	ck_assert_int_eq(fill(size, cfg, ROOM, &e), -1);
	ck_assert_str_eq(e.text, text);
}

static void is(const char *path, const char *name, const void *value, int size)
{
	int len;
	const void *p = fdt_getprop(fdt, fdt_path_offset(fdt, path), name, &len);
	ck_assert_msg(p != NULL, "%s has no %s", path, name);
	ck_assert_msg(len == size && memcmp(p, value, (size_t)size) == 0, "%s/%s", path, name);
}

static void is_text(const char *path, const char *name, const char *value)
{
	is(path, name, value, (int)strlen(value) + 1);
}

static void is_u64(const char *path, const char *name, uint64_t value)
{
	fdt64_t wide = cpu_to_fdt64(value);
	is(path, name, &wide, 8);
}

START_TEST(chosen)
{
	struct dtb_config cfg = arm64_config(1);
	fill_ok(user_tree(ALL, 2, 2), &cfg);
	is_text("/", "compatible", "user,board");
	is_text("/x", "status", "okay");
	is_text("/chosen", "stdout-path", "/x");
	is_text("/chosen", "bootargs", cfg.cmdline);
	is_u64("/chosen", "linux,initrd-start", 0x9ffff000);
	is_u64("/chosen", "linux,initrd-end", 0x9ffff234);
	is("/chosen", "rng-seed", cfg.seeds->rng, 64);
	is("/chosen", "kaslr-seed", cfg.seeds->kaslr, 8);

	cfg.initrd.size = 0;
	fill_ok(user_tree(ALL, 2, 2), &cfg);
	int at = fdt_path_offset(fdt, "/chosen");
	ck_assert_ptr_null(fdt_getprop(fdt, at, "linux,initrd-start", NULL));
	ck_assert_ptr_null(fdt_getprop(fdt, at, "linux,initrd-end", NULL));
}
END_TEST

static unsigned memory_nodes(void)
{
	unsigned n = 0;
	for (int at = -1;
	     (at = fdt_node_offset_by_prop_value(fdt, at, "device_type", "memory", 7)) >= 0;)
		n++;
	return n;
}

static const struct {
	uint32_t address_cells, size_cells;
	uint8_t reg[16];
	int size;
} regs[] = {
	{2, 2, {0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0x20, 0, 0, 0}, 16},
	{1, 2, {0x80, 0, 0, 0, 0, 0, 0, 0, 0x20, 0, 0, 0}, 12},
	{2, 1, {0, 0, 0, 0, 0x80, 0, 0, 0, 0x20, 0, 0, 0}, 12},
	{1, 1, {0x80, 0, 0, 0, 0x20, 0, 0, 0}, 8},
};

START_TEST(memory)
{
	static const unsigned shapes[] = {CHOSEN, ALL, ALL | MORE_MEMORY};
	struct dtb_config cfg = arm64_config(1);
	for (int i = 0; i < COUNT(shapes); i++) {
		fill_ok(user_tree(shapes[i], regs[_i].address_cells, regs[_i].size_cells), &cfg);
		ck_assert_uint_eq(memory_nodes(), 1);
		is("/memory@80000000", "reg", regs[_i].reg, regs[_i].size);
	}
}
END_TEST

/* Two cells are there for what one cannot hold. */
START_TEST(memory_beyond_32_bits)
{
	const struct gmem mem = {.range = {{ARM64_RAM_GPA, 1ull << 32, NULL}}, .n = 1};
	struct dtb_config cfg = arm64_config(1);
	cfg.mem = &mem;
	fill_ok(user_tree(ALL, 1, 2), &cfg);
	is_refused(user_tree(ALL, 2, 1), &cfg,
		   "RAM does not fit in the root's #address-cells=2 and "
		   "#size-cells=1: expected 2");
}
END_TEST

/* What fits exactly is taken, with a trailer, too. */
START_TEST(sizes)
{
	struct dtb_config cfg = arm64_config(1);
	struct err e = {""};
	size_t size = user_tree(ALL, 2, 2);
	fill_ok(size + 100, &cfg);
	ck_assert_int_eq(fill(size, &cfg, size - 1, &e), -1);
	ck_assert_msg(strstr(e.text, "but there is room for") != NULL, "%s", e.text);
	ck_assert_int_eq(fill(size, &cfg, size + 16, &e), -1);
	ck_assert_str_eq(e.text, "memory: FDT_ERR_NOSPACE");
	ck_assert_int_eq(fill(size, &cfg, size + 100, &e), -1);
	ck_assert_str_eq(e.text, "/chosen: FDT_ERR_NOSPACE");
	fill_ok(ROOM, &cfg);
	is_refused(ROOM + 1, &cfg,
		   "the device tree has 2097153 bytes, but the boot protocol allows "
		   "2097152 (2 MiB)");
}
END_TEST

START_TEST(cut_short)
{
	struct dtb_config cfg = arm64_config(1);
	char text[128];
	size_t size = user_tree(ALL, 2, 2);
	for (size_t n = 0; n < size; n++) {
		if (n < 40)
			snprintf(text, sizeof(text),
				 "a device tree's header has 40 bytes, but there are %zu", n);
		else
			snprintf(text, sizeof(text),
				 "the device tree is cut short: totalsize=%zu, but there are %zu "
				 "bytes",
				 size, n);
		is_refused(n, &cfg, text);
	}
}
END_TEST

START_TEST(not_well_formed)
{
	struct dtb_config cfg = arm64_config(1);
	struct err e = {""};
	size_t size = user_tree(ALL, 2, 2);
	fdt_set_magic(given, 0xd00dfeee);
	is_refused(size, &cfg,
		   "this is no device tree blob: magic=0xd00dfeee, expected 0xd00dfeed");
	size = user_tree(ALL, 2, 2);
	fdt_set_off_dt_strings(given, (uint32_t)size);
	ck_assert_int_eq(fill(size, &cfg, ROOM, &e), -1);
	ck_assert_msg(strncmp(e.text, "the device tree is not well-formed: FDT_ERR_", 44) == 0,
		      "%s", e.text);
	size = user_tree(ALL, 2, 2);
	fdt_set_last_comp_version(given, 18);
	is_refused(size, &cfg, "the device tree is not well-formed: FDT_ERR_BADVERSION");
}
END_TEST

/* libfdt 1.6.1 crashes on them. */
START_TEST(an_old_version)
{
	struct dtb_config cfg = arm64_config(1);
	size_t size = user_tree(ALL, 2, 2);
	fdt_set_version(given, 15);
	fdt_set_last_comp_version(given, 15);
	is_refused(size, &cfg, "the device tree has version=15, expected 16 or later");
	size = user_tree(ALL, 2, 2);
	fdt_set_version(given, 16);
	fill_ok(size, &cfg);
}
END_TEST

START_TEST(tags_that_are_not_aligned)
{
	struct dtb_config cfg = arm64_config(1);
	size_t size = user_tree(ALL, 2, 2);
	fdt_set_off_dt_struct(given, 0x3a);
	is_refused(size, &cfg,
		   "the device tree has off_dt_struct=0x3a, which is not a multiple of 4");
}
END_TEST

/* libfdt 1.6.1 stays where it is when a length leads back to the property's own tag. */
START_TEST(lengths_that_wrap)
{
	struct dtb_config cfg = arm64_config(1);
	static const uint32_t lengths[] = {0xfffffff4, 0xffffffff, 0x7ffffffc, 0x1001};
	for (int i = 0; i < COUNT(lengths); i++) {
		char expected[160];
		size_t size = user_tree(ALL, 2, 2);
		fdt_get_property_w(given, 0, "compatible", NULL)->len = cpu_to_fdt32(lengths[i]);
		snprintf(expected, sizeof(expected),
			 "the device tree has a property with len=0x%x at offset 0x28 of its "
			 "structure block, but totalsize=0x%zx",
			 lengths[i], size);
		is_refused(size, &cfg, expected);
	}
}
END_TEST

START_TEST(what_must_be_there)
{
	struct dtb_config cfg = arm64_config(1);
	is_refused(user_tree(MEMORY, 2, 2), &cfg,
		   "the device tree has no /chosen node, which takes the command line");
	is_refused(user_tree(ALL, 3, 2), &cfg,
		   "the root's #address-cells=3 and #size-cells=2, expected 1 or 2");
	is_refused(user_tree(ALL, 2, 0), &cfg,
		   "the root's #address-cells=2 and #size-cells=0, expected 1 or 2");
}
END_TEST

/* As it is, at an address; up to the last byte of RAM, which is the 2 MiB and a page of @ram. */
START_TEST(load)
{
	static uint64_t ram[(ROOM + 4096) / 8];
	struct gmem mem = {.n = 0};
	struct err e = {""};
	size_t size = (user_tree(ALL, 2, 2) + 7) & ~7ULL;
	const gpa_t end = ARM64_RAM_GPA + sizeof(ram), last = end - size;
	ck_assert_int_eq(gmem_add(&mem, ARM64_RAM_GPA, sizeof(ram), ram, &e), 0);
	const struct {
		gpa_t gpa;
		size_t size;
		const char *error;
	} cases[] = {
		{last, size, NULL},
		{ARM64_RAM_GPA, ROOM, NULL},
		{end - ROOM, ROOM, NULL},
		{ARM64_RAM_GPA + 4, size,
		 "the device tree's address 0x80000004 is not a multiple of 8"},
		{ARM64_RAM_GPA, ROOM + 1,
		 "the device tree has 2097153 bytes, but the boot protocol allows 2097152 (2 "
		 "MiB)"},
		{ARM64_RAM_GPA, 39, "a device tree's header has 40 bytes, but there are 39"},
		{end - ROOM + 8, ROOM,
		 "device tree: 2097152 bytes at 0x80001008 do not lie in RAM"},
		{0, ROOM, "device tree: 2097152 bytes at 0x0 do not lie in RAM"},
	};
	for (int i = 0; i < COUNT(cases); i++) {
		int r = dtb_load((struct blob){given, cases[i].size}, &mem, cases[i].gpa, &e);
		ck_assert_int_eq(r, cases[i].error ? -1 : 0);
		if (cases[i].error)
			ck_assert_str_eq(e.text, cases[i].error);
		else
			ck_assert_mem_eq(gmem_at(&mem, cases[i].gpa, size), given, size);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("dtb_fill");
	TCase *t = tcase_create("all");
	tcase_add_test(t, chosen);
	tcase_add_loop_test(t, memory, 0, COUNT(regs));
	tcase_add_test(t, memory_beyond_32_bits);
	tcase_add_test(t, sizes);
	tcase_add_test(t, cut_short);
	tcase_add_test(t, not_well_formed);
	tcase_add_test(t, an_old_version);
	tcase_add_test(t, tags_that_are_not_aligned);
	tcase_add_test(t, lengths_that_wrap);
	tcase_add_test(t, what_must_be_there);
	tcase_add_test(t, load);
	suite_add_tcase(s, t);
	return run_suite(s);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* GDT and page tables, read as the processor reads them. */
#include "arch/x86_64/paging.h"

#include "arch/x86_64/layout.h"
#include "lowmem.h"

#include <stdbool.h>

#define GIB (1ULL << 30)

static uint64_t get64(uint64_t gpa)
{
	uint64_t v;
	ck_assert_uint_le(gpa + 8, LOWMEM_BYTES);
	memcpy(&v, lowmem + gpa, 8);
	return v;
}

/* SDM volume 3, 4.5: 4-level paging. False: a page fault on a supervisor's write. */
static bool walk(uint64_t linear, uint64_t *physical)
{
	const uint64_t address = 0x000ffffffffff000;
	uint64_t table = X86_PAGE_TABLES_GPA;
	for (unsigned shift = 39; shift >= 12; shift -= 9) {
		uint64_t entry = get64(table + (linear >> shift & 511) * 8);
		bool leaf = shift == 12 || (shift <= 30 && entry & 1 << 7);
		if ((entry & 3) != 3)
			return false;
		ck_assert_uint_eq(entry >> 52, 0); /* no NX: EFER.NXE may be clear */
		if (leaf) {
			uint64_t offset = (1ULL << shift) - 1;
			ck_assert_uint_eq(entry & address & offset, 0); /* reserved bits */
			*physical = (entry & address) | (linear & offset);
			return true;
		}
		table = entry & address;
		ck_assert_uint_ge(table, X86_PAGE_TABLES_GPA);
		ck_assert_uint_lt(table, X86_PAGE_TABLES_GPA + X86_PAGE_TABLES_BYTES);
	}
	return false;
}

static void write_identity(void)
{
	struct gmem mem = lowmem_init(LOWMEM_BYTES);
	struct err e;
	ck_assert_int_eq(paging_write_identity(&mem, &e), 0);
	lowmem_untouched(0, X86_PAGE_TABLES_GPA);
	lowmem_untouched(X86_PAGE_TABLES_GPA + X86_PAGE_TABLES_BYTES, LOWMEM_BYTES);
}

START_TEST(maps_4g_to_itself)
{
	write_identity();
	/* every 2 MiB page: first byte, one in it, last byte */
	for (uint64_t page = 0; page < 4 * GIB; page += 1 << 21) {
		const uint64_t offset[] = {0, 0x12345, (1 << 21) - 1};
		for (unsigned i = 0; i < 3; i++) {
			uint64_t physical;
			ck_assert(walk(page + offset[i], &physical));
			ck_assert_uint_eq(physical, page + offset[i]);
		}
	}
}
END_TEST

START_TEST(maps_nothing_else)
{
	static const uint64_t unmapped[] = {4 * GIB,
					    4 * GIB + 0x1000,
					    5 * GIB,
					    511 * GIB,
					    512 * GIB,
					    1ULL << 46,
					    0xffffffff80000000,
					    0xffff888000000000,
					    ~0ULL};
	uint64_t physical;
	write_identity();
	for (unsigned i = 0; i < sizeof(unmapped) / sizeof(unmapped[0]); i++)
		ck_assert(!walk(unmapped[i], &physical));
}
END_TEST

static const struct {
	uint64_t ram;
	const char *text;
} no_room[] = {
	{0x8fff, "PML4: 4096 bytes at 0x8000 do not lie in RAM"},
	{0x9fff, "PDPT: 4096 bytes at 0x9000 do not lie in RAM"},
	{0xafff, "page directory: 4096 bytes at 0xa000 do not lie in RAM"},
	{0xdfff, "page directory: 4096 bytes at 0xd000 do not lie in RAM"},
};

START_TEST(tables_not_in_ram)
{
	struct gmem mem = lowmem_init(no_room[_i].ram);
	struct err e = {""};
	ck_assert_int_eq(paging_write_identity(&mem, &e), -1);
	ck_assert_str_eq(e.text, no_room[_i].text);
}
END_TEST

/* What a descriptor says (SDM volume 3, 3.4.5). */
struct descriptor {
	uint32_t base, limit; /* limit in bytes, as the processor computes it */
	unsigned type, s, dpl, p, l, db, g;
};

static struct descriptor decode(unsigned selector)
{
	uint64_t v = get64(X86_GDT_GPA + selector);
	struct descriptor d = {
		.base = (uint32_t)((v >> 16 & 0xffffff) | (v >> 56) << 24),
		.limit = (uint32_t)((v & 0xffff) | (v >> 48 & 0xf) << 16),
		.type = v >> 40 & 0xf,
		.s = v >> 44 & 1,
		.dpl = v >> 45 & 3,
		.p = v >> 47 & 1,
		.l = v >> 53 & 1,
		.db = v >> 54 & 1,
		.g = v >> 55 & 1,
	};
	if (d.g)
		d.limit = d.limit << 12 | 0xfff;
	return d;
}

static void write_gdt(enum gdt_mode mode)
{
	struct gmem mem = lowmem_init(LOWMEM_BYTES);
	struct err e;
	ck_assert_int_eq(paging_write_gdt(&mem, mode, &e), 0);
	lowmem_untouched(0, X86_GDT_GPA);
	lowmem_untouched(X86_GDT_GPA + X86_GDT_BYTES, LOWMEM_BYTES);
	ck_assert_uint_eq(get64(X86_GDT_GPA), 0); /* the null descriptor */
	ck_assert_uint_eq(get64(X86_GDT_GPA + 8), 0);
}

static void check_code(unsigned l, unsigned db)
{
	struct descriptor cs = decode(GDT_BOOT_CS);
	ck_assert_uint_eq(cs.base, 0);
	ck_assert_uint_eq(cs.limit, 0xffffffff);
	ck_assert_uint_eq(cs.type, 0xb); /* execute, read, accessed */
	ck_assert_uint_eq(cs.s, 1);
	ck_assert_uint_eq(cs.dpl, 0);
	ck_assert_uint_eq(cs.p, 1);
	ck_assert_uint_eq(cs.l, l);
	ck_assert_uint_eq(cs.db, db);
}

static void check_data_and_tss(void)
{
	struct descriptor ds = decode(GDT_BOOT_DS), tss = decode(GDT_BOOT_TSS);
	ck_assert_uint_eq(ds.base, 0);
	ck_assert_uint_eq(ds.limit, 0xffffffff);
	ck_assert_uint_eq(ds.type, 3); /* read, write, accessed */
	ck_assert_uint_eq(ds.s, 1);
	ck_assert_uint_eq(ds.dpl, 0);
	ck_assert_uint_eq(ds.p, 1);
	ck_assert_uint_eq(ds.l, 0);
	ck_assert_uint_eq(ds.db, 1);
	ck_assert_uint_eq(tss.base, 0);
	ck_assert_uint_eq(tss.limit, 0x67);
	ck_assert_uint_eq(tss.type, 0xb); /* busy TSS */
	ck_assert_uint_eq(tss.s, 0);
	ck_assert_uint_eq(tss.dpl, 0);
	ck_assert_uint_eq(tss.p, 1);
}

START_TEST(gdt_long)
{
	write_gdt(GDT_LONG);
	check_code(1, 0);
	check_data_and_tss();
}
END_TEST

START_TEST(gdt_flat32)
{
	write_gdt(GDT_FLAT32);
	check_code(0, 1);
	check_data_and_tss();
}
END_TEST

START_TEST(gdt_not_in_ram)
{
	struct gmem mem = lowmem_init(X86_GDT_GPA + X86_GDT_BYTES - 1);
	struct err e = {""};
	ck_assert_int_eq(paging_write_gdt(&mem, GDT_LONG, &e), -1);
	ck_assert_str_eq(e.text, "GDT: 40 bytes at 0x500 do not lie in RAM");
	lowmem_untouched(0, LOWMEM_BYTES);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("paging");
	TCase *t = tcase_create("all");
	tcase_add_test(t, maps_4g_to_itself);
	tcase_add_test(t, maps_nothing_else);
	tcase_add_loop_test(t, tables_not_in_ram, 0, sizeof(no_room) / sizeof(no_room[0]));
	tcase_add_test(t, gdt_long);
	tcase_add_test(t, gdt_flat32);
	tcase_add_test(t, gdt_not_in_ram);
	suite_add_tcase(s, t);
	return run_suite(s);
}

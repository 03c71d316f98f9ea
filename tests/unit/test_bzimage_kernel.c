/* SPDX-License-Identifier: BSD-3-Clause */
#include "loader/bzimage_kernel.h"

#include "loading.h"

#include <elf.h>

enum { ALIGN = 0x1000, KERNEL_BYTES = SMALL_ELF_END - SMALL_ELF_ENTRY };

static struct kernel inside; /* the vmlinux, and what lies after it */
static struct kaslr kaslr;

/* The words after the vmlinux: 64 bits at the text's start, none that shrink, 32 bits at +0x20. */
static const uint32_t table[] = {0, 0x80000000u + SMALL_ELF_ENTRY, 0, 0,
				 0x80000020u + SMALL_ELF_ENTRY};

static void setup(void)
{
	setup_with(kernel_bzimage_small);
	kernel_elf_small(&inside);
	memcpy(inside.bytes + inside.size, table, sizeof(table));
	inside.size += sizeof(table);
	kaslr = (struct kaslr){0};
}

static int load_inside(void)
{
	return bzimage_load_kernel((struct blob){k.bytes, k.size},
				   (struct blob){inside.bytes, inside.size}, &kaslr, &guest.mem,
				   MIB, &img, &e);
}

static uint8_t loadflags(void)
{
	return img.setup_header[offsetof(struct setup_header, loadflags)];
}

START_TEST(loads_where_it_was_linked_for)
{
	ck_assert_msg(load_inside() == 0, "%s", e.text);
	ck_assert_int_eq((int)img.format, IMAGE_BZIMAGE);
	ck_assert_uint_eq(img.start, SMALL_ELF_ENTRY);
	ck_assert_uint_eq(img.end, SMALL_ELF_END);
	ck_assert(img.has_entry64 && !img.has_pvh);
	ck_assert_uint_eq(img.entry64, SMALL_ELF_ENTRY);
	ck_assert_uint_eq(img.cmdline_max, 2047);
	ck_assert_uint_eq(img.initrd_addr_max, 0x7fffffff);
	ck_assert_uint_eq(loadflags(), SETUP_LOADED_HIGH);
	ck_assert_uint_eq(kaslr.physical_places, 1);
	ck_assert_uint_eq(kaslr.virtual_places, 1);
	ck_assert_mem_eq(guest.host + SMALL_ELF_ENTRY, inside.bytes + SMALL_ELF_TEXT_OFFSET, 64);
	ck_assert_uint_eq(guest.host[SMALL_ELF_END], 0xcc);
}
END_TEST

/* 4 MiB of RAM: from 1 MiB on 3 MiB, of which the kernel takes 8 KiB. */
START_TEST(physical_places)
{
	kaslr.physical_on = true;
	kaslr.physical_random = 5;
	ck_assert_msg(load_inside() == 0, "%s", e.text);
	ck_assert_uint_eq(kaslr.physical_places, 1 + (3 * MIB - KERNEL_BYTES) / ALIGN);
	ck_assert_uint_eq(img.start, SMALL_ELF_ENTRY + 5 * ALIGN);
	ck_assert_uint_eq(img.end, SMALL_ELF_END + 5 * ALIGN);
	ck_assert_uint_eq(img.entry64, SMALL_ELF_ENTRY + 5 * ALIGN);
	ck_assert_uint_eq(loadflags(), SETUP_LOADED_HIGH);
	ck_assert_uint_eq(guest.host[SMALL_ELF_ENTRY], 0xcc);
	ck_assert_mem_eq(guest.host + img.start, inside.bytes + SMALL_ELF_TEXT_OFFSET, 64);

	kaslr.physical_random = kaslr.physical_places - 1;
	ck_assert_msg(load_inside() == 0, "%s", e.text);
	ck_assert_uint_eq(img.end, 4 * MIB);
	kaslr.physical_random = kaslr.physical_places;
	ck_assert_msg(load_inside() == 0, "%s", e.text);
	ck_assert_uint_eq(img.start, SMALL_ELF_ENTRY);
}
END_TEST

START_TEST(room_for_an_initrd)
{
	kaslr.physical_on = true;
	kaslr.physical_random = UINT64_MAX;
	kaslr.initrd_bytes = 3 * MIB - KERNEL_BYTES - 2 * ALIGN; /* and a page */
	ck_assert_msg(load_inside() == 0, "%s", e.text);
	ck_assert_uint_eq(kaslr.physical_places, 2);
	kaslr.initrd_bytes += ALIGN + 1;
	ck_assert_msg(load_inside() == 0, "%s", e.text);
	ck_assert_uint_eq(kaslr.physical_places, 1);
	kaslr.initrd_bytes = 1;
	kernel_put(&k, SETUP_OFFSET(initrd_addr_max), 4, 2 * MIB - 1);
	ck_assert_msg(load_inside() == 0, "%s", e.text);
	ck_assert_uint_eq(kaslr.physical_places, 1 + (MIB - KERNEL_BYTES - ALIGN - 1) / ALIGN);
	kernel_put(&k, SETUP_OFFSET(initrd_addr_max), 4, MIB / 2);
	ck_assert_msg(load_inside() == 0, "%s", e.text);
	ck_assert_uint_eq(kaslr.physical_places, 1);
	kaslr.initrd_bytes = UINT64_MAX;
	ck_assert_msg(load_inside() == 0, "%s", e.text);
	ck_assert_uint_eq(kaslr.physical_places, 1);
}
END_TEST

START_TEST(virtual_places)
{
	uint64_t grown = 0xa1a1a1a1a1a1a1a1 + 3 * ALIGN;
	uint32_t grown32 = 0xa1a1a1a1 + 3 * ALIGN;
	kaslr.virtual_on = true;
	kaslr.virtual_random = 3;
	ck_assert_msg(load_inside() == 0, "%s", e.text);
	/* Of 1 GiB the part above 1 MiB, less init_size. */
	ck_assert_uint_eq(kaslr.virtual_places, 1 + (1023 * MIB - 0x2000) / ALIGN);
	ck_assert_uint_eq(img.start, SMALL_ELF_ENTRY);
	ck_assert_uint_eq(loadflags(), SETUP_LOADED_HIGH | SETUP_KASLR_FLAG);
	ck_assert_mem_eq(guest.host + SMALL_ELF_ENTRY, &grown, 8);
	ck_assert_uint_eq(guest.host[SMALL_ELF_ENTRY + 8], 0xa1);
	ck_assert_mem_eq(guest.host + SMALL_ELF_ENTRY + 0x20, &grown32, 4);
}
END_TEST

static void expect_error(const char *text)
{
	ck_assert_int_eq(load_inside(), -1);
	ck_assert_str_eq(e.text, text);
}

START_TEST(without_relocations)
{
	ck_assert(bzimage_kernel_can_move((struct blob){inside.bytes, inside.size}));
	inside.size = SMALL_ELF_BYTES;
	ck_assert(!bzimage_kernel_can_move((struct blob){inside.bytes, inside.size}));
	ck_assert_msg(load_inside() == 0, "%s", e.text);
	kaslr.virtual_on = true;
	expect_error("relocations: 0 lists, expected 2 or 3");
}
END_TEST

/* They lie after the section headers, if there are any. */
START_TEST(section_headers_are_the_elf_s)
{
	kernel_put(&inside, offsetof(Elf64_Ehdr, e_shoff), 8, SMALL_ELF_BYTES);
	kernel_put(&inside, offsetof(Elf64_Ehdr, e_shentsize), 2, sizeof(table));
	kernel_put(&inside, offsetof(Elf64_Ehdr, e_shnum), 2, 1);
	ck_assert(!bzimage_kernel_can_move((struct blob){inside.bytes, inside.size}));
	kernel_put(&inside, offsetof(Elf64_Ehdr, e_shoff), 8, UINT64_MAX - 8);
	ck_assert(bzimage_kernel_can_move((struct blob){inside.bytes, inside.size}));
}
END_TEST

START_TEST(refusals)
{
	kernel_put(&inside, offsetof(Elf64_Ehdr, e_entry), 8, SMALL_ELF_DATA);
	expect_error("ELF: e_entry=0x101000 lies in no executable segment");
	kernel_put(&inside, offsetof(Elf64_Ehdr, e_entry), 8, SMALL_ELF_ENTRY);
	kernel_put(&inside, PHDR_OFFSET(1, p_vaddr), 8, SMALL_ELF_ENTRY);
	ck_assert_msg(load_inside() == 0, "%s", e.text);
	kaslr.virtual_on = true;
	expect_error("ELF: the lowest segment has p_vaddr=0x100000 and p_paddr=0x100000, expected "
		     "a distance of 0xffffffff80000000 (a Linux kernel)");
	kernel_put(&k, SETUP_OFFSET(boot_flag), 2, 0);
	expect_error("bzImage: boot_flag=0x0000, expected 0xaa55");
}
END_TEST

/* RAM up to @at and from there on, as two ranges. */
static void split_ram(gpa_t at)
{
	struct gmem_range *r = guest.mem.range;

	r[1] = (struct gmem_range){at, 4 * MIB - at, guest.host + at};
	r[0].size = at;
	guest.mem.n = 2;
}

/* Each segment lies in one range, but not the kernel: it stays, and has no place to be relocated.
 */
START_TEST(a_kernel_in_two_ranges)
{
	split_ram(SMALL_ELF_DATA);
	kaslr.physical_on = true;
	kaslr.physical_random = 1;
	ck_assert_msg(load_inside() == 0, "%s", e.text);
	ck_assert_uint_eq(kaslr.physical_places, 1);
	ck_assert_uint_eq(img.start, SMALL_ELF_ENTRY);
	kaslr.virtual_on = true;
	expect_error("ELF: the kernel's 0x2000 bytes at 0x100000 do not lie in one range of RAM");
}
END_TEST

START_TEST(a_kernel_in_the_second_range)
{
	split_ram(MIB / 2);
	kaslr.physical_on = true;
	kaslr.physical_random = 1;
	ck_assert_msg(load_inside() == 0, "%s", e.text);
	ck_assert_uint_eq(kaslr.physical_places, 1 + (3 * MIB - KERNEL_BYTES) / ALIGN);
	ck_assert_uint_eq(img.start, SMALL_ELF_ENTRY + ALIGN);
}
END_TEST

/* What the kernel's own map of itself has no room for. */
START_TEST(a_kernel_beyond_1_gib)
{
	static const uint64_t base = 1023 * MIB, map = 0xffffffff80000000;
	static const uint64_t at[] = {0, base + MIB - 0x1000, base + MIB};

	guest.mem.range[0].base = base;
	for (unsigned i = 1; i <= 2; i++) {
		kernel_put(&inside, PHDR_OFFSET(i, p_paddr), 8, at[i]);
		kernel_put(&inside, PHDR_OFFSET(i, p_vaddr), 8, map + at[i]);
	}
	kernel_put(&inside, offsetof(Elf64_Ehdr, e_entry), 8, at[1]);
	kaslr.virtual_on = true;
	expect_error("ELF: the kernel ends at 0x40001000, expected at most 0x40000000");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("bzimage_kernel");
	TCase *tc = tcase_create("bzimage_kernel");
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, loads_where_it_was_linked_for);
	tcase_add_test(tc, physical_places);
	tcase_add_test(tc, room_for_an_initrd);
	tcase_add_test(tc, virtual_places);
	tcase_add_test(tc, without_relocations);
	tcase_add_test(tc, section_headers_are_the_elf_s);
	tcase_add_test(tc, refusals);
	tcase_add_test(tc, a_kernel_in_two_ranges);
	tcase_add_test(tc, a_kernel_in_the_second_range);
	tcase_add_test(tc, a_kernel_beyond_1_gib);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

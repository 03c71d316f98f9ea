/* SPDX-License-Identifier: BSD-3-Clause */
/* What an arm64 ELF has of its own; test_elf.c has the checks that all ELF files share. */
#include "loading.h"

#include <check.h>
#include <elf.h>
#include <stdio.h>

#define START              SMALL_ELF_ARM64_START
#define EHDR_OFFSET(field) offsetof(Elf64_Ehdr, field)
/* A field of the header that the text begins with. */
#define TEXT_OFFSET(field) (SMALL_ELF_ARM64_TEXT_OFFSET + ARM64_OFFSET(field))

static void setup(void)
{
	setup_with(kernel_elf_arm64_small);
}

START_TEST(loads_where_its_image_would_be)
{
	static const uint8_t zeros[4096];
	ck_assert_msg(load(MIB) == 0, "%s", e.text);
	ck_assert_int_eq((int)img.format, IMAGE_ELF);
	ck_assert_uint_eq(img.start, 2 * MIB);
	ck_assert_uint_eq(img.end, 2 * MIB + SMALL_ELF_ARM64_IMAGE_SIZE);
	ck_assert(img.has_entry64);
	ck_assert_uint_eq(img.entry64, 2 * MIB);
	ck_assert_ptr_null(img.no_entry64);
	ck_assert(!img.has_pvh);
	ck_assert_str_eq(img.no_pvh, "an arm64 kernel has no PVH entry");
	ck_assert_uint_eq(img.page_bytes, 4096);
	ck_assert_uint_eq(img.cmdline_max, 2047);
	/* The bytes, the bss zeroed, and nothing else touched. */
	const uint8_t *text = guest.host + 2 * MIB, *data = text + SMALL_ELF_ARM64_DATA;
	ck_assert_mem_eq(text, k.bytes + SMALL_ELF_ARM64_TEXT_OFFSET, SMALL_ELF_ARM64_TEXT_BYTES);
	ck_assert_uint_eq(text[-1], 0xcc);
	ck_assert_uint_eq(text[SMALL_ELF_ARM64_TEXT_BYTES], 0xcc);
	ck_assert_mem_eq(data, k.bytes + SMALL_ELF_ARM64_DATA_OFFSET, 32);
	ck_assert_mem_eq(data + 32, zeros, 4096 - 32);
	ck_assert_uint_eq(data[4096], 0xcc);
}
END_TEST

static const struct {
	struct patch patch;
	gpa_t start, end, entry;
} good_fields[] = {
	{{EHDR_OFFSET(e_type), 2, ET_DYN, "a relocatable kernel"},
	 2 * MIB,
	 2 * MIB + 0x4000,
	 2 * MIB},
	{{EHDR_OFFSET(e_entry), 8, START + 0xff, "the text's last byte"},
	 2 * MIB,
	 2 * MIB + 0x4000,
	 2 * MIB + 0xff},
	{{TEXT_OFFSET(text_offset), 8, 0x80000, "text_offset"},
	 2 * MIB + 0x80000,
	 2 * MIB + 0x84000,
	 2 * MIB + 0x80000},
	{{TEXT_OFFSET(image_size), 8, 0x2800, "segments that go past image_size"},
	 2 * MIB,
	 2 * MIB + 0x3000,
	 2 * MIB},
	{{TEXT_OFFSET(image_size), 8, 2 * MIB, "the end of RAM"}, 2 * MIB, 4 * MIB, 2 * MIB},
	{{PHDR_OFFSET(1, p_paddr), 8, START + 2 * MIB - 0x1000, "the end of RAM, by a segment"},
	 2 * MIB,
	 4 * MIB,
	 2 * MIB},
	{{PHDR_OFFSET(1, p_memsz), 8, 0x2001, "a bss that ends past image_size"},
	 2 * MIB,
	 2 * MIB + 0x4001,
	 2 * MIB},
};

START_TEST(accepts)
{
	const struct patch *p = &good_fields[_i].patch;
	kernel_put(&k, p->offset, p->width, p->value);
	ck_assert_msg(load(MIB) == 0, "%s: %s", p->text, e.text);
	ck_assert_uint_eq(img.start, good_fields[_i].start);
	ck_assert_uint_eq(img.end, good_fields[_i].end);
	ck_assert_uint_eq(img.entry64, good_fields[_i].entry);
}
END_TEST

#define HEAD "ELF: its lowest segment: arm64 Image: "

static const struct patch bad_fields[] = {
	{EHDR_OFFSET(e_machine), 2, EM_X86_64,
	 "ELF: e_machine=62 (x86-64), expected 183 (aarch64)"},
	{EHDR_OFFSET(e_machine), 2, EM_RISCV, "ELF: e_machine=243 (riscv), expected 183 (aarch64)"},
	{EI_DATA, 1, ELFDATA2MSB, "ELF: EI_DATA=2 (big-endian), expected 1 (little-endian)"},
	{EHDR_OFFSET(e_entry), 8, START - 1,
	 "ELF: e_entry=0xffff80007fffffff lies in no executable segment"},
	{EHDR_OFFSET(e_entry), 8, START + 0x100,
	 "ELF: e_entry=0xffff800080000100 lies in no executable segment"},
	{EHDR_OFFSET(e_entry), 8, START + SMALL_ELF_ARM64_DATA,
	 "ELF: e_entry=0xffff800080002000 lies in no executable segment"},
	{EHDR_OFFSET(e_entry), 8, 2 * MIB, "ELF: e_entry=0x200000 lies in no executable segment"},
	{PHDR_OFFSET(0, p_paddr), 8, UINT64_MAX - 0xfe,
	 "ELF: segment 0: p_paddr=0xffffffffffffff01 and p_memsz=0x100 go past the end of the "
	 "address space"},
	{PHDR_OFFSET(1, p_paddr), 8, START + 0xff,
	 "ELF: segments 0 and 1 overlap in memory: p_paddr=0xffff800080000000 and "
	 "0xffff8000800000ff"},
	/* What lies lowest has no header. */
	{PHDR_OFFSET(1, p_paddr), 8, START - 0x2000,
	 HEAD "the file has 32 bytes, its header needs 64"},
	{PHDR_OFFSET(0, p_filesz), 8, 63, HEAD "the file has 63 bytes, its header needs 64"},
	{PHDR_OFFSET(0, p_filesz), 8, 0, HEAD "the file has 0 bytes, its header needs 64"},
	{TEXT_OFFSET(magic), 4, 0, HEAD "magic=0x00000000, expected 0x644d5241 (\"ARM\\x64\")"},
	{TEXT_OFFSET(flags), 8, 1,
	 HEAD "flags=0x1, expected bit 0 clear: this is a big-endian kernel"},
	{TEXT_OFFSET(image_size), 8, 2 * MIB + 1,
	 HEAD "text_offset=0x0, image_size=0x200001: 0x200001 bytes fit nowhere in RAM from "
	      "0x100000 on, aligned to 2 MiB (RAM has 0x400000 bytes)"},
	{PHDR_OFFSET(1, p_paddr), 8, START + 2 * MIB - 0xfff,
	 HEAD "text_offset=0x0, image_size=0x4000: 0x200001 bytes fit nowhere in RAM from "
	      "0x100000 on, aligned to 2 MiB (RAM has 0x400000 bytes)"},
	/* Half virtual, half physical: neither fits. */
	{PHDR_OFFSET(1, p_paddr), 8, 2 * MIB,
	 "ELF: segment 0: p_memsz=0x100 bytes at p_paddr=0xffff800080000000 do not lie in RAM "
	 "(RAM has 0x400000 bytes)"},
};

START_TEST(refuses)
{
	expect_refused(&bad_fields[_i]);
}
END_TEST

/* The extent is not cut to 32 or 48 bits. */
START_TEST(refuses_segments_that_are_far_apart)
{
	kernel_put(&k, PHDR_OFFSET(0, p_paddr), 8, 1ULL << 63);
	const struct patch entry = {
		EHDR_OFFSET(e_entry), 8, 1ULL << 63,
		HEAD "text_offset=0x0, image_size=0x4000 and 0x7fff800080003000 bytes of kernel, "
		     "expected each at most 0x1000000000000"};
	expect_refused(&entry);
}
END_TEST

START_TEST(every_truncation_is_refused)
{
	for (size_t size = 0; size < k.size; size++) {
		ck_assert_int_eq(kernel_load(&k, size, &guest.mem, MIB, &img, &e), -1);
		ck_assert(guest_untouched(&guest));
	}
	ck_assert_int_eq(kernel_load(&k, k.size, &guest.mem, MIB, &img, &e), 0);
}
END_TEST

/* A guest with physical addresses lies at them, whatever it begins with. */
START_TEST(loads_at_physical_addresses)
{
	const struct elf_segment segment[] = {
		{PT_LOAD, PF_R | PF_X, MIB + 16, 64, 16, NULL, 64},
		{PT_LOAD, PF_R | PF_W, 3 * MIB, MIB, 16, NULL, 32},
	};
	kernel_elf(&k, MIB + 20, segment, 2);
	kernel_put(&k, EHDR_OFFSET(e_machine), 2, EM_AARCH64);
	k.machine = IMAGE_MACHINE_AARCH64;
	ck_assert_msg(load(MIB) == 0, "%s", e.text);
	ck_assert_uint_eq(img.start, MIB + 16);
	ck_assert_uint_eq(img.end, 4 * MIB);
	ck_assert_uint_eq(img.entry64, MIB + 20);
	ck_assert(img.has_entry64 && !img.has_pvh);
	ck_assert_uint_eq(img.page_bytes, 0);
	ck_assert_uint_eq(guest.host[MIB + 15], 0xcc);
	ck_assert_uint_eq(guest.host[MIB + 16], 0xa0);
	ck_assert_uint_eq(guest.host[3 * MIB + 31], 0xa1);
	ck_assert_uint_eq(guest.host[4 * MIB - 1], 0);

	ck_assert_int_eq(load(MIB + 17), -1);
	ck_assert_str_eq(e.text,
			 "ELF: segment 0: p_paddr=0x100010 is below 0x100011, the lowest for a "
			 "kernel");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("elf_arm64");
	TCase *tc = tcase_create("elf_arm64");
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, loads_where_its_image_would_be);
	tcase_add_loop_test(tc, accepts, 0, COUNT(good_fields));
	tcase_add_loop_test(tc, refuses, 0, COUNT(bad_fields));
	tcase_add_test(tc, refuses_segments_that_are_far_apart);
	tcase_add_test(tc, every_truncation_is_refused);
	tcase_add_test(tc, loads_at_physical_addresses);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

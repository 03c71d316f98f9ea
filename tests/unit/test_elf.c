/* SPDX-License-Identifier: BSD-3-Clause */
#include "loader/elf.h"
#include "loader/elf_file.h"

#include "loading.h"

#include <check.h>
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define EHDR_OFFSET(field) offsetof(Elf64_Ehdr, field)

static void setup(void)
{
	setup_with(kernel_elf_small);
}

START_TEST(loads)
{
	static const uint8_t zeros[4096];
	ck_assert_msg(load(MIB) == 0, "%s", e.text);
	ck_assert_int_eq((int)img.format, IMAGE_ELF);
	ck_assert_uint_eq(img.start, SMALL_ELF_ENTRY);
	ck_assert_uint_eq(img.end, SMALL_ELF_END);
	ck_assert(img.has_entry64);
	ck_assert_uint_eq(img.entry64, SMALL_ELF_ENTRY);
	ck_assert_ptr_null(img.no_entry64);
	ck_assert(img.has_pvh);
	ck_assert_uint_eq(img.pvh_entry, SMALL_ELF_PVH_ENTRY);
	ck_assert_ptr_null(img.no_pvh);
	ck_assert_uint_eq(img.setup_header_bytes, 0);
	ck_assert_uint_eq(img.cmdline_max, 2047);
	ck_assert_uint_eq(img.initrd_addr_max, 0xffffffff);
	ck_assert(!img.initrd_above_4g);
	/* The bytes, the bss zeroed, and nothing else touched. */
	ck_assert_mem_eq(guest.host + MIB, k.bytes + SMALL_ELF_TEXT_OFFSET, 64);
	ck_assert_uint_eq(guest.host[MIB - 1], 0xcc);
	ck_assert_uint_eq(guest.host[MIB + 64], 0xcc);
	ck_assert_mem_eq(guest.host + SMALL_ELF_DATA, k.bytes + SMALL_ELF_DATA_OFFSET, 32);
	ck_assert_mem_eq(guest.host + SMALL_ELF_DATA + 32, zeros, 4096 - 32);
	ck_assert_uint_eq(guest.host[SMALL_ELF_END], 0xcc);
}
END_TEST

static const struct patch good_fields[] = {
	{EHDR_OFFSET(e_type), 2, ET_DYN, "a PIE"},
	{EHDR_OFFSET(e_entry), 8, SMALL_ELF_ENTRY + 63, "the last byte of the text"},
	{EHDR_OFFSET(e_shoff), 8, UINT64_MAX, "section headers are not looked at"},
	{PHDR_OFFSET(2, p_vaddr), 8, 0, "nor are virtual addresses"},
	{PHDR_OFFSET(2, p_filesz), 8, 0, "a segment of bss alone"},
	{PHDR_OFFSET(2, p_paddr), 8, SMALL_ELF_ENTRY + 64, "segments that touch"},
	{PHDR_OFFSET(1, p_align), 8, 0, "no alignment"},
	{PHDR_OFFSET(1, p_align), 8, 1ULL << 63, "more alignment than its address has"},
	{PHDR_OFFSET(2, p_paddr), 8, 4 * MIB - 4096, "the end of RAM"},
};

START_TEST(accepts)
{
	const struct patch *p = &good_fields[_i];
	kernel_put(&k, p->offset, p->width, p->value);
	ck_assert_msg(load(MIB) == 0, "%s: %s", p->text, e.text);
}
END_TEST

static const struct patch bad_fields[] = {
	{EI_CLASS, 1, 1,
	 "ELF: EI_CLASS=1 (32-bit), expected 2 (64-bit) with e_machine=62 (x86-64)"},
	{EI_CLASS, 1, 3, "ELF: EI_CLASS=3, expected 1 (32-bit) or 2 (64-bit)"},
	{EI_DATA, 1, 2, "ELF: EI_DATA=2 (big-endian), expected 1 (little-endian)"},
	{EI_DATA, 1, 0, "ELF: EI_DATA=0, expected 1 (little-endian)"},
	{EI_VERSION, 1, 0, "ELF: EI_VERSION=0, expected 1"},
	{EHDR_OFFSET(e_type), 2, ET_REL,
	 "ELF: e_type=1 (an object file), expected 2 (executable) or 3 (shared object)"},
	{EHDR_OFFSET(e_type), 2, ET_CORE,
	 "ELF: e_type=4, expected 2 (executable) or 3 (shared object)"},
	{EHDR_OFFSET(e_machine), 2, 3,
	 "ELF: EI_CLASS=2 (64-bit), expected 1 (32-bit) with e_machine=3 (i386)"},
	{EHDR_OFFSET(e_machine), 2, 21, "ELF: e_machine=21 (ppc64), expected 62 (x86-64)"},
	{EHDR_OFFSET(e_machine), 2, 22, "ELF: e_machine=22 (s390), expected 62 (x86-64)"},
	{EHDR_OFFSET(e_machine), 2, 40, "ELF: e_machine=40 (arm), expected 62 (x86-64)"},
	{EHDR_OFFSET(e_machine), 2, 183, "ELF: e_machine=183 (aarch64), expected 62 (x86-64)"},
	{EHDR_OFFSET(e_machine), 2, 243, "ELF: e_machine=243 (riscv), expected 62 (x86-64)"},
	{EHDR_OFFSET(e_machine), 2, 999, "ELF: e_machine=999, expected 62 (x86-64)"},
	{EHDR_OFFSET(e_phentsize), 2, 32, "ELF: e_phentsize=32, expected 56"},
	{EHDR_OFFSET(e_phnum), 2, 129, "ELF: e_phnum=129, expected at most 128"},
	{EHDR_OFFSET(e_phnum), 2, 65535, "ELF: e_phnum=65535, expected at most 128"},
	{EHDR_OFFSET(e_phnum), 2, 0,
	 "ELF: no PT_LOAD segment with a byte of memory among e_phnum=0"},
	{EHDR_OFFSET(e_phnum), 2, 1,
	 "ELF: no PT_LOAD segment with a byte of memory among e_phnum=1"},
	{EHDR_OFFSET(e_phnum), 2, 6,
	 "ELF: e_phnum=6 program headers at e_phoff=64 do not lie in the file's 368 bytes"},
	{EHDR_OFFSET(e_phoff), 8, 369,
	 "ELF: e_phnum=3 program headers at e_phoff=369 do not lie in the file's 368 bytes"},
	{EHDR_OFFSET(e_phoff), 8, UINT64_MAX - 167,
	 "ELF: e_phnum=3 program headers at e_phoff=18446744073709551448 do not lie in the file's "
	 "368 bytes"},
	{PHDR_OFFSET(1, p_offset), 8, 0x131,
	 "ELF: segment 1: p_filesz=0x40 bytes at p_offset=0x131, but the file has 0x170"},
	{PHDR_OFFSET(1, p_offset), 8, UINT64_MAX,
	 "ELF: segment 1: p_filesz=0x40 bytes at p_offset=0xffffffffffffffff, but the file has "
	 "0x170"},
	{PHDR_OFFSET(1, p_filesz), 8, UINT64_MAX,
	 "ELF: segment 1: p_filesz=0xffffffffffffffff bytes at p_offset=0x110, but the file has "
	 "0x170"},
	{PHDR_OFFSET(1, p_memsz), 8, 63,
	 "ELF: segment 1: p_filesz=0x40 is larger than p_memsz=0x3f"},
	{PHDR_OFFSET(1, p_memsz), 8, 0, "ELF: segment 1: p_filesz=0x40 is larger than p_memsz=0x0"},
	{PHDR_OFFSET(1, p_align), 8, 0x1001,
	 "ELF: segment 1: p_align=0x1001, expected 0 or a power of two"},
	{PHDR_OFFSET(2, p_align), 8, UINT64_MAX,
	 "ELF: segment 2: p_align=0xffffffffffffffff, expected 0 or a power of two"},
	{PHDR_OFFSET(1, p_paddr), 8, UINT64_MAX - 62,
	 "ELF: segment 1: p_paddr=0xffffffffffffffc1 and p_memsz=0x40 go past the end of the "
	 "address space"},
	{PHDR_OFFSET(2, p_memsz), 8, UINT64_MAX,
	 "ELF: segment 2: p_paddr=0x101000 and p_memsz=0xffffffffffffffff go past the end of the "
	 "address space"},
	{PHDR_OFFSET(1, p_paddr), 8, MIB - 1,
	 "ELF: segment 1: p_paddr=0xfffff is below 0x100000, the lowest for a kernel"},
	{PHDR_OFFSET(1, p_paddr), 8, 0,
	 "ELF: segment 1: p_paddr=0x0 is below 0x100000, the lowest for a kernel"},
	{PHDR_OFFSET(2, p_paddr), 8, 4 * MIB - 4095,
	 "ELF: segment 2: p_memsz=0x1000 bytes at p_paddr=0x3ff001 do not lie in RAM (RAM has "
	 "0x400000 bytes)"},
	{PHDR_OFFSET(2, p_paddr), 8, 1ULL << 40,
	 "ELF: segment 2: p_memsz=0x1000 bytes at p_paddr=0x10000000000 do not lie in RAM (RAM has "
	 "0x400000 bytes)"},
	{PHDR_OFFSET(2, p_memsz), 8, 4 * MIB,
	 "ELF: segment 2: p_memsz=0x400000 bytes at p_paddr=0x101000 do not lie in RAM (RAM has "
	 "0x400000 bytes)"},
	{PHDR_OFFSET(2, p_paddr), 8, MIB,
	 "ELF: segments 1 and 2 overlap in memory: p_paddr=0x100000 and 0x100000"},
	{PHDR_OFFSET(2, p_paddr), 8, MIB + 63,
	 "ELF: segments 1 and 2 overlap in memory: p_paddr=0x100000 and 0x10003f"},
	{PHDR_OFFSET(1, p_paddr), 8, SMALL_ELF_END - 1,
	 "ELF: segments 1 and 2 overlap in memory: p_paddr=0x101fff and 0x101000"},
	{PHDR_OFFSET(1, p_memsz), 8, MIB,
	 "ELF: segments 1 and 2 overlap in memory: p_paddr=0x100000 and 0x101000"},
};

START_TEST(refuses)
{
	expect_refused(&bad_fields[_i]);
}
END_TEST

/* image_probe() looks at the magic: only a direct call gets here. */
START_TEST(refuses_without_its_magic)
{
	k.bytes[3] = 'f';
	ck_assert_int_eq(
		elf_load_x86((struct blob){k.bytes, k.size}, &guest.mem, &from_1_mib, &img, &e),
		-1);
	ck_assert_str_eq(e.text, "ELF: EI_MAG=7f 45 4c 66, expected 7f 45 4c 46");
	ck_assert_int_eq(elf_load_x86((struct blob){NULL, 0}, &guest.mem, &from_1_mib, &img, &e),
			 -1);
	ck_assert_str_eq(e.text, "ELF: the file has 0 bytes, its header needs 64");
}
END_TEST

/* --- ELF32 */

#define EHDR32_OFFSET(field) offsetof(Elf32_Ehdr, field)

static void make_small_32(void)
{
	kernel_elf_small(&k);
	kernel_elf_to_32(&k);
}

START_TEST(loads_an_elf32)
{
	static const uint8_t zeros[4096];
	make_small_32();
	ck_assert_msg(load(MIB) == 0, "%s", e.text);
	ck_assert_int_eq((int)img.format, IMAGE_ELF);
	ck_assert_uint_eq(img.start, SMALL_ELF_ENTRY);
	ck_assert_uint_eq(img.end, SMALL_ELF_END);
	ck_assert(img.has_pvh);
	ck_assert_uint_eq(img.pvh_entry, SMALL_ELF_PVH_ENTRY);
	ck_assert(!img.has_entry64);
	ck_assert_str_eq(img.no_entry64, "a 32-bit ELF is entered in 32-bit mode alone");
	ck_assert_mem_eq(guest.host + MIB, k.bytes + SMALL_ELF_TEXT_OFFSET, 64);
	ck_assert_mem_eq(guest.host + SMALL_ELF_DATA, k.bytes + SMALL_ELF_DATA_OFFSET, 32);
	ck_assert_mem_eq(guest.host + SMALL_ELF_DATA + 32, zeros, 4096 - 32);
	ck_assert_uint_eq(guest.host[MIB - 1], 0xcc);
	ck_assert_uint_eq(guest.host[SMALL_ELF_END], 0xcc);
}
END_TEST

static const struct patch good_fields_32[] = {
	{EHDR32_OFFSET(e_type), 2, ET_DYN, "a PIE"},
	{EHDR32_OFFSET(e_entry), 4, 0xc0100000, "a virtual e_entry: nobody enters there"},
	{EHDR32_OFFSET(e_shoff), 4, UINT32_MAX, "section headers are not looked at"},
	{PHDR32_OFFSET(2, p_vaddr), 4, 0, "nor are virtual addresses"},
	{PHDR32_OFFSET(2, p_filesz), 4, 0, "a segment of bss alone"},
	{PHDR32_OFFSET(2, p_paddr), 4, 4 * MIB - 4096, "the end of RAM"},
	{PHDR32_OFFSET(0, p_align), 4, 8, "more alignment than notes need"},
};

START_TEST(accepts_32)
{
	const struct patch *p = &good_fields_32[_i];
	make_small_32();
	kernel_put(&k, p->offset, p->width, p->value);
	ck_assert_msg(load(MIB) == 0, "%s: %s", p->text, e.text);
	ck_assert_uint_eq(img.pvh_entry, SMALL_ELF_PVH_ENTRY);
}
END_TEST

static const struct patch bad_fields_32[] = {
	{EI_CLASS, 1, 2, "ELF: EI_CLASS=2 (64-bit), expected 1 (32-bit) with e_machine=3 (i386)"},
	{EI_DATA, 1, 2, "ELF: EI_DATA=2 (big-endian), expected 1 (little-endian)"},
	{EHDR32_OFFSET(e_machine), 2, 62,
	 "ELF: EI_CLASS=1 (32-bit), expected 2 (64-bit) with e_machine=62 (x86-64)"},
	{EHDR32_OFFSET(e_machine), 2, 40, "ELF: e_machine=40 (arm), expected 62 (x86-64)"},
	{EHDR32_OFFSET(e_phentsize), 2, 56, "ELF: e_phentsize=56, expected 32"},
	{EHDR32_OFFSET(e_phnum), 2, 129, "ELF: e_phnum=129, expected at most 128"},
	{EHDR32_OFFSET(e_phoff), 4, 0x150,
	 "ELF: e_phnum=3 program headers at e_phoff=336 do not lie in the file's 368 bytes"},
	{EHDR32_OFFSET(e_phoff), 4, UINT32_MAX,
	 "ELF: e_phnum=3 program headers at e_phoff=4294967295 do not lie in the file's 368 "
	 "bytes"},
	{PHDR32_OFFSET(1, p_offset), 4, UINT32_MAX,
	 "ELF: segment 1: p_filesz=0x40 bytes at p_offset=0xffffffff, but the file has 0x170"},
	{PHDR32_OFFSET(1, p_memsz), 4, 63,
	 "ELF: segment 1: p_filesz=0x40 is larger than p_memsz=0x3f"},
	{PHDR32_OFFSET(1, p_align), 4, 3,
	 "ELF: segment 1: p_align=0x3, expected 0 or a power of two"},
	{PHDR32_OFFSET(1, p_paddr), 4, UINT32_MAX - 62,
	 "ELF: segment 1: p_paddr=0xffffffc1 and p_memsz=0x40 go past the end of the address "
	 "space"},
	{PHDR32_OFFSET(1, p_paddr), 4, UINT32_MAX - 63,
	 "ELF: segment 1: p_memsz=0x40 bytes at p_paddr=0xffffffc0 do not lie in RAM (RAM has "
	 "0x400000 bytes)"},
	{PHDR32_OFFSET(2, p_paddr), 4, MIB + 63,
	 "ELF: segments 1 and 2 overlap in memory: p_paddr=0x100000 and 0x10003f"},
	{PHDR32_OFFSET(0, p_type), 4, PT_NULL,
	 "ELF: a 32-bit kernel needs a PVH entry: there is no PVH note"},
	{PHDR32_OFFSET(0, p_filesz), 4, 0x1000,
	 "ELF: a 32-bit kernel needs a PVH entry: the notes lie outside the file"},
	{PHDR32_OFFSET(1, p_memsz), 4, MIB,
	 "ELF: segments 1 and 2 overlap in memory: p_paddr=0x100000 and 0x101000"},
};

START_TEST(refuses_32)
{
	make_small_32();
	expect_refused(&bad_fields_32[_i]);
}
END_TEST

START_TEST(every_truncation_of_an_elf32_is_refused)
{
	make_small_32();
	for (size_t size = 4; size < k.size; size++) {
		ck_assert_int_eq(kernel_load(&k, size, &guest.mem, MIB, &img, &e), -1);
		ck_assert_msg(strncmp(e.text, "ELF: ", 5) == 0, "%s", e.text);
		ck_assert(guest_untouched(&guest));
	}
	kernel_load(&k, 51, &guest.mem, MIB, &img, &e);
	ck_assert_str_eq(e.text, "ELF: the file has 51 bytes, its header needs 52");
}
END_TEST

/* Its code relies on the addresses that it was linked for, and there is no other entry. */
START_TEST(an_elf32_has_no_offset)
{
	const struct image_placement where = {.lowest = MIB, .elf_offset = 0x1000};
	make_small_32();
	ck_assert_int_eq(load_at(&where), -1);
	ck_assert_str_eq(e.text, "ELF: a 32-bit kernel needs a PVH entry: the kernel lies at an "
				 "offset, which its PVH entry does not expect");
}
END_TEST

START_TEST(an_elf32_is_no_kernel_for_arm64)
{
	make_small_32();
	k.machine = IMAGE_MACHINE_AARCH64;
	ck_assert_int_eq(load(MIB), -1);
	ck_assert_str_eq(e.text, "ELF: e_machine=3 (i386), expected 183 (aarch64)");
}
END_TEST

/* --- truncation, notes, place */

static void expected_for_truncation(size_t size, char *text, size_t text_size)
{
	static const char expected[] =
		"expected an x86_64 ELF vmlinux, an i386 ELF with a PVH note or a bzImage (plain, "
		"compressed or in a unified kernel image)";
	if (size == 0)
		snprintf(text, text_size, "the file is empty; %s", expected);
	else if (size < 4)
		snprintf(text, text_size, "this is of an unknown format; %s", expected);
	else if (size < 64)
		snprintf(text, text_size, "ELF: the file has %zu bytes, its header needs 64", size);
	else if (size < 64 + 3 * 56)
		snprintf(
			text, text_size,
			"ELF: e_phnum=3 program headers at e_phoff=64 do not lie in the file's %zu "
			"bytes",
			size);
	else if (size < SMALL_ELF_TEXT_OFFSET + 64)
		snprintf(text, text_size,
			 "ELF: segment 1: p_filesz=0x40 bytes at p_offset=0x110, but the file has "
			 "0x%zx",
			 size);
	else
		snprintf(text, text_size,
			 "ELF: segment 2: p_filesz=0x20 bytes at p_offset=0x150, but the file has "
			 "0x%zx",
			 size);
}

START_TEST(every_truncation_is_refused)
{
	char expected[ERR_TEXT_BYTES];
	for (size_t size = 0; size < k.size; size++) {
		ck_assert_int_eq(kernel_load(&k, size, &guest.mem, MIB, &img, &e), -1);
		expected_for_truncation(size, expected, sizeof(expected));
		ck_assert_str_eq(e.text, expected);
	}
	ck_assert_int_eq(kernel_load(&k, k.size, &guest.mem, MIB, &img, &e), 0);
}
END_TEST

/* What lies after the last loaded byte may be cut off, but a lost note is reported. */
START_TEST(a_cut_note_is_reported)
{
	uint8_t notes[64] = {0};
	uint64_t entry = MIB;
	size_t len = kernel_note(notes, 0, "Xen", 4, 18, &entry, 8, 4);
	const struct elf_segment segment[] = {
		{PT_LOAD, PF_R | PF_X, MIB, 64, 4096, NULL, 64},
		{PT_NOTE, PF_R, 0, 0, 4, notes, len},
	};
	kernel_elf(&k, MIB, segment, 2);
	ck_assert_msg(load(MIB) == 0, "%s", e.text);
	ck_assert(img.has_pvh);
	for (k.size--; k.size > 0xb0; k.size--) {
		int r = load(MIB);
		if (k.size < 0xb0 + 64) {
			ck_assert_int_eq(r, -1);
			continue;
		}
		ck_assert_msg(r == 0, "%s", e.text);
		ck_assert(!img.has_pvh);
		ck_assert_str_eq(img.no_pvh, "the notes lie outside the file");
	}
}
END_TEST

/* A PT_LOAD without memory loads nothing, wherever it says that it lies. */
START_TEST(empty_segments_are_ignored)
{
	const struct elf_segment segment[] = {
		{PT_LOAD, PF_R | PF_X, MIB + 32, 0, 4096, NULL, 0},
		{PT_LOAD, PF_R | PF_X, MIB, 64, 4096, NULL, 64},
		{PT_LOAD, PF_R | PF_X, MIB + 16, 0, 4096, NULL, 0},
		{PT_LOAD, PF_R | PF_X, 0, 0, 4096, NULL, 0},
		{PT_LOAD, PF_R | PF_X, 1ULL << 40, 0, 4096, NULL, 0},
	};
	kernel_elf(&k, MIB, segment, 5);
	ck_assert_msg(load(MIB) == 0, "%s", e.text);
	ck_assert_uint_eq(img.start, MIB);
	ck_assert_uint_eq(img.end, MIB + 64);
}
END_TEST

/* In any order, in more than one range of RAM; a bss of its own segment counts for the end. */
START_TEST(extent_is_that_of_all_segments)
{
	static uint8_t high[0x1000];
	const struct elf_segment segment[] = {
		{PT_LOAD, PF_R | PF_W, 4096 * MIB, 0x1000, 4096, NULL, 0},
		{PT_LOAD, PF_R | PF_X, 2 * MIB, 64, 4096, NULL, 64},
		{PT_LOAD, PF_R, MIB, 64, 4096, NULL, 64},
	};
	memset(high, 0xcc, sizeof(high));
	ck_assert_int_eq(gmem_add(&guest.mem, 4096 * MIB, sizeof(high), high, &e), 0);
	kernel_elf(&k, 2 * MIB, segment, 3);
	ck_assert_msg(load(MIB) == 0, "%s", e.text);
	ck_assert_uint_eq(img.start, MIB);
	ck_assert_uint_eq(img.end, 4096 * MIB + 0x1000);
	ck_assert_uint_eq(img.entry64, 2 * MIB);
	ck_assert_uint_eq(high[0], 0);
	ck_assert_uint_eq(high[0xfff], 0);
}
END_TEST

START_TEST(entry_must_be_executable_unless_there_is_pvh)
{
	static const uint64_t entries[] = {0, SMALL_ELF_ENTRY - 1, SMALL_ELF_ENTRY + 64,
					   SMALL_ELF_DATA, 0xffffffff80100000};
	for (int i = 0; i < COUNT(entries); i++) {
		char expected[ERR_TEXT_BYTES];
		kernel_put(&k, EHDR_OFFSET(e_entry), 8, entries[i]);
		kernel_put(&k, PHDR_OFFSET(0, p_type), 4, PT_NOTE);
		ck_assert_msg(load(MIB) == 0, "%s", e.text);
		ck_assert(img.has_pvh);
		ck_assert(!img.has_entry64);
		ck_assert_str_eq(img.no_entry64, "e_entry lies in no executable segment");

		kernel_put(&k, PHDR_OFFSET(0, p_type), 4, PT_NULL);
		ck_assert_int_eq(load(MIB), -1);
		snprintf(expected, sizeof(expected),
			 "ELF: e_entry=0x%llx lies in no executable segment, and no PVH entry: "
			 "there "
			 "is no PVH note",
			 (unsigned long long)entries[i]);
		ck_assert_str_eq(e.text, expected);
	}
}
END_TEST

/* Notes: what one PT_NOTE holds. */
struct note {
	const char *name; /* NULL: end */
	uint32_t namesz;
	uint32_t type;
	uint32_t descsz;
	uint64_t desc[2];
};

#define PVH(size, entry)                                                                           \
	{                                                                                          \
		"Xen", 4, 18, size,                                                                \
		{                                                                                  \
			entry                                                                      \
		}                                                                                  \
	}
#define PROPERTY                                                                                   \
	{                                                                                          \
		"GNU", 4, 5, 16,                                                                   \
		{                                                                                  \
			0x4c0000002, 0x3                                                           \
		}                                                                                  \
	} /* NT_GNU_PROPERTY_TYPE_0 */

static const struct {
	const char *what;
	uint64_t p_align;
	size_t packed; /* the alignment that the notes really have */
	struct note notes[5];
	struct note second[3]; /* of another PT_NOTE */
	uint64_t entry;        /* or ... */
	const char *no_pvh;
} notes[] = {
	{"4 bytes", 4, 4, {PVH(4, MIB)}, {{0}}, MIB, NULL},
	{"8 bytes", 4, 4, {PVH(8, MIB + 5)}, {{0}}, MIB + 5, NULL},
	{"in data", 4, 4, {PVH(4, SMALL_ELF_DATA)}, {{0}}, SMALL_ELF_DATA, NULL},
	{"in bss", 4, 4, {PVH(4, SMALL_ELF_END - 1)}, {{0}}, SMALL_ELF_END - 1, NULL},
	{"p_align 0", 0, 4, {PVH(4, MIB)}, {{0}}, MIB, NULL},
	{"p_align 1", 1, 4, {PVH(4, MIB)}, {{0}}, MIB, NULL},
	{"among others",
	 4,
	 4,
	 {{"Xen", 4, 6, 6, {0x78756e696c}},
	  {"Linux", 6, 18, 4, {7}},
	  PVH(4, MIB),
	  {"Xen", 4, 1, 4, {7}}},
	 {{0}},
	 MIB,
	 NULL},
	{"same twice", 4, 4, {PVH(4, MIB), PVH(8, MIB)}, {{0}}, MIB, NULL},
	{"in the second PT_NOTE", 4, 4, {{"Linux", 6, 1, 4, {7}}}, {PVH(4, MIB)}, MIB, NULL},
	{"in the first PT_NOTE", 4, 4, {PVH(4, MIB)}, {{"Linux", 6, 1, 4, {7}}}, MIB, NULL},
	{"first broken, second not",
	 4,
	 4,
	 {{"Linux", 0x40000000, 1, 4, {7}}},
	 {PVH(4, MIB)},
	 MIB,
	 NULL},
	/* Aligned to 8 throughout, and by p_align only. */
	{"packed by 8", 8, 8, {{"Linux", 6, 1, 4, {7}}, PVH(4, MIB)}, {{0}}, MIB, NULL},
	{"property first, all by 8",
	 8,
	 8,
	 {PROPERTY, {"Xen", 4, 7, 4, {1}}, PVH(4, MIB)},
	 {{0}},
	 MIB,
	 NULL},
	{"property first, the rest by 4",
	 8,
	 4,
	 {PROPERTY, {"Xen", 4, 7, 4, {1}}, {"Linux", 6, 1, 5, {7}}, PVH(4, MIB)},
	 {{0}},
	 MIB,
	 NULL},
	{"property by 4", 4, 4, {PROPERTY, {"Xen", 4, 7, 4, {1}}, PVH(4, MIB)}, {{0}}, MIB, NULL},

	{"none", 4, 4, {{"Xen", 4, 7, 4, {1}}}, {{0}}, 0, "there is no PVH note"},
	{"none, by 8", 8, 8, {{"Linux", 6, 1, 4, {1}}}, {{0}}, 0, "there is no PVH note"},
	{"an empty PT_NOTE", 4, 4, {{0}}, {{0}}, 0, "there is no PVH note"},
	{"another name", 4, 4, {{"XEN", 4, 18, 4, {MIB}}}, {{0}}, 0, "there is no PVH note"},
	{"a name without NUL", 4, 4, {{"Xen", 3, 18, 4, {MIB}}}, {{0}}, 0, "there is no PVH note"},
	{"a longer name", 4, 4, {{"Xen\0\0", 5, 18, 4, {MIB}}}, {{0}}, 0, "there is no PVH note"},
	{"no descriptor",
	 4,
	 4,
	 {PVH(0, MIB)},
	 {{0}},
	 0,
	 "the PVH note is neither 4 nor 8 bytes long"},
	{"2 bytes", 4, 4, {PVH(2, MIB)}, {{0}}, 0, "the PVH note is neither 4 nor 8 bytes long"},
	{"16 bytes", 4, 4, {PVH(16, MIB)}, {{0}}, 0, "the PVH note is neither 4 nor 8 bytes long"},
	{"one good, one too long",
	 4,
	 4,
	 {PVH(4, MIB), PVH(16, MIB)},
	 {{0}},
	 0,
	 "the PVH note is neither 4 nor 8 bytes long"},
	{"two entries",
	 4,
	 4,
	 {PVH(4, MIB), PVH(4, MIB + 1)},
	 {{0}},
	 0,
	 "two PVH notes contradict each other"},
	{"two entries in two PT_NOTEs",
	 4,
	 4,
	 {PVH(4, MIB)},
	 {PVH(4, MIB + 1)},
	 0,
	 "two PVH notes contradict each other"},
	{"outside", 4, 4, {PVH(4, MIB + 64)}, {{0}}, 0, "the PVH entry lies in no loaded segment"},
	{"0", 4, 4, {PVH(4, 0)}, {{0}}, 0, "the PVH entry lies in no loaded segment"},
	{"above 4 GiB", 4, 4, {PVH(8, 0x100100000)}, {{0}}, 0, "the PVH entry is not below 4 GiB"},
	{"a virtual address",
	 4,
	 4,
	 {PVH(8, 0xffffffff80100000)},
	 {{0}},
	 0,
	 "the PVH entry is not below 4 GiB"},
	{"a name too long",
	 4,
	 4,
	 {{"Xen", 0xffffffff, 18, 4, {MIB}}},
	 {{0}},
	 0,
	 "the notes do not parse"},
	{"a descriptor too long",
	 4,
	 4,
	 {{"Xen", 4, 18, 0xffffffff, {MIB}}},
	 {{0}},
	 0,
	 "the notes do not parse"},
	{"a descriptor too long, by 8",
	 8,
	 8,
	 {{"Xen", 4, 18, 0x7ffffffd, {MIB}}},
	 {{0}},
	 0,
	 "the notes do not parse"},
};

/* The sizes in a note may be lies: what does not fit is written with 4 bytes. */
static size_t put_notes(uint8_t *dst, const struct note *note, size_t packed)
{
	size_t len = 0;
	for (; note->name; note++) {
		size_t at = len;
		uint32_t namesz = note->namesz < 8 ? note->namesz : 4;
		uint32_t descsz = note->descsz <= 16 ? note->descsz : 4;
		len = kernel_note(dst, len, note->name, namesz, note->type, note->desc, descsz,
				  packed);
		memcpy(dst + at, &note->namesz, 4);
		memcpy(dst + at + 4, &note->descsz, 4);
	}
	return len;
}

START_TEST(pvh_notes)
{
	uint8_t first[256] = {0}, second[256] = {0};
	size_t packed = notes[_i].packed;
	size_t first_len = put_notes(first, notes[_i].notes, packed);
	size_t second_len = put_notes(second, notes[_i].second, packed);
	const struct elf_segment segment[] = {
		{PT_LOAD, PF_R | PF_X, MIB, 64, 4096, NULL, 64},
		{PT_NOTE, PF_R, 0, 0, notes[_i].p_align, first, first_len},
		{PT_NOTE, PF_R, 0, 0, notes[_i].p_align, second, second_len},
		{PT_LOAD, PF_R | PF_W, SMALL_ELF_DATA, 4096, 4096, NULL, 32},
	};
	kernel_elf(&k, MIB, segment, 4);
	ck_assert_msg(load(MIB) == 0, "%s: %s", notes[_i].what, e.text);
	if (notes[_i].no_pvh) {
		ck_assert_msg(!img.has_pvh, "%s", notes[_i].what);
		ck_assert_str_eq(img.no_pvh, notes[_i].no_pvh);
		ck_assert_uint_eq(img.pvh_entry, 0);
		return;
	}
	ck_assert_msg(img.has_pvh, "%s: %s", notes[_i].what, img.no_pvh);
	ck_assert_uint_eq(img.pvh_entry, notes[_i].entry);
	ck_assert_ptr_null(img.no_pvh);
}
END_TEST

/* A note header that the segment's end cuts. */
START_TEST(linux_is_known_by_its_note)
{
	static const struct {
		const char *name;
		uint32_t namesz;
		bool is_linux;
	} names[] = {
		{"Linux", 6, true}, {"Linux", 5, false}, {"linux", 6, false}, {"Xen", 4, false}};
	for (int i = 0; i < COUNT(names); i++) {
		uint8_t bytes[64] = {0};
		size_t len = kernel_note(bytes, 0, names[i].name, names[i].namesz, 0x100, "", 1, 4);
		const struct elf_segment segment[] = {
			{PT_NOTE, PF_R, 0, 0, 4, bytes, len},
			{PT_LOAD, PF_R | PF_X, MIB, 64, 4096, NULL, 64},
		};
		kernel_elf(&k, MIB, segment, 2);
		ck_assert_msg(load(MIB) == 0, "%s", e.text);
		ck_assert_int_eq(img.is_linux, names[i].is_linux);
	}
}
END_TEST

START_TEST(cut_note_header)
{
	for (uint64_t filesz = 0; filesz < 20; filesz++) {
		kernel_put(&k, PHDR_OFFSET(0, p_filesz), 8, filesz);
		ck_assert_msg(load(MIB) == 0, "%s", e.text);
		ck_assert_str_eq(img.no_pvh,
				 filesz ? "the notes do not parse" : "there is no PVH note");
	}
	kernel_put(&k, PHDR_OFFSET(0, p_offset), 8, UINT64_MAX);
	ck_assert_msg(load(MIB) == 0, "%s", e.text);
	ck_assert_str_eq(img.no_pvh, "the notes lie outside the file");
}
END_TEST

/*
 * The worst that a file can ask for: 128 program headers, each a PT_NOTE with all of 2 million
 * empty notes, read by 8 and by 4. It must not take long, and the PVH note after 65535 notes is
 * found.
 */
START_TEST(millions_of_notes)
{
	enum { NOTES = 2000000, HEADERS = 64 + 128 * 56, NOTE = 12 };
	size_t size = HEADERS + 16 + (size_t)NOTES * NOTE + 4096;
	uint8_t *file = calloc(1, size);
	ck_assert_ptr_nonnull(file);
	Elf64_Phdr ph[128];
	for (int i = 0; i < 128; i++)
		ph[i] = (Elf64_Phdr){.p_type = PT_NOTE,
				     .p_offset = HEADERS,
				     .p_filesz = (size_t)NOTES * NOTE,
				     .p_align = 8};
	ph[0] = (Elf64_Phdr){
		.p_type = PT_LOAD, .p_flags = PF_X, .p_paddr = MIB, .p_filesz = 64, .p_memsz = 64};
	memcpy(file, k.bytes, 64);
	memcpy(file + 64, ph, sizeof(ph));
	*(uint16_t *)(void *)(file + EHDR_OFFSET(e_phnum)) = 128;

	clock_t start = clock();
	ck_assert_int_eq(elf_load_x86((struct blob){file, size}, &guest.mem, &from_1_mib, &img, &e),
			 0);
	ck_assert_str_eq(img.no_pvh, "there are more than 65536 notes");
	ck_assert_int_lt((int)((clock() - start) / CLOCKS_PER_SEC), 2);

	/* One segment: 65535 notes of 12 bytes, then the PVH note. */
	*(uint16_t *)(void *)(file + EHDR_OFFSET(e_phnum)) = 2;
	ph[1].p_align = 4;
	ph[1].p_filesz = 65535 * NOTE + 20;
	memcpy(file + 64, ph, 2 * sizeof(ph[0]));
	uint32_t entry = MIB;
	kernel_note(file + HEADERS, 65535 * NOTE, "Xen", 4, 18, &entry, 4, 4);
	ck_assert_int_eq(elf_load_x86((struct blob){file, size}, &guest.mem, &from_1_mib, &img, &e),
			 0);
	ck_assert_msg(img.has_pvh, "%s", img.no_pvh);
	free(file);
}
END_TEST

/* A kernel that is linked to address 0, as linux-loader's tests load one. */
static void make_at_zero(void)
{
	uint8_t note[64] = {0};
	uint32_t entry = 0x10;
	size_t len = kernel_note(note, 0, "Xen", 4, 18, &entry, 4, 4);
	const struct elf_segment segment[] = {
		{PT_NOTE, PF_R, 0, 0, 4, note, len},
		{PT_LOAD, PF_R | PF_X, 0, 4096, 2 * MIB, NULL, 64},
	};
	kernel_elf(&k, 0, segment, 2);
}

START_TEST(at_zero_and_at_an_offset)
{
	make_at_zero();
	for (int i = 0; i < 2; i++) {
		const uint64_t offset = i ? 0x200000 : 0;
		const struct image_placement where = {.elf_offset = offset};
		ck_assert_msg(load_at(&where) == 0, "%s", e.text);
		ck_assert_uint_eq(img.start, offset);
		ck_assert_uint_eq(img.end, offset + 4096);
		ck_assert(img.has_entry64);
		ck_assert_uint_eq(img.entry64, offset);
		ck_assert_mem_eq(guest.host + offset, k.bytes + k.size - 64, 64);
		ck_assert_uint_eq(guest.host[offset + 64], 0);
		ck_assert_uint_eq(guest.host[offset + 4096], 0xcc);
		/* The note's address is reported in either case. */
		ck_assert_uint_eq(img.pvh_entry, 0x10);
		ck_assert(img.has_pvh == !offset && img.pvh_ignored == !!offset);
	}
	ck_assert_str_eq(img.no_pvh,
			 "the kernel lies at an offset, which its PVH entry does not expect");
}
END_TEST

/* With the lowest segment 1 MiB and an alignment of 4 KiB, in 4 MiB of RAM. */
static const struct {
	struct image_placement where;
	const char *error; /* NULL: it loads */
} offsets[] = {
	{{.elf_offset = 0x1000}, NULL},
	{{.elf_offset = 3 * MIB - 0x2000}, NULL}, /* ends where RAM does */
	{{.lowest = 3 * MIB, .elf_offset = 2 * MIB}, NULL},
	{{.elf_offset = -MIB},
	 "ELF: segment 1: p_memsz=0x40 bytes at p_paddr=0x100000 + offset "
	 "0xfffffffffff00000 do not lie in RAM (RAM has 0x400000 bytes)"},
	{{.bzimage_address = 7, .bzimage_code32_start = true, .image_base = 1}, NULL},
	{{.elf_offset = 0x800}, "ELF: segment 1: offset 0x800 is not a multiple of p_align=0x1000"},
	{{.elf_offset = 3 * MIB - 0x1000},
	 "ELF: segment 2: p_memsz=0x1000 bytes at p_paddr=0x101000 + offset 0x2ff000 do not lie in "
	 "RAM (RAM has 0x400000 bytes)"},
	{{.lowest = 3 * MIB + 1, .elf_offset = 2 * MIB},
	 "ELF: segment 1: p_paddr=0x100000 + offset 0x200000 is below 0x300001, the lowest for a "
	 "kernel"},
};

START_TEST(offset)
{
	int r = load_at(&offsets[_i].where);
	if (offsets[_i].error) {
		ck_assert_int_eq(r, -1);
		ck_assert_str_eq(e.text, offsets[_i].error);
		ck_assert(guest_untouched(&guest));
		return;
	}
	ck_assert_msg(r == 0, "%s", e.text);
	ck_assert_uint_eq(img.start, SMALL_ELF_ENTRY + offsets[_i].where.elf_offset);
	ck_assert_uint_eq(img.end, SMALL_ELF_END + offsets[_i].where.elf_offset);
	ck_assert_uint_eq(img.entry64, img.start);
}
END_TEST

/* Then nothing is left to enter: the message has both reasons. */
/* Its callers have checked the place; it checks again all the same. */
START_TEST(nothing_is_copied_to_outside_of_ram)
{
	struct elf elf;
	ck_assert_int_eq(elf_open((struct blob){k.bytes, k.size}, EM_X86_64, &elf, &e), 0);
	ck_assert_int_eq(elf_copy(&elf, 4 * MIB - SMALL_ELF_DATA, &guest.mem, &e), -1);
	ck_assert_str_eq(e.text,
			 "ELF: segment 2: p_memsz=0x1000 bytes at 0x400000 do not lie in RAM");
}
END_TEST

START_TEST(offset_of_a_kernel_with_pvh_alone)
{
	const struct image_placement where = {.elf_offset = 0x1000};
	kernel_put(&k, EHDR_OFFSET(e_entry), 8, 0);
	ck_assert_int_eq(load_at(&where), -1);
	ck_assert_str_eq(e.text,
			 "ELF: e_entry=0x0 lies in no executable segment, and no PVH entry: the "
			 "kernel lies at an offset, which its PVH entry does not expect");
}
END_TEST

/* The quadratic check sees them all. (A struct kernel has room for 100.) */
START_TEST(many_segments)
{
	struct elf_segment segment[100];
	for (unsigned i = 0; i < 100; i++)
		segment[i] =
			(struct elf_segment){PT_LOAD, PF_X, MIB + (99 - i) * 16, 16, 16, NULL, 1};
	kernel_elf(&k, MIB, segment, 100);
	ck_assert_msg(load(MIB) == 0, "%s", e.text);
	ck_assert_uint_eq(img.start, MIB);
	ck_assert_uint_eq(img.end, MIB + 100 * 16);
	segment[99].memsz = 17;
	kernel_elf(&k, MIB, segment, 100);
	ck_assert_int_eq(load(MIB), -1);
	ck_assert_str_eq(
		e.text, "ELF: segments 98 and 99 overlap in memory: p_paddr=0x100010 and 0x100000");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("elf");
	TCase *tc = tcase_create("elf");
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, loads);
	tcase_add_loop_test(tc, accepts, 0, COUNT(good_fields));
	tcase_add_loop_test(tc, refuses, 0, COUNT(bad_fields));
	tcase_add_test(tc, refuses_without_its_magic);
	tcase_add_test(tc, loads_an_elf32);
	tcase_add_loop_test(tc, accepts_32, 0, COUNT(good_fields_32));
	tcase_add_loop_test(tc, refuses_32, 0, COUNT(bad_fields_32));
	tcase_add_test(tc, every_truncation_of_an_elf32_is_refused);
	tcase_add_test(tc, an_elf32_has_no_offset);
	tcase_add_test(tc, an_elf32_is_no_kernel_for_arm64);
	tcase_add_test(tc, every_truncation_is_refused);
	tcase_add_test(tc, a_cut_note_is_reported);
	tcase_add_test(tc, empty_segments_are_ignored);
	tcase_add_test(tc, extent_is_that_of_all_segments);
	tcase_add_test(tc, entry_must_be_executable_unless_there_is_pvh);
	tcase_add_loop_test(tc, pvh_notes, 0, COUNT(notes));
	tcase_add_test(tc, linux_is_known_by_its_note);
	tcase_add_test(tc, cut_note_header);
	tcase_add_test(tc, millions_of_notes);
	tcase_add_test(tc, at_zero_and_at_an_offset);
	tcase_add_loop_test(tc, offset, 0, COUNT(offsets));
	tcase_add_test(tc, nothing_is_copied_to_outside_of_ram);
	tcase_add_test(tc, offset_of_a_kernel_with_pvh_alone);
	tcase_add_test(tc, many_segments);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

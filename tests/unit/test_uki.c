/* SPDX-License-Identifier: BSD-3-Clause */
/* Unified kernel images: the PE file's sections, what a boot takes of them, the kernel in them. */
#include "loading.h"
#include "pack.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

static struct kernel image; /* what goes into .linux */
static struct uki uki;
static char line[16];

/* 0 .text, 1 .cmdline, 2 .initrd, 3 .linux: a bzImage. */
static void setup(void)
{
	setup_with(kernel_bzimage_small);
	kernel_bzimage_small(&image);
	const struct uki_part part[] = {
		UKI_TEXT(".text", "code of the stub"),
		UKI_TEXT(".cmdline", "a=b  c\n"),
		UKI_TEXT(".initrd", "0707"),
		{".linux", {image.bytes, image.size}},
	};
	kernel_uki(&k, IMAGE_MACHINE_X86_64, part, 4);
}

static struct blob file(void)
{
	return (struct blob){k.bytes, k.size};
}

static void open_parts(const struct uki_part *part, unsigned n)
{
	kernel_uki(&k, IMAGE_MACHINE_X86_64, part, n);
	ck_assert_msg(uki_open(file(), &uki, &e) == 0, "%s", e.text);
}

static void expect_blob(struct blob b, const char *text)
{
	ck_assert_uint_eq(b.size, strlen(text));
	if (b.size)
		ck_assert_mem_eq(b.data, text, b.size);
}

START_TEST(the_sections)
{
	struct pe_section s;
	struct pe pe;
	ck_assert_int_eq(pe_open(file(), &pe, &e), 0);
	ck_assert_uint_eq(pe.sections, 4);
	ck_assert_uint_eq(pe.machine, 0x8664);
	ck_assert_int_eq(pe_section(&pe, 1, &s, &e), 0);
	ck_assert_str_eq(s.name, ".cmdline");
	expect_blob(s.bytes, "a=b  c\n");
	ck_assert_ptr_eq(s.bytes.data, k.bytes + s.offset);
	ck_assert_int_eq(pe_section(&pe, 4, &s, &e), -1);
	ck_assert_str_eq(e.text, "PE: there is no section 4, only 4");
}
END_TEST

START_TEST(what_a_boot_takes)
{
	ck_assert_int_eq((int)image_probe(file()), IMAGE_UKI);
	ck_assert_msg(uki_open(file(), &uki, &e) == 0, "%s", e.text);
	ck_assert_uint_eq(uki.kernel.size, image.size);
	ck_assert_mem_eq(uki.kernel.data, image.bytes, image.size);
	expect_blob(uki.initrd, "0707");
	ck_assert_ptr_null(uki.ucode.data);
	ck_assert_int_eq(uki_cmdline(&uki, line, sizeof(line), &e), 0);
	ck_assert_str_eq(line, "a=b  c");
}
END_TEST

/* Linkers and objcopy round the size in the file up; a shorter one than in memory is no error. */
static const struct {
	uint32_t in_memory, in_file;
	const char *content;
} sizes[] = {{4, 16, "0707"}, {0, 4, "0707"}, {100, 4, "0707"}, {4, 0, ""}};

START_TEST(the_size_of_the_content)
{
	kernel_put(&k, UKI_OFFSET(2, VirtualSize), 4, sizes[_i].in_memory);
	kernel_put(&k, UKI_OFFSET(2, SizeOfRawData), 4, sizes[_i].in_file);
	ck_assert_int_eq(uki_open(file(), &uki, &e), 0);
	ck_assert_ptr_nonnull(uki.initrd.data);
	expect_blob(uki.initrd, sizes[_i].content);
}
END_TEST

START_TEST(the_kernel_is_loaded)
{
	struct blob packed;
	ck_assert_msg(load(MIB) == 0, "%s", e.text);
	ck_assert_int_eq((int)img.format, IMAGE_BZIMAGE);
	ck_assert_uint_eq(img.start, MIB);
	ck_assert_mem_eq(guest.host + MIB, image.bytes + SMALL_BZIMAGE_CODE,
			 SMALL_BZIMAGE_BYTES - SMALL_BZIMAGE_CODE);
	ck_assert_int_eq(image_packed(file(), IMAGE_MACHINE_AARCH64, &packed, &e), 0);
	ck_assert_uint_eq(packed.size, 0);
}
END_TEST

/* A signature lies after all sections; the data directory that names it is not looked at. */
START_TEST(a_signed_one)
{
	memset(k.bytes + k.size, 0x5a, 100);
	k.size += 100;
	ck_assert_msg(load(MIB) == 0, "%s", e.text);
}
END_TEST

static void wrap_arm64(enum packing how, bool zboot)
{
	struct blob payload;
	kernel_arm64_small(&image);
	ck_assert(pack_data(how, (struct blob){image.bytes, image.size}, &payload));
	if (zboot)
		kernel_zboot(&image, "zstd22", payload);
	else
		memcpy(image.bytes, payload.data, image.size = payload.size);
	free((void *)(uintptr_t)payload.data);
	const struct uki_part part[] = {{".linux", {image.bytes, image.size}}};
	kernel_uki(&k, IMAGE_MACHINE_AARCH64, part, 1);
}

START_TEST(a_compressed_arm64_kernel)
{
	struct blob packed;
	wrap_arm64(_i ? PACK_ZSTD : PACK_GZIP, _i);
	ck_assert_msg(load(MIB) == 0, "%s", e.text);
	ck_assert_int_eq((int)img.format, IMAGE_ARM64);
	ck_assert_int_eq(image_packed(file(), IMAGE_MACHINE_AARCH64, &packed, &e), 0);
	ck_assert(packed.size && packed.data > k.bytes);
	ck_assert_int_eq((int)image_probe(packed), _i ? IMAGE_ZSTD : IMAGE_GZIP);
}
END_TEST

START_TEST(a_kernel_of_another_machine_is_named)
{
	k.machine = IMAGE_MACHINE_RISCV64;
	ck_assert_int_eq(load(MIB), -1);
	ck_assert_str_eq(e.text, "unified kernel image: .linux: this is a bzImage; expected a "
				 "riscv64 Image (plain, compressed, EFI zboot or in a unified "
				 "kernel image)");
}
END_TEST

START_TEST(one_in_another_is_refused)
{
	struct blob packed;
	image = k;
	const struct uki_part part[] = {{".linux", {image.bytes, image.size}}};
	kernel_uki(&k, IMAGE_MACHINE_X86_64, part, 1);
	ck_assert_int_eq(load(MIB), -1);
	ck_assert_str_eq(e.text, "this is a unified kernel image, and its .linux is "
				 "another; expected a kernel there");
	ck_assert_int_eq(image_packed(file(), IMAGE_MACHINE_X86_64, &packed, &e), -1);
}
END_TEST

/* The first profile's sections count before the base's; what other profiles have does not. */
START_TEST(the_first_profile)
{
	const struct uki_part part[] = {
		UKI_TEXT(".linux", "kernel"),    UKI_TEXT(".cmdline", "base"),
		UKI_TEXT(".initrd", "base"),     UKI_TEXT(".initrd", "base again"),
		UKI_TEXT(".profile", "ID=a"),    UKI_TEXT(".cmdline", "a"),
		UKI_TEXT(".cmdline", "a again"), UKI_TEXT(".profile", "ID=b"),
		UKI_TEXT(".cmdline", "b"),       UKI_TEXT(".ucode", "b"),
	};
	open_parts(part, 10);
	expect_blob(uki.kernel, "kernel");
	expect_blob(uki.cmdline, "a");
	expect_blob(uki.initrd, "base");
	ck_assert_ptr_null(uki.ucode.data);
	open_parts(part, 4);
	expect_blob(uki.cmdline, "base");
}
END_TEST

START_TEST(a_kernel_in_a_later_profile_alone_is_none)
{
	const struct uki_part part[] = {
		UKI_TEXT(".profile", "ID=a"),
		UKI_TEXT(".profile", "ID=b"),
		UKI_TEXT(".linux", "kernel"),
	};
	kernel_uki(&k, IMAGE_MACHINE_X86_64, part, 3);
	ck_assert_int_eq((int)image_probe(file()), IMAGE_PE);
	ck_assert_int_eq(uki_open(file(), &uki, &e), -1);
	ck_assert_str_eq(e.text, "unified kernel image: its .linux is missing");
}
END_TEST

static const struct {
	struct uki_part section;
	const char *cmdline;
} lines[] = {
	{UKI_TEXT(".cmdline", "a b"), "a b"},
	{UKI_TEXT(".cmdline", " \t\n a b\n"), "a b"},
	{UKI_TEXT(".cmdline", "a\tb\r\nc"), "a b  c"},
	{UKI_TEXT(".cmdline", "a\0b"), "a"},
	{UKI_TEXT(".cmdline", " \n"), ""},
	{UKI_TEXT(".cmdline", ""), ""},
	{UKI_TEXT(".cmdline", "\xc3\xbc"), "\xc3\xbc"},
	{UKI_TEXT(".cmdline", "123456789012345"), "123456789012345"},
	{UKI_TEXT(".cmdline", " 123456789012345 \0"), "123456789012345"},
};

START_TEST(a_command_line)
{
	const struct uki_part part[] = {UKI_TEXT(".linux", "kernel"), lines[_i].section};
	open_parts(part, 2);
	ck_assert_ptr_nonnull(uki.cmdline.data);
	ck_assert_int_eq(uki_cmdline(&uki, line, sizeof(line), &e), 0);
	ck_assert_str_eq(line, lines[_i].cmdline);
}
END_TEST

START_TEST(a_command_line_that_is_too_long)
{
	const struct uki_part part[] = {
		UKI_TEXT(".linux", "kernel"),
		UKI_TEXT(".cmdline", "1234567890123456"),
	};
	open_parts(part, 2);
	ck_assert_int_eq(uki_cmdline(&uki, line, sizeof(line), &e), -1);
	ck_assert_str_eq(e.text, "unified kernel image: its .cmdline has 16 characters, expected "
				 "at most 15");
}
END_TEST

/* The file has 0x940 bytes. Without a text, the change does not matter. */
static const struct patch fields[] = {
	{0, 1, 'N', "PE: the file does not begin with \"MZ\""},
	{0x3c, 4, 0xffffffff, "PE: its header is at 0xffffffff of the file, which has 0x940 bytes"},
	{0x3c, 4, 0x940 - 23, "PE: its header is at 0x929 of the file, which has 0x940 bytes"},
	{0x3c, 4, UKI_PE + 1, "PE: there is no \"PE\" at 0x41, where 0x3c points"},
	{UKI_PE + 6, 2, 0xffff,
	 "PE: NumberOfSections=65535: their table at 0x68 does not fit in the file of 0x940 bytes"},
	{UKI_PE + 20, 2, 0xffff,
	 "PE: NumberOfSections=4: their table at 0x10057 does not fit in the file of 0x940 bytes"},
	{UKI_OFFSET(1, PointerToRawData), 4, 0x93a,
	 "PE: section 1 (.cmdline): 0x7 bytes at PointerToRawData=0x93a, but the file has 0x940"},
	{UKI_OFFSET(3, PointerToRawData), 4, 0xfffffff0,
	 "PE: section 3 (.linux): 0x800 bytes at PointerToRawData=0xfffffff0, but the file has "
	 "0x940"},
	{UKI_OFFSET(3, SizeOfRawData), 4, 0, "its .linux is empty"},
	{UKI_OFFSET(3, VirtualSize), 4, 0, NULL},
	{UKI_OFFSET(0, PointerToRawData), 4, 0xffffffff, NULL}, /* the stub is not run */
};

START_TEST(header_fields)
{
	const struct patch *p = &fields[_i];
	char text[ERR_TEXT_BYTES];
	ck_assert_uint_eq(k.size, 0x940);
	kernel_put(&k, p->offset, p->width, p->value);
	if (!p->text) {
		ck_assert_msg(load(MIB) == 0, "%s", e.text);
		return;
	}
	snprintf(text, sizeof(text), "unified kernel image: %s", p->text);
	ck_assert_int_eq(uki_open(file(), &uki, &e), -1);
	ck_assert_str_eq(e.text, text);
	ck_assert_int_eq(load(MIB), -1);
	ck_assert(guest_untouched(&guest));
}
END_TEST

/* Each in a heap block of its own size, where AddressSanitizer watches the end. */
START_TEST(every_truncation)
{
	for (size_t size = 1; size < k.size; size++) {
		e.text[0] = '\0';
		ck_assert_int_eq(kernel_load(&k, size, &guest.mem, MIB, &img, &e), -1);
		ck_assert(e.text[0]);
	}
	ck_assert(guest_untouched(&guest));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("uki");
	TCase *tc = tcase_create("uki");
	struct blob packed;
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, the_sections);
	tcase_add_test(tc, what_a_boot_takes);
	tcase_add_loop_test(tc, the_size_of_the_content, 0, COUNT(sizes));
	tcase_add_test(tc, the_kernel_is_loaded);
	tcase_add_test(tc, a_signed_one);
	for (int i = 0; i < 2; i++) /* where the build has the library */
		if (pack_data(i ? PACK_ZSTD : PACK_GZIP, (struct blob){(const uint8_t *)"x", 1},
			      &packed)) {
			free((void *)(uintptr_t)packed.data);
			tcase_add_loop_test(tc, a_compressed_arm64_kernel, i, i + 1);
		}
	tcase_add_test(tc, a_kernel_of_another_machine_is_named);
	tcase_add_test(tc, one_in_another_is_refused);
	tcase_add_test(tc, the_first_profile);
	tcase_add_test(tc, a_kernel_in_a_later_profile_alone_is_none);
	tcase_add_loop_test(tc, a_command_line, 0, COUNT(lines));
	tcase_add_test(tc, a_command_line_that_is_too_long);
	tcase_add_loop_test(tc, header_fields, 0, COUNT(fields));
	tcase_add_test(tc, every_truncation);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

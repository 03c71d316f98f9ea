/* SPDX-License-Identifier: BSD-3-Clause */
#include "kernels.h"
#include "suite.h"

#include <check.h>
#include <stdio.h>

/* How every refusal ends. */
static const char *const refusal_end[] = {
	[IMAGE_MACHINE_X86_64] =
		("; expected an x86_64 ELF vmlinux, an i386 ELF with a PVH note or a bzImage "
		 "(plain, compressed or in a unified kernel image)"),
	[IMAGE_MACHINE_AARCH64] = ("; expected an arm64 Image or ELF vmlinux (plain, compressed, "
				   "EFI zboot or in a unified kernel image)"),
	[IMAGE_MACHINE_RISCV64] = ("; expected a riscv64 Image (plain, compressed, EFI zboot or in "
				   "a unified kernel image)"),
};
enum { MACHINES = 3 };

static void check_error(const struct err *e, const char *begins, enum image_machine machine)
{
	char text[ERR_TEXT_BYTES];
	snprintf(text, sizeof(text), "%s%s", begins, refusal_end[machine]);
	ck_assert_str_eq(e->text, text);
}

/*
 * A file of 0x400 zeros with a few bytes put in, its format, and what image_load() says about it.
 */
static const struct {
	const char *name;
	struct {
		size_t offset;
		const char *bytes;
		size_t len;
	} put[3];
	enum image_format format;
	const char *error; /* NULL: its loader has its own tests */
	bool unpacked;     /* first */
} files[] = {
	{"ELF", {{0, "\x7f\x45\x4c\x46", 4}}, IMAGE_ELF, NULL},
	{"bzImage", {{0x1fe, "\x55\xaa", 2}, {0x202, "HdrS", 4}}, IMAGE_BZIMAGE, NULL},
	{"bzImage with an EFI stub",
	 {{0, "MZ", 2}, {0x1fe, "\x55\xaa", 2}, {0x202, "HdrS", 4}},
	 IMAGE_BZIMAGE,
	 NULL},
	{"boot sector, no HdrS",
	 {{0x1fe, "\x55\xaa", 2}},
	 IMAGE_UNKNOWN,
	 "this is of an unknown format"},
	{"HdrS, no boot flag", {{0x202, "HdrS", 4}}, IMAGE_UNKNOWN, "this is of an unknown format"},
	{"arm64", {{0x38, "ARM\x64", 4}}, IMAGE_ARM64, NULL},
	{"arm64 with an EFI stub",
	 {{0, "MZ", 2}, {0x3c, "\x40", 1}, {0x38, "ARM\x64", 4}},
	 IMAGE_ARM64,
	 NULL},
	{"riscv64", {{0x38, "RSC\x05", 4}}, IMAGE_RISCV64, NULL},
	{"gzip", {{0, "\x1f\x8b", 2}}, IMAGE_GZIP, "this is a gzip file", true},
	{"zstd", {{0, "\x28\xb5\x2f\xfd", 4}}, IMAGE_ZSTD, "this is a zstd file", true},
	{"xz",
	 {{0,
	   "\xfd"
	   "7zXZ",
	   6}},
	 IMAGE_XZ,
	 "this is an xz file",
	 true},
	{"lz4 frame", {{0, "\x04\x22\x4d\x18", 4}}, IMAGE_LZ4, "this is an lz4 file", true},
	{"lz4 legacy", {{0, "\x02\x21\x4c\x18", 4}}, IMAGE_LZ4, "this is an lz4 file", true},
	{"zboot", {{0, "MZ", 2}, {4, "zimg", 4}}, IMAGE_ZBOOT, "this is an EFI zboot image", true},
	{"PE",
	 {{0, "MZ", 2}, {0x3c, "\x80", 1}, {0x80, "PE", 2}},
	 IMAGE_PE,
	 "this is a PE program"},
	{"MZ without PE", {{0, "MZ", 2}}, IMAGE_UNKNOWN, "this is of an unknown format"},
	{"MZ, PE far outside",
	 {{0, "MZ", 2}, {0x3c, "\xff\xff\xff\xff", 4}},
	 IMAGE_UNKNOWN,
	 "this is of an unknown format"},
	{"zeros", {{0, "", 0}}, IMAGE_UNKNOWN, "this is of an unknown format"},
	{"multiboot",
	 {{0x24, "\x02\xb0\xad\x1b\0\0\0\0\xfe\x4f\x52\xe4", 12}},
	 IMAGE_MULTIBOOT,
	 "this is a multiboot kernel"},
	{"multiboot at no multiple of 4",
	 {{0x25, "\x02\xb0\xad\x1b\0\0\0\0\xfe\x4f\x52\xe4", 12}},
	 IMAGE_UNKNOWN,
	 "this is of an unknown format"},
	{"multiboot with a wrong checksum",
	 {{0x24, "\x02\xb0\xad\x1b\1\0\0\0\xfe\x4f\x52\xe4", 12}},
	 IMAGE_UNKNOWN,
	 "this is of an unknown format"},
	{"multiboot2",
	 {{0x28, "\xd6\x50\x52\xe8\0\0\0\0\x10\0\0\0\x1a\xaf\xad\x17", 16}},
	 IMAGE_MULTIBOOT,
	 "this is a multiboot kernel"},
	{"multiboot2 at no multiple of 8",
	 {{0x2c, "\xd6\x50\x52\xe8\0\0\0\0\x10\0\0\0\x1a\xaf\xad\x17", 16}},
	 IMAGE_UNKNOWN,
	 "this is of an unknown format"},
};

START_TEST(probe_and_refusal)
{
	struct kernel k = {.size = 0x400};
	struct gmem mem = {0};
	struct image img;
	struct err e = {""};
	for (size_t i = 0; i < 3; i++)
		if (files[_i].put[i].bytes)
			memcpy(k.bytes + files[_i].put[i].offset, files[_i].put[i].bytes,
			       files[_i].put[i].len);
	ck_assert_msg(image_probe((struct blob){k.bytes, k.size}) == files[_i].format, "%s",
		      files[_i].name);
	for (int i = 0; i < MACHINES; i++) {
		k.machine = (enum image_machine)i;
		int r = kernel_load(&k, k.size, &mem, 0, &img, &e);
		ck_assert_int_eq(r, -1);
		if (files[_i].error && !files[_i].unpacked)
			check_error(&e, files[_i].error, k.machine);
	}
}
END_TEST

static const struct {
	const char *bytes;
	size_t len;
	enum image_format format;
	const char *error;
} texts[] = {
	{"#!/bin/sh\nexit 0\n", 17, IMAGE_SCRIPT_OR_TEXT, "this is a script or text file"},
	{"gr\xc3\xbc\xc3\x9f\r\n\t", 9, IMAGE_SCRIPT_OR_TEXT, "this is a script or text file"},
	{"text\x01", 5, IMAGE_UNKNOWN, "this is of an unknown format"},
	{"text\x7f", 5, IMAGE_UNKNOWN, "this is of an unknown format"},
	{"text\xff", 5, IMAGE_UNKNOWN, "this is of an unknown format"},
	{"", 0, IMAGE_UNKNOWN, "the file is empty"},
};

START_TEST(texts_are_named)
{
	struct gmem mem = {0};
	struct image img;
	struct err e = {""};
	struct blob file = {(const uint8_t *)texts[_i].bytes, texts[_i].len};
	ck_assert_int_eq((int)image_probe(file), (int)texts[_i].format);
	ck_assert_int_eq(image_load(file, IMAGE_MACHINE_AARCH64, &mem, 0, &img, &e), -1);
	check_error(&e, texts[_i].error, IMAGE_MACHINE_AARCH64);
}
END_TEST

START_TEST(an_empty_file_may_have_no_bytes)
{
	struct gmem mem = {0};
	struct image img;
	struct err e = {""};
	ck_assert_int_eq(
		image_load((struct blob){NULL, 0}, IMAGE_MACHINE_X86_64, &mem, 0, &img, &e), -1);
	check_error(&e, "the file is empty", IMAGE_MACHINE_X86_64);
}
END_TEST

START_TEST(every_format_has_a_name)
{
	static const char *const expected[] = {
		[IMAGE_UNKNOWN] = "unknown format",
		[IMAGE_ELF] = "ELF",
		[IMAGE_BZIMAGE] = "bzImage",
		[IMAGE_ARM64] = "arm64 Image",
		[IMAGE_RISCV64] = "riscv64 Image",
		[IMAGE_GZIP] = "gzip file",
		[IMAGE_ZSTD] = "zstd file",
		[IMAGE_XZ] = "xz file",
		[IMAGE_LZ4] = "lz4 file",
		[IMAGE_ZBOOT] = "EFI zboot image",
		[IMAGE_UKI] = "unified kernel image",
		[IMAGE_PE] = "PE program",
		[IMAGE_MULTIBOOT] = "multiboot kernel",
		[IMAGE_SCRIPT_OR_TEXT] = "script or text file",
	};
	for (int i = 0; i <= (int)IMAGE_SCRIPT_OR_TEXT; i++)
		ck_assert_str_eq(image_format_name((enum image_format)i), expected[i]);
	ck_assert_str_eq(image_format_name((enum image_format)99), "unknown format");
	ck_assert_str_eq(image_format_article(IMAGE_ELF), "an");
	ck_assert_str_eq(image_format_article(IMAGE_UKI), "a");
	ck_assert_str_eq(image_format_article((enum image_format)99), "of an");
}
END_TEST

/* Dispatch: machine and format decide, and each loader says which format it loaded. */
static const struct {
	void (*make)(struct kernel *);
	enum image_machine machine;
	enum image_format format;
	const char *error; /* NULL: it loads */
} kernels[] = {
	{kernel_elf_small, IMAGE_MACHINE_X86_64, IMAGE_ELF, NULL},
	{kernel_bzimage_small, IMAGE_MACHINE_X86_64, IMAGE_BZIMAGE, NULL},
	{kernel_arm64_small, IMAGE_MACHINE_AARCH64, IMAGE_ARM64, NULL},
	{kernel_elf_arm64_small, IMAGE_MACHINE_AARCH64, IMAGE_ELF, NULL},
	{kernel_riscv64_small, IMAGE_MACHINE_RISCV64, IMAGE_RISCV64, NULL},
	{kernel_riscv64_small, IMAGE_MACHINE_X86_64, IMAGE_RISCV64, "this is a riscv64 Image"},
	{kernel_riscv64_small, IMAGE_MACHINE_AARCH64, IMAGE_RISCV64, "this is a riscv64 Image"},
	{kernel_elf_small, IMAGE_MACHINE_RISCV64, IMAGE_ELF, "this is an ELF"},
	{kernel_bzimage_small, IMAGE_MACHINE_AARCH64, IMAGE_BZIMAGE, "this is a bzImage"},
	{kernel_arm64_small, IMAGE_MACHINE_X86_64, IMAGE_ARM64, "this is an arm64 Image"},
};

START_TEST(each_machine_has_its_kernels)
{
	struct guest g;
	struct kernel k;
	struct image img = {.format = IMAGE_UNKNOWN};
	struct err e = {""};
	guest_init(&g, 8 << 20);
	kernels[_i].make(&k);
	k.machine = kernels[_i].machine;
	int r = kernel_load(&k, k.size, &g.mem, 0x100000, &img, &e);
	if (kernels[_i].error) {
		ck_assert_int_eq(r, -1);
		check_error(&e, kernels[_i].error, k.machine);
		ck_assert(guest_untouched(&g));
	} else {
		ck_assert_msg(r == 0, "%s", e.text);
		ck_assert_int_eq((int)img.format, (int)kernels[_i].format);
	}
	guest_fini(&g);
}
END_TEST

static void make_gzip(struct kernel *k)
{
	*k = (struct kernel){.size = 0x400};
	memcpy(k->bytes, "\x1f\x8b", 2);
}

static void make_bzimage(struct kernel *k)
{
	kernel_bzimage_small(k);
	kernel_put(k, SETUP_OFFSET(payload_offset), 4, 0x300);
	kernel_put(k, SETUP_OFFSET(payload_length), 4, 0x100);
}

static void make_zboot(struct kernel *k)
{
	kernel_zboot(k, "gzip", (struct blob){(const uint8_t *)"packed", 6});
}

static void make_strange_zboot(struct kernel *k)
{
	kernel_zboot(k, "gzap", (struct blob){(const uint8_t *)"packed", 6});
}

/* What image_packed() finds: nothing where size is 0. */
static const struct {
	void (*make)(struct kernel *k);
	enum image_machine machine;
	size_t offset, size;
	const char *error;
} packed_files[] = {
	{make_bzimage, IMAGE_MACHINE_X86_64, 1024 + 0x300, 0x100, NULL},
	{kernel_bzimage_small, IMAGE_MACHINE_X86_64, 0, 0,
	 "bzImage: payload_length=0, expected a compressed kernel"},
	{make_bzimage, IMAGE_MACHINE_AARCH64, 0, 0, NULL},
	{make_gzip, IMAGE_MACHINE_X86_64, 0, 0x400, NULL},
	{make_gzip, IMAGE_MACHINE_AARCH64, 0, 0x400, NULL},
	{make_gzip, IMAGE_MACHINE_RISCV64, 0, 0x400, NULL},
	{make_zboot, IMAGE_MACHINE_X86_64, ZBOOT_PAYLOAD, 6, NULL},
	{make_zboot, IMAGE_MACHINE_AARCH64, ZBOOT_PAYLOAD, 6, NULL},
	{make_zboot, IMAGE_MACHINE_RISCV64, ZBOOT_PAYLOAD, 6, NULL},
	{make_strange_zboot, IMAGE_MACHINE_AARCH64, 0, 0,
	 "EFI zboot: compression=\"gzap\", expected gzip, lz4, xzkern or zstd22"},
	{kernel_arm64_small, IMAGE_MACHINE_AARCH64, 0, 0, NULL},
	{kernel_elf_small, IMAGE_MACHINE_X86_64, 0, 0, NULL},
};

START_TEST(what_is_packed_is_found)
{
	struct kernel k;
	struct err e = {""};
	struct blob packed;
	packed_files[_i].make(&k);
	int r = image_packed((struct blob){k.bytes, k.size}, packed_files[_i].machine, &packed, &e);
	ck_assert_int_eq(r, packed_files[_i].error ? -1 : 0);
	ck_assert_str_eq(e.text, packed_files[_i].error ? packed_files[_i].error : "");
	ck_assert_uint_eq(packed.size, packed_files[_i].size);
	if (packed.size)
		ck_assert_ptr_eq(packed.data, k.bytes + packed_files[_i].offset);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("image");
	TCase *tc = tcase_create("image");
	tcase_add_loop_test(tc, probe_and_refusal, 0, COUNT(files));
	tcase_add_loop_test(tc, texts_are_named, 0, COUNT(texts));
	tcase_add_test(tc, an_empty_file_may_have_no_bytes);
	tcase_add_test(tc, every_format_has_a_name);
	tcase_add_loop_test(tc, each_machine_has_its_kernels, 0, COUNT(kernels));
	tcase_add_loop_test(tc, what_is_packed_is_found, 0, COUNT(packed_files));
	suite_add_tcase(s, tc);
	return run_suite(s);
}

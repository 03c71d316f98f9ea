/* SPDX-License-Identifier: BSD-3-Clause */
/* Kernels inside other files: compressed ones and EFI zboot images, through image_load(). */
#include "loading.h"
#include "pack.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#define ZBOOT_OFFSET(field) offsetof(struct zboot_header, field)
#define EXPECTED                                                                                   \
	"; expected an arm64 Image or ELF vmlinux (plain, compressed, EFI zboot or in a "          \
	"unified kernel image)"

static struct blob payload;

/* Packs @k as it is; what the last call packed is freed. */
static void pack_kernel(enum packing how)
{
	free((void *)(uintptr_t)payload.data);
	ck_assert(pack_data(how, (struct blob){k.bytes, k.size}, &payload));
}

/* @k becomes a file of its own packed bytes. */
static void wrap(enum packing how)
{
	pack_kernel(how);
	memset(&k, 0, sizeof(k));
	k.machine = IMAGE_MACHINE_AARCH64;
	memcpy(k.bytes, payload.data, payload.size);
	k.size = payload.size;
}

/* @k becomes a zboot image of its own packed bytes. */
static void wrap_zboot(enum packing how, const char *compression)
{
	pack_kernel(how);
	kernel_zboot(&k, compression, payload);
}

static void setup(void)
{
	setup_with(kernel_arm64_small);
}

static void teardown_all(void)
{
	free((void *)(uintptr_t)payload.data);
	payload.data = NULL;
	teardown();
}

static void expect_small_image(void)
{
	struct kernel plain;
	kernel_arm64_small(&plain);
	ck_assert_msg(load(MIB) == 0, "%s", e.text);
	ck_assert_int_eq((int)img.format, IMAGE_ARM64);
	ck_assert_uint_eq(img.start, 2 * MIB);
	ck_assert_uint_eq(img.end, 2 * MIB + SMALL_ARM64_IMAGE_SIZE);
	ck_assert_mem_eq(guest.host + 2 * MIB, plain.bytes, plain.size);
	ck_assert_uint_eq(guest.host[2 * MIB + plain.size], 0xcc);
}

static void expect_error(const char *text)
{
	ck_assert_int_eq(load(MIB), -1);
	ck_assert_str_eq(e.text, text);
	ck_assert(guest_untouched(&guest));
}

START_TEST(a_compressed_image)
{
	wrap((enum packing)_i);
	expect_small_image();
}
END_TEST

START_TEST(a_compressed_x86_vmlinux)
{
	struct kernel plain;
	kernel_elf_small(&plain);
	k = plain;
	wrap((enum packing)_i);
	k.machine = IMAGE_MACHINE_X86_64;
	ck_assert_msg(load(MIB) == 0, "%s", e.text);
	ck_assert_int_eq((int)img.format, IMAGE_ELF);
	ck_assert_uint_eq(img.entry64, SMALL_ELF_ENTRY);
	ck_assert_uint_eq(img.pvh_entry, SMALL_ELF_PVH_ENTRY);
	ck_assert_mem_eq(guest.host + MIB, plain.bytes + SMALL_ELF_TEXT_OFFSET, 64);
	ck_assert_uint_eq(guest.host[SMALL_ELF_END], 0xcc);
}
END_TEST

/* It is entered as it is: its own code unpacks what is packed in it. */
START_TEST(a_compressed_bzimage)
{
	kernel_bzimage_small(&k);
	wrap((enum packing)_i);
	k.machine = IMAGE_MACHINE_X86_64;
	ck_assert_msg(load(MIB) == 0, "%s", e.text);
	ck_assert_int_eq((int)img.format, IMAGE_BZIMAGE);
	ck_assert_uint_eq(img.entry64, MIB + 0x200);
}
END_TEST

START_TEST(names_an_arm64_image_inside_on_x86)
{
	wrap(PACK_GZIP);
	k.machine = IMAGE_MACHINE_X86_64;
	expect_error("inside this gzip file: this is an arm64 Image; expected an x86_64 ELF "
		     "vmlinux, an i386 ELF with a PVH note or a bzImage (plain, compressed or in a "
		     "unified kernel image)");
}
END_TEST

START_TEST(a_compressed_vmlinux)
{
	kernel_elf_arm64_small(&k);
	wrap((enum packing)_i);
	ck_assert_msg(load(MIB) == 0, "%s", e.text);
	ck_assert_int_eq((int)img.format, IMAGE_ELF);
	ck_assert_uint_eq(img.entry64, 2 * MIB);
}
END_TEST

static const struct {
	enum packing how;
	const char *compression;
} kinds[] = {
	{PACK_GZIP, "gzip"}, {PACK_ZSTD, "zstd22"},    {PACK_ZSTD, "zstd"},
	{PACK_XZ, "xzkern"}, {PACK_LZ4_LEGACY, "lz4"}, {PACK_LZ4_FRAME, "lz4"},
};

START_TEST(a_zboot_image)
{
	wrap_zboot(kinds[_i].how, kinds[_i].compression);
	expect_small_image();
}
END_TEST

/* Linux's build appends the unpacked size; payload_size may count it. Nothing else may be there. */
START_TEST(the_unpacked_size_may_be_part_of_the_payload)
{
	wrap_zboot(kinds[_i].how, kinds[_i].compression);
	kernel_put(&k, ZBOOT_OFFSET(payload_size), 4, payload.size + 4);
	kernel_put(&k, ZBOOT_PAYLOAD + payload.size, 4, SMALL_ARM64_BYTES);
	expect_small_image();
	kernel_put(&k, ZBOOT_PAYLOAD + payload.size, 4, SMALL_ARM64_BYTES + 1);
	ck_assert_int_eq(load(MIB), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "EFI zboot: its payload: "));
}
END_TEST

/* What is inside is no kernel for the machine: the error names both formats. */
static const struct {
	void (*make)(struct kernel *);
	const char *inside;
} others[] = {
	{kernel_bzimage_small, "a bzImage"},
	{NULL, "of an unknown format"},
};

START_TEST(names_what_is_inside)
{
	char text[ERR_TEXT_BYTES];
	if (others[_i].make)
		others[_i].make(&k);
	else
		k = (struct kernel){.size = 100};
	wrap(PACK_GZIP);
	snprintf(text, sizeof(text), "inside this gzip file: this is %s" EXPECTED,
		 others[_i].inside);
	expect_error(text);
}
END_TEST

START_TEST(names_an_x86_vmlinux_inside)
{
	kernel_elf_small(&k);
	wrap(PACK_ZSTD);
	expect_error("inside this zstd file: ELF: e_machine=62 (x86-64), expected 183 (aarch64)");
}
END_TEST

START_TEST(refuses_one_inside_another)
{
	wrap(PACK_GZIP);
	wrap(PACK_XZ);
	expect_error("inside this xz file: this is a gzip file" EXPECTED);
	wrap_zboot(PACK_ZSTD, "zstd22");
	expect_error("inside this EFI zboot image: this is an xz file" EXPECTED);
	wrap(PACK_LZ4_LEGACY);
	expect_error("inside this lz4 file: this is an EFI zboot image" EXPECTED);
}
END_TEST

/* A zstd frame of @blocks blocks, each of which unpacks to 128 KiB of zeros. */
static size_t put_bomb(uint8_t *dst, unsigned blocks)
{
	memcpy(dst, "\x28\xb5\x2f\xfd\0\x38", 6); /* a window of 128 KiB */
	for (unsigned i = 0; i < blocks; i++)
		memcpy(dst + 6 + (size_t)i * 4, i + 1 < blocks ? "\x02\0\x10" : "\x03\0\x10", 4);
	return 6 + (size_t)blocks * 4;
}

START_TEST(refuses_a_bomb)
{
	static uint8_t bomb[6 + 8193 * 4];
	struct blob file = {bomb, put_bomb(bomb, 8193)};
	ck_assert_int_eq(image_load(file, IMAGE_MACHINE_AARCH64, &guest.mem, MIB, &img, &e), -1);
	ck_assert_str_eq(e.text, "zstd: it unpacks to more than 1073741824 bytes");
	file.size = put_bomb(bomb, 8192);
	ck_assert_int_eq(image_load(file, IMAGE_MACHINE_AARCH64, &guest.mem, MIB, &img, &e), -1);
	ck_assert_str_eq(e.text, "inside this zstd file: this is of an unknown format" EXPECTED);
	ck_assert(guest_untouched(&guest));
}
END_TEST

/* The error for a kernel that RAM cannot hold is about its own header. */
START_TEST(refuses_what_is_larger_than_ram)
{
	kernel_put(&k, ARM64_OFFSET(image_size), 8, 4 * MIB);
	wrap(PACK_GZIP);
	expect_error("inside this gzip file: arm64 Image: text_offset=0x0, image_size=0x400000: "
		     "0x400000 bytes fit nowhere "
		     "in RAM from 0x100000 on, aligned to 2 MiB (RAM has 0x400000 bytes)");
}
END_TEST

static const char *const unknown[] = {"lzma", "lzo", "", "zstd23", "g\x01z\x7f"};
static const char *const told[] = {"lzma", "lzo", "", "zstd23", "g?z?"};

START_TEST(refuses_an_unknown_compression)
{
	char text[ERR_TEXT_BYTES];
	wrap_zboot(PACK_GZIP, unknown[_i]);
	snprintf(text, sizeof(text),
		 "EFI zboot: compression=\"%s\", expected gzip, lz4, xzkern or zstd22", told[_i]);
	expect_error(text);
}
END_TEST

START_TEST(the_word_may_lack_its_nul)
{
	wrap_zboot(PACK_GZIP, "gzip");
	memset(k.bytes + ZBOOT_OFFSET(compression), 'a', 32);
	expect_error("EFI zboot: compression=\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\", expected gzip, "
		     "lz4, xzkern or zstd22");
}
END_TEST

/* The file has 0x207 bytes: 3 of payload that are no gzip stream, and 4 more. */
static const struct patch bad_fields[] = {
	{ZBOOT_OFFSET(payload_offset), 4, 0x208,
	 "EFI zboot: payload_size=0x3 bytes at payload_offset=0x208, but the file has 0x207"},
	{ZBOOT_OFFSET(payload_offset), 4, 0xffffffff,
	 "EFI zboot: payload_size=0x3 bytes at payload_offset=0xffffffff, but the file has 0x207"},
	{ZBOOT_OFFSET(payload_size), 4, 8,
	 "EFI zboot: payload_size=0x8 bytes at payload_offset=0x200, but the file has 0x207"},
	{ZBOOT_OFFSET(payload_size), 4, 0xffffffff,
	 "EFI zboot: payload_size=0xffffffff bytes at payload_offset=0x200, but the file has "
	 "0x207"},
	{ZBOOT_OFFSET(payload_size), 4, 0,
	 "EFI zboot: its payload: the data is not compressed by gzip, zstd, lz4 or xz"},
	{ZBOOT_OFFSET(payload_size), 4, 7,
	 "EFI zboot: its payload: the data is not compressed by gzip, zstd, lz4 or xz"},
	{ZBOOT_PAYLOAD, 2, 0x8b1f,
	 "EFI zboot: its payload: gzip: its 3 bytes are cut short: 0 are unpacked, and there is "
	 "no end"},
};

START_TEST(refuses)
{
	kernel_zboot(&k, "gzip", (struct blob){(const uint8_t *)"abc", 3});
	expect_refused(&bad_fields[_i]);
}
END_TEST

START_TEST(every_truncation)
{
	char text[ERR_TEXT_BYTES];
	wrap_zboot(PACK_GZIP, "gzip");
	size_t whole = ZBOOT_PAYLOAD + payload.size;
	for (size_t size = 8; size < whole; size++) {
		if (size < sizeof(struct zboot_header))
			snprintf(text, sizeof(text),
				 "EFI zboot: the file has %zu bytes, its header needs 56", size);
		else
			snprintf(text, sizeof(text),
				 "EFI zboot: payload_size=0x%zx bytes at payload_offset=0x200, but "
				 "the file has 0x%zx",
				 payload.size, size);
		k.size = size;
		expect_error(text);
	}
	k.size = whole; /* the 4 bytes after the payload are not needed */
	expect_small_image();
}
END_TEST

int main(void)
{
	Suite *s = suite_create("zboot");
	TCase *tc = tcase_create("zboot");
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown_all);
	tcase_add_loop_test(tc, a_compressed_image, 0, PACKINGS);
	tcase_add_loop_test(tc, a_compressed_vmlinux, 0, PACKINGS);
	tcase_add_loop_test(tc, a_compressed_x86_vmlinux, 0, PACKINGS);
	tcase_add_loop_test(tc, a_compressed_bzimage, 0, PACKINGS);
	tcase_add_test(tc, names_an_arm64_image_inside_on_x86);
	tcase_add_loop_test(tc, a_zboot_image, 0, COUNT(kinds));
	tcase_add_loop_test(tc, the_unpacked_size_may_be_part_of_the_payload, 0, COUNT(kinds));
	tcase_add_loop_test(tc, names_what_is_inside, 0, COUNT(others));
	tcase_add_test(tc, names_an_x86_vmlinux_inside);
	tcase_add_test(tc, refuses_one_inside_another);
	tcase_add_test(tc, refuses_a_bomb);
	tcase_add_test(tc, refuses_what_is_larger_than_ram);
	tcase_add_loop_test(tc, refuses_an_unknown_compression, 0, COUNT(unknown));
	tcase_add_test(tc, the_word_may_lack_its_nul);
	tcase_add_loop_test(tc, refuses, 0, COUNT(bad_fields));
	tcase_add_test(tc, every_truncation);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

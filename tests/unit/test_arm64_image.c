/* SPDX-License-Identifier: BSD-3-Clause */
#include "loading.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#define GIB (1ULL << 30)

static void setup(void)
{
	setup_with(kernel_arm64_small);
}

START_TEST(loads)
{
	ck_assert_msg(load(MIB) == 0, "%s", e.text);
	ck_assert_int_eq((int)img.format, IMAGE_ARM64);
	ck_assert_uint_eq(img.start, 2 * MIB);
	ck_assert_uint_eq(img.end, 2 * MIB + SMALL_ARM64_IMAGE_SIZE);
	ck_assert(img.has_entry64);
	ck_assert_uint_eq(img.entry64, 2 * MIB);
	ck_assert_ptr_null(img.no_entry64);
	ck_assert(!img.has_pvh);
	ck_assert_str_eq(img.no_pvh, "an arm64 kernel has no PVH entry");
	ck_assert_uint_eq(img.setup_header_bytes, 0);
	ck_assert_uint_eq(img.page_bytes, 4096);
	ck_assert_uint_eq(img.cmdline_max, 2047);
	ck_assert_uint_eq(img.initrd_addr_min, 0);
	ck_assert_uint_eq(img.initrd_addr_max, 32 * GIB - 1);
	ck_assert(!img.initrd_above_4g);
	/* The file's bytes and nothing else: the kernel clears its bss itself. */
	ck_assert_mem_eq(guest.host + 2 * MIB, k.bytes, SMALL_ARM64_BYTES);
	ck_assert_uint_eq(guest.host[2 * MIB - 1], 0xcc);
	ck_assert_uint_eq(guest.host[2 * MIB + SMALL_ARM64_BYTES], 0xcc);
}
END_TEST

/* Where a kernel with other fields lies in 4 MiB of RAM. */
static const struct {
	size_t offset;
	uint64_t value;
	gpa_t lowest;
	gpa_t start, end;
	uint32_t page_bytes;
} places[] = {
	{ARM64_OFFSET(res5), 64, 0, 0, 0x2000, 4096},
	{ARM64_OFFSET(res5), 64, 1, 2 * MIB, 2 * MIB + 0x2000, 4096},
	{ARM64_OFFSET(res5), 64, 2 * MIB, 2 * MIB, 2 * MIB + 0x2000, 4096},
	{ARM64_OFFSET(text_offset), 0x80000, MIB, 0x280000, 0x282000, 4096},
	{ARM64_OFFSET(text_offset), 1, MIB, 2 * MIB + 1, 2 * MIB + 0x2001, 4096},
	{ARM64_OFFSET(text_offset), 2 * MIB, 0, 2 * MIB, 2 * MIB + 0x2000, 4096},
	/* To the end of RAM, exactly. */
	{ARM64_OFFSET(text_offset), 2 * MIB - 0x2000, MIB, 4 * MIB - 0x2000, 4 * MIB, 4096},
	{ARM64_OFFSET(image_size), 2 * MIB, MIB, 2 * MIB, 4 * MIB, 4096},
	{ARM64_OFFSET(image_size), 4 * MIB, 0, 0, 4 * MIB, 4096},
	/* No bss at all. */
	{ARM64_OFFSET(image_size), SMALL_ARM64_BYTES, 0, 0, SMALL_ARM64_BYTES, 4096},
	/* A file that is longer than image_size. */
	{ARM64_OFFSET(image_size), SMALL_ARM64_BYTES - 1, 0, 0, SMALL_ARM64_BYTES, 4096},
	{ARM64_OFFSET(image_size), 1, 0, 0, SMALL_ARM64_BYTES, 4096},
	/* Pages; close to the start of RAM or anywhere; reserved bits are not looked at. */
	{ARM64_OFFSET(flags), 0, MIB, 2 * MIB, 2 * MIB + 0x2000, 0},
	{ARM64_OFFSET(flags), 2, MIB, 2 * MIB, 2 * MIB + 0x2000, 4096},
	{ARM64_OFFSET(flags), 4, MIB, 2 * MIB, 2 * MIB + 0x2000, 16384},
	{ARM64_OFFSET(flags), 6, MIB, 2 * MIB, 2 * MIB + 0x2000, 65536},
	{ARM64_OFFSET(flags), 8, MIB, 2 * MIB, 2 * MIB + 0x2000, 0},
	{ARM64_OFFSET(flags), UINT64_MAX - 1, MIB, 2 * MIB, 2 * MIB + 0x2000, 65536},
};

START_TEST(lies)
{
	kernel_put(&k, places[_i].offset, places[_i].offset == ARM64_OFFSET(res5) ? 4 : 8,
		   places[_i].value);
	ck_assert_msg(load(places[_i].lowest) == 0, "%s", e.text);
	ck_assert_uint_eq(img.start, places[_i].start);
	ck_assert_uint_eq(img.end, places[_i].end);
	ck_assert_uint_eq(img.entry64, places[_i].start);
	ck_assert_uint_eq(img.page_bytes, places[_i].page_bytes);
	ck_assert_mem_eq(guest.host + img.start, k.bytes, k.size);
}
END_TEST

static const struct patch bad_fields[] = {
	{ARM64_OFFSET(flags), 1, SMALL_ARM64_FLAGS | 1,
	 "arm64 Image: flags=0xb, expected bit 0 clear: this is a big-endian kernel"},
	{ARM64_OFFSET(image_size), 8, 2 * MIB + 1,
	 "arm64 Image: text_offset=0x0, image_size=0x200001: 0x200001 bytes fit nowhere in RAM "
	 "from 0x100000 on, aligned to 2 MiB (RAM has 0x400000 bytes)"},
	{ARM64_OFFSET(text_offset), 8, 2 * MIB - 0x1fff,
	 "arm64 Image: text_offset=0x1fe001, image_size=0x2000: 0x200001 bytes fit nowhere in RAM "
	 "from 0x100000 on, aligned to 2 MiB (RAM has 0x400000 bytes)"},
	{ARM64_OFFSET(image_size), 8, UINT64_MAX,
	 "arm64 Image: text_offset=0x0, image_size=0xffffffffffffffff and 0x1000 bytes of kernel, "
	 "expected each at most 0x1000000000000"},
	{ARM64_OFFSET(text_offset), 8, UINT64_MAX - 0x1fff,
	 "arm64 Image: text_offset=0xffffffffffffe000, image_size=0x2000 and 0x1000 bytes of "
	 "kernel, expected each at most 0x1000000000000"},
	{ARM64_OFFSET(text_offset), 8, 1ULL << 48,
	 "arm64 Image: text_offset=0x1000000000000, image_size=0x2000: 0x1000000002000 bytes fit "
	 "nowhere in RAM from 0x100000 on, aligned to 2 MiB (RAM has 0x400000 bytes)"},
	{ARM64_OFFSET(image_size), 8, 0,
	 "arm64 Image: text_offset=0x0, image_size=0x0: 0x1081000 bytes fit nowhere in RAM from "
	 "0x100000 on, aligned to 2 MiB (RAM has 0x400000 bytes)"},
};

START_TEST(refuses)
{
	expect_refused(&bad_fields[_i]);
}
END_TEST

/* image_probe() looks at the magic: only a direct call gets here. */
START_TEST(refuses_without_its_magic)
{
	kernel_put(&k, ARM64_OFFSET(magic), 4, 0x644d5242);
	ck_assert_int_eq(
		arm64_image_load((struct blob){k.bytes, k.size}, &guest.mem, &from_1_mib, &img, &e),
		-1);
	ck_assert_str_eq(e.text,
			 "arm64 Image: magic=0x644d5242, expected 0x644d5241 (\"ARM\\x64\")");
	ck_assert_int_eq(
		arm64_image_load((struct blob){NULL, 0}, &guest.mem, &from_1_mib, &img, &e), -1);
	ck_assert_str_eq(e.text, "arm64 Image: the file has 0 bytes, its header needs 64");
}
END_TEST

/* The header must be there, and does not say how long the file is: the rest may be bss. */
START_TEST(every_truncation)
{
	static const char expected[] =
		"expected an arm64 Image or ELF vmlinux (plain, compressed, EFI zboot or in a "
		"unified kernel image)";
	char text[ERR_TEXT_BYTES];
	for (size_t size = 0; size < 64; size++) {
		ck_assert_int_eq(kernel_load(&k, size, &guest.mem, MIB, &img, &e), -1);
		if (size == 0)
			snprintf(text, sizeof(text), "the file is empty; %s", expected);
		else if (size < 60)
			snprintf(text, sizeof(text), "this is of an unknown format; %s", expected);
		else
			snprintf(text, sizeof(text),
				 "arm64 Image: the file has %zu bytes, its header needs 64", size);
		ck_assert_str_eq(e.text, text);
		ck_assert(guest_untouched(&guest));
	}
	for (size_t size = 64; size <= k.size; size++) {
		ck_assert_msg(kernel_load(&k, size, &guest.mem, MIB, &img, &e) == 0, "%s", e.text);
		ck_assert_mem_eq(guest.host + img.start, k.bytes, size);
		ck_assert_uint_eq(img.end - img.start, SMALL_ARM64_IMAGE_SIZE);
	}
}
END_TEST

/* Before Linux 3.17: text_offset in the kernel's own byte order, no image_size. */
START_TEST(old_kernels_have_no_image_size)
{
	uint64_t size = 0x80000 + SMALL_ARM64_BYTES + 16 * MIB;
	kernel_put(&k, ARM64_OFFSET(image_size), 8, 0);
	kernel_put(&k, ARM64_OFFSET(text_offset), 8, 0x80000ULL << 32);
	guest_fini(&guest);
	guest_init(&guest, size);
	ck_assert_msg(load(0) == 0, "%s", e.text);
	ck_assert_uint_eq(img.start, 0x80000);
	ck_assert_uint_eq(img.entry64, 0x80000);
	ck_assert_uint_eq(img.end, size);

	guest_fini(&guest);
	guest_init(&guest, size - 1);
	ck_assert_int_eq(load(0), -1);
}
END_TEST

/* RAM where arm machines have it; the window of the initrd begins at its GiB. */
START_TEST(ram_elsewhere)
{
	static uint8_t ram[2 * SMALL_ARM64_IMAGE_SIZE];
	static const struct {
		gpa_t ram, start, initrd_min;
	} cases[] = {
		{2 * GIB, 2 * GIB, 2 * GIB},
		{2 * GIB - 0x1000, 2 * GIB, 2 * GIB},
		{4096 * GIB + 700 * MIB, 4096 * GIB + 700 * MIB, 4096 * GIB},
		{(1ULL << 48) - 2 * MIB, (1ULL << 48) - 2 * MIB, (1ULL << 48) - GIB},
	};
	for (int i = 0; i < COUNT(cases); i++) {
		struct gmem mem = {0};
		ck_assert_int_eq(gmem_add(&mem, cases[i].ram, sizeof(ram), ram, &e), 0);
		ck_assert_msg(kernel_load(&k, k.size, &mem, 0, &img, &e) == 0, "%s", e.text);
		ck_assert_uint_eq(img.start, cases[i].start);
		ck_assert_uint_eq(img.initrd_addr_min, cases[i].initrd_min);
		ck_assert_uint_eq(img.initrd_addr_max, cases[i].initrd_min + 32 * GIB - 1);
	}
}
END_TEST

START_TEST(nowhere)
{
	static uint8_t ram[2 * SMALL_ARM64_IMAGE_SIZE];
	static const gpa_t bases[] = {
		GIB - 0x2001, /* 8191 bytes are left from its 2 MiB boundary on: one too few */
		MIB,          /* holds no 2 MiB boundary */
		1ULL << 48,   /* beyond what an arm64 kernel can address */
		UINT64_MAX - 4 * MIB,
	};
	for (int i = 0; i < COUNT(bases); i++) {
		struct gmem mem = {0};
		ck_assert_int_eq(gmem_add(&mem, bases[i], sizeof(ram), ram, &e), 0);
		ck_assert_int_eq(kernel_load(&k, k.size, &mem, 0, &img, &e), -1);
		ck_assert_str_eq(e.text,
				 "arm64 Image: text_offset=0x0, image_size=0x2000: 0x2000 bytes "
				 "fit nowhere in RAM from 0x0 on, aligned to 2 MiB (RAM has "
				 "0x4000 bytes)");
	}
}
END_TEST

/* The base that the caller asks for, in 4 MiB of RAM. */
static const struct {
	struct image_placement where;
	gpa_t start;
	const char *error; /* NULL: it loads */
} requests[] = {
	{{.image_base = 2 * MIB}, 2 * MIB, NULL},
	{{.lowest = 2 * MIB, .image_base = 2 * MIB}, 2 * MIB, NULL},
	{{.elf_offset = 1, .bzimage_address = 1}, 0, NULL}, /* of other formats */
	{{.image_base = 3 * MIB},
	 0,
	 "arm64 Image: text_offset=0x0, image_size=0x2000: the base 0x300000 is not aligned to 2 "
	 "MiB"},
	{{.lowest = 2 * MIB + 1, .image_base = 2 * MIB},
	 0,
	 "arm64 Image: text_offset=0x0, image_size=0x2000: the base 0x200000 is below 0x200001, "
	 "the lowest for a kernel"},
	{{.image_base = 4 * MIB},
	 0,
	 "arm64 Image: text_offset=0x0, image_size=0x2000: 0x2000 bytes from the base 0x400000 on "
	 "do not lie in RAM (RAM has 0x400000 bytes)"},
	{{.image_base = UINT64_MAX - 2 * MIB + 1},
	 0,
	 "arm64 Image: text_offset=0x0, image_size=0x2000: 0x2000 bytes from the base "
	 "0xffffffffffe00000 on do not lie in RAM (RAM has 0x400000 bytes)"},
};

START_TEST(base_as_requested)
{
	int r = load_at(&requests[_i].where);
	if (requests[_i].error) {
		ck_assert_int_eq(r, -1);
		ck_assert_str_eq(e.text, requests[_i].error);
		ck_assert(guest_untouched(&guest));
		return;
	}
	ck_assert_msg(r == 0, "%s", e.text);
	ck_assert_uint_eq(img.start, requests[_i].start);
	ck_assert_uint_eq(img.end, requests[_i].start + SMALL_ARM64_IMAGE_SIZE);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("arm64_image");
	TCase *tc = tcase_create("arm64_image");
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, loads);
	tcase_add_loop_test(tc, lies, 0, COUNT(places));
	tcase_add_loop_test(tc, refuses, 0, COUNT(bad_fields));
	tcase_add_test(tc, refuses_without_its_magic);
	tcase_add_test(tc, every_truncation);
	tcase_add_test(tc, old_kernels_have_no_image_size);
	tcase_add_test(tc, ram_elsewhere);
	tcase_add_test(tc, nowhere);
	tcase_add_loop_test(tc, base_as_requested, 0, COUNT(requests));
	suite_add_tcase(s, tc);
	return run_suite(s);
}

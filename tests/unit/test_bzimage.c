/* SPDX-License-Identifier: BSD-3-Clause */
#include "loader/bzimage.h"

#include "loading.h"

#include <check.h>
#include <stdio.h>

static void setup(void)
{
	setup_with(kernel_bzimage_small);
}

START_TEST(loads)
{
	ck_assert_msg(load(MIB) == 0, "%s", e.text);
	ck_assert_int_eq((int)img.format, IMAGE_BZIMAGE);
	ck_assert_uint_eq(img.start, MIB);
	ck_assert_uint_eq(img.end, MIB + 0x2000);
	ck_assert(img.has_entry64);
	ck_assert_uint_eq(img.entry64, MIB + 0x200);
	ck_assert_ptr_null(img.no_entry64);
	ck_assert(!img.has_pvh);
	ck_assert_str_eq(img.no_pvh, "a bzImage has no PVH entry: only the vmlinux inside has");
	ck_assert_uint_eq(img.cmdline_max, 2047);
	ck_assert_uint_eq(img.initrd_addr_max, 0x7fffffff);
	ck_assert(img.initrd_above_4g);
	/* The code and nothing but the code. */
	ck_assert_mem_eq(guest.host + MIB, k.bytes + 1024, SMALL_BZIMAGE_CODE);
	ck_assert_uint_eq(guest.host[MIB - 1], 0xcc);
	ck_assert_uint_eq(guest.host[MIB + SMALL_BZIMAGE_CODE], 0xcc);
}
END_TEST

/* Linux 6.1.88 filled the boot sector with 0xff: only the setup header may be copied. */
START_TEST(setup_header_is_copied_by_its_length_byte)
{
	static const uint32_t ends[] = {0x264, SMALL_BZIMAGE_HEADER_END, SETUP_HEADER_END};
	for (size_t i = 0; i < 3; i++) {
		kernel_put(&k, 0x201, 1, ends[i] - 0x202);
		memset(k.bytes + 0x26c, 0x77, 0x100); /* what a later protocol may have there */
		ck_assert_msg(load(MIB) == 0, "%s", e.text);
		ck_assert_uint_eq(img.setup_header_bytes, ends[i] - 0x1f1);
		ck_assert_mem_eq(img.setup_header, k.bytes + 0x1f1, img.setup_header_bytes);
		for (size_t j = img.setup_header_bytes; j < SETUP_HEADER_MAX_BYTES; j++)
			ck_assert_uint_eq(img.setup_header[j], 0);
	}
}
END_TEST

START_TEST(setup_sects_0_means_4)
{
	memmove(k.bytes + 5 * 512, k.bytes + 1024, SMALL_BZIMAGE_CODE);
	memset(k.bytes + 1024, 0, 1024);
	k.size = 5 * 512 + SMALL_BZIMAGE_CODE;
	kernel_put(&k, SETUP_OFFSET(setup_sects), 1, 0);
	ck_assert_msg(load(MIB) == 0, "%s", e.text);
	ck_assert_mem_eq(guest.host + MIB, k.bytes + 5 * 512, SMALL_BZIMAGE_CODE);
	k.size -= 16;
	ck_assert_int_eq(load(MIB), -1);
	ck_assert_str_eq(e.text, "bzImage: syssize=64 is 1024 bytes of code at byte 2560, but the "
				 "file has 3568: it is cut short");
}
END_TEST

START_TEST(bytes_after_the_code_are_ignored)
{
	k.size = SMALL_BZIMAGE_BYTES + 1472; /* as a signed Debian kernel has */
	memset(k.bytes + SMALL_BZIMAGE_BYTES, 0x55, 1472);
	ck_assert_msg(load(MIB) == 0, "%s", e.text);
	ck_assert_uint_eq(guest.host[MIB + SMALL_BZIMAGE_CODE], 0xcc);
}
END_TEST

/* syssize counts units of 16 bytes; of the last one, memtest86+ 6.10 lacks 8. */
START_TEST(up_to_15_bytes_of_padding_may_be_missing)
{
	for (unsigned missing = 0; missing < 16; missing++) {
		size_t code = SMALL_BZIMAGE_CODE - missing;
		memset(guest.host + MIB, 0xcc, SMALL_BZIMAGE_CODE);
		ck_assert_msg(kernel_load(&k, 1024 + code, &guest.mem, MIB, &img, &e) == 0,
			      "%u missing: %s", missing, e.text);
		ck_assert_mem_eq(guest.host + MIB, k.bytes + 1024, code);
		ck_assert(!missing || guest.host[MIB + code] == 0xcc);
		ck_assert_uint_eq(img.end, MIB + 0x2000);
	}
	ck_assert_int_eq(kernel_load(&k, k.size - 16, &guest.mem, MIB, &img, &e), -1);
	ck_assert_str_eq(e.text, "bzImage: syssize=64 is 1024 bytes of code at byte 1024, but the "
				 "file has 2032: it is cut short");
}
END_TEST

START_TEST(xloadflags_say_where_an_initrd_may_lie)
{
	kernel_put(&k, SETUP_OFFSET(xloadflags), 2, SETUP_XLF_KERNEL_64);
	ck_assert_msg(load(MIB) == 0, "%s", e.text);
	ck_assert(!img.initrd_above_4g);
}
END_TEST

static const struct patch bad_fields[] = {
	{SETUP_OFFSET(version), 2, 0x020b,
	 "bzImage: boot protocol version 2.11, expected 2.12 or later"},
	{SETUP_OFFSET(version), 2, 0x0105,
	 "bzImage: boot protocol version 1.05, expected 2.12 or later"},
	{0x201, 1, 0x61, "bzImage: the setup header ends at 0x263, expected 0x264 to 0x290"},
	{0x201, 1, 0, "bzImage: the setup header ends at 0x202, expected 0x264 to 0x290"},
	{0x201, 1, 0x8f, "bzImage: the setup header ends at 0x291, expected 0x264 to 0x290"},
	{0x201, 1, 0xff, "bzImage: the setup header ends at 0x301, expected 0x264 to 0x290"},
	{SETUP_OFFSET(loadflags), 1, 0xfe,
	 "bzImage: loadflags=0xfe, expected LOADED_HIGH (bit 0) set"},
	{SETUP_OFFSET(xloadflags), 2, 0x007e,
	 "bzImage: xloadflags=0x007e, expected XLF_KERNEL_64 (bit 0) set: this kernel has no "
	 "64-bit "
	 "entry"},
	{SETUP_OFFSET(kernel_alignment), 4, 0,
	 "bzImage: kernel_alignment=0x0, expected a power of two"},
	{SETUP_OFFSET(kernel_alignment), 4, 0x3000,
	 "bzImage: kernel_alignment=0x3000, expected a power of two"},
	{SETUP_OFFSET(setup_sects), 1, 200,
	 "bzImage: setup_sects=200 puts the kernel at byte 102912, but the file has 2048"},
	{SETUP_OFFSET(setup_sects), 1, 3,
	 "bzImage: setup_sects=3 puts the kernel at byte 2048, but the file has 2048"},
	{SETUP_OFFSET(setup_sects), 1, 2,
	 "bzImage: syssize=64 is 1024 bytes of code at byte 1536, but the file has 2048: it is cut "
	 "short"},
	{SETUP_OFFSET(syssize), 4, 0,
	 "bzImage: syssize=0 is 0 bytes of code, but its 64-bit entry is at 512"},
	{SETUP_OFFSET(syssize), 4, 32,
	 "bzImage: syssize=32 is 512 bytes of code, but its 64-bit entry is at 512"},
	{SETUP_OFFSET(syssize), 4, 65,
	 "bzImage: syssize=65 is 1040 bytes of code at byte 1024, but the file has 2048: it is cut "
	 "short"},
	{SETUP_OFFSET(syssize), 4, 0xffffffff,
	 "bzImage: syssize=4294967295 is 68719476720 bytes of code at byte 1024, but the file has "
	 "2048: it is cut short"},
	{SETUP_OFFSET(init_size), 4, 0,
	 "bzImage: init_size=0 is smaller than the 1024 bytes of code"},
	{SETUP_OFFSET(init_size), 4, 1023,
	 "bzImage: init_size=1023 is smaller than the 1024 bytes of code"},
	{SETUP_OFFSET(init_size), 4, 4 * MIB,
	 "bzImage: init_size=4194304 bytes fit nowhere in RAM from 0x100000 on and below 4 GiB "
	 "(RAM "
	 "has 4194304 bytes)"},
	{SETUP_OFFSET(init_size), 4, 0xffffffff,
	 "bzImage: init_size=4294967295 bytes fit nowhere in RAM from 0x100000 on and below 4 GiB "
	 "(RAM has 4194304 bytes)"},
};

START_TEST(refuses)
{
	expect_refused(&bad_fields[_i]);
}
END_TEST

/* These two are what image_probe() looks at: only a direct call gets here. */
START_TEST(refuses_without_its_magic)
{
	k.bytes[0x202] = 'h';
	ck_assert_int_eq(
		bzimage_load((struct blob){k.bytes, k.size}, &guest.mem, &from_1_mib, &img, &e),
		-1);
	ck_assert_str_eq(e.text, "bzImage: header=0x53726468, expected 0x53726448 (\"HdrS\")");
	k.bytes[0x1fe] = 0;
	ck_assert_int_eq(
		bzimage_load((struct blob){k.bytes, k.size}, &guest.mem, &from_1_mib, &img, &e),
		-1);
	ck_assert_str_eq(e.text, "bzImage: boot_flag=0xaa00, expected 0xaa55");
	ck_assert_int_eq(bzimage_load((struct blob){NULL, 0}, &guest.mem, &from_1_mib, &img, &e),
			 -1);
	ck_assert_str_eq(e.text, "bzImage: the file has 0 bytes, its setup header needs 612");
}
END_TEST

static void expected_for_truncation(size_t size, char *text, size_t text_size)
{
	static const char expected[] =
		"expected an x86_64 ELF vmlinux, an i386 ELF with a PVH note or a bzImage (plain, "
		"compressed or in a unified kernel image)";
	if (size == 0)
		snprintf(text, text_size, "the file is empty; %s", expected);
	else if (size < 0x206)
		snprintf(text, text_size, "this is of an unknown format; %s", expected);
	else if (size < 0x264)
		snprintf(text, text_size,
			 "bzImage: the file has %zu bytes, its setup header needs 612", size);
	else if (size < SMALL_BZIMAGE_HEADER_END)
		snprintf(text, text_size,
			 "bzImage: the file has %zu bytes, its setup header needs 620", size);
	else if (size <= 1024)
		snprintf(
			text, text_size,
			"bzImage: setup_sects=1 puts the kernel at byte 1024, but the file has %zu",
			size);
	else
		snprintf(text, text_size,
			 "bzImage: syssize=64 is 1024 bytes of code at byte 1024, but the file has "
			 "%zu: it is cut short",
			 size);
}

/* Except for the padding of the last 16 bytes. */
START_TEST(every_truncation_is_refused)
{
	char expected[ERR_TEXT_BYTES];
	for (size_t size = 0; size <= k.size - 16; size++) {
		ck_assert_int_eq(kernel_load(&k, size, &guest.mem, MIB, &img, &e), -1);
		expected_for_truncation(size, expected, sizeof(expected));
		ck_assert_str_eq(e.text, expected);
	}
	ck_assert_int_eq(kernel_load(&k, k.size, &guest.mem, MIB, &img, &e), 0);
}
END_TEST

/* Where the kernel goes. RAM is [0, 4 MiB) and a second range of 1 MiB. */
static const struct {
	gpa_t second; /* 0: none */
	uint64_t pref_address;
	uint32_t init_size;
	uint32_t alignment;
	uint8_t relocatable;
	gpa_t lowest;
	gpa_t start, end; /* or ... */
	const char *error;
} places[] = {
	/* pref_address, wherever it fits: no need for it to be above 1 MiB. */
	{0, 2 * MIB, 0x2000, 0x1000, 1, MIB, 2 * MIB, 2 * MIB + 0x2000, NULL},
	{0, 2 * MIB, 2 * MIB, 0x1000, 0, MIB, 2 * MIB, 4 * MIB, NULL},
	{0, 0x10000, 0x2000, 0x1000, 1, 0x10000, 0x10000, 0x12000, NULL},
	/* Nor to be aligned; but then the kernel moves up to where it is. */
	{0, 0x123456, 0x2000, 0x1000, 1, MIB, 0x123456, 0x126000, NULL},
	{0, 0x123456, 0x2000, 0x1000, 0, MIB, 0x123456, 0x125456, NULL},
	{0, 4 * MIB - 0x2fff, 0x2000, 0x1000, 1, MIB, 4 * MIB - 0x2fff, 4 * MIB, NULL},
	{0, 4 * MIB - 0x2001, 0x2000, 0x1000, 1, MIB, 4 * MIB - 0x2001, 4 * MIB, NULL},
	/* Else the lowest multiple of the alignment above it, ... */
	{0, MIB, 0x2000, 2 * MIB, 1, MIB + 1, 2 * MIB, 2 * MIB + 0x2000, NULL},
	{0, MIB, 0x2000, 0x1000, 1, MIB + 1, MIB + 0x1000, MIB + 0x3000, NULL},
	{0, MIB, 0x2000, 1, 1, MIB + 1, MIB + 1, MIB + 0x2001, NULL},
	{0, 0, 0x2000, 0x1000, 1, MIB, MIB, MIB + 0x2000, NULL},
	{8 * MIB, 6 * MIB, 0x2000, 8 * MIB, 1, MIB, 8 * MIB, 8 * MIB + 0x2000, NULL},
	{8 * MIB, 2 * MIB, 0x2000, 0x1000, 1, 5 * MIB, 8 * MIB, 8 * MIB + 0x2000, NULL},
	/* ... and never below, because it would not stay there. */
	{0, 16 * MIB, 0x2000, 2 * MIB, 1, MIB, 0, 0,
	 "bzImage: init_size=8192 bytes fit nowhere in RAM from 0x1000000 on and below 4 GiB (RAM "
	 "has 4194304 bytes)"},
	{0, 2 * MIB, 3 * MIB, 0x1000, 1, MIB, 0, 0,
	 "bzImage: init_size=3145728 bytes fit nowhere in RAM from 0x200000 on and below 4 GiB "
	 "(RAM has 4194304 bytes)"},
	{0, UINT64_MAX, 0x2000, 0x1000, 1, MIB, 0, 0,
	 "bzImage: init_size=8192 bytes fit nowhere in RAM from 0xffffffffffffffff on and below 4 "
	 "GiB (RAM has 4194304 bytes)"},
	{0, 4 * MIB - 0x1fff, 0x2000, 0x1000, 1, MIB, 0, 0,
	 "bzImage: init_size=8192 bytes fit nowhere in RAM from 0x3fe001 on and below 4 GiB (RAM "
	 "has 4194304 bytes)"},
	{0, 0, 0x2000, 0x80000000, 1, MIB, 0, 0,
	 "bzImage: init_size=8192 bytes fit nowhere in RAM from 0x100000 on and below 4 GiB (RAM "
	 "has 4194304 bytes)"},
	/* Never above 4 GiB, nor across. */
	{4096 * MIB, 4096 * MIB, 0x2000, 0x1000, 1, 5 * MIB, 0, 0,
	 "bzImage: init_size=8192 bytes fit nowhere in RAM from 0x100000000 on and below 4 GiB "
	 "(RAM has 5242880 bytes)"},
	{4096 * MIB - 0x1000, 4096 * MIB - 0x1000, 0x2000, 0x1000, 1, 5 * MIB, 0, 0,
	 "bzImage: init_size=8192 bytes fit nowhere in RAM from 0xfffff000 on and below 4 GiB (RAM "
	 "has 5242880 bytes)"},
	{4096 * MIB - 0x2000, 64 * MIB, 0x2000, 0x1000, 1, 5 * MIB, 4096 * MIB - 0x2000, 4096 * MIB,
	 NULL},
	{0, 2 * MIB, 0x2000, 0x1000, 1, 8192 * MIB, 0, 0,
	 "bzImage: init_size=8192 bytes fit nowhere in RAM from 0x200000000 on and below 4 GiB "
	 "(RAM has 4194304 bytes)"},
	/* Not relocatable: pref_address or nothing. */
	{0, 0xfffff, 0x2000, 0x1000, 0, MIB, 0, 0,
	 "bzImage: pref_address=0xfffff is below 0x100000, and the kernel is not relocatable"},
	{0, 16 * MIB, 0x2000, 0x1000, 0, MIB, 0, 0,
	 "bzImage: init_size=8192 bytes at pref_address=0x1000000 do not lie in RAM below 4 GiB "
	 "(RAM has 4194304 bytes), and the kernel is not relocatable"},
	{0, 4 * MIB - 0x1fff, 0x2000, 0x1000, 0, MIB, 0, 0,
	 "bzImage: init_size=8192 bytes at pref_address=0x3fe001 do not lie in RAM below 4 GiB "
	 "(RAM has 4194304 bytes), and the kernel is not relocatable"},
	{4096 * MIB, 4096 * MIB, 0x2000, 0x1000, 0, MIB, 0, 0,
	 "bzImage: init_size=8192 bytes at pref_address=0x100000000 do not lie in RAM below 4 GiB "
	 "(RAM has 5242880 bytes), and the kernel is not relocatable"},
};

static void expect_place(int r, gpa_t start, gpa_t end, const char *error)
{
	if (error) {
		ck_assert_int_eq(r, -1);
		ck_assert_str_eq(e.text, error);
		ck_assert(guest_untouched(&guest));
		return;
	}
	ck_assert_msg(r == 0, "%s", e.text);
	ck_assert_uint_eq(img.start, start);
	ck_assert_uint_eq(img.end, end);
	ck_assert_uint_eq(img.entry64, start + 0x200);
	ck_assert_mem_eq(gmem_at(&guest.mem, img.start, SMALL_BZIMAGE_CODE), k.bytes + 1024,
			 SMALL_BZIMAGE_CODE);
}

START_TEST(place)
{
	static uint8_t second[1 << 20];
	if (places[_i].second)
		ck_assert_int_eq(gmem_add(&guest.mem, places[_i].second, MIB, second, &e), 0);
	kernel_put(&k, SETUP_OFFSET(pref_address), 8, places[_i].pref_address);
	kernel_put(&k, SETUP_OFFSET(init_size), 4, places[_i].init_size);
	kernel_put(&k, SETUP_OFFSET(kernel_alignment), 4, places[_i].alignment);
	kernel_put(&k, SETUP_OFFSET(relocatable_kernel), 1, places[_i].relocatable);
	expect_place(load(places[_i].lowest), places[_i].start, places[_i].end, places[_i].error);
}
END_TEST

/* Where the caller asks for a kernel with pref_address 2 MiB, in 4 MiB of RAM. */
static const struct {
	uint32_t code32_start;
	uint8_t relocatable;
	struct image_placement where;
	gpa_t start, end; /* or ... */
	const char *error;
} requests[] = {
	/* Below pref_address the code lies where it should, and the kernel above. */
	{MIB, 1, {.bzimage_code32_start = true}, MIB, 2 * MIB + 0x2000, NULL},
	{MIB, 0, {.bzimage_code32_start = true}, MIB, 2 * MIB + 0x2000, NULL},
	{3 * MIB, 1, {.bzimage_code32_start = true}, 3 * MIB, 3 * MIB + 0x2000, NULL},
	{MIB, 1, {.bzimage_address = 0x10000}, 0x10000, 2 * MIB + 0x2000, NULL},
	{MIB, 1, {.bzimage_address = 2 * MIB}, 2 * MIB, 2 * MIB + 0x2000, NULL},
	{MIB, 1, {.bzimage_address = 2 * MIB + 1}, 2 * MIB + 1, 2 * MIB + 0x3000, NULL},
	{MIB, 0, {.bzimage_address = 2 * MIB}, 2 * MIB, 2 * MIB + 0x2000, NULL},
	{MIB, 1, {.bzimage_address = 4 * MIB - 0x2000}, 4 * MIB - 0x2000, 4 * MIB, NULL},
	/* An address takes precedence. */
	{MIB,
	 1,
	 {.bzimage_address = 3 * MIB, .bzimage_code32_start = true},
	 3 * MIB,
	 3 * MIB + 0x2000,
	 NULL},
	/* Fields for other formats are ignored. */
	{MIB, 1, {.elf_offset = 1, .image_base = 1}, 2 * MIB, 2 * MIB + 0x2000, NULL},
	{MIB - 1,
	 1,
	 {.lowest = MIB, .bzimage_code32_start = true},
	 0,
	 0,
	 "bzImage: code32_start=0xfffff is below 0x100000, the lowest for a kernel"},
	{MIB,
	 1,
	 {.lowest = 2 * MIB, .bzimage_address = 0x1000},
	 0,
	 0,
	 "bzImage: address=0x1000 is below 0x200000, the lowest for a kernel"},
	{MIB,
	 0,
	 {.bzimage_address = 2 * MIB + 1},
	 0,
	 0,
	 "bzImage: address=0x200001, pref_address=0x200000: code and kernel (init_size=8192) do "
	 "not lie in RAM below 4 GiB (RAM has 4194304 bytes), and the kernel is not relocatable"},
	{MIB,
	 1,
	 {.bzimage_address = 4 * MIB - 0x1fff},
	 0,
	 0,
	 "bzImage: address=0x3fe001, pref_address=0x200000: code and kernel (init_size=8192) do "
	 "not lie in RAM below 4 GiB (RAM has 4194304 bytes)"},
	{MIB,
	 1,
	 {.bzimage_address = UINT64_MAX},
	 0,
	 0,
	 "bzImage: address=0xffffffffffffffff, pref_address=0x200000: code and kernel "
	 "(init_size=8192) do not lie in RAM below 4 GiB (RAM has 4194304 bytes)"},
	{0xffffffff,
	 1,
	 {.bzimage_code32_start = true},
	 0,
	 0,
	 "bzImage: code32_start=0xffffffff, pref_address=0x200000: code and kernel "
	 "(init_size=8192) do not lie in RAM below 4 GiB (RAM has 4194304 bytes)"},
};

START_TEST(place_as_requested)
{
	kernel_put(&k, SETUP_OFFSET(code32_start), 4, requests[_i].code32_start);
	kernel_put(&k, SETUP_OFFSET(pref_address), 8, 2 * MIB);
	kernel_put(&k, SETUP_OFFSET(relocatable_kernel), 1, requests[_i].relocatable);
	expect_place(load_at(&requests[_i].where), requests[_i].start, requests[_i].end,
		     requests[_i].error);
}
END_TEST

static const struct {
	uint16_t kernel_version;
	size_t size; /* of the file */
	const char *text;
	const char *version;
} versions[] = {
	{0x500, SMALL_BZIMAGE_BYTES, "6.1.0 (a@b) #1\0rest", "6.1.0 (a@b) #1"},
	{0x500, SMALL_BZIMAGE_BYTES, "6.1\x1b\xff", "6.1??"},
	{0x500, SMALL_BZIMAGE_BYTES, "6.1.0-a-very-long-version", "6.1.0-a-very-lo"},
	{0x500, 0x703, "6.1.0", "6.1"}, /* the file ends there */
	{0, SMALL_BZIMAGE_BYTES, "6.1.0", ""},
	{0xffff, SMALL_BZIMAGE_BYTES, "6.1.0", ""},
	{0x500, 0x100, "6.1.0", ""},
};

START_TEST(version)
{
	char text[16];
	kernel_put(&k, SETUP_OFFSET(kernel_version), 2, versions[_i].kernel_version);
	memset(k.bytes + 0x700, 0, 64);
	memcpy(k.bytes + 0x700, versions[_i].text, strlen(versions[_i].text));
	bzimage_version((struct blob){k.bytes, versions[_i].size}, text, sizeof(text));
	ck_assert_str_eq(text, versions[_i].version);
	kernel_put(&k, SETUP_OFFSET(header), 4, 0);
	bzimage_version((struct blob){k.bytes, versions[_i].size}, text, sizeof(text));
	ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(payload_is_where_the_header_says)
{
	struct blob file = {k.bytes, k.size}, payload = {0};
	kernel_put(&k, SETUP_OFFSET(payload_offset), 4, 0x300);
	kernel_put(&k, SETUP_OFFSET(payload_length), 4, 0x100);
	ck_assert_msg(bzimage_payload(file, &payload, &e) == 0, "%s", e.text);
	ck_assert_ptr_eq(payload.data, k.bytes + 1024 + 0x300);
	ck_assert_uint_eq(payload.size, 0x100);
}
END_TEST

static const struct {
	uint32_t offset, length;
	size_t size;
	const char *error;
} bad_payloads[] = {
	{0x300, 0, SMALL_BZIMAGE_BYTES, "bzImage: payload_length=0, expected a compressed kernel"},
	{0x300, 0x101, SMALL_BZIMAGE_BYTES,
	 "bzImage: payload_length=257 bytes at payload_offset=768 do not lie in the 1024 bytes of "
	 "code"},
	{0xffffffff, 0xffffffff, SMALL_BZIMAGE_BYTES,
	 "bzImage: payload_length=4294967295 bytes at payload_offset=4294967295 do not lie in the "
	 "1024 bytes of code"},
	{0, 16, 600, "bzImage: the file has 600 bytes, its setup header needs 612"},
	{0, 16, SMALL_BZIMAGE_BYTES - 16,
	 "bzImage: syssize=64 is 1024 bytes of code at byte 1024, but the file has 2032: it is cut "
	 "short"},
	{0x3f0, 16, SMALL_BZIMAGE_BYTES - 1,
	 "bzImage: payload_length=16 bytes at payload_offset=1008 do not lie in the 1023 bytes of "
	 "code"},
};

START_TEST(payload_outside_the_code_is_refused)
{
	struct blob file = {k.bytes, bad_payloads[_i].size}, payload = {0};
	kernel_put(&k, SETUP_OFFSET(payload_offset), 4, bad_payloads[_i].offset);
	kernel_put(&k, SETUP_OFFSET(payload_length), 4, bad_payloads[_i].length);
	ck_assert_int_eq(bzimage_payload(file, &payload, &e), -1);
	ck_assert_str_eq(e.text, bad_payloads[_i].error);
	ck_assert_ptr_null(payload.data);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("bzimage");
	TCase *tc = tcase_create("bzimage");
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, loads);
	tcase_add_test(tc, setup_header_is_copied_by_its_length_byte);
	tcase_add_test(tc, setup_sects_0_means_4);
	tcase_add_test(tc, bytes_after_the_code_are_ignored);
	tcase_add_test(tc, up_to_15_bytes_of_padding_may_be_missing);
	tcase_add_test(tc, xloadflags_say_where_an_initrd_may_lie);
	tcase_add_loop_test(tc, refuses, 0, COUNT(bad_fields));
	tcase_add_test(tc, refuses_without_its_magic);
	tcase_add_test(tc, every_truncation_is_refused);
	tcase_add_loop_test(tc, place, 0, COUNT(places));
	tcase_add_loop_test(tc, version, 0, COUNT(versions));
	tcase_add_test(tc, payload_is_where_the_header_says);
	tcase_add_loop_test(tc, payload_outside_the_code_is_refused, 0, COUNT(bad_payloads));
	tcase_add_loop_test(tc, place_as_requested, 0, COUNT(requests));
	suite_add_tcase(s, tc);
	return run_suite(s);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* The zero page, against the boot protocol's numbers and, on x86, the kernel's own header. */
#include "arch/x86_64/zeropage.h"

#include "arch/x86_64/bootparam.h"
#include "arch/x86_64/layout.h"
#include "lowmem.h"

#if __has_include(<asm/bootparam.h>)
#define HAVE_UAPI
#define boot_params     uapi_boot_params
#define setup_header    uapi_setup_header
#define boot_e820_entry uapi_boot_e820_entry
#include <asm/bootparam.h>
#undef boot_params
#undef setup_header
#undef boot_e820_entry
#endif

static const struct e820 map = {
	.entry = {{0, 0x9fc00, E820_RAM},
		  {0xe0000, 0x10000, E820_ACPI},
		  {0x100000000, 0x123456789000, E820_RAM}},
	.n = 3,
};

static const struct boot_info plain = {.map = &map, .cmdline_gpa = 0x10000, .rsdp_gpa = 0xe0000};
static const struct image elf = {.format = IMAGE_ELF};

static uint64_t get(unsigned offset, unsigned bytes)
{
	uint64_t v = 0;
	memcpy(&v, lowmem + X86_ZEROPAGE_GPA + offset, bytes);
	return v;
}

/* A setup header of @bytes, byte n being n + 1. */
static struct image bzimage(uint32_t bytes)
{
	struct image img = {.format = IMAGE_BZIMAGE, .setup_header_bytes = bytes};
	for (uint32_t i = 0; i < bytes; i++)
		img.setup_header[i] = (uint8_t)(i + 1);
	return img;
}

static void write_ok(const struct image *img, const struct boot_info *info)
{
	struct gmem mem = lowmem_init(LOWMEM_BYTES);
	struct err e;
	ck_assert_int_eq(zeropage_write(&mem, img, info, &e), 0);
	lowmem_untouched(0, X86_ZEROPAGE_GPA);
	lowmem_untouched(X86_ZEROPAGE_GPA + 0x1000, LOWMEM_BYTES);
}

START_TEST(elf_gets_a_header)
{
	write_ok(&elf, &plain);
	ck_assert_uint_eq(get(0x1fe, 2), 0xaa55);
	ck_assert_int_eq(memcmp(lowmem + X86_ZEROPAGE_GPA + 0x202, "HdrS", 4), 0);
	ck_assert_uint_eq(get(0x206, 2), 0x020f);
	ck_assert_uint_eq(get(0x211, 1), 1); /* LOADED_HIGH */
	ck_assert_uint_eq(get(0x230, 4), 0x200000);
}
END_TEST

START_TEST(loader_fields)
{
	write_ok(&elf, &plain);
	ck_assert_uint_eq(get(0x1fa, 2), 0xffff); /* vid_mode: normal */
	ck_assert_uint_eq(get(0x210, 1), 0xff);   /* type_of_loader */
	ck_assert_uint_eq(get(0x228, 4), 0x10000);
	ck_assert_uint_eq(get(0x0c8, 4), 0);
	ck_assert_uint_eq(get(0x218, 4), 0);
	ck_assert_uint_eq(get(0x21c, 4), 0);
	ck_assert_uint_eq(get(0x0c0, 4), 0);
	ck_assert_uint_eq(get(0x0c4, 4), 0);
	ck_assert_uint_eq(get(0x070, 8), 0xe0000);
	ck_assert_uint_eq(get(0x1ef, 1), 0); /* sentinel */
}
END_TEST

START_TEST(memory_map)
{
	write_ok(&elf, &plain);
	ck_assert_uint_eq(get(0x1e8, 1), 3);
	for (unsigned i = 0; i < map.n; i++) {
		ck_assert_uint_eq(get(0x2d0 + 20 * i, 8), map.entry[i].addr);
		ck_assert_uint_eq(get(0x2d8 + 20 * i, 8), map.entry[i].size);
		ck_assert_uint_eq(get(0x2e0 + 20 * i, 4), map.entry[i].type);
	}
	for (unsigned at = 0x2d0 + 20 * map.n; at < 0x1000; at++)
		ck_assert_uint_eq(get(at, 1), 0);
}
END_TEST

START_TEST(longest_map)
{
	struct e820 full = {.n = E820_MAX};
	for (unsigned i = 0; i < E820_MAX; i++)
		full.entry[i] = (struct e820_entry){i * 0x1000, 0x1000, E820_RESERVED};
	struct boot_info info = plain;
	info.map = &full;
	write_ok(&elf, &info);
	ck_assert_uint_eq(get(0x1e8, 1), E820_MAX);
	ck_assert_uint_eq(get(0x2d0 + 20 * (E820_MAX - 1), 8), (E820_MAX - 1) * 0x1000);
}
END_TEST

START_TEST(initrd_and_command_line_above_4g)
{
	struct boot_info info = plain;
	info.initrd = (struct initrd){0x7f12345000, 0x3456789ab};
	info.cmdline_gpa = 0xa87654321;
	write_ok(&elf, &info);
	ck_assert_uint_eq(get(0x218, 4), 0x12345000);
	ck_assert_uint_eq(get(0x0c0, 4), 0x7f);
	ck_assert_uint_eq(get(0x21c, 4), 0x456789ab);
	ck_assert_uint_eq(get(0x0c4, 4), 0x3);
	ck_assert_uint_eq(get(0x228, 4), 0x87654321);
	ck_assert_uint_eq(get(0x0c8, 4), 0xa);
}
END_TEST

/* Offsets from 0x1f1 on that the loader writes; all other bytes are the kernel's. */
static bool is_loader_field(unsigned at)
{
	return (at >= 0x1fa && at < 0x1fc) || at == 0x210 || (at >= 0x218 && at < 0x220) ||
	       (at >= 0x228 && at < 0x22c);
}

static const uint32_t header_bytes[] = {0x238 - 0x1f1, 0x268 - 0x1f1, 0x26c - 0x1f1, 0x290 - 0x1f1};

START_TEST(bzimage_header_is_copied_by_its_length)
{
	uint32_t bytes = header_bytes[_i];
	struct image img = bzimage(bytes);
	write_ok(&img, &plain);
	for (unsigned at = 0x1f1; at < 0x1f1 + bytes; at++) {
		if (!is_loader_field(at))
			ck_assert_uint_eq(get(at, 1), (uint8_t)(at - 0x1f1 + 1));
	}
	for (unsigned at = 0x1f1 + bytes; at < 0x2d0; at++)
		ck_assert_uint_eq(get(at, 1), 0);
	ck_assert_uint_eq(get(0x1ef, 2), 0);
	ck_assert_uint_eq(get(0x1fa, 2), 0xffff);
	ck_assert_uint_eq(get(0x210, 1), 0xff);
	ck_assert_uint_eq(get(0x218, 8), 0);
	ck_assert_uint_eq(get(0x228, 4), 0x10000);
}
END_TEST

START_TEST(not_in_ram)
{
	struct gmem mem = lowmem_init(X86_ZEROPAGE_GPA + 0xfff);
	struct err e = {""};
	ck_assert_int_eq(zeropage_write(&mem, &elf, &plain, &e), -1);
	ck_assert_str_eq(e.text, "zero page: 4096 bytes at 0x7000 do not lie in RAM");
	lowmem_untouched(0, LOWMEM_BYTES);
}
END_TEST

/* What no loader of this library makes, but a caller may. */
START_TEST(fill_refuses)
{
	struct boot_params zp;
	struct image img = {.setup_header_bytes = SETUP_HEADER_MAX_BYTES + 1};
	const struct e820 full = {.n = E820_MAX + 1};
	const struct boot_info info = {.map = &full};
	struct err e = {""};
	ck_assert_int_eq(zeropage_fill(&zp, &img, &plain, &e), -1);
	ck_assert_str_eq(e.text, "zero page: a setup header of 160 bytes, expected at most 159");
	ck_assert_int_eq(zeropage_fill(&zp, &elf, &info, &e), -1);
	ck_assert_str_eq(e.text, "zero page: 17 entries of memory map, expected at most 16");
}
END_TEST

START_TEST(put_up_to_the_end_of_ram)
{
	struct gmem mem = lowmem_init(LOWMEM_BYTES);
	struct boot_params zp;
	struct err e = {""};
	ck_assert_int_eq(zeropage_fill(&zp, &elf, &plain, &e), 0);
	ck_assert_int_eq(zeropage_put(&mem, LOWMEM_BYTES - 0xfff, &zp, &e), -1);
	ck_assert_str_eq(e.text, "zero page: 4096 bytes at 0xff001 do not lie in RAM");
	lowmem_untouched(0, LOWMEM_BYTES);
	ck_assert_int_eq(zeropage_put(&mem, LOWMEM_BYTES - 0x1000, &zp, &e), 0);
	lowmem_untouched(0, LOWMEM_BYTES - 0x1000);
	ck_assert_mem_eq(lowmem + LOWMEM_BYTES - 0x1000, &zp, sizeof(zp));
}
END_TEST

START_TEST(extension_data)
{
	static const uint8_t seed[] = {1, 2, 3, 4, 5};
	struct gmem mem = lowmem_init(LOWMEM_BYTES);
	struct boot_params zp;
	struct boot_setup_data element;
	struct err e = {""};
	const gpa_t last = LOWMEM_BYTES - sizeof(element) - sizeof(seed);
	ck_assert_int_eq(zeropage_fill(&zp, &elf, &plain, &e), 0);
	ck_assert_int_eq(
		zeropage_add_data(&mem, &zp, 0x1000, BOOT_DATA_DTB, (struct blob){NULL, 0}, &e), 0);
	ck_assert_int_eq(zeropage_add_data(&mem, &zp, last, BOOT_DATA_RNG_SEED,
					   (struct blob){seed, sizeof(seed)}, &e),
			 0);
	ck_assert_uint_eq(zp.hdr.setup_data, last);
	memcpy(&element, lowmem + last, sizeof(element));
	ck_assert_uint_eq(element.next, 0x1000);
	ck_assert_uint_eq(element.type, 9);
	ck_assert_uint_eq(element.len, 5);
	ck_assert_mem_eq(lowmem + last + 16, seed, sizeof(seed));
	memcpy(&element, lowmem + 0x1000, sizeof(element));
	ck_assert_uint_eq(element.next, 0);
	ck_assert_uint_eq(element.type, 2);
	ck_assert_uint_eq(element.len, 0);
	lowmem_untouched(0, 0x1000);
	lowmem_untouched(0x1010, last);
}
END_TEST

/* The seed of boot_info has its place, as the only element. */
START_TEST(a_random_seed)
{
	static const uint8_t seed[] = {9, 8, 7, 6, 5, 4, 3};
	static const uint8_t big[0x1000];
	struct gmem mem = lowmem_init(LOWMEM_BYTES);
	struct boot_setup_data element;
	struct boot_info info = plain;
	struct err e = {""};
	info.rng_seed = (struct blob){seed, sizeof(seed)};
	ck_assert_int_eq(zeropage_write(&mem, &elf, &info, &e), 0);
	ck_assert_uint_eq(get(0x250, 8), X86_SETUP_DATA_GPA);
	memcpy(&element, lowmem + X86_SETUP_DATA_GPA, sizeof(element));
	ck_assert_uint_eq(element.next, 0);
	ck_assert_uint_eq(element.type, 9);
	ck_assert_uint_eq(element.len, sizeof(seed));
	ck_assert_mem_eq(lowmem + X86_SETUP_DATA_GPA + 16, seed, sizeof(seed));
	lowmem_untouched(0, X86_SETUP_DATA_GPA);
	lowmem_untouched(X86_SETUP_DATA_GPA + 16 + sizeof(seed), X86_ZEROPAGE_GPA);

	info.rng_seed = (struct blob){big, X86_SETUP_DATA_BYTES - 16};
	ck_assert_int_eq(zeropage_write(&mem, &elf, &info, &e), 0);
	info.rng_seed.size++;
	ck_assert_int_eq(zeropage_write(&mem, &elf, &info, &e), -1);
	ck_assert_str_eq(e.text, "setup_data: a seed of 4081 bytes, but there is room for 4080");
}
END_TEST

/* Protocols before 2.09 have no setup_data; other fields lie there. */
START_TEST(no_place_for_a_seed)
{
	static const uint8_t seed[64];
	struct image img = bzimage(SETUP_HEADER_MAX_BYTES);
	struct boot_info info = plain;
	const unsigned version = 0x206 - SETUP_HEADER_OFFSET, data = 0x250 - SETUP_HEADER_OFFSET;
	memcpy(img.setup_header + version, (const uint8_t[]){8, 2}, 2);
	info.rng_seed = (struct blob){seed, sizeof(seed)};
	write_ok(&img, &info);
	ck_assert_mem_eq(lowmem + X86_ZEROPAGE_GPA + 0x250, img.setup_header + data, 8);
}
END_TEST

START_TEST(extension_data_refused)
{
	static const struct {
		gpa_t gpa;
		uint16_t version;
		size_t bytes;
		const char *text;
	} cases[] = {
		{0x1000, 0x208, 1,
		 "setup_data: boot protocol version 2.08, expected 2.09 or later"},
		{0, 0x20f, 1, "setup_data: address 0 would end the list"},
		{0x1000, 0x20f, 1ULL << 32,
		 "setup_data: 4294967296 bytes, expected at most 4294967295"},
		{LOWMEM_BYTES - 16, 0x20f, 1, "setup_data: 17 bytes at 0xffff0 do not lie in RAM"},
		{UINT64_MAX, 0x20f, 1,
		 "setup_data: 17 bytes at 0xffffffffffffffff do not lie in RAM"},
	};
	static const uint8_t byte;
	struct gmem mem = lowmem_init(LOWMEM_BYTES);
	struct boot_params zp = {.hdr = {.version = cases[_i].version, .setup_data = 7}};
	struct err e = {""};
	ck_assert_int_eq(zeropage_add_data(&mem, &zp, cases[_i].gpa, BOOT_DATA_RNG_SEED,
					   (struct blob){&byte, cases[_i].bytes}, &e),
			 -1);
	ck_assert_str_eq(e.text, cases[_i].text);
	ck_assert_uint_eq(zp.hdr.setup_data, 7);
	lowmem_untouched(0, LOWMEM_BYTES);
}
END_TEST

#ifdef HAVE_UAPI
#define SAME(field)                                                                                \
	ck_assert_uint_eq(offsetof(struct boot_params, field),                                     \
			  offsetof(struct uapi_boot_params, field));                               \
	ck_assert_uint_eq(sizeof(((struct boot_params *)0)->field),                                \
			  sizeof(((struct uapi_boot_params *)0)->field))

START_TEST(as_the_kernel_header_says)
{
	ck_assert_uint_eq(sizeof(struct boot_params), sizeof(struct uapi_boot_params));
	SAME(acpi_rsdp_addr);
	SAME(ext_ramdisk_image);
	SAME(ext_ramdisk_size);
	SAME(ext_cmd_line_ptr);
	SAME(e820_entries);
	SAME(sentinel);
	SAME(hdr);
	SAME(e820_table);
	ck_assert_uint_eq(SETUP_HEADER_END, offsetof(struct uapi_boot_params, edd_mbr_sig_buffer));
	ck_assert_uint_eq(BOOT_E820_MAX, E820_MAX_ENTRIES_ZEROPAGE);
	ck_assert_uint_eq(SETUP_LOADED_HIGH, LOADED_HIGH);
}
END_TEST

START_TEST(setup_header_as_the_kernel_header_says)
{
	SAME(hdr.setup_sects);
	SAME(hdr.root_flags);
	SAME(hdr.syssize);
	SAME(hdr.ram_size);
	SAME(hdr.vid_mode);
	SAME(hdr.root_dev);
	SAME(hdr.boot_flag);
	SAME(hdr.jump);
	SAME(hdr.header);
	SAME(hdr.version);
	SAME(hdr.realmode_swtch);
	SAME(hdr.start_sys_seg);
	SAME(hdr.kernel_version);
	SAME(hdr.type_of_loader);
	SAME(hdr.loadflags);
	SAME(hdr.setup_move_size);
	SAME(hdr.code32_start);
	SAME(hdr.ramdisk_image);
	SAME(hdr.ramdisk_size);
	SAME(hdr.bootsect_kludge);
	SAME(hdr.heap_end_ptr);
	SAME(hdr.ext_loader_ver);
	SAME(hdr.ext_loader_type);
	SAME(hdr.cmd_line_ptr);
	SAME(hdr.initrd_addr_max);
	SAME(hdr.kernel_alignment);
	SAME(hdr.relocatable_kernel);
	SAME(hdr.min_alignment);
	SAME(hdr.xloadflags);
	SAME(hdr.cmdline_size);
	SAME(hdr.hardware_subarch);
	SAME(hdr.hardware_subarch_data);
	SAME(hdr.payload_offset);
	SAME(hdr.payload_length);
	SAME(hdr.setup_data);
	SAME(hdr.pref_address);
	SAME(hdr.init_size);
	SAME(hdr.handover_offset);
	SAME(hdr.kernel_info_offset);
}
END_TEST
#endif

int main(void)
{
	Suite *s = suite_create("zeropage");
	TCase *t = tcase_create("all");
	tcase_add_test(t, elf_gets_a_header);
	tcase_add_test(t, loader_fields);
	tcase_add_test(t, memory_map);
	tcase_add_test(t, longest_map);
	tcase_add_test(t, initrd_and_command_line_above_4g);
	tcase_add_loop_test(t, bzimage_header_is_copied_by_its_length, 0,
			    sizeof(header_bytes) / sizeof(header_bytes[0]));
	tcase_add_test(t, not_in_ram);
	tcase_add_test(t, fill_refuses);
	tcase_add_test(t, put_up_to_the_end_of_ram);
	tcase_add_test(t, extension_data);
	tcase_add_loop_test(t, extension_data_refused, 0, 5);
	tcase_add_test(t, a_random_seed);
	tcase_add_test(t, no_place_for_a_seed);
#ifdef HAVE_UAPI
	tcase_add_test(t, as_the_kernel_header_says);
	tcase_add_test(t, setup_header_as_the_kernel_header_says);
#endif
	suite_add_tcase(s, t);
	return run_suite(s);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* minivmm inspect: what it finds in synthetic kernels, and how it says so. */
#include "vmm/inspect/inspect.h"

#include "kernels.h"
#include "pack.h"
#include "suite.h"
#include "vmm/inspect/requirement.h"

#include <stdlib.h>

enum { SCRATCH_BYTES = 4 << 20 };

static struct kernel k;
static struct inspection in;
static struct err e;
static uint8_t *scratch;
static uint8_t *bytes; /* the file, on the heap, of just its size */

static void setup(void)
{
	scratch = malloc(SCRATCH_BYTES);
	ck_assert_ptr_nonnull(scratch);
	bytes = NULL;
	memset(&in, 0, sizeof(in));
	memset(&k, 0, sizeof(k));
	e.text[0] = '\0';
}

static void teardown(void)
{
	inspect_fini(&in);
	free(bytes);
	free(scratch);
}

static int inspect_bytes(const void *data, size_t size)
{
	free(bytes);
	bytes = malloc(size ? size : 1);
	ck_assert_ptr_nonnull(bytes);
	memcpy(bytes, data, size);
	return inspect_init(&in, (struct blob){bytes, size}, scratch, SCRATCH_BYTES, &e);
}

static void inspect_kernel(void)
{
	ck_assert_msg(inspect_bytes(k.bytes, k.size) == 0, "%s", e.text);
}

/* What is written, on the heap: the caller frees it. */
static char *written(void (*write)(const struct inspection *in, const char *path, FILE *f))
{
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	ck_assert_ptr_nonnull(f);
	write(&in, "FILE", f);
	ck_assert_int_eq(fclose(f), 0);
	return text;
}

/* The text has @part in it. */
static void expect_written(const char *part)
{
	char *text = written(inspect_text);
	ck_assert_msg(strstr(text, part) != NULL, "no '%s' in:\n%s", part, text);
	free(text);
}

static const struct inspect_boot *boot(enum image_machine machine, const char *protocol,
				       bool inside)
{
	for (unsigned i = 0; i < in.boots; i++) {
		const struct inspect_boot *b = &in.boot[i];
		bool same = b->protocol && protocol ? strcmp(b->protocol, protocol) == 0
						    : b->protocol == protocol;
		if (b->machine == machine && b->inside == inside && same)
			return b;
	}
	ck_abort_msg("no such row: %s", protocol ? protocol : "(none)");
	return NULL;
}

START_TEST(an_elf_file)
{
	kernel_elf_small(&k);
	inspect_kernel();
	ck_assert_str_eq(in.architecture, "x86_64");
	ck_assert_int_eq((int)in.format, IMAGE_ELF);
	ck_assert_uint_eq(in.boots, 3);
	ck_assert(boot(IMAGE_MACHINE_X86_64, "linux64", false)->possible);
	ck_assert_uint_eq(boot(IMAGE_MACHINE_X86_64, "linux64", false)->entry, SMALL_ELF_ENTRY);
	ck_assert_uint_eq(boot(IMAGE_MACHINE_X86_64, "pvh", false)->entry, SMALL_ELF_PVH_ENTRY);
	ck_assert_str_eq(boot(IMAGE_MACHINE_AARCH64, NULL, false)->why.text,
			 "ELF: e_machine=62 (x86-64), expected 183 (aarch64)");
	ck_assert(in.loads);
	ck_assert_uint_eq(in.ram_bytes, SMALL_ELF_END);
	expect_written("file           FILE: ELF, 368 bytes\n");
	expect_written("  x86_64   pvh      yes, entry 0x100010\n");
	expect_written("  0x018  8 e_entry               0x100000\n");
	expect_written("  LOAD r-x 0x0000100000        64 bytes,        64 of them at 0x110 of the "
		       "file, aligned to 0x1000\n");
	expect_written("  NOTE r--");
	expect_written("  not embedded: CONFIG_IKCONFIG=y would do that\n");
}
END_TEST

START_TEST(an_elf_file_without_pvh)
{
	kernel_elf_small(&k);
	kernel_put(&k, PHDR_OFFSET(0, p_type), 4, PT_NULL);
	inspect_kernel();
	ck_assert(!boot(IMAGE_MACHINE_X86_64, "pvh", false)->possible);
	ck_assert_str_eq(boot(IMAGE_MACHINE_X86_64, "pvh", false)->why.text,
			 "there is no PVH note");
}
END_TEST

START_TEST(an_elf_file_of_another_machine)
{
	static const struct {
		uint16_t machine;
		const char *name;
		const char *field;
	} machines[] = {{EM_RISCV, "riscv64", "243 (riscv)"},
			{EM_PPC64, "ppc64", "21 (ppc64)"},
			{4711, "e_machine=4711", "4711"}};
	char line[64];
	for (int i = 0; i < COUNT(machines); i++) {
		kernel_elf_small(&k);
		kernel_put(&k, offsetof(Elf64_Ehdr, e_machine), 2, machines[i].machine);
		inspect_kernel();
		ck_assert_str_eq(in.architecture, machines[i].name);
		ck_assert(!in.loads);
		ck_assert(!boot(IMAGE_MACHINE_X86_64, NULL, false)->possible);
		snprintf(line, sizeof(line), "e_machine             %s\n", machines[i].field);
		expect_written(line);
		inspect_fini(&in);
	}
}
END_TEST

START_TEST(a_32_bit_elf_file)
{
	kernel_elf_small(&k);
	kernel_elf_to_32(&k);
	inspect_kernel();
	ck_assert_str_eq(in.architecture, "i386");
	ck_assert_uint_eq(boot(IMAGE_MACHINE_X86_64, "pvh", false)->entry, SMALL_ELF_PVH_ENTRY);
	ck_assert_str_eq(boot(IMAGE_MACHINE_X86_64, "linux64", false)->why.text,
			 "a 32-bit ELF is entered in 32-bit mode alone");
	ck_assert_uint_eq(in.ram_bytes, SMALL_ELF_END);
	expect_written("  0x012  2 e_machine             3 (i386)\n");
	expect_written("  0x018  4 e_entry               0x100000\n"
		       "  0x01c  4 e_phoff               0x34\n");
	expect_written("  LOAD r-x 0x0000100000        64 bytes,        64 of them at 0x110 of the "
		       "file, aligned to 0x1000\n");
}
END_TEST

/* They are described, though no machine of minivmm's is theirs. */
START_TEST(a_32_bit_elf_file_of_another_machine)
{
	static const struct {
		uint16_t machine;
		const char *name;
	} machines[] = {{EM_ARM, "arm"}, {EM_RISCV, "riscv32"}, {EM_S390, "s390x"}};
	for (int i = 0; i < COUNT(machines); i++) {
		kernel_elf_small(&k);
		kernel_elf_to_32(&k);
		kernel_put(&k, offsetof(Elf32_Ehdr, e_machine), 2, machines[i].machine);
		inspect_kernel();
		ck_assert_str_eq(in.architecture, machines[i].name);
		ck_assert(!in.loads);
		inspect_fini(&in);
	}
}
END_TEST

/* Header 1 at 0x130, in the segment's bytes; header 2 at 0x150. */
static void put_multiboot(void)
{
	static const uint32_t first[] = {
		0x1badb002, 0x10000, 0u - 0x1badb002 - 0x10000, 0x100020, 0x100000, 0, 0, 0x100030};
	static const uint32_t second[] = {0xe85250d6, 0, 16, 0u - 0xe85250d6 - 16};
	memcpy(k.bytes + 0x130, first, sizeof(first));
	memcpy(k.bytes + 0x150, second, sizeof(second));
}

START_TEST(a_multiboot_kernel)
{
	for (int i = 0; i < 2; i++) {
		kernel_elf_small(&k);
		if (i == 0)
			kernel_elf_to_32(&k);
		else
			memset(k.bytes, 0, SMALL_ELF_TEXT_OFFSET); /* no ELF: the header says all */
		put_multiboot();
		inspect_kernel();
		ck_assert_str_eq(in.architecture, "i386");
		expect_written("multiboot header\n  0x130  4 magic                 0x1badb002\n"
			       "  0x134  4 flags                 0x10000 (addresses)\n");
		expect_written("  0x14c  4 entry_addr            0x100030\nmultiboot2 header\n"
			       "  0x150  4 magic                 0xe85250d6\n"
			       "  0x154  4 architecture          0 (i386)\n"
			       "  0x158  4 header_length         16\n");
		if (i == 1) {
			ck_assert_int_eq((int)in.format, IMAGE_MULTIBOOT);
			ck_assert(!in.loads);
			ck_assert_str_eq(
				boot(IMAGE_MACHINE_X86_64, NULL, false)->why.text,
				"this is a multiboot kernel; expected an x86_64 ELF "
				"vmlinux, an i386 ELF with a PVH note or a bzImage (plain, "
				"compressed or in a unified kernel image)");
		}
		inspect_fini(&in);
	}
}
END_TEST

/* Source: the Multiboot Specification 0.6.96, 3.1.2. */
static const struct {
	uint32_t bit;
	const char *name;
} multiboot_bits[] = {
	{0, "modules on pages"}, {1, "memory map"}, {2, "video mode"}, {16, "addresses"}};

START_TEST(the_flags_of_a_multiboot_header)
{
	uint32_t flags = 1u << multiboot_bits[_i].bit, sum = 0u - 0x1badb002 - flags;
	char line[80];

	kernel_elf_small(&k);
	kernel_elf_to_32(&k);
	put_multiboot();
	memcpy(k.bytes + 0x134, &flags, 4);
	memcpy(k.bytes + 0x138, &sum, 4);
	inspect_kernel();
	snprintf(line, sizeof(line), "0x134  4 flags                 0x%x (%s)\n", flags,
		 multiboot_bits[_i].name);
	expect_written(line);
	inspect_fini(&in);
}
END_TEST

/* A header ends in the first 8192 bytes, a multiboot2 header in the first 32768. */
START_TEST(multiboot_headers_are_near_the_start)
{
	static const uint32_t first[] = {0x1badb002, 0, 0u - 0x1badb002};
	static const uint32_t second[] = {0xe85250d6, 0, 16, 0u - 0xe85250d6 - 16};
	static uint8_t file[40000];
	static const struct {
		size_t at;
		const uint32_t *header;
		size_t bytes;
		int found;
	} places[] = {{8192 - 12, first, 12, 0},
		      {8192 - 8, first, 12, -1},
		      {32768 - 16, second, 16, 0},
		      {32768 - 8, second, 16, -1}};
	for (int i = 0; i < COUNT(places); i++) {
		memset(file, 0, sizeof(file));
		memcpy(file + places[i].at, places[i].header, places[i].bytes);
		ck_assert_int_eq(inspect_bytes(file, sizeof(file)), places[i].found);
		if (!places[i].found)
			ck_assert_uint_eq(in.header[0].offset, places[i].at);
		inspect_fini(&in);
		/* and not one that the file's end cuts */
		ck_assert_int_eq(inspect_bytes(file, places[i].at + places[i].bytes - 1), -1);
	}
}
END_TEST

START_TEST(an_arm64_elf_file)
{
	kernel_elf_arm64_small(&k);
	inspect_kernel();
	ck_assert_str_eq(in.architecture, "aarch64");
	ck_assert_uint_eq(in.headers, 2);
	ck_assert_ptr_eq(in.header[1].header, &header_arm64);
	ck_assert_uint_eq(boot(IMAGE_MACHINE_AARCH64, "linux64", false)->entry, 0x80000000u);
	ck_assert_uint_eq(in.ram_bytes, SMALL_ELF_ARM64_IMAGE_SIZE);
}
END_TEST

START_TEST(an_arm64_image)
{
	kernel_arm64_small(&k);
	inspect_kernel();
	ck_assert_str_eq(in.architecture, "aarch64");
	ck_assert_uint_eq(boot(IMAGE_MACHINE_AARCH64, "linux64", false)->entry, 0x80000000u);
	ck_assert(!boot(IMAGE_MACHINE_X86_64, NULL, false)->possible);
	expect_written(
		"  0x018  8 flags                 0xa (little-endian, 4 KiB pages, anywhere in "
		"RAM)\n");
	expect_written("  0x038  4 magic                 ARMd\n");
	expect_written("pages          4 KiB\n");
}
END_TEST

START_TEST(a_big_endian_image_is_described_too)
{
	kernel_arm64_small(&k);
	kernel_put(&k, ARM64_OFFSET(flags), 8, 7);
	inspect_kernel();
	ck_assert_str_eq(
		boot(IMAGE_MACHINE_AARCH64, NULL, false)->why.text,
		"arm64 Image: flags=0x7, expected bit 0 clear: this is a big-endian kernel");
	expect_written("0x7 (big-endian, 64 KiB pages, near the start of RAM)\n");
}
END_TEST

START_TEST(a_riscv64_image)
{
	memset(k.bytes, 0, 0x1000);
	memcpy(k.bytes + 0x30, "RISCV\0\0\0RSC\x05", 12);
	k.size = 0x1000;
	kernel_put(&k, 8, 8, 0x200000);
	kernel_put(&k, 0x10, 8, 0x123456);
	inspect_kernel();
	ck_assert_str_eq(in.architecture, "riscv64");
	ck_assert_ptr_eq(in.header[0].header, &header_riscv64);
	expect_written("  0x008  8 text_offset           0x200000\n"
		       "  0x010  8 image_size            1193046\n");
	expect_written("  0x030  8 magic                 RISCV\n");
}
END_TEST

/* A bzImage with @payload, packed, inside. False where the build has no such compression. */
static bool bzimage_with(enum packing how, struct blob payload)
{
	struct blob packed;
	kernel_bzimage_small(&k);
	if (!pack_data(how, payload, &packed))
		return false;
	ck_assert_uint_le(packed.size + 0x210, SMALL_BZIMAGE_CODE);
	memcpy(k.bytes + 1024 + 0x210, packed.data, packed.size);
	kernel_put(&k, SETUP_OFFSET(payload_offset), 4, 0x210);
	kernel_put(&k, SETUP_OFFSET(payload_length), 4, packed.size);
	free((void *)(uintptr_t)packed.data);
	return true;
}

START_TEST(a_bzimage_with_an_elf_file_inside)
{
	static struct kernel vmlinux;
	kernel_elf_small(&vmlinux);
	if (!bzimage_with((enum packing)_i, (struct blob){vmlinux.bytes, vmlinux.size}))
		return;
	inspect_kernel();
	ck_assert_int_eq(strncmp(in.compression, packing_name[_i], strlen(in.compression)), 0);
	ck_assert_msg(!in.inside_error.text[0], "%s", in.inside_error.text);
	ck_assert_uint_eq(in.inside.size, vmlinux.size);
	ck_assert_uint_eq(in.boots, 5);
	ck_assert_uint_eq(boot(IMAGE_MACHINE_X86_64, "linux64", false)->entry, 0x100200);
	ck_assert_str_eq(boot(IMAGE_MACHINE_X86_64, "pvh", false)->why.text,
			 "a bzImage has no PVH entry: only the vmlinux inside has");
	ck_assert_uint_eq(boot(IMAGE_MACHINE_X86_64, "pvh", true)->entry, SMALL_ELF_PVH_ENTRY);
	ck_assert_uint_eq(in.ram_bytes, 0x102000);
	expect_written("  x86_64   pvh      the ELF inside: yes, entry 0x100010\n");
	expect_written("ELF header (inside)\n");
}
END_TEST

START_TEST(a_bzimage_whose_kernel_does_not_unpack)
{
	kernel_bzimage_small(&k);
	inspect_kernel();
	expect_written("kernel inside  not readable: bzImage: payload_length=0, expected a "
		       "compressed kernel\n");
	inspect_fini(&in);
	kernel_put(&k, SETUP_OFFSET(payload_length), 4, 16);
	inspect_kernel();
	expect_written("kernel inside  not readable: the data is not compressed by gzip, zstd, lz4 "
		       "or xz\n");
	ck_assert_uint_eq(in.boots, 3);
	ck_assert(boot(IMAGE_MACHINE_X86_64, "linux64", false)->possible);
}
END_TEST

START_TEST(a_setup_header_ends_where_it_says)
{
	kernel_bzimage_small(&k);
	kernel_put(&k, 0x201, 1, 0x62); /* 0x264: after init_size */
	inspect_kernel();
	expect_written("  0x260  4 init_size             8192\n"
		       "configuration\n");
	inspect_fini(&in);
	kernel_put(&k, SETUP_OFFSET(xloadflags), 2, 0);
	inspect_kernel();
	ck_assert_str_eq(in.architecture, "i386");
	ck_assert(!in.loads);
	expect_written("  0x206  2 version               0x20f (2.15)\n");
}
END_TEST

/* It unpacks itself to its preferred address, even if it lies lower. */
START_TEST(least_ram_of_a_bzimage)
{
	kernel_bzimage_small(&k);
	kernel_put(&k, SETUP_OFFSET(pref_address), 8, 0x200000);
	for (unsigned relocatable = 0; relocatable < 2; relocatable++) {
		kernel_put(&k, SETUP_OFFSET(relocatable_kernel), 1, relocatable);
		if (relocatable)
			inspect_fini(&in);
		inspect_kernel();
		ck_assert_uint_eq(in.image.start, 0x200000);
		ck_assert_uint_eq(in.ram_bytes, 0x202000);
	}
}
END_TEST

START_TEST(a_compressed_image)
{
	struct blob packed;
	kernel_arm64_small(&k);
	if (!pack_data((enum packing)_i, (struct blob){k.bytes, k.size}, &packed))
		return;
	ck_assert_msg(inspect_bytes(packed.data, packed.size) == 0, "%s", e.text);
	free((void *)(uintptr_t)packed.data);
	ck_assert_str_eq(in.architecture, "aarch64");
	ck_assert_int_eq((int)in.inside_format, IMAGE_ARM64);
	ck_assert(boot(IMAGE_MACHINE_AARCH64, "linux64", false)->possible);
	ck_assert(!boot(IMAGE_MACHINE_X86_64, NULL, false)->possible);
	expect_written("arm64 Image header (inside)\n");
}
END_TEST

START_TEST(a_compressed_x86_vmlinux)
{
	struct blob packed;
	kernel_elf_small(&k);
	if (!pack_data((enum packing)_i, (struct blob){k.bytes, k.size}, &packed))
		return;
	ck_assert_msg(inspect_bytes(packed.data, packed.size) == 0, "%s", e.text);
	free((void *)(uintptr_t)packed.data);
	ck_assert_uint_eq(boot(IMAGE_MACHINE_X86_64, "linux64", false)->entry, SMALL_ELF_ENTRY);
	ck_assert_uint_eq(boot(IMAGE_MACHINE_X86_64, "pvh", false)->entry, SMALL_ELF_PVH_ENTRY);
	ck_assert_uint_eq(in.boots, 3);
	ck_assert_uint_eq(in.ram_bytes, SMALL_ELF_END);
	expect_written("ELF header (inside)\n");
}
END_TEST

/* Both are unpacked, one after the other. */
START_TEST(a_compressed_bzimage)
{
	static struct kernel vmlinux;
	struct blob packed;
	kernel_elf_small(&vmlinux);
	if (!bzimage_with(PACK_GZIP, (struct blob){vmlinux.bytes, vmlinux.size}) ||
	    !pack_data((enum packing)_i, (struct blob){k.bytes, k.size}, &packed))
		return;
	ck_assert_msg(inspect_bytes(packed.data, packed.size) == 0, "%s", e.text);
	free((void *)(uintptr_t)packed.data);
	ck_assert_str_eq(in.architecture, "x86_64");
	ck_assert_uint_eq(in.boots, 5);
	ck_assert_uint_eq(boot(IMAGE_MACHINE_X86_64, "linux64", false)->entry, 0x100200);
	ck_assert_uint_eq(boot(IMAGE_MACHINE_X86_64, "pvh", true)->entry, SMALL_ELF_PVH_ENTRY);
	ck_assert_uint_eq(in.inside.size, vmlinux.size);
	expect_written("setup header (inside)\n");
	expect_written("ELF header (inside)\n");
}
END_TEST

START_TEST(a_zboot_image)
{
	struct blob packed;
	kernel_arm64_small(&k);
	if (!pack_data(PACK_GZIP, (struct blob){k.bytes, k.size}, &packed))
		return;
	kernel_zboot(&k, "gzip", packed);
	inspect_kernel();
	ck_assert_uint_eq(in.packed_bytes, packed.size);
	ck_assert_str_eq(in.compression, "gzip");
	expect_written("EFI zboot header\n  0x000  4 mz                    MZ\n");
	expect_written("  0x018 32 compression           gzip\n");
	free((void *)(uintptr_t)packed.data);
}
END_TEST

START_TEST(a_unified_kernel_image)
{
	static struct kernel kernel;
	kernel_bzimage_small(&kernel);
	const struct uki_part part[] = {
		UKI_TEXT(".text", "code"),
		UKI_TEXT(".cmdline", "console=ttyS0\nand more"),
		UKI_TEXT(".odd\1\"", "x"),
		UKI_TEXT(".initrd", "0707"),
		{".linux", {kernel.bytes, kernel.size}},
	};
	kernel_uki(&k, IMAGE_MACHINE_X86_64, part, 5);
	kernel_put(&k, UKI_OFFSET(3, PointerToRawData), 4, 0xfff0);
	kernel_put(&k, UKI_OFFSET(0, PointerToRawData), 4, 0xfff0);
	ck_assert_int_eq(inspect_bytes(k.bytes, k.size), -1); /* it could not be booted */
	kernel_put(&k, UKI_OFFSET(3, PointerToRawData), 4, 0);
	inspect_kernel();
	ck_assert_int_eq((int)in.format, IMAGE_UKI);
	ck_assert_str_eq(in.architecture, "x86_64");
	ck_assert_uint_eq(boot(IMAGE_MACHINE_X86_64, "linux64", false)->entry, 0x100200);
	expect_written("file           FILE: unified kernel image, 2432 bytes\n");
	expect_written("  .cmdline 0x00000140         22 bytes: command line: console=ttyS0\n");
	expect_written("  .odd?\"   0x00000160          1 bytes: data of the stub\n");
	kernel_put(&k, UKI_OFFSET(3, PointerToRawData), 4, 0x170);
	inspect_fini(&in);
	inspect_kernel();
	expect_written("  .initrd  0x00000170          4 bytes: initrd: cpio (a cpio archive that "
		       "is cut short: it ends at byte 4)\n");
	expect_written("  .linux   0x00000180       2048 bytes: kernel: bzImage\n");
	expect_written("code of the stub (PE: section 0 (.text): 0x4 bytes at "
		       "PointerToRawData=0xfff0, but the file has 0x980)\n");
	expect_written("setup header\n  0x1f1  1 setup_sects           1\n");
}
END_TEST

static const struct {
	const char *bytes;
	size_t size;
	const char *error;
} refused[] = {
#define EXPECTED                                                                                   \
	"expected a kernel: an ELF file, a bzImage, an arm64 or riscv64 Image, a multiboot "       \
	"kernel; plain, compressed, EFI zboot or in a unified kernel image"
	{"#!/bin/sh\n", 10, "script or text file, " EXPECTED},
	{"\0\1\2", 3, "unknown format, " EXPECTED},
	{"\x7f\x45LF\1\1\1\0\0\0\0\0\0\0\0\0", 16,
	 "ELF: the file has 16 bytes, its header needs 52"},
	{"\x7f\x45LF\2", 5, "ELF: the file has 5 bytes, its header needs 64"},
};

START_TEST(refuses)
{
	ck_assert_int_eq(inspect_bytes(refused[_i].bytes, refused[_i].size), -1);
	ck_assert_str_eq(e.text, refused[_i].error);
}
END_TEST

START_TEST(refuses_what_is_cut_or_no_kernel_inside)
{
	struct blob packed;
	kernel_bzimage_small(&k);
	ck_assert_int_eq(inspect_bytes(k.bytes, 0x210), -1);
	ck_assert_str_eq(e.text,
			 "bzImage: the file has 528 bytes, and ends inside its setup header");
	kernel_zboot(&k, "gzip", (struct blob){(const uint8_t *)"no gzip", 7});
	ck_assert_int_eq(inspect_bytes(k.bytes, k.size), -1);
	ck_assert_msg(strncmp(e.text, "EFI zboot: its payload: ", 24) == 0, "%s", e.text);
	if (!pack_data(PACK_GZIP, (struct blob){(const uint8_t *)"text", 4}, &packed))
		return;
	ck_assert_int_eq(inspect_bytes(packed.data, packed.size), -1);
	ck_assert_str_eq(e.text, "inside: script or text file, " EXPECTED);
	free((void *)(uintptr_t)packed.data);
}
END_TEST

/* An arm64 Image with a banner and @config embedded. */
static bool image_with_config(const char *config)
{
	struct blob packed, text = {(const uint8_t *)config, strlen(config)};
	kernel_arm64_small(&k);
	if (!pack_data(PACK_GZIP, text, &packed))
		return false;
	memcpy(k.bytes + 0x200, "Linux version 6.1 (a@b) #1\n", 28);
	memcpy(k.bytes + 0x300, "IKCFG_ST", 8);
	memcpy(k.bytes + 0x308, packed.data, packed.size);
	memcpy(k.bytes + 0x308 + packed.size, "IKCFG_ED", 8);
	free((void *)(uintptr_t)packed.data);
	return true;
}

START_TEST(an_embedded_configuration)
{
	if (!image_with_config("CONFIG_PRINTK=y\nCONFIG_SERIAL_8250=m\n# CONFIG_SMP is not set\n"
			       "CONFIG_VIRTIO_MMIO=m\n"))
		return;
	inspect_kernel();
	ck_assert_str_eq(in.banner, "Linux version 6.1 (a@b) #1");
	ck_assert_uint_eq(in.config.size, 82);
	expect_written(
		"configuration\n  embedded, 82 bytes\n"
		"  warning: CONFIG_SERIAL_8250 is a module: no serial port, so no console\n");
	expect_written("  warning: CONFIG_SMP is not set: --cpus: only the first CPU is used\n");
	char *text = written(inspect_text);
	ck_assert_ptr_null(strstr(text, "CONFIG_PRINTK"));
	ck_assert_ptr_null(strstr(text, "CONFIG_VIRTIO_MMIO"));
	ck_assert_ptr_null(strstr(text, "CONFIG_PVH"));
	free(text);
}
END_TEST

START_TEST(a_configuration_that_is_broken)
{
	if (!image_with_config("CONFIG_PRINTK=y\n"))
		return;
	k.bytes[0x30a] = 0xff; /* gzip's method */
	inspect_kernel();
	expect_written("configuration\n  not readable: IKCONFIG: gzip: ");
}
END_TEST

START_TEST(needs_of_each_machine)
{
	struct blob none = {NULL, 0};
	enum ikconfig_state state;
	const struct requirement *need;
	int x86 = 0, arm64 = 0;
	unsigned at = 0;
	while ((need = requirement_next(none, IMAGE_MACHINE_X86_64, &at, &state))) {
		ck_assert_str_ne(need->option, "SERIAL_OF_PLATFORM");
		x86 += strcmp(need->option, "PVH") == 0;
	}
	for (at = 0; (need = requirement_next(none, IMAGE_MACHINE_AARCH64, &at, &state));) {
		ck_assert_str_ne(need->option, "PVH");
		arm64 += strcmp(need->option, "SERIAL_OF_PLATFORM") == 0;
	}
	ck_assert_int_eq(x86, 1);
	ck_assert_int_eq(arm64, 1);
}
END_TEST

/* The tables lie in the order of the file, without gaps that the structures do not have. */
START_TEST(fields_follow_each_other)
{
	static const struct header *const headers[] = {&header_setup, &header_arm64,
						       &header_riscv64, &header_zboot};
	static const uint16_t ends[] = {sizeof(struct setup_header), 64, 64,
					sizeof(struct zboot_header)};
	for (int i = 0; i < COUNT(headers); i++) {
		uint16_t end = 0;
		for (unsigned j = 0; j < headers[i]->n; j++) {
			ck_assert_uint_eq(headers[i]->fields[j].offset, end);
			end = (uint16_t)(end + headers[i]->fields[j].bytes);
		}
		ck_assert_uint_eq(end, ends[i]);
	}
}
END_TEST

START_TEST(json_of_a_bzimage)
{
	kernel_bzimage_small(&k);
	inspect_kernel();
	char *text = written(inspect_json);
	static const char *const parts[] = {
		"  \"schema\": \"minivmm-inspect\",\n  \"schema_version\": 1,\n",
		"  \"file\": \"FILE\",\n  \"bytes\": 2048,\n  \"format\": \"bzImage\",\n",
		"\"problem\": \"bzImage: payload_length=0, expected a compressed kernel\"",
		"      \"protocol\": \"linux64\",\n      \"inside\": false,\n"
		"      \"possible\": true,\n      \"entry\": \"0x100200\",\n"
		"      \"why_not\": null\n",
		"          \"name\": \"version\",\n          \"offset\": 518,\n"
		"          \"bytes\": 2,\n          \"value\": \"0x20f\",\n"
		"          \"meaning\": \"2.15\"\n",
		"  \"config\": null\n}\n",
	};
	for (int i = 0; i < COUNT(parts); i++)
		ck_assert_msg(strstr(text, parts[i]) != NULL, "no '%s' in:\n%s", parts[i], text);
	free(text);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("inspect");
	TCase *tc = tcase_create("inspect");
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, an_elf_file);
	tcase_add_test(tc, an_elf_file_without_pvh);
	tcase_add_test(tc, an_elf_file_of_another_machine);
	tcase_add_test(tc, a_32_bit_elf_file);
	tcase_add_test(tc, a_32_bit_elf_file_of_another_machine);
	tcase_add_test(tc, a_multiboot_kernel);
	tcase_add_loop_test(tc, the_flags_of_a_multiboot_header, 0, COUNT(multiboot_bits));
	tcase_add_test(tc, multiboot_headers_are_near_the_start);
	tcase_add_test(tc, an_arm64_elf_file);
	tcase_add_test(tc, an_arm64_image);
	tcase_add_test(tc, a_big_endian_image_is_described_too);
	tcase_add_test(tc, a_riscv64_image);
	tcase_add_loop_test(tc, a_bzimage_with_an_elf_file_inside, 0, PACKINGS);
	tcase_add_test(tc, a_bzimage_whose_kernel_does_not_unpack);
	tcase_add_test(tc, a_setup_header_ends_where_it_says);
	tcase_add_test(tc, least_ram_of_a_bzimage);
	tcase_add_loop_test(tc, a_compressed_image, 0, PACKINGS);
	tcase_add_loop_test(tc, a_compressed_x86_vmlinux, 0, PACKINGS);
	tcase_add_loop_test(tc, a_compressed_bzimage, 0, PACKINGS);
	tcase_add_test(tc, a_zboot_image);
	tcase_add_test(tc, a_unified_kernel_image);
	tcase_add_loop_test(tc, refuses, 0, COUNT(refused));
	tcase_add_test(tc, refuses_what_is_cut_or_no_kernel_inside);
	tcase_add_test(tc, an_embedded_configuration);
	tcase_add_test(tc, a_configuration_that_is_broken);
	tcase_add_test(tc, needs_of_each_machine);
	tcase_add_test(tc, fields_follow_each_other);
	tcase_add_test(tc, json_of_a_bzimage);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

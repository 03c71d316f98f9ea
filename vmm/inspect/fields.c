/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The headers' fields: see fields.h. Sources: setup_header.h, arm64_image.h, zboot.h; Linux
 * Documentation/arch/riscv/boot-image-header.rst; multiboot.h; <elf.h>.
 */
#include "vmm/inspect/fields.h"

#include "loader/arm64_image.h"
#include "loader/banner.h"
#include "loader/elf_machine.h"
#include "loader/multiboot.h"
#include "loader/riscv64_image.h"
#include "loader/setup_header.h"
#include "loader/zboot.h"

#include <elf.h>
#include <inttypes.h>
#include <stdio.h>

#define COUNT(a) (unsigned)(sizeof(a) / sizeof((a)[0]))
#define FIELD(type, member, ...)                                                                   \
	{                                                                                          \
		.name = #member, .offset = offsetof(type, member),                                 \
		.bytes = sizeof(((type *)0)->member), __VA_ARGS__                                  \
	}
#define HEADER(its_name, at, table)                                                                \
	{                                                                                          \
		.name = (its_name), .offset = (at), .fields = (table), .n = COUNT(table)           \
	}

static const struct field_name loadflags[] = {{1 << 0, "LOADED_HIGH"},  {1 << 1, "KASLR_FLAG"},
					      {1 << 5, "QUIET_FLAG"},   {1 << 6, "KEEP_SEGMENTS"},
					      {1 << 7, "CAN_USE_HEAP"}, {0, NULL}};
static const struct field_name xloadflags[] = {{1 << 0, "XLF_KERNEL_64"},
					       {1 << 1, "XLF_CAN_BE_LOADED_ABOVE_4G"},
					       {1 << 2, "XLF_EFI_HANDOVER_32"},
					       {1 << 3, "XLF_EFI_HANDOVER_64"},
					       {1 << 4, "XLF_EFI_KEXEC"},
					       {1 << 5, "XLF_5LEVEL"},
					       {1 << 6, "XLF_5LEVEL_ENABLED"},
					       {1 << 7, "XLF_MEM_ENCRYPTION"},
					       {0, NULL}};

#define SETUP(member, ...) FIELD(struct setup_header, member, __VA_ARGS__)
static const struct field setup_fields[] = {
	SETUP(setup_sects, FIELD_DECIMAL),
	SETUP(root_flags, FIELD_HEX),
	SETUP(syssize, FIELD_PARAGRAPHS),
	SETUP(ram_size, FIELD_HEX),
	SETUP(vid_mode, FIELD_HEX),
	SETUP(root_dev, FIELD_HEX),
	SETUP(boot_flag, FIELD_HEX),
	SETUP(jump, FIELD_HEX),
	SETUP(header, FIELD_TEXT),
	SETUP(version, FIELD_PROTOCOL),
	SETUP(realmode_swtch, FIELD_HEX),
	SETUP(start_sys_seg, FIELD_HEX),
	SETUP(kernel_version, FIELD_HEX),
	SETUP(type_of_loader, FIELD_HEX),
	SETUP(loadflags, FIELD_FLAGS, loadflags),
	SETUP(setup_move_size, FIELD_HEX),
	SETUP(code32_start, FIELD_HEX),
	SETUP(ramdisk_image, FIELD_HEX),
	SETUP(ramdisk_size, FIELD_DECIMAL),
	SETUP(bootsect_kludge, FIELD_HEX),
	SETUP(heap_end_ptr, FIELD_HEX),
	SETUP(ext_loader_ver, FIELD_HEX),
	SETUP(ext_loader_type, FIELD_HEX),
	SETUP(cmd_line_ptr, FIELD_HEX),
	SETUP(initrd_addr_max, FIELD_HEX),
	SETUP(kernel_alignment, FIELD_HEX),
	SETUP(relocatable_kernel, FIELD_DECIMAL),
	SETUP(min_alignment, FIELD_LOG2),
	SETUP(xloadflags, FIELD_FLAGS, xloadflags),
	SETUP(cmdline_size, FIELD_DECIMAL),
	SETUP(hardware_subarch, FIELD_DECIMAL),
	SETUP(hardware_subarch_data, FIELD_HEX),
	SETUP(payload_offset, FIELD_HEX),
	SETUP(payload_length, FIELD_DECIMAL),
	SETUP(setup_data, FIELD_HEX),
	SETUP(pref_address, FIELD_HEX),
	SETUP(init_size, FIELD_DECIMAL),
	SETUP(handover_offset, FIELD_HEX),
	SETUP(kernel_info_offset, FIELD_HEX),
};
const struct header header_setup = HEADER("setup header", SETUP_HEADER_OFFSET, setup_fields);

#define ARM64(member, ...) FIELD(struct arm64_image_header, member, __VA_ARGS__)
static const struct field arm64_fields[] = {
	ARM64(code0, FIELD_HEX),         ARM64(code1, FIELD_HEX),
	ARM64(text_offset, FIELD_HEX),   ARM64(image_size, FIELD_DECIMAL),
	ARM64(flags, FIELD_ARM64_FLAGS), ARM64(res2, FIELD_HEX),
	ARM64(res3, FIELD_HEX),          ARM64(res4, FIELD_HEX),
	ARM64(magic, FIELD_TEXT),        ARM64(res5, FIELD_HEX),
};
const struct header header_arm64 = HEADER("arm64 Image header", 0, arm64_fields);

#define RISCV64(member, ...) FIELD(struct riscv64_image_header, member, __VA_ARGS__)
static const struct field_name riscv64_flags[] = {{RISCV64_IMAGE_BIG_ENDIAN, "big-endian"},
						  {0, NULL}};
static const struct field riscv64_fields[] = {
	RISCV64(code0, FIELD_HEX),
	RISCV64(code1, FIELD_HEX),
	RISCV64(text_offset, FIELD_HEX),
	RISCV64(image_size, FIELD_DECIMAL),
	RISCV64(flags, FIELD_FLAGS, riscv64_flags),
	RISCV64(version, FIELD_HEX),
	RISCV64(res1, FIELD_HEX),
	RISCV64(res2, FIELD_HEX),
	RISCV64(magic, FIELD_TEXT),
	RISCV64(magic2, FIELD_TEXT),
	RISCV64(res3, FIELD_HEX),
};
const struct header header_riscv64 = HEADER("riscv64 Image header", 0, riscv64_fields);

#define ZBOOT(member, ...) FIELD(struct zboot_header, member, __VA_ARGS__)
static const struct field zboot_fields[] = {
	ZBOOT(mz, FIELD_TEXT),
	ZBOOT(zimg, FIELD_TEXT),
	ZBOOT(payload_offset, FIELD_HEX),
	ZBOOT(payload_size, FIELD_DECIMAL),
	ZBOOT(reserved, FIELD_HEX),
	ZBOOT(compression, FIELD_TEXT),
};
const struct header header_zboot = HEADER("EFI zboot header", 0, zboot_fields);

static const struct field_name elf_types[] = {
	{ET_EXEC, "executable"}, {ET_DYN, "shared object"}, {0, NULL}};

/* Both classes have the same fields in the same order. */
#define ELF_FIELDS(type)                                                                           \
	FIELD(type, e_type, FIELD_ENUM, elf_types), FIELD(type, e_machine, FIELD_ELF_MACHINE),     \
		FIELD(type, e_version, FIELD_DECIMAL), FIELD(type, e_entry, FIELD_HEX),            \
		FIELD(type, e_phoff, FIELD_HEX), FIELD(type, e_shoff, FIELD_HEX),                  \
		FIELD(type, e_flags, FIELD_HEX), FIELD(type, e_ehsize, FIELD_DECIMAL),             \
		FIELD(type, e_phentsize, FIELD_DECIMAL), FIELD(type, e_phnum, FIELD_DECIMAL),      \
		FIELD(type, e_shentsize, FIELD_DECIMAL), FIELD(type, e_shnum, FIELD_DECIMAL),      \
		FIELD(type, e_shstrndx, FIELD_DECIMAL)

static const struct field elf_fields[] = {ELF_FIELDS(Elf64_Ehdr)};
const struct header header_elf = HEADER("ELF header", 0, elf_fields);
static const struct field elf32_fields[] = {ELF_FIELDS(Elf32_Ehdr)};
const struct header header_elf32 = HEADER("ELF header", 0, elf32_fields);

static const struct field_name multiboot_flags[] = {{1 << 0, "modules on pages"},
						    {1 << 1, "memory map"},
						    {MULTIBOOT_VIDEO, "video mode"},
						    {MULTIBOOT_ADDRESSES, "addresses"},
						    {0, NULL}};
#define MULTIBOOT(member, ...) FIELD(struct multiboot_header, member, __VA_ARGS__)
static const struct field multiboot_fields[] = {
	MULTIBOOT(magic, FIELD_HEX),         MULTIBOOT(flags, FIELD_FLAGS, multiboot_flags),
	MULTIBOOT(checksum, FIELD_HEX),      MULTIBOOT(header_addr, FIELD_HEX),
	MULTIBOOT(load_addr, FIELD_HEX),     MULTIBOOT(load_end_addr, FIELD_HEX),
	MULTIBOOT(bss_end_addr, FIELD_HEX),  MULTIBOOT(entry_addr, FIELD_HEX),
	MULTIBOOT(mode_type, FIELD_DECIMAL), MULTIBOOT(width, FIELD_DECIMAL),
	MULTIBOOT(height, FIELD_DECIMAL),    MULTIBOOT(depth, FIELD_DECIMAL),
};
const struct header header_multiboot = HEADER("multiboot header", 0, multiboot_fields);

static const struct field_name multiboot2_architectures[] = {
	{MULTIBOOT2_ARCH_I386, "i386"}, {MULTIBOOT2_ARCH_MIPS, "mips"}, {0, NULL}};
#define MULTIBOOT2(member, ...) FIELD(struct multiboot2_header, member, __VA_ARGS__)
static const struct field multiboot2_fields[] = {
	MULTIBOOT2(magic, FIELD_HEX),
	MULTIBOOT2(architecture, FIELD_ENUM, multiboot2_architectures),
	MULTIBOOT2(header_length, FIELD_DECIMAL),
	MULTIBOOT2(checksum, FIELD_HEX),
};
const struct header header_multiboot2 = HEADER("multiboot2 header", 0, multiboot2_fields);

bool field_value(const struct field *f, struct blob bytes, uint64_t *value)
{
	struct blob s;
	*value = 0;
	return blob_sub(bytes, f->offset, f->bytes, &s) &&
	       (f->bytes > sizeof(*value) || blob_copy(s, 0, value, f->bytes));
}

bool field_text(const struct field *f, struct blob bytes, char text[FIELD_TEXT_BYTES])
{
	struct blob s;
	uint64_t value;

	if (!field_value(f, bytes, &value) || !blob_sub(bytes, f->offset, f->bytes, &s))
		return false;
	if (f->kind == FIELD_TEXT)
		banner_copy(s, text, FIELD_TEXT_BYTES);
	else if (f->kind == FIELD_DECIMAL || f->kind == FIELD_ENUM ||
		 f->kind == FIELD_ELF_MACHINE || f->kind == FIELD_PARAGRAPHS ||
		 f->kind == FIELD_LOG2)
		snprintf(text, FIELD_TEXT_BYTES, "%" PRIu64, value);
	else
		snprintf(text, FIELD_TEXT_BYTES, "0x%" PRIx64, value);
	return true;
}

static void name_flags(const struct field_name *names, uint64_t value, char *text)
{
	size_t n = 0;

	for (; names->name; names++)
		if (value & names->value)
			n += (size_t)snprintf(text + n, FIELD_TEXT_BYTES - n, "%s%s", n ? " " : "",
					      names->name);
}

/* booting.rst: bit 0, bits 1 and 2, bit 3. */
static void name_arm64_flags(uint64_t flags, char *text)
{
	static const char *const pages[] = {"unspecified", "4 KiB", "16 KiB", "64 KiB"};

	snprintf(text, FIELD_TEXT_BYTES, "%s-endian, %s pages, %s",
		 flags & ARM64_IMAGE_BIG_ENDIAN ? "big" : "little",
		 pages[flags >> ARM64_IMAGE_PAGE_SHIFT & ARM64_IMAGE_PAGE_MASK],
		 flags & 1 << 3 ? "anywhere in RAM" : "near the start of RAM");
}

static void name_elf_machine(unsigned value, char *text)
{
	const struct elf_machine *machine = elf_machine_find(value);

	if (machine)
		snprintf(text, FIELD_TEXT_BYTES, "%s", machine->name);
}

void field_meaning(const struct field *f, uint64_t value, char text[FIELD_TEXT_BYTES])
{
	text[0] = '\0';
	if (f->kind == FIELD_FLAGS)
		name_flags(f->names, value, text);
	else if (f->kind == FIELD_ARM64_FLAGS)
		name_arm64_flags(value, text);
	else if (f->kind == FIELD_ELF_MACHINE)
		name_elf_machine((unsigned)value, text);
	else if (f->kind == FIELD_PROTOCOL)
		snprintf(text, FIELD_TEXT_BYTES, "%u.%02u", (unsigned)(value >> 8),
			 (unsigned)(value & 0xff));
	else if (f->kind == FIELD_PARAGRAPHS)
		snprintf(text, FIELD_TEXT_BYTES, "%" PRIu64 " bytes", value * 16);
	else if (f->kind == FIELD_LOG2 && value < 64)
		snprintf(text, FIELD_TEXT_BYTES, "0x%llx", 1ULL << value);
	else if (f->kind == FIELD_ENUM)
		for (const struct field_name *n = f->names; n->name; n++)
			if (n->value == value)
				snprintf(text, FIELD_TEXT_BYTES, "%s", n->name);
}

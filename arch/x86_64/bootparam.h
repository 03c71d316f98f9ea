/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The zero page, byte for byte: struct boot_params of the Linux boot protocol 2.15, with only the
 * fields that minivmm fills in. The kernel's own header exists on x86 hosts only; where it does, a
 * unit test compares every offset here and in loader/setup_header.h with it.
 * Source: Linux Documentation/arch/x86/boot.rst and zero-page.rst.
 */
#ifndef ARCH_X86_64_BOOTPARAM_H
#define ARCH_X86_64_BOOTPARAM_H

#include "loader/setup_header.h"

#include <stddef.h>
#include <stdint.h>

MINIVMM_BEGIN

/* Values of the header's fields beside those in loader/setup_header.h. */
enum {
	BOOT_PROTOCOL_VERSION = 0x020f, /* 2.15 */
	BOOT_LOADER_UNDEFINED = 0xff,   /* type_of_loader: no number was assigned to us */
	BOOT_VID_MODE_NORMAL = 0xffff,
};

/* One element of the list that hdr.setup_data begins; @len bytes of data follow. */
struct boot_setup_data {
	uint64_t next; /* the guest-physical address of the next element; 0: the last */
	uint32_t type; /* SETUP_* in boot.rst */
	uint32_t len;  /* bytes */
};

enum {
	BOOT_DATA_E820_EXT = 1, /* struct boot_e820_entry: those that e820_table has no room for */
	BOOT_DATA_DTB = 2,
	BOOT_DATA_RNG_SEED = 9,
};

struct boot_e820_entry {
	uint64_t addr;
	uint64_t size;
	uint32_t type;
} __attribute__((packed));

enum {
	BOOT_E820_MAX = 128,
};

struct boot_params {
	uint8_t pad0[0x070]; /* screen_info, apm_bios_info, tboot_addr, ist_info */
	uint64_t acpi_rsdp_addr;
	uint8_t pad1[0x0c0 - 0x078];
	uint32_t ext_ramdisk_image; /* bits 63:32 of ramdisk_image, ... */
	uint32_t ext_ramdisk_size;
	uint32_t ext_cmd_line_ptr;
	uint8_t pad2[0x1e8 - 0x0cc];
	uint8_t e820_entries;
	uint8_t pad3[0x1ef - 0x1e9];
	uint8_t sentinel; /* not 0: the loader copied too much, and the kernel clears fields */
	uint8_t pad4;
	struct setup_header hdr;
	uint8_t pad5[SETUP_HEADER_END - SETUP_HEADER_OFFSET - sizeof(struct setup_header)];
	uint8_t pad6[0x2d0 - SETUP_HEADER_END];
	struct boot_e820_entry e820_table[BOOT_E820_MAX];
	uint8_t pad7[0x1000 - 0x2d0 - BOOT_E820_MAX * sizeof(struct boot_e820_entry)];
} __attribute__((packed));

_Static_assert(sizeof(struct boot_setup_data) == 16, "struct setup_data");
_Static_assert(offsetof(struct boot_setup_data, len) == 12, "struct setup_data");
_Static_assert(sizeof(struct boot_e820_entry) == 20, "e820 entry");
_Static_assert(sizeof(struct boot_params) == 0x1000, "boot_params");
_Static_assert(offsetof(struct boot_params, acpi_rsdp_addr) == 0x070, "acpi_rsdp_addr");
_Static_assert(offsetof(struct boot_params, ext_cmd_line_ptr) == 0x0c8, "ext_cmd_line_ptr");
_Static_assert(offsetof(struct boot_params, e820_entries) == 0x1e8, "e820_entries");
_Static_assert(offsetof(struct boot_params, sentinel) == 0x1ef, "sentinel");
_Static_assert(offsetof(struct boot_params, hdr) == SETUP_HEADER_OFFSET, "hdr");
_Static_assert(offsetof(struct boot_params, e820_table) == 0x2d0, "e820_table");

MINIVMM_END

#endif

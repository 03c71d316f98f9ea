/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The setup header of the x86 boot protocol 2.15, as it lies in a bzImage at 0x1f1 and, at the same
 * offset, in the zero page. Source: Linux Documentation/arch/x86/boot.rst, which these names are
 * from. (<asm/bootparam.h> has it too, but only on x86 hosts.)
 */
#ifndef LOADER_SETUP_HEADER_H
#define LOADER_SETUP_HEADER_H

#include "loader/api.h"

#include <stddef.h>
#include <stdint.h>

MINIVMM_BEGIN

/*
 * struct boot_params has room for the setup header from 0x1f1 up to edd_mbr_sig_buffer at 0x290.
 * The header itself ends where the jump instruction at 0x200 goes to: SETUP_HEADER_JUMP_BASE plus
 * the byte at 0x201.
 */
enum {
	SETUP_HEADER_OFFSET = 0x1f1,
	SETUP_HEADER_JUMP_BASE = 0x202, /* what jump[1] counts from */
	SETUP_HEADER_END = 0x290,
	SETUP_HEADER_MAX_BYTES = SETUP_HEADER_END - SETUP_HEADER_OFFSET,
};

enum {
	SETUP_BOOT_FLAG = 0xaa55,
	SETUP_HEADER_MAGIC = 0x53726448, /* "HdrS" */
};

/* loadflags */
enum {
	SETUP_LOADED_HIGH = 1 << 0,
	SETUP_KASLR_FLAG = 1 << 1, /* from the stub to the kernel: the addresses are random */
	SETUP_KEEP_SEGMENTS = 1 << 6,
	SETUP_CAN_USE_HEAP = 1 << 7,
};

/* xloadflags, from protocol 2.12 on */
enum {
	SETUP_XLF_KERNEL_64 = 1 << 0,
	SETUP_XLF_CAN_BE_LOADED_ABOVE_4G = 1 << 1,
};

struct setup_header {
	uint8_t setup_sects;
	uint16_t root_flags;
	uint32_t syssize; /* of the protected-mode code, in 16-byte paragraphs */
	uint16_t ram_size;
	uint16_t vid_mode;
	uint16_t root_dev;
	uint16_t boot_flag;
	uint8_t jump[2]; /* a short jump over the rest of the header */
	uint32_t header;
	uint16_t version;
	uint32_t realmode_swtch;
	uint16_t start_sys_seg;
	uint16_t kernel_version;
	uint8_t type_of_loader;
	uint8_t loadflags;
	uint16_t setup_move_size;
	uint32_t code32_start;
	uint32_t ramdisk_image;
	uint32_t ramdisk_size;
	uint32_t bootsect_kludge;
	uint16_t heap_end_ptr;
	uint8_t ext_loader_ver;
	uint8_t ext_loader_type;
	uint32_t cmd_line_ptr;
	uint32_t initrd_addr_max;
	uint32_t kernel_alignment;
	uint8_t relocatable_kernel;
	uint8_t min_alignment; /* log2 */
	uint16_t xloadflags;
	uint32_t cmdline_size;
	uint32_t hardware_subarch;
	uint64_t hardware_subarch_data;
	uint32_t payload_offset;
	uint32_t payload_length;
	uint64_t setup_data;
	uint64_t pref_address;
	uint32_t
		init_size; /* bytes from the load address on that the kernel needs until it is up */
	uint32_t handover_offset;
	uint32_t kernel_info_offset;
} __attribute__((packed));

#define SETUP_HEADER_AT(field, offset)                                                             \
	_Static_assert(SETUP_HEADER_OFFSET + offsetof(struct setup_header, field) == (offset),     \
		       #field)
SETUP_HEADER_AT(syssize, 0x1f4);
SETUP_HEADER_AT(boot_flag, 0x1fe);
SETUP_HEADER_AT(jump, 0x200);
SETUP_HEADER_AT(header, 0x202);
SETUP_HEADER_AT(version, 0x206);
SETUP_HEADER_AT(type_of_loader, 0x210);
SETUP_HEADER_AT(loadflags, 0x211);
SETUP_HEADER_AT(ramdisk_image, 0x218);
SETUP_HEADER_AT(heap_end_ptr, 0x224);
SETUP_HEADER_AT(cmd_line_ptr, 0x228);
SETUP_HEADER_AT(initrd_addr_max, 0x22c);
SETUP_HEADER_AT(kernel_alignment, 0x230);
SETUP_HEADER_AT(relocatable_kernel, 0x234);
SETUP_HEADER_AT(xloadflags, 0x236);
SETUP_HEADER_AT(cmdline_size, 0x238);
SETUP_HEADER_AT(payload_offset, 0x248);
SETUP_HEADER_AT(pref_address, 0x258);
SETUP_HEADER_AT(init_size, 0x260);
SETUP_HEADER_AT(kernel_info_offset, 0x268);
#undef SETUP_HEADER_AT
_Static_assert(sizeof(struct setup_header) == 0x26c - SETUP_HEADER_OFFSET, "boot protocol 2.15");

MINIVMM_END

#endif

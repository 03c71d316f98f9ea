/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The headers by which a multiboot loader recognises its kernels. minivmm boots no kernel by them:
 * they tell what a file is. Sources: Multiboot Specification 0.6.96, section 3.1; Multiboot2
 * Specification 2.0, section 3.1.
 */
#ifndef LOADER_MULTIBOOT_H
#define LOADER_MULTIBOOT_H

#include "loader/blob.h"

#include <stddef.h>

struct multiboot_header {
	uint32_t magic;
	uint32_t flags;
	uint32_t checksum; /* the three together are 0 modulo 2^32 */
	uint32_t header_addr, load_addr, load_end_addr, bss_end_addr, entry_addr; /* by flags */
	uint32_t mode_type, width, height, depth;                                 /* likewise */
};
_Static_assert(offsetof(struct multiboot_header, mode_type) == 32, "Multiboot 3.1.1");
_Static_assert(sizeof(struct multiboot_header) == 48, "Multiboot 3.1.1");

#define MULTIBOOT_MAGIC     0x1badb002u
#define MULTIBOOT_VIDEO     0x4u     /* flags: the mode is there */
#define MULTIBOOT_ADDRESSES 0x10000u /* flags: the addresses are there */

struct multiboot2_header {
	uint32_t magic;
	uint32_t architecture;
	uint32_t header_length; /* with the tags, which follow */
	uint32_t checksum;      /* the four together are 0 modulo 2^32 */
};
_Static_assert(sizeof(struct multiboot2_header) == 16, "Multiboot2 3.1.1");

#define MULTIBOOT2_MAGIC     0xe85250d6u
#define MULTIBOOT2_ARCH_I386 0u
#define MULTIBOOT2_ARCH_MIPS 4u

/*
 * Each finds the first header of its kind that lies where its specification allows and has a valid
 * checksum. *@header is a view of @file: as long as the flags say, or a multiboot2 header without
 * its tags. @file may change meanwhile: whoever reads the view must check its bytes again.
 */
bool multiboot_find(struct blob file, struct blob *header);
bool multiboot2_find(struct blob file, struct blob *header);

#endif

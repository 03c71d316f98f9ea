/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What EBX points to at a PVH entry, byte for byte. All fields are little-endian.
 * Source: xen/include/public/arch-x86/hvm/start_info.h, version 1.
 */
#ifndef ARCH_X86_64_START_INFO_H
#define ARCH_X86_64_START_INFO_H

#include "loader/api.h"

#include <stddef.h>
#include <stdint.h>

MINIVMM_BEGIN

#define HVM_START_MAGIC 0x336ec578U /* "xEn3" with the top bit of the E set */

enum {
	HVM_START_VERSION = 1,
}; /* 1: with the memory map */

struct hvm_start_info {
	uint32_t magic;
	uint32_t version;
	uint32_t flags; /* SIF_xxx: Xen's own, 0 here */
	uint32_t nr_modules;
	uint64_t modlist_paddr; /* hvm_modlist_entry[nr_modules] */
	uint64_t cmdline_paddr;
	uint64_t rsdp_paddr;
	uint64_t memmap_paddr; /* hvm_memmap_table_entry[memmap_entries] */
	uint32_t memmap_entries;
	uint32_t reserved;
} __attribute__((packed));

struct hvm_modlist_entry {
	uint64_t paddr;
	uint64_t size;
	uint64_t cmdline_paddr; /* 0: none */
	uint64_t reserved;
} __attribute__((packed));

struct hvm_memmap_table_entry {
	uint64_t addr;
	uint64_t size;
	uint32_t type; /* as in an E820 map */
	uint32_t reserved;
} __attribute__((packed));

_Static_assert(sizeof(struct hvm_start_info) == 56, "hvm_start_info");
_Static_assert(offsetof(struct hvm_start_info, modlist_paddr) == 16, "modlist_paddr");
_Static_assert(offsetof(struct hvm_start_info, rsdp_paddr) == 32, "rsdp_paddr");
_Static_assert(offsetof(struct hvm_start_info, memmap_entries) == 48, "memmap_entries");
_Static_assert(sizeof(struct hvm_modlist_entry) == 32, "hvm_modlist_entry");
_Static_assert(sizeof(struct hvm_memmap_table_entry) == 24, "hvm_memmap_table_entry");

MINIVMM_END

#endif

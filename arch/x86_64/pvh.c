/* SPDX-License-Identifier: BSD-3-Clause */
/* PVH's start_info: see pvh.h. */
#include "arch/x86_64/pvh.h"

#include "arch/x86_64/layout.h"

#include <inttypes.h>
#include <string.h>

enum {
	MODLIST_OFFSET = 64, /* of the module list: start_info, rounded up */
};

_Static_assert(sizeof(struct hvm_start_info) <= MODLIST_OFFSET, "start_info, then the modules");
_Static_assert(MODLIST_OFFSET + sizeof(struct hvm_modlist_entry) +
			       E820_MAX * sizeof(struct hvm_memmap_table_entry) <=
		       X86_PVH_BYTES,
	       "an initrd and any map fit");

/* Writes the tables that follow start_info to @modlist, in guest memory. */
static void put_tables(uint8_t *modlist, const struct pvh_info *info)
{
	size_t len = info->n_modules * sizeof(*info->modules);

	if (len)
		memcpy(modlist, info->modules, len);
	for (unsigned i = 0; i < info->n_map; i++) {
		struct hvm_memmap_table_entry entry = {.addr = info->map[i].addr,
						       .size = info->map[i].size,
						       .type = info->map[i].type};
		memcpy(modlist + len + i * sizeof(entry), &entry, sizeof(entry));
	}
}

int pvh_put(const struct gmem *mem, gpa_t gpa, const struct pvh_info *info, struct err *e)
{
	gpa_t modlist = gpa + MODLIST_OFFSET; /* only used when it is below 4 GiB */
	gpa_t memmap = modlist + info->n_modules * sizeof(struct hvm_modlist_entry);
	uint64_t bytes = memmap - gpa + info->n_map * sizeof(struct hvm_memmap_table_entry);

	if (!info->n_map)
		return err_set(e, "PVH start_info: no memory map, expected at least one entry");
	if (gpa > UINT32_MAX)
		return err_set(e, "PVH start_info: 0x%" PRIx64 " is not below 4 GiB", gpa);
	uint8_t *at = gmem_at(mem, gpa, bytes);
	if (!at)
		return err_set(
			e, "PVH start_info: %" PRIu64 " bytes at 0x%" PRIx64 " do not lie in RAM",
			bytes, gpa);
	const struct hvm_start_info start_info = {
		.magic = HVM_START_MAGIC,
		.version = HVM_START_VERSION,
		.nr_modules = info->n_modules,
		.modlist_paddr = info->n_modules ? modlist : 0,
		.cmdline_paddr = info->cmdline_gpa,
		.rsdp_paddr = info->rsdp_gpa,
		.memmap_paddr = memmap,
		.memmap_entries = info->n_map,
	};
	memset(at, 0, MODLIST_OFFSET);
	memcpy(at, &start_info, sizeof(start_info));
	put_tables(at + MODLIST_OFFSET, info);
	return 0;
}

int pvh_write(const struct gmem *mem, const struct boot_info *info, struct err *e)
{
	const struct hvm_modlist_entry initrd = {.paddr = info->initrd.base,
						 .size = info->initrd.size};
	const struct pvh_info pvh = {
		.cmdline_gpa = info->cmdline_gpa,
		.rsdp_gpa = info->rsdp_gpa,
		.modules = &initrd,
		.n_modules = info->initrd.size ? 1 : 0,
		.map = info->map->entry,
		.n_map = info->map->n,
	};

	if (info->map->n > E820_MAX)
		return err_set(e, "PVH start_info: %u entries of memory map, expected at most %d",
			       info->map->n, E820_MAX);
	return pvh_put(mem, X86_PVH_GPA, &pvh, e);
}

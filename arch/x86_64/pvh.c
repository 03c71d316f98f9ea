/* SPDX-License-Identifier: BSD-3-Clause */
/* PVH's start_info: see pvh.h. */
#include "arch/x86_64/pvh.h"

#include "arch/x86_64/layout.h"
#include "arch/x86_64/start_info.h"

#include <assert.h>
#include <string.h>

/* What lies at X86_PVH_GPA. */
struct pvh_area {
	struct hvm_start_info info;
	uint8_t pad[8]; /* the tables on their natural alignment and more */
	struct hvm_modlist_entry module;
	struct hvm_memmap_table_entry memmap[E820_MAX];
} __attribute__((packed));

_Static_assert(sizeof(struct pvh_area) <= X86_PVH_BYTES, "any map fits");
_Static_assert(offsetof(struct pvh_area, module) % 8 == 0, "module list aligned");
_Static_assert(offsetof(struct pvh_area, memmap) % 8 == 0, "memory map aligned");

int pvh_write(const struct gmem *mem, const struct boot_info *info, struct err *e)
{
	assert(info->map->n <= E820_MAX);

	struct pvh_area area;
	memset(&area, 0, sizeof(area));
	area.info = (struct hvm_start_info){
		.magic = HVM_START_MAGIC,
		.version = HVM_START_VERSION,
		.cmdline_paddr = info->cmdline_gpa,
		.rsdp_paddr = info->rsdp_gpa,
		.memmap_paddr = X86_PVH_GPA + offsetof(struct pvh_area, memmap),
		.memmap_entries = info->map->n,
	};
	if (info->initrd.size) {
		area.info.nr_modules = 1;
		area.info.modlist_paddr = X86_PVH_GPA + offsetof(struct pvh_area, module);
		area.module.paddr = info->initrd.base;
		area.module.size = info->initrd.size;
	}
	for (unsigned i = 0; i < info->map->n; i++) {
		const struct e820_entry *from = &info->map->entry[i];
		area.memmap[i] = (struct hvm_memmap_table_entry){
			.addr = from->addr, .size = from->size, .type = from->type};
	}
	return gmem_write(mem, X86_PVH_GPA, &area, sizeof(area), "PVH start_info", e);
}

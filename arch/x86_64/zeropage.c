/* SPDX-License-Identifier: BSD-3-Clause */
/* The zero page: see zeropage.h. */
#include "arch/x86_64/zeropage.h"

#include "arch/x86_64/layout.h"

#include <inttypes.h>
#include <string.h>

enum {
	KERNEL_ALIGNMENT = 0x200000, /* CONFIG_PHYSICAL_ALIGN's default */
	SETUP_DATA_VERSION = 0x0209, /* the first with setup_data */
};

_Static_assert((unsigned)E820_MAX <= (unsigned)BOOT_E820_MAX, "the zero page takes the whole map");

/*
 * The kernel's own header where there is one. Its length byte bounded the copy in the loader: Linux
 * 6.1.88 filled the bytes before and after it with 0xff, and the kernel distrusts a zero page with
 * that in its sentinel.
 */
static void fill_header(struct boot_params *zp, const struct image *img)
{
	struct setup_header *hdr = &zp->hdr;

	if (img->setup_header_bytes) {
		memcpy((uint8_t *)zp + SETUP_HEADER_OFFSET, img->setup_header,
		       img->setup_header_bytes);
		return;
	}
	hdr->boot_flag = SETUP_BOOT_FLAG;
	hdr->header = SETUP_HEADER_MAGIC;
	hdr->version = BOOT_PROTOCOL_VERSION;
	hdr->loadflags = SETUP_LOADED_HIGH;
	hdr->kernel_alignment = KERNEL_ALIGNMENT;
}

/* The fields that boot.rst has a 64-bit loader write. */
static void fill_loader_fields(struct boot_params *zp, const struct boot_info *info)
{
	zp->hdr.vid_mode = BOOT_VID_MODE_NORMAL;
	zp->hdr.type_of_loader = BOOT_LOADER_UNDEFINED;
	zp->hdr.cmd_line_ptr = (uint32_t)info->cmdline_gpa;
	zp->ext_cmd_line_ptr = (uint32_t)(info->cmdline_gpa >> 32);
	zp->hdr.ramdisk_image = (uint32_t)info->initrd.base;
	zp->ext_ramdisk_image = (uint32_t)(info->initrd.base >> 32);
	zp->hdr.ramdisk_size = (uint32_t)info->initrd.size;
	zp->ext_ramdisk_size = (uint32_t)(info->initrd.size >> 32);
	zp->acpi_rsdp_addr = info->rsdp_gpa;

	zp->e820_entries = (uint8_t)info->map->n;
	for (unsigned i = 0; i < info->map->n; i++) {
		const struct e820_entry *from = &info->map->entry[i];
		zp->e820_table[i] = (struct boot_e820_entry){from->addr, from->size, from->type};
	}
}

int zeropage_fill(struct boot_params *zp, const struct image *img, const struct boot_info *info,
		  struct err *e)
{
	memset(zp, 0, sizeof(*zp));
	if (img->setup_header_bytes > SETUP_HEADER_MAX_BYTES)
		return err_set(
			e, "zero page: a setup header of %" PRIu32 " bytes, expected at most %d",
			img->setup_header_bytes, SETUP_HEADER_MAX_BYTES);
	if (info->map->n > E820_MAX)
		return err_set(e, "zero page: %u entries of memory map, expected at most %d",
			       info->map->n, E820_MAX);
	fill_header(zp, img);
	fill_loader_fields(zp, info);
	return 0;
}

int zeropage_add_data(const struct gmem *mem, struct boot_params *zp, gpa_t gpa, uint32_t type,
		      struct blob data, struct err *e)
{
	struct boot_setup_data head = {
		.next = zp->hdr.setup_data, .type = type, .len = (uint32_t)data.size};

	if (zp->hdr.version < SETUP_DATA_VERSION)
		return err_set(e,
			       "setup_data: boot protocol version %d.%02d, expected 2.09 or later",
			       zp->hdr.version >> 8, zp->hdr.version & 0xff);
	if (!gpa)
		return err_set(e, "setup_data: address 0 would end the list");
	if (data.size > UINT32_MAX)
		return err_set(e, "setup_data: %zu bytes, expected at most %" PRIu32, data.size,
			       UINT32_MAX);
	uint8_t *dst = gmem_at(mem, gpa, sizeof(head) + data.size);
	if (!dst)
		return err_set(e, "setup_data: %zu bytes at 0x%" PRIx64 " do not lie in RAM",
			       sizeof(head) + data.size, gpa);
	memcpy(dst, &head, sizeof(head));
	if (data.size)
		memcpy(dst + sizeof(head), data.data, data.size);
	zp->hdr.setup_data = gpa;
	return 0;
}

int zeropage_put(const struct gmem *mem, gpa_t gpa, const struct boot_params *zp, struct err *e)
{
	return gmem_write(mem, gpa, zp, sizeof(*zp), "zero page", e);
}

/* Linux 6.0 and later takes the seed and overwrites it; others ignore it. */
static int add_seed(const struct gmem *mem, struct boot_params *zp, struct blob seed, struct err *e)
{
	size_t room = X86_SETUP_DATA_BYTES - sizeof(struct boot_setup_data);

	if (!seed.size || zp->hdr.version < SETUP_DATA_VERSION)
		return 0;
	if (seed.size > room)
		return err_set(e, "setup_data: a seed of %zu bytes, but there is room for %zu",
			       seed.size, room);
	return zeropage_add_data(mem, zp, X86_SETUP_DATA_GPA, BOOT_DATA_RNG_SEED, seed, e);
}

int zeropage_write(const struct gmem *mem, const struct image *img, const struct boot_info *info,
		   struct err *e)
{
	struct boot_params zp;

	if (zeropage_fill(&zp, img, info, e) || add_seed(mem, &zp, info->rng_seed, e))
		return -1;
	return zeropage_put(mem, X86_ZEROPAGE_GPA, &zp, e);
}

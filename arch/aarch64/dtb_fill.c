/* SPDX-License-Identifier: BSD-3-Clause */
/* The user's device tree, checked and filled in, or loaded as it is: see dtb.h. */
#include "arch/aarch64/dtb.h"
#include "arch/aarch64/layout.h"

#include <inttypes.h>
#include <libfdt.h>
#include <string.h>

enum { DTB_MIN_VERSION = 16 };

/* Turns libfdt's error into one of ours. */
static int refused(struct err *e, const char *what, int error)
{
	return err_set(e, "%s: %s", what, fdt_strerror(error));
}

/*
 * What libfdt takes for granted: fdt_check_full() 1.6.1 reads through a null pointer in trees older
 * than version 16, and every version of it reads tags as words (Devicetree Specification 0.4,
 * sections 5.2 and 5.6).
 */
static int check_layout(const struct fdt_header *header, struct err *e)
{
	uint32_t version = fdt32_to_cpu(header->version);
	uint32_t off_dt_struct = fdt32_to_cpu(header->off_dt_struct);

	if (version < DTB_MIN_VERSION)
		return err_set(e, "the device tree has version=%" PRIu32 ", expected %d or later",
			       version, DTB_MIN_VERSION);
	if (off_dt_struct % 4)
		return err_set(e,
			       "the device tree has off_dt_struct=0x%" PRIx32
			       ", which is not a multiple of 4",
			       off_dt_struct);
	return 0;
}

/*
 * Copies the header and checks what a user should be told about; libfdt checks the rest. The file
 * may change before the tree is copied, so the caller puts this header on the copy.
 */
static int read_header(struct blob file, struct fdt_header *header, struct err *e)
{
	if (!blob_copy(file, 0, header, sizeof(*header)))
		return err_set(e, "a device tree's header has %zu bytes, but there are %zu",
			       sizeof(*header), file.size);
	if (fdt32_to_cpu(header->magic) != FDT_MAGIC)
		return err_set(
			e, "this is no device tree blob: magic=0x%08" PRIx32 ", expected 0x%08x",
			fdt32_to_cpu(header->magic), FDT_MAGIC);
	if (file.size > ARM64_DTB_MAX_BYTES)
		return err_set(e,
			       "the device tree has %zu bytes, but the boot protocol allows %llu "
			       "(2 MiB)",
			       file.size, ARM64_DTB_MAX_BYTES);
	if (fdt32_to_cpu(header->totalsize) > file.size)
		return err_set(e,
			       "the device tree is cut short: totalsize=%" PRIu32
			       ", but there are %zu bytes",
			       fdt32_to_cpu(header->totalsize), file.size);
	return check_layout(header, e);
}

/* Big-endian, in @cells of 32 bits; false when it does not fit. */
static bool put_number(uint8_t *at, int cells, uint64_t value)
{
	fdt64_t wide = cpu_to_fdt64(value);
	fdt32_t narrow = cpu_to_fdt32((uint32_t)value);

	if (cells == 2)
		memcpy(at, &wide, sizeof(wide));
	else
		memcpy(at, &narrow, sizeof(narrow));
	return cells == 2 || value <= UINT32_MAX;
}

/* The value of a memory node's reg, as the root's cells want it. Returns its size, or -1. */
static int memory_reg(const void *fdt, const struct gmem *mem, uint8_t *reg, struct err *e)
{
	int address = fdt_address_cells(fdt, 0), size = fdt_size_cells(fdt, 0);
	int n = 0;
	bool fits = true;

	if (address < 1 || address > 2 || size < 1 || size > 2)
		return err_set(e,
			       "the root's #address-cells=%d and #size-cells=%d, expected 1 or 2",
			       address, size);
	for (unsigned i = 0; i < mem->n; i++) {
		fits &= put_number(reg + n, address, mem->range[i].base);
		n += 4 * address;
		fits &= put_number(reg + n, size, mem->range[i].size);
		n += 4 * size;
	}
	if (!fits)
		return err_set(e,
			       "RAM does not fit in the root's #address-cells=%d and "
			       "#size-cells=%d: expected 2",
			       address, size);
	return n;
}

static int find_memory(const void *fdt)
{
	return fdt_node_offset_by_prop_value(fdt, -1, "device_type", "memory", sizeof("memory"));
}

/* One memory node describes all RAM: the first one, or a new one. The others are deleted. */
static int fill_memory(void *fdt, const struct gmem *mem, struct err *e)
{
	uint8_t reg[GMEM_MAX_RANGES * 16];
	int n = memory_reg(fdt, mem, reg, e);
	int node, error = 0;

	if (n < 0)
		return -1;
	while (!error && (node = find_memory(fdt)) >= 0)
		error = fdt_del_node(fdt, node);
	node = error ? error : fdt_add_subnode(fdt, 0, "memory@80000000");
	if (node < 0)
		return refused(e, "memory", node);
	error = fdt_setprop_string(fdt, node, "device_type", "memory");
	if (!error)
		error = fdt_setprop(fdt, node, "reg", reg, n);
	return error ? refused(e, "memory", error) : 0;
}

/* Even a well-formed tree may have a property twice. */
static void delete_all(void *fdt, int node, const char *name)
{
	while (fdt_delprop(fdt, node, name) == 0)
		;
}

static int fill_initrd(void *fdt, int chosen, struct initrd initrd)
{
	int error;

	delete_all(fdt, chosen, "linux,initrd-start");
	delete_all(fdt, chosen, "linux,initrd-end");
	if (!initrd.size)
		return 0;
	error = fdt_setprop_u64(fdt, chosen, "linux,initrd-start", initrd.base);
	if (!error)
		error = fdt_setprop_u64(fdt, chosen, "linux,initrd-end", initrd.base + initrd.size);
	return error;
}

static int fill_chosen(void *fdt, const struct dtb_config *cfg, struct err *e)
{
	int chosen = fdt_path_offset(fdt, "/chosen");
	int error;

	if (chosen < 0)
		return err_set(e,
			       "the device tree has no /chosen node, which takes the command line");
	error = fdt_setprop(fdt, chosen, "bootargs", cfg->cmdline, (int)strlen(cfg->cmdline) + 1);
	if (!error)
		error = fill_initrd(fdt, chosen, cfg->initrd);
	if (!error)
		error = fdt_setprop(fdt, chosen, "rng-seed", cfg->seeds->rng,
				    sizeof(cfg->seeds->rng));
	if (!error)
		error = fdt_setprop(fdt, chosen, "kaslr-seed", cfg->seeds->kaslr,
				    sizeof(cfg->seeds->kaslr));
	return error ? refused(e, "/chosen", error) : 0;
}

/*
 * No property is longer than the tree: libfdt 1.6.1 adds its length to an offset unchecked, and
 * fdt_check_full() loops for ever where the sum is the offset itself. libfdt refuses the rest.
 */
static int check_properties(const void *fdt, struct err *e)
{
	const fdt32_t *prop; /* its tag and its length: all that libfdt needs to go on */
	int offset = 0, next;

	for (;; offset = next) {
		prop = fdt_offset_ptr(fdt, offset, 2 * sizeof(*prop));
		if (prop && fdt32_to_cpu(prop[0]) == FDT_PROP &&
		    fdt32_to_cpu(prop[1]) > fdt_totalsize(fdt))
			return err_set(e,
				       "the device tree has a property with len=0x%" PRIx32
				       " at offset 0x%x of its structure block, but "
				       "totalsize=0x%" PRIx32,
				       fdt32_to_cpu(prop[1]), (unsigned)offset, fdt_totalsize(fdt));
		if (fdt_next_tag(fdt, offset, &next) == FDT_END)
			return 0;
	}
}

int dtb_fill(struct blob file, const struct dtb_config *cfg, void *buf, size_t room, struct err *e)
{
	struct fdt_header header;
	int error;

	if (read_header(file, &header, e))
		return -1;
	if (file.size > room)
		return err_set(e, "the device tree has %zu bytes, but there is room for %zu",
			       file.size, room);
	/* libfdt needs an aligned tree that nobody else writes to. */
	memcpy(buf, file.data, file.size);
	memcpy(buf, &header, sizeof(header));
	if (check_properties(buf, e))
		return -1;
	error = fdt_check_full(buf, file.size);
	if (error)
		return refused(e, "the device tree is not well-formed", error);
	error = fdt_open_into(buf, buf, (int)room);
	if (error)
		return refused(e, "the device tree cannot be opened", error);
	if (fill_memory(buf, cfg->mem, e) || fill_chosen(buf, cfg, e))
		return -1;
	error = fdt_pack(buf);
	if (error)
		return refused(e, "the device tree cannot be packed", error);
	return (int)fdt_totalsize(buf);
}

int dtb_load(struct blob file, const struct gmem *mem, gpa_t gpa, struct err *e)
{
	struct fdt_header header;

	if (gpa % 8)
		return err_set(e, "the device tree's address 0x%" PRIx64 " is not a multiple of 8",
			       gpa);
	if (read_header(file, &header, e) ||
	    gmem_write(mem, gpa, file.data, file.size, "device tree", e))
		return -1;
	return gmem_write(mem, gpa, &header, sizeof(header), "device tree", e);
}

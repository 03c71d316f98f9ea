/* SPDX-License-Identifier: BSD-3-Clause */
/* The riscv64 'Image': see riscv64_image.h. */
#include "loader/riscv64_image.h"

#include "loader/image_base.h"

#include <inttypes.h>

enum {
	LINUX_COMMAND_LINE_SIZE =
		1024, /* with the NUL: Linux arch/riscv/include/uapi/asm/setup.h */
};

static const gpa_t physical_end = 1ULL << 56; /* the physical addresses of Sv39 to Sv57 */

static int read_header(struct blob file, struct riscv64_image_header *h, struct err *e)
{
	if (!blob_copy(file, 0, h, sizeof(*h)))
		return err_set(e, "riscv64 Image: the file has %zu bytes, its header needs %zu",
			       file.size, sizeof(*h));
	if (h->magic2 != RISCV64_IMAGE_MAGIC2)
		return err_set(
			e, "riscv64 Image: magic2=0x%08" PRIx32 ", expected 0x%08x (\"RSC\\x05\")",
			h->magic2, RISCV64_IMAGE_MAGIC2);
	if (h->version >> 16)
		return err_set(e, "riscv64 Image: header version %d.%d, expected 0.x",
			       h->version >> 16, h->version & 0xffff);
	if (h->flags & RISCV64_IMAGE_BIG_ENDIAN)
		return err_set(e,
			       "riscv64 Image: flags=0x%" PRIx64
			       ", expected bit 0 clear: this is a big-endian kernel",
			       h->flags);
	if (!h->image_size || h->image_size > physical_end || h->text_offset > physical_end)
		return err_set(e,
			       "riscv64 Image: text_offset=0x%" PRIx64 ", image_size=0x%" PRIx64
			       ", expected at most 0x%" PRIx64 ", and image_size above 0",
			       h->text_offset, h->image_size, physical_end);
	return 0;
}

int riscv64_image_load(struct blob file, const struct gmem *mem,
		       const struct image_placement *where, struct image *img, struct err *e)
{
	struct riscv64_image_header h = {0};
	gpa_t base;

	if (read_header(file, &h, e))
		return -1;
	uint64_t size = h.image_size > file.size ? h.image_size : file.size;
	if (image_base_choose(mem, where, h.text_offset + size, physical_end, &base, e))
		return err_context(
			e, "riscv64 Image: text_offset=0x%" PRIx64 ", image_size=0x%" PRIx64,
			h.text_offset, h.image_size);
	gpa_t start = base + h.text_offset;
	*img = (struct image){
		.format = IMAGE_RISCV64,
		.start = start,
		.end = start + size,
		.has_entry64 = true,
		.entry64 = start,
		.no_pvh = "a riscv64 kernel has no PVH entry",
		.cmdline_max = LINUX_COMMAND_LINE_SIZE - 1,
		.initrd_addr_min = start,
		.initrd_addr_max = UINT64_MAX,
		.initrd_above_4g = true,
	};
	return gmem_write(mem, start, file.data, file.size, "riscv64 Image", e);
}

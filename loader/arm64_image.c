/* SPDX-License-Identifier: BSD-3-Clause */
/* The arm64 'Image': see arm64_image.h. "booting.rst" is the document named there. */
#include "loader/arm64_image.h"

#include "loader/image_base.h"

#include <inttypes.h>

enum {
	OLD_TEXT_OFFSET = 0x80000, /* where image_size is 0 */
	OLD_EXTRA_BYTES = 16 << 20,
	LINUX_COMMAND_LINE_SIZE =
		2048, /* with the NUL: Linux arch/arm64/include/uapi/asm/setup.h */
};

static const gpa_t physical_end = 1ULL << 48; /* booting.rst: the 48-bit addressable range */
/* booting.rst: an initrd shares with the kernel a window of 32 GiB that is aligned to 1 GiB. */
static const uint64_t initrd_window_align = 1ULL << 30;
static const uint64_t initrd_window_bytes = 32ULL << 30;

static int read_header(struct blob kernel, struct arm64_image_header *h, struct err *e)
{
	if (!blob_copy(kernel, 0, h, sizeof(*h)))
		return err_set(e, "arm64 Image: the file has %zu bytes, its header needs %zu",
			       kernel.size, sizeof(*h));
	if (h->magic != ARM64_IMAGE_MAGIC)
		return err_set(e,
			       "arm64 Image: magic=0x%08" PRIx32 ", expected 0x%08x (\"ARM\\x64\")",
			       h->magic, ARM64_IMAGE_MAGIC);
	if (h->flags & ARM64_IMAGE_BIG_ENDIAN)
		return err_set(e,
			       "arm64 Image: flags=0x%" PRIx64
			       ", expected bit 0 clear: this is a big-endian kernel",
			       h->flags);
	return 0;
}

/*
 * Finds the offset of the kernel from its base, and how many bytes the kernel occupies from there.
 */
static int measure(const struct arm64_image_header *h, uint64_t bytes, uint64_t *text_offset,
		   uint64_t *size, struct err *e)
{
	*text_offset = h->image_size ? h->text_offset : OLD_TEXT_OFFSET;
	*size = h->image_size > bytes ? h->image_size : bytes;
	if (*text_offset > physical_end || *size > physical_end)
		return err_set(e,
			       "arm64 Image: text_offset=0x%" PRIx64 ", image_size=0x%" PRIx64
			       " and 0x%" PRIx64
			       " bytes of kernel, expected each at most 0x%" PRIx64,
			       h->text_offset, h->image_size, bytes, physical_end);
	if (!h->image_size)
		*size += OLD_EXTRA_BYTES;
	return 0;
}

struct image arm64_image_describe(gpa_t start, gpa_t end)
{
	gpa_t window = start & ~(initrd_window_align - 1);
	return (struct image){
		.start = start,
		.end = end,
		.has_entry64 = true,
		.entry64 = start,
		.no_pvh = "an arm64 kernel has no PVH entry",
		.cmdline_max = LINUX_COMMAND_LINE_SIZE - 1,
		.initrd_addr_min = window,
		.initrd_addr_max = window + initrd_window_bytes - 1,
	};
}

int arm64_image_place(struct blob kernel, uint64_t bytes, const struct gmem *mem,
		      const struct image_placement *where, struct image *img, struct err *e)
{
	static const uint32_t page_bytes[] = {0, 4096, 16384, 65536};
	struct arm64_image_header h = {0};
	uint64_t text_offset, size;
	gpa_t base;

	if (read_header(kernel, &h, e) || measure(&h, bytes, &text_offset, &size, e))
		return -1;
	if (image_base_choose(mem, where, text_offset + size, physical_end, &base, e))
		return err_context(e,
				   "arm64 Image: text_offset=0x%" PRIx64 ", image_size=0x%" PRIx64,
				   h.text_offset, h.image_size);
	*img = arm64_image_describe(base + text_offset, base + text_offset + size);
	img->page_bytes = page_bytes[h.flags >> ARM64_IMAGE_PAGE_SHIFT & ARM64_IMAGE_PAGE_MASK];
	return 0;
}

int arm64_image_load(struct blob file, const struct gmem *mem, const struct image_placement *where,
		     struct image *img, struct err *e)
{
	if (arm64_image_place(file, file.size, mem, where, img, e))
		return -1;
	img->format = IMAGE_ARM64;
	return gmem_write(mem, img->start, file.data, file.size, "arm64 Image", e);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* aarch64 ELF kernels: see elf.h. */
#include "loader/arm64_image.h"
#include "loader/elf.h"
#include "loader/elf_file.h"

#include <inttypes.h>

/* The half of the address space that TTBR1 translates, where Linux lies. */
static const uint64_t kernel_half = 1ULL << 63;

/* Where @elf begins in guest memory; fills *@img but its format and its entry. */
static int place(const struct elf *elf, const struct gmem *mem, const struct image_placement *where,
		 struct image *img, struct err *e)
{
	uint64_t offset = where->elf_offset;

	if (elf->start >= kernel_half) {
		if (arm64_image_place(elf_bytes_at_start(elf), elf->end - elf->start, mem, where,
				      img, e))
			return err_context(e, "ELF: its lowest segment");
		return 0;
	}
	if (elf_check_place(elf, where, mem, e))
		return -1;
	*img = arm64_image_describe(elf->start + offset, elf->end + offset);
	return 0;
}

int elf_load_arm64(struct blob file, const struct gmem *mem, const struct image_placement *where,
		   struct image *img, struct err *e)
{
	struct elf elf;

	if (elf_open(file, EM_AARCH64, &elf, e))
		return -1;
	if (!elf_holds(&elf, elf.eh.e_entry, PF_X))
		return err_set(e, "ELF: e_entry=0x%" PRIx64 " lies in no executable segment",
			       elf.eh.e_entry);
	if (place(&elf, mem, where, img, e))
		return -1;
	uint64_t offset = img->start - elf.start;
	if (elf_copy(&elf, offset, mem, e))
		return -1;
	img->format = IMAGE_ELF;
	img->entry64 = elf.eh.e_entry + offset;
	return 0;
}

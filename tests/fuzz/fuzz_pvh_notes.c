/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The input is the notes of an x86_64 ELF file, whose other parts are sound; its last byte says
 * with which alignment.
 */
#include "image_check.h"
#include "kernels.h"

#include <elf.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct kernel k;
	struct image img;
	struct err e = {""};

	if (size < 1 || size > KERNEL_MAX_BYTES / 2)
		return 0;
	const struct elf_segment segment[] = {
		{PT_LOAD, PF_R | PF_X, 0x100000, 64, 4096, NULL, 64},
		{PT_NOTE, PF_R, 0, 0, data[size - 1] & 1 ? 8 : 4, data, size - 1},
	};
	kernel_elf(&k, 0x100000, segment, 2);
	/* The e_entry makes it a kernel, whatever the notes say; what they say is all or nothing.
	 */
	CHECK(kernel_load(&k, k.size, fuzz_memory(), FUZZ_LOWEST, &img, &e) == 0);
	check_image(&img, fuzz_memory());
	CHECK(img.has_entry64);
	CHECK(!img.has_pvh || img.pvh_entry - 0x100000 < 64);
	return 0;
}

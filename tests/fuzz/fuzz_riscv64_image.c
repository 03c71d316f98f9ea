/* SPDX-License-Identifier: BSD-3-Clause */
/* The input is a riscv64 Image. */
#include "image_check.h"
#include "loader/riscv64_image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct gmem *mem = fuzz_memory();
	struct blob file = {data, size};
	struct image img;
	struct err e = {""};

	if (riscv64_image_load(file, mem, &fuzz_wish, &img, &e)) {
		check_error(&e);
		return 0;
	}
	check_image(&img, mem);
	CHECK(img.end - img.start >= size && img.entry64 == img.start);
	CHECK(memcmp(gmem_at(mem, img.start, size), data, size) == 0);
	CHECK(img.initrd_addr_min == img.start);
	return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The input is a bzImage; its last 4 bytes are the size of an initrd that has to find its place
 * beside it.
 */
#include "image_check.h"
#include "loader/bzimage.h"
#include "loader/initrd.h"

static void place_initrd(const struct image *img, const struct gmem *mem, uint64_t size)
{
	struct initrd rd = {0};
	struct err e = {""};
	if (initrd_place(mem, img, FUZZ_LOWEST, size, &rd, &e)) {
		check_error(&e);
		return;
	}
	CHECK(rd.size == size && rd.base % 4096 == 0 && rd.base >= FUZZ_LOWEST);
	CHECK(gmem_at(mem, rd.base, rd.size));
	CHECK(rd.base >= img->end || rd.base + rd.size <= img->start);
	CHECK(img->initrd_above_4g || rd.base + rd.size - 1 <= img->initrd_addr_max);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct gmem *mem = fuzz_memory();
	struct blob file = {data, size};
	struct image img;
	struct err e = {""};
	uint32_t initrd_size = 0;

	CHECK(image_format_name(image_probe(file)));
	if (bzimage_load(file, mem, &fuzz_placement, &img, &e)) {
		check_error(&e);
		return 0;
	}
	check_image(&img, mem);
	CHECK(img.end <= FUZZ_HIGH_GPA);
	(void)blob_copy(file, size - 4, &initrd_size, 4);
	place_initrd(&img, mem, initrd_size % (2 * FUZZ_LOW_BYTES));
	return 0;
}

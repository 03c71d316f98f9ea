/* SPDX-License-Identifier: BSD-3-Clause */
/* The input is an arm64 Image. */
#include "image_check.h"
#include "loader/arm64_image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct image img;

	if (load_flat_image(arm64_image_load, (struct blob){data, size}, &img))
		CHECK(img.initrd_addr_min <= img.start && img.initrd_addr_max >= img.end - 1);
	return 0;
}

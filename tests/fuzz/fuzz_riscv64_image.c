/* SPDX-License-Identifier: BSD-3-Clause */
/* The input is a riscv64 Image. */
#include "image_check.h"
#include "loader/riscv64_image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct image img;

	if (load_flat_image(riscv64_image_load, (struct blob){data, size}, &img))
		CHECK(img.initrd_addr_min == img.start);
	return 0;
}

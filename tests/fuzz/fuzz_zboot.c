/* SPDX-License-Identifier: BSD-3-Clause */
/* The input is a kernel file for aarch64: an EFI zboot image, or any other that image_load() takes.
 */
#include "image_check.h"
#include "loader/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct gmem *mem = fuzz_memory();
	struct image img;
	struct err e = {""};

	if (image_load((struct blob){data, size}, IMAGE_MACHINE_AARCH64, mem, FUZZ_LOWEST, &img,
		       &e)) {
		check_error(&e);
		return 0;
	}
	check_image(&img, mem);
	CHECK(img.format == IMAGE_ARM64 || img.format == IMAGE_ELF);
	return 0;
}

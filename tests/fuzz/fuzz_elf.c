/* SPDX-License-Identifier: BSD-3-Clause */
/* The input is an ELF file. */
#include "image_check.h"
#include "loader/elf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct gmem *mem = fuzz_memory();
	struct blob file = {data, size};
	struct image img;
	struct err e = {""};

	CHECK(image_format_name(image_probe(file)));
	if (elf_load_x86(file, mem, FUZZ_LOWEST, &img, &e))
		check_error(&e);
	else
		check_image(&img, mem);
	return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* The input is an ELF file, of 32 or 64 bits, for either machine. */
#include "image_check.h"
#include "loader/elf.h"

static void load(fuzz_load_fn *elf_load, struct blob file, const struct gmem *mem)
{
	struct image img;
	struct err e = {""};
	if (elf_load(file, mem, &fuzz_placement, &img, &e))
		check_error(&e);
	else
		check_image(&img, mem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct gmem *mem = fuzz_memory();
	struct blob file = {data, size};

	CHECK(image_format_name(image_probe(file)));
	load(elf_load_x86, file, mem);
	load(elf_load_arm64, file, mem);
	return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The input is a kernel for any machine that is not compressed, then a struct request: where the
 * kernel is to lie.
 */
#include "image_check.h"

struct request {
	uint64_t lowest, elf_offset, bzimage_address, image_base;
	uint8_t machine;
	uint8_t code32_start;
	uint8_t taken; /* an ELF may lie anywhere but in these */
	uint8_t pad[5];
};

static const struct image_taken taken[] = {{"start", 0, FUZZ_LOWEST}, {"middle", 0x8000, 0x6000}};

/* The bytes that were written there before have not changed. */
static void check_taken(const struct gmem *mem)
{
	const uint8_t *at = gmem_at(mem, taken[1].base, taken[1].bytes);

	for (uint64_t i = 0; i < taken[1].bytes; i++)
		CHECK(at[i] == 0x5a);
}

static bool is_plain(enum image_format format)
{
	return format == IMAGE_ELF || format == IMAGE_BZIMAGE || format == IMAGE_ARM64 ||
	       format == IMAGE_RISCV64;
}

/* A request is granted or refused. */
static void check_granted(const struct image *img, const struct image_placement *where)
{
	CHECK(img->start >= where->lowest || (img->format == IMAGE_ELF && where->n_elf_taken));
	if (img->format == IMAGE_BZIMAGE && where->bzimage_address)
		CHECK(img->entry64 == where->bzimage_address + 0x200 || !img->has_entry64);
	if ((img->format == IMAGE_ARM64 || img->format == IMAGE_RISCV64) && where->image_base)
		CHECK(img->start >= where->image_base);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct gmem *mem = fuzz_memory();
	struct request w;
	struct image img;
	struct err e = {""};

	if (size < sizeof(w))
		return 0;
	memcpy(&w, data + size - sizeof(w), sizeof(w));
	struct blob file = {data, size - sizeof(w)};
	if (!is_plain(image_probe(file)))
		return 0;
	const struct image_placement where = {
		.lowest = w.lowest < FUZZ_LOWEST ? FUZZ_LOWEST : w.lowest,
		.elf_offset = w.elf_offset,
		.bzimage_address = w.bzimage_address,
		.bzimage_code32_start = w.code32_start & 1,
		.image_base = w.image_base,
		.elf_taken = taken,
		.n_elf_taken = w.taken & 1 ? 2 : 0,
	};
	memset(gmem_at(mem, taken[1].base, taken[1].bytes), 0x5a, taken[1].bytes);
	if (image_load_at(file, w.machine % 3, mem, &where, &img, &e)) {
		check_error(&e);
		return 0;
	}
	check_image(&img, mem);
	check_granted(&img, &where);
	if (img.format == IMAGE_ELF && where.n_elf_taken && w.machine % 3 == IMAGE_MACHINE_X86_64)
		check_taken(mem);
	return 0;
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Guest memory for the kernel loaders' fuzz targets, and what must hold for whatever they load. */
#ifndef TESTS_FUZZ_IMAGE_CHECK_H
#define TESTS_FUZZ_IMAGE_CHECK_H

#include "fuzz.h"
#include "loader/image.h"

enum { FUZZ_LOW_BYTES = 2 << 20, FUZZ_HIGH_BYTES = 64 << 10, FUZZ_LOWEST = 0x1000 };
#define FUZZ_HIGH_GPA 0x100000000ULL

static const struct image_placement fuzz_placement = {.lowest = FUZZ_LOWEST};

/* [0, 2 MiB) and 64 KiB from 4 GiB on: heap blocks, so that AddressSanitizer watches their ends. */
static inline const struct gmem *fuzz_memory(void)
{
	static struct gmem mem;
	if (mem.n == 0) {
		CHECK(gmem_add(&mem, 0, FUZZ_LOW_BYTES, malloc(FUZZ_LOW_BYTES), NULL) == 0);
		CHECK(gmem_add(&mem, FUZZ_HIGH_GPA, FUZZ_HIGH_BYTES, malloc(FUZZ_HIGH_BYTES),
			       NULL) == 0);
	}
	return &mem;
}

static inline void check_image(const struct image *img, const struct gmem *mem)
{
	CHECK(img->start >= FUZZ_LOWEST && img->start < img->end);
	CHECK(gmem_at(mem, img->start, 1) && gmem_at(mem, img->end - 1, 1));
	CHECK(img->has_entry64 || img->has_pvh);
	CHECK(img->has_entry64 == !img->no_entry64 && img->has_pvh == !img->no_pvh);
	CHECK(!img->has_entry64 || (img->entry64 >= img->start && img->entry64 < img->end));
	CHECK(!img->has_pvh || (img->pvh_entry >= img->start && img->pvh_entry < img->end &&
				img->pvh_entry <= UINT32_MAX));
	CHECK(img->setup_header_bytes <= SETUP_HEADER_MAX_BYTES);
}

/* Every refusal is one line that says something. */
static inline void check_error(const struct err *e)
{
	CHECK(e->text[0]);
	for (const char *p = e->text; *p; p++)
		CHECK(*p >= ' ' && *p <= '~');
}

typedef int fuzz_load_fn(struct blob file, const struct gmem *mem,
			 const struct image_placement *where, struct image *img, struct err *e);

/*
 * arm64's and riscv64's Image lies in RAM as in the file, and is entered where it begins. True when
 * it was loaded.
 */
static inline bool load_flat_image(fuzz_load_fn *load, struct blob file, struct image *img)
{
	const struct gmem *mem = fuzz_memory();
	struct err e = {""};

	if (load(file, mem, &fuzz_placement, img, &e)) {
		check_error(&e);
		return false;
	}
	check_image(img, mem);
	CHECK(img->end - img->start >= file.size && img->entry64 == img->start);
	CHECK(memcmp(gmem_at(mem, img->start, file.size), file.data, file.size) == 0);
	return true;
}

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* The base that an arm64 or a riscv64 Image is loaded from. */
#ifndef LOADER_IMAGE_BASE_H
#define LOADER_IMAGE_BASE_H

#include "loader/loaded.h"

enum { IMAGE_BASE_ALIGN = 2 << 20 };

/*
 * Chooses a base from which @bytes lie in RAM and below @end: where->image_base or, if that is 0,
 * the lowest multiple of IMAGE_BASE_ALIGN from where->lowest on. Errors: a requested base that is
 * not aligned, is below where->lowest or has no room; no room anywhere.
 */
int image_base_choose(const struct gmem *mem, const struct image_placement *where, uint64_t bytes,
		      gpa_t end, gpa_t *base, struct err *e);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* The base of an Image: see image_base.h. */
#include "loader/image_base.h"

#include <inttypes.h>

int image_base_choose(const struct gmem *mem, const struct image_placement *where, uint64_t bytes,
		      gpa_t end, gpa_t *base, struct err *e)
{
	*base = where->image_base;
	if (!*base) {
		if (gmem_find(mem, where->lowest, IMAGE_BASE_ALIGN, bytes, end, base))
			return 0;
		return err_set(e,
			       "0x%" PRIx64 " bytes fit nowhere in RAM from 0x%" PRIx64
			       " on, aligned to 2 MiB (RAM has 0x%" PRIx64 " bytes)",
			       bytes, where->lowest, gmem_total(mem));
	}
	if (*base % IMAGE_BASE_ALIGN)
		return err_set(e, "the base 0x%" PRIx64 " is not aligned to 2 MiB", *base);
	if (*base < where->lowest)
		return err_set(
			e, "the base 0x%" PRIx64 " is below 0x%" PRIx64 ", the lowest for a kernel",
			*base, where->lowest);
	if (*base > end || bytes > end - *base || !gmem_at(mem, *base, bytes))
		return err_set(e,
			       "0x%" PRIx64 " bytes from the base 0x%" PRIx64
			       " on do not lie in RAM (RAM has 0x%" PRIx64 " bytes)",
			       bytes, *base, gmem_total(mem));
	return 0;
}

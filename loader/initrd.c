/* SPDX-License-Identifier: BSD-3-Clause */
/* Where an initrd may lie, and the copy: see initrd.h. */
#include "loader/initrd.h"

#include <inttypes.h>

static const uint64_t page_bytes = 4096;

/* The best room found so far, and the largest for the message when there is none. */
struct search {
	uint64_t size; /* wanted */
	bool found;
	gpa_t base;
	uint64_t largest;
};

/* Looks at the room [@from, @to): rooms come in ascending order, so the last one that fits wins. */
static void try_room(struct search *s, gpa_t from, gpa_t to)
{
	if (__builtin_add_overflow(from, page_bytes - 1, &from))
		return;
	from &= ~(page_bytes - 1);
	if (from >= to)
		return;
	if (to - from > s->largest)
		s->largest = to - from;
	if (s->size <= to - from) {
		s->found = true;
		s->base = (to - s->size) & ~(page_bytes - 1);
	}
}

static gpa_t min_gpa(gpa_t a, gpa_t b)
{
	return a < b ? a : b;
}

static gpa_t max_gpa(gpa_t a, gpa_t b)
{
	return a > b ? a : b;
}

/* The highest address in RAM. */
static gpa_t ram_max(const struct gmem *mem)
{
	const struct gmem_range *last = mem->n ? &mem->range[mem->n - 1] : NULL;
	return last ? last->base + last->size - 1 : 0;
}

/* Looks at all rooms in RAM from @lowest to @end, outside the kernel. */
static void search_ram(struct search *s, const struct gmem *mem, const struct image *img,
		       gpa_t lowest, gpa_t end)
{
	for (unsigned i = 0; i < mem->n; i++) {
		gpa_t from = max_gpa(mem->range[i].base, lowest);
		gpa_t to = min_gpa(mem->range[i].base + mem->range[i].size, end);
		try_room(s, from, min_gpa(to, img->start));
		try_room(s, max_gpa(from, img->end), to);
	}
}

int initrd_place(const struct gmem *mem, const struct image *img, gpa_t lowest, uint64_t size,
		 struct initrd *out, struct err *e)
{
	struct search s = {.size = size};
	gpa_t max = min_gpa(img->initrd_addr_max, UINT32_MAX);

	if (size == 0)
		return err_set(e, "initrd: it is empty");
	lowest = max_gpa(lowest, img->initrd_addr_min);
	search_ram(&s, mem, img, lowest, max + 1);
	if (!s.found && img->initrd_above_4g) {
		max = UINT64_MAX;
		search_ram(&s, mem, img, lowest, max);
	}
	if (!s.found)
		return err_set(e,
			       "initrd: its %" PRIu64 " bytes fit nowhere in RAM from 0x%" PRIx64
			       " to 0x%" PRIx64 " beside the kernel (0x%" PRIx64 " to 0x%" PRIx64
			       "): the largest room has %" PRIu64,
			       size, lowest, min_gpa(max, ram_max(mem)), img->start, img->end - 1,
			       s.largest);
	*out = (struct initrd){s.base, size};
	return 0;
}

int initrd_load(struct blob file, const struct gmem *mem, const struct image *img, gpa_t lowest,
		struct initrd *out, struct err *e)
{
	if (initrd_place(mem, img, lowest, file.size, out, e))
		return -1;
	return gmem_write(mem, out->base, file.data, out->size, "initrd", e);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Guest-physical ranges to host spans: see gmem.h. */
#include "loader/gmem.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

int gmem_add(struct gmem *m, gpa_t base, uint64_t size, void *host, struct err *e)
{
	gpa_t end;
	if (size == 0)
		return err_set(e, "memory range at 0x%" PRIx64 ": its size is 0", base);
	if (__builtin_add_overflow(base, size, &end))
		return err_set(e,
			       "memory range at 0x%" PRIx64 " of 0x%" PRIx64
			       " bytes: its end does not fit in 64 bits",
			       base, size);
	if (m->n == GMEM_MAX_RANGES)
		return err_set(e, "memory range at 0x%" PRIx64 ": there are %d ranges already",
			       base, GMEM_MAX_RANGES);
	if (m->n > 0) {
		const struct gmem_range *last = &m->range[m->n - 1];
		if (base < last->base + last->size)
			return err_set(e,
				       "memory range at 0x%" PRIx64
				       ": the range before it ends at 0x%" PRIx64,
				       base, last->base + last->size);
	}
	m->range[m->n++] = (struct gmem_range){base, size, host};
	return 0;
}

void *gmem_at(const struct gmem *m, gpa_t gpa, uint64_t len)
{
	for (unsigned i = 0; i < m->n; i++) {
		const struct gmem_range *r = &m->range[i];
		if (gpa < r->base || gpa - r->base > r->size)
			continue;
		uint64_t off = gpa - r->base;
		if (len <= r->size - off)
			return r->host + off;
	}
	return NULL;
}

bool gmem_find(const struct gmem *m, gpa_t from, uint64_t align, uint64_t len, gpa_t end, gpa_t *at)
{
	for (unsigned i = 0; i < m->n; i++) {
		gpa_t base = m->range[i].base > from ? m->range[i].base : from;
		if (__builtin_add_overflow(base, align - 1, at))
			break;
		*at &= ~(align - 1);
		if (*at <= end && len <= end - *at && gmem_at(m, *at, len))
			return true;
	}
	return false;
}

int gmem_write(const struct gmem *m, gpa_t gpa, const void *src, uint64_t len, const char *what,
	       struct err *e)
{
	void *dst = gmem_at(m, gpa, len);
	if (!dst)
		return err_set(e, "%s: %" PRIu64 " bytes at 0x%" PRIx64 " do not lie in RAM", what,
			       len, gpa);
	if (len)
		memcpy(dst, src, len);
	return 0;
}

uint64_t gmem_total(const struct gmem *m)
{
	uint64_t total = 0;
	for (unsigned i = 0; i < m->n; i++)
		total += m->range[i].size;
	return total;
}

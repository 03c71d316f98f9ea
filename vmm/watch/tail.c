/* SPDX-License-Identifier: BSD-3-Clause */
/* The tail of the console: see tail.h. */
#include "vmm/watch/tail.h"

#include <stdbool.h>

void tail_add(struct tail *t, char byte)
{
	t->byte[t->n++ % TAIL_BYTES] = byte;
}

static char at(const struct tail *t, uint64_t i)
{
	return t->byte[i % TAIL_BYTES];
}

size_t tail_copy(const struct tail *t, uint64_t from, char *dst)
{
	uint64_t i = from;
	size_t n = 0;

	if (t->n - from > TAIL_BYTES) {
		i = t->n - TAIL_BYTES;
		while (i < t->n && at(t, i++) != '\n')
			;
	}
	while (i < t->n)
		dst[n++] = at(t, i++);
	return n;
}

/* The start of the last TAIL_LINES lines. */
static uint64_t first_line(const struct tail *t)
{
	uint64_t oldest = t->n > TAIL_BYTES ? t->n - TAIL_BYTES : 0;
	uint64_t i = t->n;
	unsigned lines = 0;

	if (i > oldest && at(t, i - 1) == '\n')
		i--;
	for (; i > oldest; i--)
		if (at(t, i - 1) == '\n' && ++lines == TAIL_LINES)
			return i;
	/*
	 * The oldest line is cut where the ring is full: leave it out, unless it is all there is.
	 */
	if (oldest)
		for (i = oldest; i < t->n; i++)
			if (at(t, i) == '\n' && i + 1 < t->n)
				return i + 1;
	return oldest;
}

void tail_print(const struct tail *t, FILE *f, const char *prefix)
{
	char last = '\n';

	for (uint64_t i = first_line(t); i < t->n; i++) {
		char c = at(t, i);
		if (c == '\r')
			continue;
		if (last == '\n')
			fputs(prefix, f);
		bool text = (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\t';
		fputc(text ? c : '?', f);
		last = c;
	}
	if (last != '\n')
		fputc('\n', f);
}

void tail_write(const struct tail *t, FILE *f)
{
	for (uint64_t i = first_line(t); i < t->n; i++)
		if (at(t, i) != '\r' && at(t, i) != '\0')
			fputc(at(t, i), f);
}

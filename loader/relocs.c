/* SPDX-License-Identifier: BSD-3-Clause */
/* The relocations of a Linux kernel: see relocs.h. */
#include "loader/relocs.h"

#include <inttypes.h>

enum { WORD_BYTES = 4, LISTS_MAX = 3 };

/* Word @i, which must exist. The table may change, so each word is read, checked and used once. */
static uint32_t word_at(struct blob words, size_t i)
{
	uint32_t word = 0;
	(void)blob_copy(words, i * WORD_BYTES, &word, sizeof(word));
	return word;
}

int relocs_open(struct blob table, struct relocs *r, struct err *e)
{
	struct blob list[LISTS_MAX] = {0};
	size_t words = table.size / WORD_BYTES, n = 0;

	if (table.size % WORD_BYTES)
		return err_set(e, "relocations: %zu bytes, expected a multiple of %d", table.size,
			       WORD_BYTES);
	for (size_t i = 0; i < words; i++) {
		uint32_t word = word_at(table, i);
		if (word && !n)
			return err_set(e,
				       "relocations: the first word is 0x%08" PRIx32 ", expected 0",
				       word);
		if (word) {
			list[n - 1].size += WORD_BYTES;
			continue;
		}
		if (n == LISTS_MAX)
			return err_set(e, "relocations: more than %d lists", LISTS_MAX);
		list[n++].data = table.data + (i + 1) * WORD_BYTES;
	}
	if (n < 2)
		return err_set(e, "relocations: %zu lists, expected 2 or 3", n);
	*r = (struct relocs){.grow64 = list[0], .grow32 = list[n - 1]};
	if (n == LISTS_MAX)
		r->shrink32 = list[1];
	return 0;
}

/*
 * Adds @delta to each place of @bytes, 4 or 8. Inlined, so that even a build for size copies a
 * place with one instruction: there are a hundred thousand.
 */
static inline __attribute__((always_inline)) int apply_list(struct blob list, unsigned bytes,
							    const struct relocs_target *kernel,
							    uint64_t delta, struct err *e)
{
	for (size_t i = 0; i < list.size / WORD_BYTES; i++) {
		uint64_t address = (uint64_t)(int64_t)(int32_t)word_at(list, i);
		uint64_t off = address - kernel->address; /* huge when it lies below */
		uint64_t value = 0;
		if (off > kernel->size || bytes > kernel->size - off)
			return err_set(e,
				       "relocations: %u bytes at 0x%" PRIx64
				       " do not lie in the kernel's 0x%" PRIx64 " at 0x%" PRIx64,
				       bytes, address, kernel->size, kernel->address);
		memcpy(&value, kernel->bytes + off, bytes);
		value += delta;
		memcpy(kernel->bytes + off, &value, bytes);
	}
	return 0;
}

int relocs_apply(const struct relocs *r, const struct relocs_target *kernel, uint64_t delta,
		 struct err *e)
{
	return apply_list(r->grow64, 8, kernel, delta, e) ||
			       apply_list(r->shrink32, 4, kernel, 0 - delta, e) ||
			       apply_list(r->grow32, 4, kernel, delta, e)
		       ? -1
		       : 0;
}

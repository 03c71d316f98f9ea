/* SPDX-License-Identifier: BSD-3-Clause */
/* The first MiB of a guest, for tests of the builders that write there. */
#ifndef TESTS_UNIT_LOWMEM_H
#define TESTS_UNIT_LOWMEM_H

#include "loader/gmem.h"
#include "suite.h"

#include <check.h>
#include <string.h>

enum { LOWMEM_BYTES = 0x100000, LOWMEM_FILL = 0xa5 };

static uint8_t lowmem[LOWMEM_BYTES];

/* A guest with RAM in [0, @bytes), every byte LOWMEM_FILL: what is not written shows. */
static inline struct gmem lowmem_init(uint64_t bytes)
{
	struct gmem mem = {.n = 0};
	ck_assert_uint_le(bytes, LOWMEM_BYTES);
	memset(lowmem, LOWMEM_FILL, sizeof(lowmem));
	ck_assert_int_eq(gmem_add(&mem, 0, bytes, lowmem, NULL), 0);
	return mem;
}

/* Nothing in [from, to) was written. */
static inline void lowmem_untouched(uint64_t from, uint64_t to)
{
	while (from < to && lowmem[from] == LOWMEM_FILL)
		from++;
	ck_assert_msg(from >= to, "0x%llx was written", (unsigned long long)from);
}

/* The sum of @len bytes at @gpa, as checksums count. */
static inline unsigned lowmem_sum(uint64_t gpa, uint64_t len)
{
	unsigned sum = 0;
	ck_assert_uint_le(gpa + len, LOWMEM_BYTES);
	for (uint64_t i = 0; i < len; i++)
		sum += lowmem[gpa + i];
	return sum & 0xff;
}

#endif

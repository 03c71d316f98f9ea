/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Guest-physical memory as the loader sees it: a few ranges, each backed by host memory.
 *
 * The caller owns the host memory and keeps it mapped as long as the gmem is in use; the loader
 * only reads and writes through it. Nothing else translates guest addresses.
 */
#ifndef LOADER_GMEM_H
#define LOADER_GMEM_H

#include "loader/err.h"

#include <stdbool.h>
#include <stdint.h>

MINIVMM_BEGIN

typedef uint64_t gpa_t; /* a guest-physical address, in bytes */

enum { GMEM_MAX_RANGES = 8 };

struct gmem_range {
	gpa_t base;
	uint64_t size;
	uint8_t *host; /* borrowed: where byte @base lies in this process */
};

struct gmem {
	struct gmem_range range[GMEM_MAX_RANGES]; /* ascending, not overlapping */
	unsigned n;
};

/*
 * Adds the range [base, base + size), which must lie above all ranges already there.
 * Errors, nothing changed: size 0; an end (base + size) that does not fit in 64 bits; not above the
 * last range; GMEM_MAX_RANGES reached.
 */
int gmem_add(struct gmem *m, gpa_t base, uint64_t size, void *host, struct err *e);

/*
 * The host address of [gpa, gpa + len), or NULL when that does not lie wholly in one range
 * (ranges that touch are not joined). A @len of 0 asks for the address alone: it must lie in a
 * range or be a range's end.
 */
void *gmem_at(const struct gmem *m, gpa_t gpa, uint64_t len);

/*
 * The lowest multiple of @align, a power of two, from @from on where @len bytes lie wholly in one
 * range and end at or below @end. False when there is none; then *@at means nothing.
 */
bool gmem_find(const struct gmem *m, gpa_t from, uint64_t align, uint64_t len, gpa_t end,
	       gpa_t *at);

/* Copies @len bytes to guest memory. Error: not wholly in one range; @what names the bytes. */
int gmem_write(const struct gmem *m, gpa_t gpa, const void *src, uint64_t len, const char *what,
	       struct err *e);

/* The sum of the ranges' sizes, in bytes. */
uint64_t gmem_total(const struct gmem *m);

MINIVMM_END

#endif

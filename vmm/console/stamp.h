/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Time stamps: each line of the console begins with the seconds since the start, "[   12.345678] ".
 */
#ifndef VMM_CONSOLE_STAMP_H
#define VMM_CONSOLE_STAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest stamp: 20 digits of seconds and the rest. */
enum { STAMP_BYTES = 32 };

struct stamp {
	uint64_t start_ns; /* CLOCK_MONOTONIC */
	bool in_line;      /* the last byte was not a newline */
};

/*
 * Copies @n bytes to @dst, with a stamp of @now_ns at the beginning of each line. @dst has room for
 * n * (STAMP_BYTES + 1) bytes. Returns how many were written.
 */
size_t stamp_lines(struct stamp *s, uint64_t now_ns, const uint8_t *data, size_t n, uint8_t *dst);

#endif

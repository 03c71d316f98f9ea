/* SPDX-License-Identifier: BSD-3-Clause */
/* Time stamps: see stamp.h. */
#include "vmm/console/stamp.h"

#include <inttypes.h>
#include <stdio.h>

size_t stamp_lines(struct stamp *s, uint64_t now_ns, const uint8_t *data, size_t n, uint8_t *dst)
{
	uint64_t us = (now_ns - s->start_ns) / 1000;
	size_t out = 0;

	for (size_t i = 0; i < n; i++) {
		if (!s->in_line)
			out += (size_t)snprintf((char *)dst + out, STAMP_BYTES,
						"[%5" PRIu64 ".%06" PRIu64 "] ", us / 1000000,
						us % 1000000);
		dst[out++] = data[i];
		s->in_line = data[i] != '\n';
	}
	return out;
}

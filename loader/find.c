/* SPDX-License-Identifier: BSD-3-Clause */
/* A search in bytes that may change: see find.h. */
#include "loader/find.h"

bool find_mark(struct blob in, const char *mark, size_t len, struct blob *rest)
{
	uint8_t window[FIND_WINDOW_BYTES];

	/* The next window repeats the end of this one, which may be the start of a mark. */
	for (*rest = in; rest->size >= len;) {
		size_t n = rest->size < sizeof(window) ? rest->size : sizeof(window);
		(void)blob_copy(*rest, 0, window, n);
		const uint8_t *at = memmem(window, n, mark, len);
		size_t passed = at ? (size_t)(at - window) : n - len + 1;
		(void)blob_sub(*rest, passed, rest->size - passed, rest);
		if (at)
			return true;
	}
	return false;
}

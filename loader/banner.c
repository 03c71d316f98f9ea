/* SPDX-License-Identifier: BSD-3-Clause */
/* Linux's banner: see banner.h. */
#include "loader/banner.h"

void banner_copy(struct blob from, char *text, size_t size)
{
	size_t n = 0;

	for (; n + 1 < size && n < from.size; n++) {
		uint8_t c = from.data[n];
		if (c == '\0' || c == '\n')
			break;
		text[n] = c >= 0x20 && c < 0x7f ? (char)c : '?';
	}
	text[n] = '\0';
}

void banner_find(struct blob kernel, char *text, size_t size)
{
	static const char mark[] = "Linux version ";
	const size_t len = sizeof(mark) - 1;

	text[0] = '\0';
	while (kernel.size) {
		const uint8_t *at = memmem(kernel.data, kernel.size, mark, len);
		if (!at)
			return;
		(void)blob_sub(kernel, (size_t)(at - kernel.data),
			       kernel.size - (size_t)(at - kernel.data), &kernel);
		/* A format string has '%' there. */
		if (kernel.size > len && kernel.data[len] >= '0' && kernel.data[len] <= '9') {
			banner_copy(kernel, text, size);
			return;
		}
		(void)blob_sub(kernel, len, kernel.size - len, &kernel);
	}
}

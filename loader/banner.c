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
		text[n] = (char)(c >= 0x20 && c < 0x7f ? c : '?');
	}
	text[n] = '\0';
}

/* "#1": how often it was built; before its last link, the banner of a vmlinux has "#" alone. */
static bool has_build_number(struct blob banner)
{
	for (size_t i = 0; i + 1 < banner.size && banner.data[i] && banner.data[i] != '\n'; i++)
		if (banner.data[i] == '#' && banner.data[i + 1] >= '0' && banner.data[i + 1] <= '9')
			return true;
	return false;
}

void banner_find(struct blob kernel, char *text, size_t size)
{
	static const char mark[] = "Linux version ";
	const size_t len = sizeof(mark) - 1;
	bool found = false, best = false;

	text[0] = '\0';
	while (kernel.size && !best) {
		const uint8_t *at = memmem(kernel.data, kernel.size, mark, len);
		if (!at)
			return;
		size_t off = (size_t)(at - kernel.data);
		(void)blob_sub(kernel, off, kernel.size - off, &kernel);
		/* A format string has '%' there. */
		bool is_banner =
			kernel.size > len && kernel.data[len] >= '0' && kernel.data[len] <= '9';
		best = is_banner && has_build_number(kernel);
		if (is_banner && (best || !found))
			banner_copy(kernel, text, size);
		found |= is_banner;
		(void)blob_sub(kernel, len, kernel.size - len, &kernel);
	}
}

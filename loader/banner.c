/* SPDX-License-Identifier: BSD-3-Clause */
/* Linux's banner: see banner.h. */
#include "loader/banner.h"

#include "loader/find.h"

enum { LINE_BYTES = 1024 }; /* Debian's banners have some 200 */

void banner_copy(struct blob from, char *text, size_t size)
{
	size_t n = from.size < size - 1 ? from.size : size - 1, i = 0;

	(void)blob_copy(from, 0, text, n);
	for (; i < n && text[i] != '\0' && text[i] != '\n'; i++)
		if (text[i] < ' ' || text[i] > '~')
			text[i] = '?';
	text[i] = '\0';
}

/* "#1" counts the builds. The banner that a vmlinux had before its last link has "#" alone. */
static bool has_build_number(const char *banner)
{
	for (; *banner; banner++)
		if (banner[0] == '#' && banner[1] >= '0' && banner[1] <= '9')
			return true;
	return false;
}

void banner_find(struct blob kernel, char *text, size_t size)
{
	static const char mark[] = BANNER_START;
	const size_t len = sizeof(mark) - 1;
	char line[LINE_BYTES] = "";
	bool found = false, best = false;

	text[0] = '\0';
	while (!best && find_mark(kernel, mark, len, &kernel)) {
		banner_copy(kernel, line, sizeof(line));
		/* A format string has '%' there. */
		bool is_banner = strlen(line) > len && line[len] >= '0' && line[len] <= '9';
		best = is_banner && has_build_number(line);
		if (is_banner && (best || !found))
			banner_copy((struct blob){(const uint8_t *)line, strlen(line)}, text, size);
		found |= is_banner;
		(void)blob_sub(kernel, len, kernel.size - len, &kernel);
	}
}

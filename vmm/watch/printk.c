/* SPDX-License-Identifier: BSD-3-Clause */
/* What the kernel puts in front of its messages: see printk.h. */
#include "vmm/watch/printk.h"

#include <stdbool.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Past "[   12.345678]", "[    T1]" or "[ C3]" (a caller of printk), or NULL: it is none. */
static const char *skip_stamp(const char *s)
{
	if (*s++ != '[')
		return NULL;
	while (*s == ' ')
		s++;
	if (*s == 'T' || *s == 'C')
		s++;
	if (!is_digit(*s))
		return NULL;
	while (is_digit(*s) || *s == '.')
		s++;
	return *s == ']' ? s + 1 : NULL;
}

const char *printk_message(const char *line)
{
	const char *next;

	if (line[0] == '<' && line[1] >= '0' && line[1] <= '7' && line[2] == '>')
		line += 3;
	while ((next = skip_stamp(line)) != NULL) {
		line = next;
		if (*line == ' ')
			line++;
	}
	return line;
}

void printable_copy(char *dst, size_t size, const char *line)
{
	size_t i = 0;

	for (; line[i] && i < size - 1; i++) {
		dst[i] = line[i];
		if (line[i] < 0x20 || line[i] > 0x7e)
			dst[i] = '?';
	}
	dst[i] = '\0';
}

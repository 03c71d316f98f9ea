/* SPDX-License-Identifier: BSD-3-Clause */
/* The prefixes of the kernel's messages: see printk.h. */
#include "vmm/watch/printk.h"

#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Skips "[   12.345678]", or "[    T1]" or "[ C3]" (a caller of printk); NULL: it is neither. */
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

size_t printk_stamp_before(const char *text, size_t n)
{
	size_t first = n > PRINTK_STAMP_BYTES ? n - PRINTK_STAMP_BYTES : 0, i = n;

	if (i == 0 || text[--i] != ']')
		return 0;
	for (unsigned digits = 0; digits < 6; digits++)
		if (i == first || !is_digit(text[--i]))
			return 0;
	if (i == first || text[--i] != '.' || i == first || !is_digit(text[i - 1]))
		return 0;
	while (i > first && is_digit(text[i - 1]))
		i--;
	while (i > first && text[i - 1] == ' ')
		i--;
	return i > first && text[i - 1] == '[' ? n - i + 1 : 0;
}

/* Skips a log level and stamps, each with the space after it. */
static const char *skip_stamps(const char *line)
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

const char *printk_next(const char *message)
{
	for (const char *p = strchr(message, ']'); p; p = strchr(p + 1, ']')) {
		if (!printk_stamp_before(message, (size_t)(p + 1 - message)))
			continue;
		p++;
		return skip_stamps(*p == ' ' ? p + 1 : p);
	}
	return NULL;
}

const char *printk_message(const char *line)
{
	const char *message = skip_stamps(line), *next;

	if (message > line)
		return message;
	next = printk_next(line);
	return next ? next : line;
}

bool printk_begins_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
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

/* SPDX-License-Identifier: BSD-3-Clause */
/* UTF-8: see utf8.h. */
#include "vmm/report/utf8.h"

#include <stddef.h>

/* The forms of two to four bytes. */
static const struct {
	uint8_t mask, lead; /* the first byte, masked */
	unsigned more;      /* bytes that follow */
	uint32_t least;     /* a smaller value must have a shorter form */
} forms[] = {
	{0xe0, 0xc0, 1, 0x80},
	{0xf0, 0xe0, 2, 0x800},
	{0xf8, 0xf0, 3, 0x10000},
};

/* The number of bytes; 0: it is not a character. */
static uint32_t decode(const uint8_t *s, unsigned more, uint32_t least, uint8_t lead_bits)
{
	uint32_t c = s[0] & lead_bits;

	for (unsigned i = 1; i <= more; i++) {
		if ((s[i] & 0xc0) != 0x80) /* also the NUL at the end */
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	return c;
}

uint32_t utf8_next(const char **text)
{
	const uint8_t *s = (const uint8_t *)*text;

	if (!s[0])
		return 0;
	if (s[0] < 0x80) {
		*text += 1;
		return s[0];
	}
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if ((s[0] & forms[i].mask) != forms[i].lead)
			continue;
		uint32_t c = decode(s, forms[i].more, forms[i].least, (uint8_t)~forms[i].mask);
		if (!c)
			break;
		*text += 1 + forms[i].more;
		return c;
	}
	*text += 1;
	return UTF8_REPLACEMENT;
}

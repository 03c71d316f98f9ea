/* SPDX-License-Identifier: BSD-3-Clause */
/* Text in XML: see xml.h. */
#include "vmm/report/xml.h"

#include "vmm/report/utf8.h"

#include <inttypes.h>
#include <stdbool.h>

/* Section 2.2, production Char. */
static bool is_char(uint32_t c)
{
	if (c < 0x20)
		return c == '\t' || c == '\n';
	return c != 0xfffe && c != 0xffff;
}

void xml_text(FILE *f, const char *text)
{
	while (*text) {
		const char *begin = text;
		uint32_t c = utf8_next(&text);
		bool invalid = c == UTF8_REPLACEMENT && text == begin + 1;
		if (invalid || !is_char(c))
			fputs("&#xfffd;", f);
		else if (c == '<' || c == '>' || c == '&' || c == '"' || c == 0x7f)
			fprintf(f, "&#%" PRIu32 ";", c);
		else
			fwrite(begin, 1, (size_t)(text - begin), f);
	}
}

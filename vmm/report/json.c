/* SPDX-License-Identifier: BSD-3-Clause */
/* Writes JSON: see json.h. */
#include "vmm/report/json.h"

#include "vmm/report/utf8.h"

#include <inttypes.h>

static void new_line(const struct json *j)
{
	fputc('\n', j->f);
	for (unsigned i = 0; i < j->depth; i++)
		fputs("  ", j->f);
}

/* Writes what precedes a member's value: the comma, the indentation, the key. */
static void begin_member(struct json *j, const char *key)
{
	if (j->inside)
		fputc(',', j->f);
	if (j->depth)
		new_line(j);
	if (key)
		fprintf(j->f, "\"%s\": ", key);
	j->inside = true;
}

void json_begin(struct json *j, const char *key, char bracket)
{
	begin_member(j, key);
	fputc(bracket, j->f);
	j->depth++;
	j->inside = false;
}

void json_end(struct json *j, char bracket)
{
	j->depth--;
	if (j->inside)
		new_line(j);
	fputc(bracket, j->f);
	if (!j->depth)
		fputc('\n', j->f);
	j->inside = true;
}

void json_string(struct json *j, const char *key, const char *text)
{
	if (!text) {
		json_null(j, key);
		return;
	}
	begin_member(j, key);
	fputc('"', j->f);
	for (uint32_t c; text[0];) {
		const char *begin = text;
		c = utf8_next(&text);
		if (c == '"' || c == '\\')
			fprintf(j->f, "\\%c", (int)c);
		else if (c == '\n')
			fputs("\\n", j->f);
		else if (c < 0x20 || c == 0x7f || (c == UTF8_REPLACEMENT && text == begin + 1))
			fprintf(j->f, "\\u%04" PRIx32, c);
		else
			fwrite(begin, 1, (size_t)(text - begin), j->f);
	}
	fputc('"', j->f);
}

void json_text(struct json *j, const char *key, const char *text)
{
	json_string(j, key, text && text[0] ? text : NULL);
}

void json_number(struct json *j, const char *key, uint64_t value)
{
	begin_member(j, key);
	fprintf(j->f, "%" PRIu64, value);
}

void json_bool(struct json *j, const char *key, bool value)
{
	begin_member(j, key);
	fputs(value ? "true" : "false", j->f);
}

void json_null(struct json *j, const char *key)
{
	begin_member(j, key);
	fputs("null", j->f);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* The input is a regular expression, a NUL, and a text. */
#include "fuzz.h"
#include "vmm/watch/matcher.h"

#include <stdlib.h>
#include <string.h>

/* Texts are short here: that long ones take no longer than they are long, test_matcher.c shows. */
enum { TEXT_MAX = 64 };

static void search(const struct matcher *m, bool ends, const char *text)
{
	size_t end = 0;

	for (int inside = 0; inside < 2; inside++)
		if (matcher_find(m, text, inside, ends ? &end : NULL))
			CHECK(end <= strlen(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t length = strnlen((const char *)data, size);
	size_t rest = size - length < TEXT_MAX ? size - length : TEXT_MAX;
	char *text = strndup((const char *)data, length);
	char *line = rest ? strndup((const char *)data + length + 1, rest - 1) : strdup("");

	CHECK(text && line);
	for (int ends = 0; ends < 2; ends++) {
		struct matcher m;
		struct err e = {""};
		if (matcher_init(&m, text, ends, &e)) {
			CHECK(e.text[0]);
			continue;
		}
		search(&m, ends, line);
		matcher_fini(&m);
	}
	free(text);
	free(line);
	return 0;
}

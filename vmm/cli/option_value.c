/* SPDX-License-Identifier: BSD-3-Clause */
/* Values of options, from text to struct config: see option_value.h. */
#include "vmm/cli/option_value.h"

#include "arch/board.h"
#include "vmm/base/strings.h"
#include "vmm/cli/quantity.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PAGE_BYTES 4096u
#define MAX_MEMORY (1ull << 46) /* 46 bits of physical address */
#define MAX_CPUS   65535u

int option_store_flag(const struct option_row *row, const char *text, void *field, struct err *e)
{
	(void)row;
	(void)text;
	(void)e;
	*(bool *)field = true;
	return 0;
}

int option_store_constant(const struct option_row *row, const char *text, void *field,
			  struct err *e)
{
	(void)text;
	(void)e;
	*(unsigned *)field = row->constant;
	return 0;
}

/* Writes the words to @text, as "on, log or off". */
static void list_words(const struct option_word *words, char *text, size_t size)
{
	size_t n = 0;

	for (const struct option_word *w = words; w->word && n < size; w++) {
		const char *before = w == words ? "" : w[1].word ? ", " : " or ";
		n += (size_t)snprintf(text + n, size - n, "%s%s", before, w->word);
	}
}

int option_store_word(const struct option_row *row, const char *text, void *field, struct err *e)
{
	char expected[64] = "";

	for (const struct option_word *w = row->words; w->word; w++)
		if (strcmp(w->word, text) == 0) {
			*(unsigned *)field = w->value;
			return 0;
		}
	list_words(row->words, expected, sizeof(expected));
	return err_set(e, "'%s', expected %s", text, expected);
}

int option_store_text(const struct option_row *row, const char *text, void *field, struct err *e)
{
	(void)row;
	(void)e;
	*(const char **)field = text;
	return 0;
}

static int check_file_name(const char *text, struct err *e)
{
	return *text ? 0 : err_set(e, "an empty file name");
}

int option_store_file(const struct option_row *row, const char *text, void *field, struct err *e)
{
	return check_file_name(text, e) ? -1 : option_store_text(row, text, field, e);
}

int option_store_texts(const struct option_row *row, const char *text, void *field, struct err *e)
{
	(void)row;
	struct strings *list = field;

	if (list->n == STRINGS_MAX)
		return err_set(e, "given more than %d times", STRINGS_MAX);
	list->at[list->n++] = text;
	return 0;
}

int option_store_files(const struct option_row *row, const char *text, void *field, struct err *e)
{
	return check_file_name(text, e) ? -1 : option_store_texts(row, text, field, e);
}

int option_store_cpus(const struct option_row *row, const char *text, void *field, struct err *e)
{
	(void)row;
	const char *rest = text;
	uint64_t n;

	if (quantity_number(text, &n, &rest, e))
		return -1;
	if (*rest)
		return err_set(e, "'%s' is not a number", text);
	if (n < 1 || n > MAX_CPUS)
		return err_set(e, "'%s', expected 1 to %u", text, MAX_CPUS);
	*(unsigned *)field = (unsigned)n;
	return 0;
}

int option_store_memory(const struct option_row *row, const char *text, void *field, struct err *e)
{
	(void)row;
	uint64_t bytes;

	if (quantity_size(text, &bytes, e))
		return -1;
	if (bytes % PAGE_BYTES)
		return err_set(e, "'%s' is not a multiple of 4K, the page size", text);
	if (bytes < board_native->min_ram_bytes)
		return err_set(e, "'%s' is too little, expected at least %" PRIu64 "K", text,
			       board_native->min_ram_bytes >> 10);
	if (bytes > MAX_MEMORY)
		return err_set(e, "'%s' is too large, expected at most %lluT", text,
			       MAX_MEMORY >> 40);
	*(uint64_t *)field = bytes;
	return 0;
}

int option_store_duration(const struct option_row *row, const char *text, void *field,
			  struct err *e)
{
	(void)row;
	return quantity_duration(text, field, e);
}

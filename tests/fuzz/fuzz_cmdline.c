/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The input is a little program for the command line builder: two bytes of capacity, then calls,
 * each one byte that says which and its strings, which end with a NUL.
 */
#include "fuzz.h"
#include "loader/cmdline.h"

#include <string.h>

struct input {
	const uint8_t *data;
	size_t size;
};

/* The next string as a heap block of its own; the caller frees it. */
static char *next_string(struct input *in)
{
	size_t len = strnlen((const char *)in->data, in->size);
	char *s = malloc(len + 1);
	CHECK(s);
	if (len)
		memcpy(s, in->data, len);
	s[len] = '\0';
	in->data += len;
	in->size -= len;
	if (in->size) { /* the NUL */
		in->data++;
		in->size--;
	}
	return s;
}

static int call(struct cmdline *c, struct input *in, struct err *e)
{
	uint8_t which = *in->data;
	in->data++;
	in->size--;
	char *a = next_string(in);
	char *b = NULL;
	int r;
	switch (which % 5) {
	case 0:
		b = next_string(in);
		r = cmdline_add_kv(c, a, b, e);
		break;
	case 1:
		r = cmdline_add_string(c, a, e);
		break;
	case 2:
		r = cmdline_add_init(c, a, e);
		break;
	case 3:
		r = cmdline_parse(c, a, e);
		break;
	default:
		b = next_string(in);
		r = cmdline_add_list(c, a, (const char *const[]){b, a, b}, which % 4, e);
		break;
	}
	free(a);
	free(b);
	return r;
}

/* What is rendered, parsed again, renders alike. */
static void check_round_trip(const char *line, size_t capacity)
{
	struct cmdline c;
	struct err e = {""};
	char *storage = malloc(2 * capacity);
	char *again = malloc(capacity);
	CHECK(storage && again);
	CHECK(cmdline_init(&c, storage, capacity, &e) == 0);
	CHECK(cmdline_parse(&c, line, &e) == 0);
	cmdline_render(&c, again);
	CHECK(strcmp(line, again) == 0);
	free(again);
	free(storage);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	size_t capacity = data[0] + (data[1] % 16) * 256u + 1;
	struct input in = {data + 2, size - 2};
	char *storage = malloc(2 * capacity);
	char *line = malloc(capacity);
	struct cmdline c;
	struct err e = {""};
	CHECK(storage && line);
	CHECK(cmdline_init(&c, storage, capacity, &e) == 0);
	while (in.size) {
		size_t before = cmdline_length(&c);
		e.text[0] = '\0';
		if (call(&c, &in, &e))
			CHECK(e.text[0] && cmdline_length(&c) == before);
		CHECK(cmdline_length(&c) >= before && cmdline_length(&c) < capacity);
	}
	cmdline_render(&c, line);
	CHECK(strlen(line) == cmdline_length(&c));
	check_round_trip(line, capacity);
	free(line);
	free(storage);
	return 0;
}

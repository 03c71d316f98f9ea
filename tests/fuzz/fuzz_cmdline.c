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

/* The bytes of @s as a number. */
static uint64_t number(const char *s)
{
	uint64_t n = 0;
	memcpy(&n, s, strnlen(s, sizeof(n)));
	return n;
}

static int call(struct cmdline *c, struct input *in, struct err *e)
{
	uint8_t which = *in->data;
	in->data++;
	in->size--;
	char *a = next_string(in);
	char *b = NULL;
	int r;
	switch (which % 6) {
	case 0:
		b = next_string(in);
		r = cmdline_add_kv(c, a, b, e);
		CHECK(r || cmdline_has(c->boot, a));
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
	case 4:
		b = next_string(in);
		r = cmdline_add_virtio_mmio(c, number(a), number(b), (uint32_t)number(b),
					    (int8_t)which, e);
		CHECK(r || cmdline_has(c->boot, "virtio_mmio.device"));
		break;
	default:
		b = next_string(in);
		r = cmdline_add_list(c, a, (const char *const[]){b, a, b}, which / 6 % 4, e);
		break;
	}
	free(a);
	free(b);
	return r;
}

/* It is loaded where it just fits, and nowhere else. */
static void check_load(const struct cmdline *c, const char *line)
{
	size_t bytes = strlen(line) + 1;
	char *ram = malloc(bytes);
	struct gmem mem = {.n = 0};
	struct err e = {""};
	CHECK(ram && gmem_add(&mem, 0x1000, bytes, ram, &e) == 0);
	CHECK(cmdline_load(c, &mem, 0x1000, &e) == 0 && strcmp(ram, line) == 0);
	CHECK(cmdline_load(c, &mem, 0x1001, &e) && cmdline_load(c, &mem, 0xfff, &e));
	free(ram);
}

/* A rendered line that is parsed renders to the same line again. */
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
	check_load(&c, line);
	check_round_trip(line, capacity);
	free(line);
	free(storage);
	return 0;
}

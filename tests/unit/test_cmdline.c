/* SPDX-License-Identifier: BSD-3-Clause */
#include "loader/cmdline.h"
#include "suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* One call of the builder; a test case is a few of them, then a line or an error of the last one.
 */
struct call {
	enum { END, KV, STRING, INIT, PARSE } kind;
	const char *a, *b;
};

static int run(struct cmdline *c, const struct call *call, struct err *e)
{
	switch (call->kind) {
	case KV:
		return cmdline_add_kv(c, call->a, call->b, e);
	case STRING:
		return cmdline_add_string(c, call->a, e);
	case INIT:
		return cmdline_add_init(c, call->a, e);
	case PARSE:
		return cmdline_parse(c, call->a, e);
	case END:
		break;
	}
	ck_abort();
	return -1;
}

static const struct {
	size_t capacity;
	struct call calls[4];
	const char *line; /* after all calls but a refused last one */
	const char *error;
} cases[] = {
	{1, {{END}}, "", NULL},
	{64, {{KV, "console", "ttyS0"}}, "console=ttyS0", NULL},
	{64, {{KV, "a", "1"}, {KV, "b", "2"}}, "a=1 b=2", NULL},
	{64, {{KV, "dyndbg", "file a.c +p"}}, "dyndbg=\"file a.c +p\"", NULL},
	{64, {{KV, "a", "b=c"}}, "a=b=c", NULL},
	{64, {{STRING, "quiet ro"}, {KV, "a", "1"}}, "quiet ro a=1", NULL},
	{64, {{STRING, ""}, {STRING, "ro"}, {STRING, ""}}, "ro", NULL},
	{64, {{STRING, "a=\"x -- y\" b"}}, "a=\"x -- y\" b", NULL},
	{64,
	 {{STRING, "-- x-- --y \"-- \""}},
	 "",
	 "command line: \"--\" at offset 0 among the kernel's parameters (arguments for init are "
	 "added apart)"},
	{64, {{STRING, "x-- --y \"-- \" --="}}, "x-- --y \"-- \" --=", NULL},
	{64, {{INIT, "a b"}}, "-- a b", NULL},
	{64, {{INIT, ""}}, "", NULL},
	{64, {{INIT, "a"}, {STRING, "ro"}, {INIT, "-- b"}}, "ro -- a -- b", NULL},
	{64, {{PARSE, ""}}, "", NULL},
	{64, {{PARSE, "ro quiet"}}, "ro quiet", NULL},
	{64, {{PARSE, "ro -- a -- b"}, {KV, "c", "d"}}, "ro c=d -- a -- b", NULL},
	{64, {{PARSE, "-- a"}, {STRING, "ro"}}, "ro -- a", NULL},
	{64, {{PARSE, "ro --"}, {INIT, "a"}}, "ro -- a", NULL},
	{64, {{PARSE, "ro --"}}, "ro", NULL},
	{64, {{PARSE, "--"}}, "", NULL},
	{64, {{PARSE, "ro \"--\" a"}}, "ro -- a", NULL},
	{64, {{PARSE, "a=\" -- \" b"}, {STRING, "c"}}, "a=\" -- \" b c", NULL},
	/* Verbatim: spaces at the ends and around the separator stay. */
	{64, {{PARSE, "  a  --  b "}}, "  a  --  b ", NULL},
	{64, {{PARSE, " -- b"}}, "-- b", NULL},
	{64, {{PARSE, "a -- "}}, "a", NULL},

	/* Errors; what was there before stays. */
	{64, {{KV, "", "1"}}, "", "command line: an empty key"},
	{64, {{KV, "a", ""}}, "", "command line: an empty value for the key 'a'"},
	{64, {{KV, "a=b", "1"}}, "", "command line: '=' in the key 'a=b'"},
	{64, {{KV, "a b", "1"}}, "", "command line: ' ' in the key 'a b'"},
	{64, {{KV, "a\"", "1"}}, "", "command line: '\"' in the key 'a\"'"},
	{64,
	 {{STRING, "ro"}, {KV, "a", "x\"y"}},
	 "ro",
	 "command line: a quote in the value for the key 'a', which the kernel has no way to "
	 "escape"},
	{64,
	 {{KV, "a\n", "1"}},
	 "",
	 "command line: byte 0x0a at offset 1 is not a printable ASCII character"},
	{64,
	 {{KV, "a", "1\t2"}},
	 "",
	 "command line: byte 0x09 at offset 1 is not a printable ASCII character"},
	{64,
	 {{STRING, "ab\x7f"}},
	 "",
	 "command line: byte 0x7f at offset 2 is not a printable ASCII character"},
	{64,
	 {{INIT, "\xc3\xbc"}},
	 "",
	 "command line: byte 0xc3 at offset 0 is not a printable ASCII character"},
	{64,
	 {{PARSE, "ro -- \r"}},
	 "",
	 "command line: byte 0x0d at offset 6 is not a printable ASCII character"},
	{64, {{STRING, "a=\"b\" c=\"d"}}, "", "command line: the quote at offset 8 is not closed"},
	{64, {{INIT, "\""}}, "", "command line: the quote at offset 0 is not closed"},
	{64, {{PARSE, "a \"b -- c"}}, "", "command line: the quote at offset 2 is not closed"},
	{64,
	 {{STRING, "ro \"--\" a"}},
	 "",
	 "command line: \"--\" at offset 2 among the kernel's parameters (arguments for init are "
	 "added apart)"},

	/* The capacity counts the NUL. */
	{1, {{STRING, "a"}}, "", "command line: 1 bytes, but the kernel takes at most 0"},
	{4, {{KV, "a", "1"}}, "a=1", NULL},
	{3, {{KV, "a", "1"}}, "", "command line: 3 bytes, but the kernel takes at most 2"},
	{6, {{KV, "a", "1 2"}}, "", "command line: 7 bytes, but the kernel takes at most 5"},
	{8, {{KV, "a", "1 2"}}, "a=\"1 2\"", NULL},
	{6, {{STRING, "ab"}, {STRING, "cd"}}, "ab cd", NULL},
	{5,
	 {{STRING, "ab"}, {STRING, "cd"}},
	 "ab",
	 "command line: 5 bytes, but the kernel takes at most 4"},
	{9, {{STRING, "ab"}, {INIT, "cd"}}, "ab -- cd", NULL},
	{8,
	 {{STRING, "ab"}, {INIT, "cd"}},
	 "ab",
	 "command line: 8 bytes, but the kernel takes at most 7"},
	{6, {{INIT, "cd"}}, "-- cd", NULL},
	{5, {{INIT, "cd"}}, "", "command line: 5 bytes, but the kernel takes at most 4"},
	{9, {{PARSE, "ab -- cd"}}, "ab -- cd", NULL},
	{8, {{PARSE, "ab -- cd"}}, "", "command line: 8 bytes, but the kernel takes at most 7"},
	{8,
	 {{STRING, "ro"}, {PARSE, "ab -- cd"}},
	 "ro",
	 "command line: 11 bytes, but the kernel takes at most 7"},
};

START_TEST(build)
{
	size_t capacity = cases[_i].capacity;
	char *storage = malloc(2 * capacity); /* exact: AddressSanitizer watches its ends */
	char *line = malloc(capacity);
	struct cmdline c;
	struct err e = {""};
	int r = 0;

	ck_assert_int_eq(cmdline_init(&c, storage, capacity, &e), 0);
	for (const struct call *call = cases[_i].calls; call->kind != END; call++) {
		ck_assert_msg(r == 0, "%s", e.text);
		r = run(&c, call, &e);
	}
	ck_assert_str_eq(e.text, cases[_i].error ? cases[_i].error : "");
	ck_assert_int_eq(r, cases[_i].error ? -1 : 0);
	ck_assert_uint_eq(cmdline_length(&c), strlen(cases[_i].line));
	cmdline_render(&c, line);
	ck_assert_str_eq(line, cases[_i].line);
	free(line);
	free(storage);
}
END_TEST

START_TEST(init_refuses)
{
	struct cmdline c;
	struct err e = {""};
	ck_assert_int_eq(cmdline_init(&c, NULL, 0, &e), -1);
	ck_assert_str_eq(e.text, "command line: a capacity of 0 bytes, expected 1 to 65536");
	ck_assert_int_eq(cmdline_init(&c, NULL, 65537, &e), -1);
	ck_assert_str_eq(e.text, "command line: a capacity of 65537 bytes, expected 1 to 65536");
}
END_TEST

static const struct {
	size_t capacity;
	const char *key;
	const char *values[4];
	const char *line; /* or ... */
	const char *error;
} lists[] = {
	{64, "a", {"1"}, "a=1", NULL},
	{64,
	 "earlycon",
	 {"uart8250", "mmio", "0x1000000"},
	 "earlycon=uart8250,mmio,0x1000000",
	 NULL},
	{64, "a", {"b=c", "d"}, "a=b=c,d", NULL},
	{64, "a", {"b c", "d"}, "a=\"b c,d\"", NULL},
	{10, "a", {"1", "22", "3"}, "a=1,22,3", NULL},
	{8, "a", {"1", "22", "3"}, NULL, "command line: 8 bytes, but the kernel takes at most 7"},
	{10,
	 "a",
	 {"1", "2 2", "3"},
	 NULL,
	 "command line: 11 bytes, but the kernel takes at most 9"},
	{64, "a", {NULL}, NULL, "command line: no value for the key 'a'"},
	{64, "a=", {NULL}, NULL, "command line: '=' in the key 'a='"},
	{64, "", {"1"}, NULL, "command line: an empty key"},
	{64, "a b", {"1"}, NULL, "command line: ' ' in the key 'a b'"},
	{64, "a\"", {"1"}, NULL, "command line: '\"' in the key 'a\"'"},
	{64, "a", {"1", ""}, NULL, "command line: an empty value for the key 'a'"},
	{64,
	 "a",
	 {"1", "2\""},
	 NULL,
	 "command line: a quote in the value for the key 'a', which the kernel has no way to "
	 "escape"},
	{64,
	 "a",
	 {"1", "2,3"},
	 NULL,
	 "command line: a comma in the value '2,3' for the key 'a', where commas separate values"},
	{64,
	 "a",
	 {"1", "\n"},
	 NULL,
	 "command line: byte 0x0a at offset 0 is not a printable ASCII character"},
	{64,
	 "\xc3\xbc",
	 {"1"},
	 NULL,
	 "command line: byte 0xc3 at offset 0 is not a printable ASCII character"},
};

/* What the builder holds is @line; or the last call failed with @error and changed nothing. */
static void expect_line(const struct cmdline *c, int r, const char *line, const char *error,
			const struct err *e)
{
	char got[256];
	cmdline_render(c, got);
	ck_assert_str_eq(got, line ? line : "");
	ck_assert_int_eq(r, error ? -1 : 0);
	if (error)
		ck_assert_str_eq(e->text, error);
}

START_TEST(list)
{
	char storage[2 * 64];
	struct cmdline c;
	struct err e = {""};
	size_t n = 0;
	while (lists[_i].values[n])
		n++;
	ck_assert_int_eq(cmdline_init(&c, storage, lists[_i].capacity, &e), 0);
	int r = cmdline_add_list(&c, lists[_i].key, lists[_i].values, n, &e);
	expect_line(&c, r, lists[_i].line, lists[_i].error, &e);
}
END_TEST

static const struct {
	size_t capacity;
	uint64_t bytes;
	gpa_t base;
	uint32_t irq;
	int id;
	const char *line; /* or ... */
	const char *error;
} devices[] = {
	{100, 1, 0, 1, -1, "virtio_mmio.device=1@0x0:1", NULL},
	{100, 512, 0xd0000000, 5, 0, "virtio_mmio.device=512@0xd0000000:5:0", NULL},
	{100, 2 << 10, 0x100, 2, -1, "virtio_mmio.device=2K@0x100:2", NULL},
	{100, 1025, 0x100, 2, -1, "virtio_mmio.device=1025@0x100:2", NULL},
	{100, 3 << 20, 0x1000, 3, -1, "virtio_mmio.device=3M@0x1000:3", NULL},
	{100, (3 << 20) + 1024, 0x1000, 3, -1, "virtio_mmio.device=3073K@0x1000:3", NULL},
	{100, 4ULL << 30, 0x10000, 4, 42, "virtio_mmio.device=4G@0x10000:4:42", NULL},
	{100, 1ULL << 63, UINT64_MAX, UINT32_MAX, INT32_MAX,
	 "virtio_mmio.device=8589934592G@0xffffffffffffffff:4294967295:2147483647", NULL},
	{100, UINT64_MAX, UINT64_MAX, UINT32_MAX, INT32_MAX,
	 "virtio_mmio.device=18446744073709551615@0xffffffffffffffff:4294967295:2147483647", NULL},
	{27, 1, 0, 1, -1, "virtio_mmio.device=1@0x0:1", NULL},
	{26, 1, 0, 1, -1, NULL, "command line: 26 bytes, but the kernel takes at most 25"},
	{100, 0, 0x1000, 1, -1, NULL, "command line: a virtio-mmio device of 0 bytes at 0x1000"},
};

START_TEST(virtio_mmio_device)
{
	char storage[2 * 100];
	struct cmdline c;
	struct err e = {""};
	ck_assert_int_eq(cmdline_init(&c, storage, devices[_i].capacity, &e), 0);
	int r = cmdline_add_virtio_mmio(&c, devices[_i].bytes, devices[_i].base, devices[_i].irq,
					devices[_i].id, &e);
	expect_line(&c, r, devices[_i].line, devices[_i].error, &e);
}
END_TEST

START_TEST(load_writes_the_line_with_its_nul)
{
	static uint8_t ram[64];
	struct gmem mem = {0};
	char storage[64];
	struct cmdline c;
	struct err e = {""};
	memset(ram, 0xcc, sizeof(ram));
	ck_assert_int_eq(gmem_add(&mem, 0x1000, sizeof(ram), ram, &e), 0);
	ck_assert_int_eq(cmdline_init(&c, storage, 32, &e), 0);
	ck_assert_int_eq(cmdline_parse(&c, "ro -- a", &e), 0);

	ck_assert_int_eq(cmdline_load(&c, &mem, 0x1038, &e), 0);
	ck_assert_mem_eq(ram + 0x38, "ro -- a", 8);
	ck_assert_uint_eq(ram[0x37], 0xcc);
	ck_assert_int_eq(cmdline_load(&c, &mem, 0x1039, &e), -1);
	ck_assert_str_eq(e.text, "command line: 8 bytes at 0x1039 do not lie in RAM");
}
END_TEST

static const struct {
	const char *line, *name;
	bool has;
} words[] = {
	{"", "nokaslr", false},
	{"nokaslr", "nokaslr", true},
	{"quiet nokaslr", "nokaslr", true},
	{" \tnokaslr\t", "nokaslr", true},
	{"nokaslr=1 quiet", "nokaslr", true},
	{"nokaslrx", "nokaslr", false},
	{"xnokaslr nokasl", "nokaslr", false},
	{"memmap=1M$1M", "mem", false},
	{"ro mem=100M", "mem", true},
	{"a -- mem=1", "mem", true},
};

START_TEST(has)
{
	ck_assert_int_eq(cmdline_has(words[_i].line, words[_i].name), words[_i].has);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("cmdline");
	TCase *tc = tcase_create("cmdline");
	tcase_add_loop_test(tc, build, 0, COUNT(cases));
	tcase_add_loop_test(tc, has, 0, COUNT(words));
	tcase_add_test(tc, init_refuses);
	tcase_add_loop_test(tc, list, 0, COUNT(lists));
	tcase_add_loop_test(tc, virtio_mmio_device, 0, COUNT(devices));
	tcase_add_test(tc, load_writes_the_line_with_its_nul);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

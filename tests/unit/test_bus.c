/* SPDX-License-Identifier: BSD-3-Clause */
/* Ports and MMIO: what reaches which device, in which pieces. */
#include "suite.h"
#include "vmm/machine/bus.h"

#include <check.h>
#include <string.h>

/* A device that notes what is done to it. */
struct probe {
	struct {
		uint64_t offset, value;
		unsigned size;
		bool write;
	} call[16];
	unsigned n;
	uint64_t answer; /* what reads give, one more each time */
};

static uint64_t probe_read(void *dev, uint64_t offset, unsigned size)
{
	struct probe *p = dev;
	ck_assert_uint_lt(p->n, COUNT(p->call));
	p->call[p->n].offset = offset;
	p->call[p->n].size = size;
	p->call[p->n++].write = false;
	return p->answer++;
}

static void probe_write(void *dev, uint64_t offset, unsigned size, uint64_t value)
{
	struct probe *p = dev;
	ck_assert_uint_lt(p->n, COUNT(p->call));
	p->call[p->n].offset = offset;
	p->call[p->n].size = size;
	p->call[p->n].value = value;
	p->call[p->n++].write = true;
}

static const struct device_ops bytes_ops = {"bytes", 1, probe_read, probe_write};
static const struct device_ops words_ops = {"words", 4, probe_read, probe_write};
static const struct device_ops quads_ops = {"quads", 8, probe_read, probe_write};

static void expect(const struct probe *p, unsigned i, bool write, uint64_t offset, unsigned size,
		   uint64_t value)
{
	ck_assert_uint_lt(i, p->n);
	ck_assert_int_eq(p->call[i].write, write);
	ck_assert_uint_eq(p->call[i].offset, offset);
	ck_assert_uint_eq(p->call[i].size, size);
	if (write)
		ck_assert_uint_eq(p->call[i].value, value);
}

static void add(struct bus *bus, uint64_t base, uint64_t size, const struct device_ops *ops,
		struct probe *p)
{
	struct err e = {""};
	ck_assert_msg(bus_add(bus, base, size, ops, p, &e) == 0, "%s", e.text);
}

/* Two ranges are there: [0x100, 0x108) and [0x200, 0x210). */
static const struct {
	uint64_t base, size;
	const char *error; /* NULL: accepted */
} adds[] = {
	{0x0, 0x100, NULL},
	{0xff, 1, NULL},
	{0x108, 0xf8, NULL},
	{0x210, UINT64_MAX - 0x210 + 1, NULL},
	{UINT64_MAX, 1, NULL},
	{0x100, 8, "words at 0x100 overlaps bytes"},
	{0x100, 1, "words at 0x100 overlaps bytes"},
	{0x107, 1, "words at 0x107 overlaps bytes"},
	{0xff, 2, "words at 0xff overlaps bytes"},
	{0x0, 0x1000, "words at 0x0 overlaps bytes"},
	{0x107, 0x1000, "words at 0x107 overlaps bytes"},
	{0x108, 0xf9, "words at 0x108 overlaps quads"},
	{0x20f, 1, "words at 0x20f overlaps quads"},
	{0x150, 0, "words: no range: base 0x150, size 0x0"},
	{0, 0, "words: no range: base 0x0, size 0x0"},
	{UINT64_MAX, 2, "words: no range: base 0xffffffffffffffff, size 0x2"},
	{0x210, UINT64_MAX - 0x210 + 2, "words: no range: base 0x210, size 0xfffffffffffffdf1"},
	{1, UINT64_MAX, "words at 0x1 overlaps bytes"},
	{2, UINT64_MAX, "words: no range: base 0x2, size 0xffffffffffffffff"},
};

START_TEST(add_checks)
{
	struct bus bus = {.n = 0};
	struct probe a = {.n = 0}, b = {.n = 0}, c = {.n = 0};
	struct err e = {""};
	uint8_t byte = 1;

	add(&bus, 0x200, 0x10, &quads_ops, &b);
	add(&bus, 0x100, 8, &bytes_ops, &a);
	int result = bus_add(&bus, adds[_i].base, adds[_i].size, &words_ops, &c, &e);
	ck_assert_str_eq(e.text, adds[_i].error ? adds[_i].error : "");
	ck_assert_int_eq(result, adds[_i].error ? -1 : 0);
	ck_assert_uint_eq(bus.n, adds[_i].error ? 2 : 3);
	/* Whatever the order of adding, each is found at its first and last byte. */
	ck_assert(bus_write(&bus, 0x100, &byte, 1) && bus_write(&bus, 0x107, &byte, 1));
	ck_assert(bus_write(&bus, 0x200, &byte, 1) && bus_write(&bus, 0x20f, &byte, 1));
	ck_assert_uint_eq(a.n, 2);
	ck_assert_uint_eq(b.n, 2);
	if (adds[_i].error)
		return;
	ck_assert(bus_write(&bus, adds[_i].base, &byte, 1));
	ck_assert(bus_write(&bus, adds[_i].base + adds[_i].size - 1, &byte, 1));
	expect(&c, 0, true, 0, 1, 1);
	expect(&c, 1, true, adds[_i].size - 1, 1, 1);
}
END_TEST

START_TEST(add_refuses_one_too_many)
{
	struct bus bus = {.n = 0};
	struct probe p = {.n = 0};
	struct err e;

	for (unsigned i = 0; i < BUS_MAX_RANGES; i++)
		add(&bus, (uint64_t)(BUS_MAX_RANGES - i) * 16, 16, &bytes_ops, &p);
	ck_assert_int_eq(bus_add(&bus, 0, 1, &bytes_ops, &p, &e), -1);
	ck_assert_str_eq(e.text, "bytes: the bus has 32 ranges already");
	for (unsigned i = 1; i < BUS_MAX_RANGES; i++)
		ck_assert_uint_eq(bus.range[i - 1].base + 16, bus.range[i].base);
}
END_TEST

START_TEST(nobody_is_there)
{
	struct bus bus = {.n = 0};
	struct probe p = {.n = 0};
	uint8_t data[8] = {0};

	ck_assert(!bus_read(&bus, 0x80, data, 8));
	ck_assert_mem_eq(data, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
	ck_assert(!bus_write(&bus, 0x80, data, 8));
	add(&bus, 0x100, 8, &bytes_ops, &p);
	memset(data, 0, sizeof(data));
	ck_assert(!bus_read(&bus, 0xfc, data, 4));
	ck_assert_mem_eq(data, "\xff\xff\xff\xff\0\0\0\0", 8); /* and no byte after */
	ck_assert(!bus_read(&bus, 0x108, data, 1));
	ck_assert(!bus_write(&bus, 0x108, data, 4));
	ck_assert_uint_eq(p.n, 0);
}
END_TEST

START_TEST(no_bytes_do_nothing)
{
	struct bus bus = {.n = 0};
	struct probe p = {.n = 0};
	uint8_t data[2] = {1, 2};

	add(&bus, 0x100, 8, &bytes_ops, &p);
	ck_assert(!bus_read(&bus, 0x100, data, 0));
	ck_assert(!bus_write(&bus, 0x100, data, 0));
	ck_assert_uint_eq(p.n, 0);
	ck_assert_uint_eq(data[0], 1);
}
END_TEST

static const uint8_t pattern[8] = {0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88};

START_TEST(wide_writes_are_split)
{
	struct bus bus = {.n = 0};
	struct probe b = {.n = 0}, w = {.n = 0}, q = {.n = 0};

	add(&bus, 0x100, 8, &bytes_ops, &b);
	add(&bus, 0x200, 16, &words_ops, &w);
	add(&bus, 0x300, 16, &quads_ops, &q);
	ck_assert(bus_write(&bus, 0x101, pattern, 4));
	ck_assert_uint_eq(b.n, 4);
	for (unsigned i = 0; i < 4; i++)
		expect(&b, i, true, 1 + i, 1, pattern[i]);
	ck_assert(bus_write(&bus, 0x200, pattern, 8));
	ck_assert(bus_write(&bus, 0x204, pattern, 2));
	ck_assert(bus_write(&bus, 0x206, pattern, 1));
	ck_assert_uint_eq(w.n, 4);
	expect(&w, 0, true, 0, 4, 0x44332211);
	expect(&w, 1, true, 4, 4, 0x88776655);
	expect(&w, 2, true, 4, 2, 0x2211);
	expect(&w, 3, true, 6, 1, 0x11);
	ck_assert(bus_write(&bus, 0x308, pattern, 8));
	ck_assert_uint_eq(q.n, 1);
	expect(&q, 0, true, 8, 8, 0x8877665544332211);
}
END_TEST

START_TEST(odd_sizes_are_split)
{
	struct bus bus = {.n = 0};
	struct probe p = {.n = 0};

	add(&bus, 0x100, 16, &quads_ops, &p);
	ck_assert(bus_write(&bus, 0x100, pattern, 7)); /* an 8-byte access that KVM cut at a page */
	ck_assert_uint_eq(p.n, 3);
	expect(&p, 0, true, 0, 4, 0x44332211);
	expect(&p, 1, true, 4, 2, 0x6655);
	expect(&p, 2, true, 6, 1, 0x77);
}
END_TEST

START_TEST(wide_reads_are_split)
{
	struct bus bus = {.n = 0};
	struct probe b = {.answer = 0x10}, w = {.answer = 0xaabbccdd};
	uint8_t data[9];

	add(&bus, 0x100, 8, &bytes_ops, &b);
	add(&bus, 0x200, 16, &words_ops, &w);
	memset(data, 0x5a, sizeof(data));
	ck_assert(bus_read(&bus, 0x100, data, 8));
	ck_assert_mem_eq(data, "\x10\x11\x12\x13\x14\x15\x16\x17\x5a", 9);
	ck_assert_uint_eq(b.n, 8);
	expect(&b, 7, false, 7, 1, 0);
	memset(data, 0x5a, sizeof(data));
	ck_assert(bus_read(&bus, 0x200, data, 2)); /* more than was asked for is cut */
	ck_assert_mem_eq(data, "\xdd\xcc\x5a", 3);
	ck_assert(bus_read(&bus, 0x204, data, 8));
	ck_assert_mem_eq(data, "\xde\xcc\xbb\xaa\xdf\xcc\xbb\xaa\x5a", 9);
}
END_TEST

START_TEST(across_the_ends_of_ranges)
{
	struct bus bus = {.n = 0};
	struct probe a = {.answer = 1}, b = {.answer = 0xf2};
	uint8_t data[8];

	add(&bus, 0x100, 3, &words_ops, &a);
	add(&bus, 0x105, 1, &words_ops, &b);
	/* After the first: two bytes of it, two of nobody; then one of the second. */
	ck_assert(bus_read(&bus, 0x101, data, 8));
	ck_assert_mem_eq(data, "\x01\x02\xff\xff\xf2\xff\xff\xff", 8);
	expect(&a, 0, false, 1, 1, 0); /* never a word at an odd register */
	expect(&a, 1, false, 2, 1, 0);
	expect(&b, 0, false, 0, 1, 0);
	a.n = b.n = 0;
	ck_assert(bus_write(&bus, 0xfe, pattern, 8));
	ck_assert_uint_eq(a.n, 2);
	expect(&a, 0, true, 0, 2, 0x4433);
	expect(&a, 1, true, 2, 1, 0x55);
	ck_assert_uint_eq(b.n, 1);
	expect(&b, 0, true, 0, 1, 0x88);
}
END_TEST

START_TEST(at_the_end_of_addresses)
{
	struct bus bus = {.n = 0};
	struct probe last = {.answer = 0xee}, first = {.answer = 0xff00};
	uint8_t data[8];

	add(&bus, UINT64_MAX, 1, &words_ops, &last);
	add(&bus, 4, 1, &words_ops, &first);
	ck_assert(bus_read(&bus, UINT64_MAX, data, 8)); /* wraps to 0, where nobody is */
	ck_assert_mem_eq(data, "\xee\xff\xff\xff\xff\x00\xff\xff", 8);
	expect(&last, 0, false, 0, 1, 0);
	ck_assert(!bus_read(&bus, UINT64_MAX - 4, data, 4));
	/* The last port: ports above it do not exist, and port 0 is not after it. */
	struct bus pio = {.n = 0};
	struct probe p = {.n = 0};
	add(&pio, 0xffff, 1, &bytes_ops, &p);
	add(&pio, 0, 1, &bytes_ops, &p);
	ck_assert(bus_write(&pio, 0xffff, pattern, 4));
	ck_assert_uint_eq(p.n, 1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("bus");
	TCase *tc = tcase_create("bus");
	tcase_add_loop_test(tc, add_checks, 0, COUNT(adds));
	tcase_add_test(tc, add_refuses_one_too_many);
	tcase_add_test(tc, nobody_is_there);
	tcase_add_test(tc, no_bytes_do_nothing);
	tcase_add_test(tc, wide_writes_are_split);
	tcase_add_test(tc, odd_sizes_are_split);
	tcase_add_test(tc, wide_reads_are_split);
	tcase_add_test(tc, across_the_ends_of_ranges);
	tcase_add_test(tc, at_the_end_of_addresses);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

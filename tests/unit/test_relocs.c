/* SPDX-License-Identifier: BSD-3-Clause */
#include "loader/relocs.h"

#include "suite.h"

#define ADDRESS 0xffffffff81000000

static uint8_t kernel_bytes[64];
static const struct relocs_target kernel = {kernel_bytes, sizeof(kernel_bytes), ADDRESS};
static struct relocs r;
static struct err e;

static struct blob words(const uint32_t *w, size_t n)
{
	return (struct blob){(const uint8_t *)w, n * sizeof(*w)};
}

static void setup(void)
{
	memset(kernel_bytes, 0xff, sizeof(kernel_bytes));
	e.text[0] = '\0';
}

static uint64_t at(size_t off)
{
	uint64_t value;
	memcpy(&value, kernel_bytes + off, sizeof(value));
	return value;
}

START_TEST(three_lists)
{
	static const uint32_t table[] = {0, 0x81000000, 0, 0x81000008, 0, 0x81000011, 0x8100003c};
	ck_assert_msg(!relocs_open(words(table, 7), &r, &e), "%s", e.text);
	ck_assert_uint_eq(r.grow64.size, 4);
	ck_assert_uint_eq(r.shrink32.size, 4);
	ck_assert_uint_eq(r.grow32.size, 8);
	ck_assert_msg(!relocs_apply(&r, &kernel, 0x12000000, &e), "%s", e.text);
	ck_assert_uint_eq(at(0), 0x11ffffff); /* with the carry, through all 64 bits */
	ck_assert_uint_eq(at(8), 0xffffffffedffffff);
	ck_assert_uint_eq(at(0x10), 0xffffff11ffffffff);
	ck_assert_uint_eq(at(0x18), UINT64_MAX);
	ck_assert_uint_eq(at(0x38), 0x11ffffffffffffff);
}
END_TEST

/* From Linux 6.15 on. */
START_TEST(two_lists)
{
	static const uint32_t table[] = {0, 0x81000038, 0};
	ck_assert_msg(!relocs_open(words(table, 3), &r, &e), "%s", e.text);
	ck_assert_uint_eq(r.shrink32.size, 0);
	ck_assert_uint_eq(r.grow32.size, 0);
	ck_assert_msg(!relocs_apply(&r, &kernel, 1, &e), "%s", e.text);
	ck_assert_uint_eq(at(0x38), 0);
}
END_TEST

static const struct {
	uint32_t word[5];
	size_t bytes;
	const char *text;
} tables[] = {
	{{0}, 0, "relocations: 0 lists, expected 2 or 3"},
	{{0, 1, 2}, 12, "relocations: 1 lists, expected 2 or 3"},
	{{0, 0, 0, 0}, 16, "relocations: more than 3 lists"},
	{{7, 0, 0}, 12, "relocations: the first word is 0x00000007, expected 0"},
	{{0, 0}, 7, "relocations: 7 bytes, expected a multiple of 4"},
};

START_TEST(bad_tables)
{
	struct blob table = {(const uint8_t *)tables[_i].word, tables[_i].bytes};
	ck_assert_int_eq(relocs_open(table, &r, &e), -1);
	ck_assert_str_eq(e.text, tables[_i].text);
}
END_TEST

#define OUTSIDE(bytes, address)                                                                    \
	"relocations: " bytes " bytes at " address                                                 \
	" do not lie in the kernel's 0x40 at 0xffffffff81000000"

/* In which list the place is: 0 the first, 2 the last. */
static const struct {
	unsigned list;
	uint32_t place;
	const char *text; /* NULL: it lies inside */
} places[] = {
	{0, 0x81000038, NULL},
	{0, 0x81000039, OUTSIDE("8", "0xffffffff81000039")},
	{0, 0x80ffffff, OUTSIDE("8", "0xffffffff80ffffff")},
	{1, 0x8100003d, OUTSIDE("4", "0xffffffff8100003d")},
	{2, 0x8100003c, NULL},
	{2, 0x8100003d, OUTSIDE("4", "0xffffffff8100003d")},
	{2, 0x81000041, OUTSIDE("4", "0xffffffff81000041")},
	{2, 1, OUTSIDE("4", "0x1")},
	{2, 0xffffffff, OUTSIDE("4", "0xffffffffffffffff")},
};

START_TEST(places_outside)
{
	uint32_t table[4] = {0};
	table[places[_i].list + 1] = places[_i].place;
	ck_assert_msg(!relocs_open(words(table, 4), &r, &e), "%s", e.text);
	ck_assert_int_eq(relocs_apply(&r, &kernel, 1, &e), places[_i].text ? -1 : 0);
	if (places[_i].text)
		ck_assert_str_eq(e.text, places[_i].text);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("relocs");
	TCase *tc = tcase_create("relocs");
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, three_lists);
	tcase_add_test(tc, two_lists);
	tcase_add_loop_test(tc, bad_tables, 0, COUNT(tables));
	tcase_add_loop_test(tc, places_outside, 0, COUNT(places));
	suite_add_tcase(s, tc);
	return run_suite(s);
}

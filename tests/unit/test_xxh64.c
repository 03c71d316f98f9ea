/* SPDX-License-Identifier: BSD-3-Clause */
/* The digests are xxhsum's (-H64). */
#include "loader/xxh64.h"

#include "suite.h"

static const struct {
	const char *text;
	uint64_t digest;
} texts[] = {
	{"", 0xef46db3751d8e999},
	{"a", 0xd24ec4f1a98c6e5b},
	{"abc", 0x44bc2cf5ad770999},
	{"Nobody inspects the spammish repetition", 0xfbcea83c8a378bf1},
};

START_TEST(of_texts)
{
	struct blob text = {(const uint8_t *)texts[_i].text, strlen(texts[_i].text)};
	ck_assert_uint_eq(xxh64(text), texts[_i].digest);
}
END_TEST

/* Every way through: with and without stripes of 32, words of 8 and 4, single bytes. */
static const struct {
	size_t bytes;
	uint64_t digest;
} lengths[] = {
	{31, 0x0f187c62b1e722b7}, {32, 0x91b0cb0931a8c629},   {33, 0x931b043cf8d65b94},
	{39, 0x39c20d6f000a8ff7}, {40, 0x6bc927279e6a3044},   {44, 0xa9af7c776b75ef86},
	{63, 0x219110bf13e2fa26}, {1000, 0x25275608a9cfc168},
};

START_TEST(of_every_length)
{
	uint8_t data[1001];
	for (size_t i = 0; i < 1000; i++)
		data[i + 1] = (uint8_t)(i * 7);
	/* At an odd address. */
	ck_assert_uint_eq(xxh64((struct blob){data + 1, lengths[_i].bytes}), lengths[_i].digest);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("xxh64");
	TCase *tc = tcase_create("xxh64");
	tcase_add_loop_test(tc, of_texts, 0, COUNT(texts));
	tcase_add_loop_test(tc, of_every_length, 0, COUNT(lengths));
	suite_add_tcase(s, tc);
	return run_suite(s);
}

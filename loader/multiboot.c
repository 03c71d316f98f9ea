/* SPDX-License-Identifier: BSD-3-Clause */
/* Multiboot headers: see multiboot.h. */
#include "loader/multiboot.h"

/* How one kind of header is found. */
struct search {
	uint32_t magic;
	uint32_t align;  /* it lies at a multiple of so many bytes, ... */
	uint32_t within; /* and ends within so many of the file */
	unsigned words;  /* of 32 bits; their sum is 0 */
};

static const struct search multiboot1 = {MULTIBOOT_MAGIC, 4, 8192, 3};
static const struct search multiboot2 = {MULTIBOOT2_MAGIC, 8, 32768, 4};

enum { WORDS_MAX = 4 };

/* True when the magic and a valid checksum are at @at. */
static bool is_header(struct blob file, const struct search *s, uint64_t at)
{
	uint32_t word[WORDS_MAX] = {0}, sum = 0;

	if (!blob_copy(file, at, word, s->words * sizeof(word[0])) || word[0] != s->magic)
		return false;
	for (unsigned i = 0; i < s->words; i++)
		sum += word[i];
	return sum == 0;
}

static bool find(struct blob file, const struct search *s, uint64_t *at)
{
	uint32_t bytes = s->words * (uint32_t)sizeof(uint32_t);

	for (*at = 0; *at + bytes <= s->within && *at < file.size; *at += s->align)
		if (is_header(file, s, *at))
			return true;
	return false;
}

bool multiboot_find(struct blob file, struct blob *header)
{
	struct multiboot_header h = {0};
	uint64_t at, bytes = offsetof(struct multiboot_header, header_addr);

	if (!find(file, &multiboot1, &at))
		return false;
	(void)blob_copy(file, at, &h, bytes);
	if (h.flags & MULTIBOOT_VIDEO)
		bytes = sizeof(h);
	else if (h.flags & MULTIBOOT_ADDRESSES)
		bytes = offsetof(struct multiboot_header, mode_type);
	return blob_sub(file, at, bytes, header);
}

bool multiboot2_find(struct blob file, struct blob *header)
{
	uint64_t at;

	return find(file, &multiboot2, &at) &&
	       blob_sub(file, at, sizeof(struct multiboot2_header), header);
}

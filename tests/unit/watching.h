/* SPDX-License-Identifier: BSD-3-Clause */
/* What the suites about the console share: bytes with NULs among them, patterns as a row. */
#ifndef TESTS_UNIT_WATCHING_H
#define TESTS_UNIT_WATCHING_H

#include "suite.h"
#include "vmm/watch/expect.h"

#define ESC "\x1b"

struct bytes {
	const char *data;
	size_t n;
};

#define BYTES(literal)                                                                             \
	{                                                                                          \
		literal, sizeof(literal) - 1                                                       \
	}

enum { PATTERNS = 4 };

static inline void add_patterns(struct patterns *p, const char *const *text, unsigned n)
{
	struct err e = {""};

	for (unsigned i = 0; i < n && text[i]; i++)
		ck_assert_msg(patterns_add(p, text[i], &e) == 0, "%s", e.text);
}

#endif

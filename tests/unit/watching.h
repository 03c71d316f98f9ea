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

typedef int add_pattern_fn(struct expect *x, const char *text, struct err *e);

static inline void add_patterns(struct expect *x, add_pattern_fn *add, const char *const *text,
				unsigned n)
{
	struct err e = {""};

	for (unsigned i = 0; i < n && text[i]; i++)
		ck_assert_msg(add(x, text[i], &e) == 0, "%s", e.text);
}

/* A line as the console's thread looks at it. */
static inline enum expect_result expect_line(struct expect *x, const char *line, bool complete,
					     uint64_t now_ns)
{
	struct expect_found found;

	expect_find(x, line, &found);
	return expect_take(x, &found, complete, now_ns);
}

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the user waits for on the console: patterns that must be seen, patterns that must not.
 * POSIX extended regular expressions, regex(3), each on one line.
 */
#ifndef VMM_WATCH_EXPECT_H
#define VMM_WATCH_EXPECT_H

#include "loader/err.h"

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EXPECT_MAX = 64 }; /* patterns of a kind */

struct pattern {
	const char *text; /* borrowed: as the user wrote it */
	regex_t re;
	bool seen;
	uint64_t seen_ns; /* when */
};

struct patterns {
	struct pattern at[EXPECT_MAX];
	unsigned n;
};

enum expect_result {
	EXPECT_NOTHING,
	EXPECT_ALL_SEEN, /* said once, when the last one was seen */
	EXPECT_FAILED,   /* a pattern of fail_on was seen */
};

/* All zero: nothing is expected. */
struct expect {
	struct patterns want, fail_on;
	bool ordered;          /* each of want is looked for behind the one before it only */
	unsigned seen;         /* how many of want */
	size_t offset;         /* ordered: where in this line the last one ended */
	const char *failed_on; /* which of fail_on was seen */
	uint64_t failed_ns;    /* when */
};

/*
 * Adds a pattern. Errors: EXPECT_MAX of them; empty; it does not compile, with regcomp()'s reason.
 */
int patterns_add(struct patterns *p, const char *text, struct err *e);

/* Frees the patterns of both kinds. */
void expect_fini(struct expect *x);

/*
 * Looks at a line. A line may come again with more text behind it (@complete false until it is
 * whole), and is then looked at anew. @now_ns is when it came.
 */
enum expect_result expect_line(struct expect *x, const char *line, bool complete, uint64_t now_ns);

/* The first pattern that was not seen, or NULL. */
const char *expect_missing(const struct expect *x);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the user waits for on the console: patterns that must be seen, patterns that must not.
 * POSIX extended regular expressions (matcher.h), each on one line.
 */
#ifndef VMM_WATCH_EXPECT_H
#define VMM_WATCH_EXPECT_H

#include "loader/err.h"
#include "vmm/watch/matcher.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EXPECT_MAX = 64 }; /* patterns of a kind: as many as a word has bits */

struct pattern {
	const char *text; /* borrowed: as the user wrote it */
	struct matcher matcher;
	bool seen;
	uint64_t seen_ns; /* when */
};

struct patterns {
	struct pattern at[EXPECT_MAX];
	unsigned n;
};

/*
 * Adds a pattern, which borrows @text. @ends: see matcher_init(). Errors: EXPECT_MAX of them;
 * matcher_init()'s.
 */
int patterns_add(struct patterns *p, const char *text, bool ends, struct err *e);
void patterns_fini(struct patterns *p);

/* The first that matches in a whole line, or NULL. */
const struct pattern *patterns_find(const struct patterns *p, const char *line);

enum expect_result {
	EXPECT_NOTHING,
	EXPECT_ALL_SEEN, /* said once, when the last one was seen */
	EXPECT_FAILED,   /* a pattern of fail_on was seen */
};

/* All zero: nothing is expected. */
struct expect {
	struct patterns want, fail_on;
	bool ordered;          /* each of want is looked for after the one before it only */
	unsigned seen;         /* how many of want */
	size_t offset;         /* ordered: where in this line the last one ended */
	const char *failed_on; /* which of fail_on was seen */
	uint64_t failed_ns;    /* when */
};

/* What a line has of what is looked for. */
struct expect_found {
	const struct pattern *failed_on; /* the first of fail_on, or NULL */
	uint64_t seen; /* a bit for each of want that is there, and was not before */
	size_t offset; /* ordered: where the last of them ended */
};

/* Adds a pattern to those that must be seen. Errors as patterns_add(). */
int expect_add(struct expect *x, const char *text, struct err *e);

/* Adds a pattern to those that must not be seen. Errors as patterns_add(). */
int expect_add_fail_on(struct expect *x, const char *text, struct err *e);

/* True when anything is looked for. */
bool expect_any(const struct expect *x);

/* Frees the patterns of both kinds. */
void expect_fini(struct expect *x);

/*
 * Looks for the patterns in a line, and changes nothing: this may take long. A line may come again
 * with more text after it, and is then looked at anew.
 */
void expect_find(const struct expect *x, const char *line, struct expect_found *found);

/*
 * Takes over what expect_find() found in the last line. @complete is false while there may be more
 * of that line; @now_ns is when it came.
 */
enum expect_result expect_take(struct expect *x, const struct expect_found *found, bool complete,
			       uint64_t now_ns);

/* The first pattern that was not seen, or NULL. */
const char *expect_missing(const struct expect *x);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The user's expectations: patterns that must be seen on the console, and patterns that must not.
 * They are POSIX extended regular expressions (matcher.h); each is matched against single lines.
 */
#ifndef VMM_WATCH_EXPECT_H
#define VMM_WATCH_EXPECT_H

#include "loader/err.h"
#include "vmm/watch/matcher.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EXPECT_MAX = 64 }; /* patterns of each kind: the bits of a word */

struct pattern {
	const char *text; /* borrowed: as the user wrote it */
	struct matcher matcher;
	bool seen;
	uint64_t seen_ns; /* when it was first seen; 0: not yet */
};

struct patterns {
	struct pattern at[EXPECT_MAX];
	unsigned n;
};

/*
 * Adds a pattern; @text is borrowed. @ends: see matcher_init(). Errors: there are EXPECT_MAX
 * already; those of matcher_init().
 */
int patterns_add(struct patterns *p, const char *text, bool ends, struct err *e);
void patterns_fini(struct patterns *p);

/* The first pattern that matches in a whole line, or NULL. */
const struct pattern *patterns_find(const struct patterns *p, const char *line);

enum expect_result {
	EXPECT_NOTHING,
	EXPECT_ALL_SEEN, /* returned once, when the last one was seen */
	EXPECT_FAILED,   /* a pattern of fail_on was seen */
};

/* All zero: nothing is expected. */
struct expect {
	struct patterns want, fail_on;
	bool ordered;  /* each of @want is looked for only after the one before it was seen */
	unsigned seen; /* how many of @want were seen */
	size_t offset; /* ordered: where in this line the last match ended */
	const char *failed_on; /* the pattern of @fail_on that was seen; NULL: none */
	uint64_t failed_ns;    /* when it was seen */
};

/* The patterns that match in a line. */
struct expect_found {
	const struct pattern *failed_on; /* the first of expect.fail_on, or NULL */
	uint64_t seen; /* a bit for each of expect.want that matches for the first time */
	size_t offset; /* ordered: where the last match ended */
};

/* Adds a pattern that must be seen. Errors: those of patterns_add(). */
int expect_add(struct expect *x, const char *text, struct err *e);

/* Adds a pattern that must not be seen. Errors: those of patterns_add(). */
int expect_add_fail_on(struct expect *x, const char *text, struct err *e);

/* True when there is any pattern. */
bool expect_any(const struct expect *x);

/* Frees the patterns of both kinds. */
void expect_fini(struct expect *x);

/*
 * Matches the patterns against a line. This may take long, and changes nothing in @x. The same line
 * may come again with more text at its end, and is then matched again.
 */
void expect_find(const struct expect *x, const char *line, struct expect_found *found);

/*
 * Takes over what expect_find() found in the last line. @complete is false while the line may get
 * longer; @now_ns is when it came.
 */
enum expect_result expect_take(struct expect *x, const struct expect_found *found, bool complete,
			       uint64_t now_ns);

/* The first pattern that was not seen, or NULL. */
const char *expect_missing(const struct expect *x);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One regular expression: POSIX extended, byte by byte. The time of a search is linear in the text
 * and its memory is bounded, whatever a guest prints: libtre runs all states of an automaton at
 * once. What no such automaton can do, back-references, is refused, and so is an expression that
 * would make a large one.
 */
#ifndef VMM_WATCH_MATCHER_H
#define VMM_WATCH_MATCHER_H

#include "loader/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <tre/tre.h>

enum {
	/* Characters, groups, members of bracket expressions, as often as bounds repeat them. */
	MATCHER_MAX_WEIGHT = 500,
	MATCHER_MAX_GROUPS = 50,
	/*
	 * What a search may take of its thread's stack: by states, and where ends are asked for by
	 * groups, too.
	 */
	MATCHER_STACK_BYTES = 4 << 20,
};

struct matcher {
	regex_t re;
};

/*
 * Compiles @text. @ends: matcher_find() will tell where a match ends, which costs time. Errors name
 * the expression: empty; not a regular expression, with the reason; back-references; more than
 * MATCHER_MAX_WEIGHT or MATCHER_MAX_GROUPS, or with @ends a large product of the two.
 */
int matcher_init(struct matcher *m, const char *text, bool ends, struct err *e);
void matcher_fini(struct matcher *m);

/*
 * True when the expression matches somewhere in @text; then *@end, unless @end is NULL, is where
 * the leftmost match ends. @inside: @text does not begin a line. Any number of threads may search.
 */
bool matcher_find(const struct matcher *m, const char *text, bool inside, size_t *end);

#endif

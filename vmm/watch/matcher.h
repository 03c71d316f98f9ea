/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A POSIX extended regular expression, matched byte by byte. Whatever a guest prints, the time of a
 * search is linear in the length of the text, and its memory is bounded: libtre simulates all
 * states of an automaton at once. Back-references, which no such automaton can match, are refused,
 * and so is an expression that would need a large automaton.
 */
#ifndef VMM_WATCH_MATCHER_H
#define VMM_WATCH_MATCHER_H

#include "loader/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <tre/tre.h>

enum {
	/*
	 * Characters, groups and members of bracket expressions, each as often as bounds repeat it.
	 */
	MATCHER_MAX_WEIGHT = 500,
	MATCHER_MAX_GROUPS = 50,
	/* The stack that a search may use: it grows with the states and, for ends, the groups. */
	MATCHER_STACK_BYTES = 4 << 20,
};

struct matcher {
	regex_t re;
};

/*
 * Compiles @text. @ends: matcher_find() must also find where a match ends, which costs time. Errors
 * name the expression: it is empty; it is not a regular expression, with the reason; it has
 * back-references; it is larger than MATCHER_MAX_WEIGHT or MATCHER_MAX_GROUPS or, with @ends, the
 * product of the two is too large.
 */
int matcher_init(struct matcher *m, const char *text, bool ends, struct err *e);
void matcher_fini(struct matcher *m);

/*
 * True when the expression matches somewhere in @text; then *@end, unless @end is NULL, is where
 * the leftmost match ends. @inside: @text does not begin a line. Several threads may search at
 * once.
 */
bool matcher_find(const struct matcher *m, const char *text, bool inside, size_t *end);

#endif

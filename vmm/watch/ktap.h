/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The tests that a guest reports on its console in KTAP: their tree, their results, and whether all
 * went well. ktap_line.h reads the single lines.
 *
 * Lines of others may stand anywhere and count for nothing; they are kept as diagnostics, as the
 * ones that begin with "#" are. A level of nested tests begins with a version line, a plan, a
 * "# Subtest:" line or its first numbered result, and ends with the less indented result of the
 * test that it belongs to. That line is not a test of its own when there were some below it, unless
 * it says "not ok" and none of them does.
 *
 * Numbers out of order, and more results than planned, are no failure: a kernel counts on over the
 * KUnit modules that are loaded, each with a plan of its own.
 */
#ifndef VMM_WATCH_KTAP_H
#define VMM_WATCH_KTAP_H

#include "vmm/watch/ktap_line.h"

/* What a hostile guest can make us keep: some 20 MiB. */
enum {
	KTAP_CASES_MAX = 32768,     /* that are listed; more are counted */
	KTAP_PATH_BYTES = 160,      /* longer paths are cut */
	KTAP_REASON_BYTES = 160,    /* and a diagnostic line */
	KTAP_DIAGNOSTIC_LINES = 12, /* the last ones before a failure */
	KTAP_DIAGNOSED_MAX = 256,   /* failures that keep theirs */
};

/* All texts are printable ASCII. */
struct ktap_case {
	char *path;        /* "suite.test" */
	char *reason;      /* NULL: none was given */
	char *diagnostics; /* lines, each with its newline; NULL: none */
	enum ktap_result result;
	uint64_t begin_ns, end_ns; /* from the line before it that counted to its own */
};

/* Tests that are nested in the same one. */
struct ktap_level {
	unsigned width; /* indentation */
	bool has_plan;
	bool ended;                 /* by a plan after the results */
	uint64_t planned;           /* with has_plan */
	uint64_t results;           /* of this level */
	uint64_t cases, failed;     /* here and below */
	size_t first;               /* of the listed cases */
	char name[KTAP_PATH_BYTES]; /* by a "# Subtest:" line; empty: none */
};

/* All zero: nothing was seen yet. */
struct ktap {
	struct ktap_case *listed;
	size_t n_listed, room;
	uint64_t count[KTAP_RESULTS];                /* also those that are not listed */
	struct ktap_level level[KTAP_WIDTH_MAX + 1]; /* the open ones, ever more indented */
	unsigned depth;
	char next_name[KTAP_PATH_BYTES]; /* of a level that is not open yet */
	char diagnostics[KTAP_DIAGNOSTIC_LINES][KTAP_REASON_BYTES];
	unsigned n_diagnostics; /* since the last result; those kept are the last ones */
	unsigned diagnosed;
	uint64_t last_ns;
	char problem[KTAP_PATH_BYTES + 80]; /* the first but for failed tests; empty: none */
};

/*
 * Looks at a whole line without its newline and escape sequences, at @now_ns. When memory is short,
 * tests are counted and not listed.
 */
void ktap_line(struct ktap *k, const char *line, uint64_t now_ns);

/* No line follows: what is still open was cut off. Only then the list and the counts are right. */
void ktap_finish(struct ktap *k);

void ktap_fini(struct ktap *k);

/* How many tests. */
uint64_t ktap_total(const struct ktap *k);

/* How many of them failed. */
uint64_t ktap_failures(const struct ktap *k);

/*
 * After ktap_finish(): what is wrong, as a line in @text, cut to @size: a test that failed, a plan
 * that was not kept, a "Bail out!", or no test at all. False: nothing is.
 */
bool ktap_problem(const struct ktap *k, char *text, size_t size);

/* "pass", "fail", "skip", "todo", "timeout", "error". */
const char *ktap_result_name(enum ktap_result result);

#endif

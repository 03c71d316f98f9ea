/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The tests that a guest reports on its console in KTAP: their tree, their results, and whether all
 * of them went well. ktap_line.h reads the single lines.
 *
 * Other lines may occur anywhere. They have no effect on the results, and are kept as diagnostics
 * like those that begin with "#". A level of nested tests begins with a version line, a plan, a
 * "# Subtest:" line or its first numbered result. It ends with the less indented result line of the
 * test that it belongs to. That line is not counted as a test if there were nested ones, unless it
 * says "not ok" and none of them does.
 *
 * Numbers out of order, and more results than planned, are not failures: the kernel numbers the
 * results of all loaded KUnit modules consecutively, and each module has its own plan.
 */
#ifndef VMM_WATCH_KTAP_H
#define VMM_WATCH_KTAP_H

#include "vmm/watch/ktap_line.h"

/* Limits, so that a hostile guest can make us use only some 20 MiB. */
enum {
	KTAP_CASES_MAX = 32768,     /* tests that are listed; more are only counted */
	KTAP_PATH_BYTES = 160,      /* longer paths are cut */
	KTAP_REASON_BYTES = 160,    /* longer reasons and diagnostic lines are cut */
	KTAP_DIAGNOSTIC_LINES = 12, /* lines kept before a failure, the last ones */
	KTAP_DIAGNOSED_MAX = 256,   /* failures with diagnostics */
};

/* All texts are printable ASCII. */
struct ktap_case {
	char *path;        /* "suite.test" */
	char *reason;      /* NULL: none was given */
	char *diagnostics; /* lines, each with its newline; NULL: none */
	enum ktap_result result;
	uint64_t begin_ns, end_ns; /* the times of the KTAP line before it, and of its own line */
};

/* A level: the tests that are nested in the same test. */
struct ktap_level {
	unsigned width; /* indentation */
	bool has_plan;
	bool ended;                 /* a plan after the results has ended it */
	uint64_t planned;           /* valid with has_plan */
	uint64_t results;           /* of this level alone */
	uint64_t cases, failed;     /* of this level and those nested in it */
	size_t first;               /* index of its first listed case */
	char name[KTAP_PATH_BYTES]; /* from a "# Subtest:" line; empty: none */
};

/* All zero: nothing was seen yet. */
struct ktap {
	struct ktap_case *listed;
	size_t n_listed, room;
	uint64_t count[KTAP_RESULTS];                /* tests that are not listed included */
	struct ktap_level level[KTAP_WIDTH_MAX + 1]; /* the open ones, by indentation */
	unsigned depth;
	char next_name[KTAP_PATH_BYTES]; /* the name for the next level that begins */
	char diagnostics[KTAP_DIAGNOSTIC_LINES][KTAP_REASON_BYTES];
	unsigned n_diagnostics; /* lines since the last result; the last of them are kept */
	unsigned diagnosed;
	uint64_t last_ns;
	char problem[KTAP_PATH_BYTES +
		     80]; /* the first problem other than a failed test; empty: none */
};

/*
 * Takes a whole line, without its newline and escape sequences, at @now_ns. When memory is short,
 * tests are counted but not listed.
 */
void ktap_line(struct ktap *k, const char *line, uint64_t now_ns);

/* Takes the end: open levels were cut off. The list and the counts are valid only afterwards. */
void ktap_finish(struct ktap *k);

void ktap_fini(struct ktap *k);

/* The number of tests. */
uint64_t ktap_total(const struct ktap *k);

/* The number of failed tests. */
uint64_t ktap_failures(const struct ktap *k);

/*
 * After ktap_finish(): writes to @text, cut to @size, a line about the problem: a failed test, a
 * plan with too few results, a "Bail out!", or no test at all. False: there is no problem.
 */
bool ktap_problem(const struct ktap *k, char *text, size_t size);

/* "pass", "fail", "skip", "todo", "timeout", "error". */
const char *ktap_result_name(enum ktap_result result);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Parses one line of KTAP, the kernel's test protocol, or of TAP, from which it is derived.
 * Source: Linux Documentation/dev-tools/ktap.rst; the TAP 13 and 14 specifications; what KUnit
 * (lib/kunit/test.c) and kselftest (tools/testing/selftests/kselftest) print.
 */
#ifndef VMM_WATCH_KTAP_LINE_H
#define VMM_WATCH_KTAP_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ktap_kind {
	KTAP_UNKNOWN,  /* any other line, diagnostic lines included */
	KTAP_VERSION,  /* "KTAP version 1", "TAP version 13" */
	KTAP_PLAN,     /* "1..5", "1..0 # SKIP why" */
	KTAP_TEST,     /* "ok 1 name", "not ok 2 - name # XFAIL why" */
	KTAP_SUBTEST,  /* "# Subtest: name" */
	KTAP_BAIL_OUT, /* "Bail out! why" */
};

enum ktap_result {
	KTAP_PASS,
	KTAP_FAIL,
	KTAP_SKIP,    /* whether "ok" or "not ok" */
	KTAP_TODO,    /* or XFAIL: it is expected to fail, whether it did or not */
	KTAP_TIMEOUT, /* a failure, as is the next one */
	KTAP_ERROR,
	KTAP_RESULTS
};

/* The largest indentation of KTAP, in columns: eight levels of KUnit's four, or sixteen of two. */
enum { KTAP_WIDTH_MAX = 32 };

/* A part of the line. */
struct ktap_text {
	const char *at;
	size_t n;
};

struct ktap_said {
	enum ktap_kind kind;
	unsigned width;  /* columns of indentation; kselftest's "# " are two, a tab four */
	bool has_number; /* of a KTAP_TEST: the line has its number */
	uint64_t number; /* of a KTAP_TEST; of a KTAP_PLAN: the number of tests; saturates */
	enum ktap_result result; /* of a KTAP_TEST; KTAP_SKIP of a KTAP_PLAN: nothing will be run */
	struct ktap_text name;   /* of a KTAP_TEST or KTAP_SUBTEST; may be empty */
	struct ktap_text reason; /* after the directive, or after "#" where there is none */
};

/*
 * Reads a line from the end of the kernel's time stamp on. The texts of what is returned lie in
 * @line.
 */
struct ktap_said ktap_read(const char *line);

/* True when a test with this result has failed. */
bool ktap_is_failure(enum ktap_result result);

#endif

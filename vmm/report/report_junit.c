/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * --junit: see report.h and docs/report.md. No standard describes the format; what is written here
 * is the part that Jenkins, GitLab and their like agree on: testsuites, testsuite, testcase with
 * failure, error or skipped, system-out.
 */
#include "vmm/report/report.h"
#include "vmm/report/xml.h"
#include "vmm/stop.h"

#include <inttypes.h>
#include <stdlib.h>

struct totals {
	unsigned tests, failures, errors;
};

static void put_attribute(FILE *f, const char *name, const char *text)
{
	fprintf(f, " %s=\"", name);
	xml_text(f, text);
	fputc('"', f);
}

/* Seconds from exec, to the microsecond. */
static void put_time(FILE *f, const struct report *r, uint64_t at_ns)
{
	uint64_t us = timeline_since_exec_ns(r->timeline, at_ns) / 1000;

	fprintf(f, " time=\"%" PRIu64 ".%06" PRIu64 "\"", us / 1000000, us % 1000000);
}

static void begin_case(FILE *f, const char *class, const char *name)
{
	fputs("    <testcase", f);
	put_attribute(f, "classname", class);
	put_attribute(f, "name", name);
}

/* @what: "failure" or "error"; NULL: it went well. */
static void end_case(FILE *f, const char *what, const char *message)
{
	if (!what) {
		fputs("/>\n", f);
		return;
	}
	fprintf(f, ">\n      <%s", what);
	put_attribute(f, "message", message);
	fputs("/>\n    </testcase>\n", f);
}

/* The run as a whole: an error is minivmm's or the host's, a failure the guest's. */
static const char *run_outcome(const struct report *r)
{
	if (r->status == STATUS_OK)
		return NULL;
	return r->status >= STATUS_OWN ? "error" : "failure";
}

static void put_run(FILE *f, const struct report *r)
{
	begin_case(f, "minivmm", "run");
	put_time(f, r, r->timeline->at_ns[MOMENT_END]);
	end_case(f, run_outcome(r), r->reason);
}

static void put_expectations(FILE *f, const struct report *r)
{
	const struct patterns *want = &r->watch->expect.want;

	for (unsigned i = 0; i < want->n; i++) {
		const struct pattern *p = &want->at[i];
		begin_case(f, "minivmm.expect", p->text);
		put_time(f, r, p->seen ? p->seen_ns : r->timeline->at_ns[MOMENT_END]);
		end_case(f, p->seen ? NULL : "failure", "was never seen");
	}
}

/* Whether a report of the kernel's fails the run is --fail-on-warning's to say: see "run". */
static void put_warnings(FILE *f, const struct report *r)
{
	const struct reports *found = &r->watch->reports;

	for (unsigned i = 0; i < REPORT_KINDS; i++) {
		if (!found->count[i])
			continue;
		begin_case(f, "minivmm.warnings", report_kind_name((enum report_kind)i));
		put_time(f, r, found->first_ns[i]);
		end_case(f, r->cfg->fail_on_warning ? "failure" : NULL, found->first[i]);
	}
}

static struct totals count(const struct report *r)
{
	const struct expect *x = &r->watch->expect;
	struct totals t = {.tests = 1 + x->want.n, .failures = x->want.n - x->seen};

	if (r->status >= STATUS_OWN)
		t.errors++;
	else if (r->status)
		t.failures++;
	for (unsigned i = 0; i < REPORT_KINDS; i++) {
		bool found = r->watch->reports.count[i];
		t.tests += found;
		t.failures += found && r->cfg->fail_on_warning;
	}
	return t;
}

/* What testsuites and testsuite both say. */
static void put_totals(FILE *f, const struct report *r, const struct totals *t)
{
	fprintf(f, " tests=\"%u\" failures=\"%u\" errors=\"%u\"", t->tests, t->failures, t->errors);
	put_time(f, r, r->timeline->at_ns[MOMENT_END]);
}

static void put_suite(FILE *f, const struct report *r, const struct totals *t)
{
	struct tm tm = {0};
	char started[32];

	gmtime_r(&r->started.tv_sec, &tm);
	strftime(started, sizeof(started), "%Y-%m-%dT%H:%M:%S", &tm);
	fputs("  <testsuite name=\"minivmm\"", f);
	put_totals(f, r, t);
	fprintf(f, " timestamp=\"%s\">\n", started);
}

void report_junit(const struct report *r, FILE *f)
{
	struct totals t = count(r);
	char *tail = report_console(r);

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites", f);
	put_totals(f, r, &t);
	fputs(">\n", f);
	put_suite(f, r, &t);
	put_run(f, r);
	put_expectations(f, r);
	put_warnings(f, r);
	fputs("    <system-out>", f);
	xml_text(f, tail ? tail : "");
	fputs("</system-out>\n  </testsuite>\n</testsuites>\n", f);
	free(tail);
}

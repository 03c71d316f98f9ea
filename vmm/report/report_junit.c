/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * --junit: see report.h and docs/report.md. No standard describes the format; what is written here
 * is the part that Jenkins, GitLab and their like agree on: testsuites, testsuite, testcase with
 * failure, error or skipped, system-out.
 */
#include "vmm/machine/stop.h"
#include "vmm/report/report.h"
#include "vmm/report/xml.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct totals {
	uint64_t tests, failures, errors, skipped;
};

static void put_attribute(FILE *f, const char *name, const char *text)
{
	fprintf(f, " %s=\"", name);
	xml_text(f, text);
	fputc('"', f);
}

/* Seconds since exec, with microseconds. */
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

/*
 * @what: "failure", "error" or "skipped"; NULL: success. @text is the element's content, or NULL.
 */
static void end_case(FILE *f, const char *what, const char *message, const char *text)
{
	if (!what) {
		fputs("/>\n", f);
		return;
	}
	fprintf(f, ">\n      <%s", what);
	put_attribute(f, "message", message);
	fputc('>', f);
	xml_text(f, text ? text : "");
	fprintf(f, "</%s>\n    </testcase>\n", what);
}

/* The run as a whole: "error" if minivmm or the host failed, "failure" if the guest did. */
static const char *run_outcome(const struct report *r)
{
	if (r->result->status == STATUS_OK)
		return NULL;
	return r->result->status >= STATUS_OWN ? "error" : "failure";
}

static void put_run(FILE *f, const struct report *r)
{
	begin_case(f, "minivmm", "run");
	put_time(f, r, r->timeline->at_ns[MOMENT_END]);
	end_case(f, run_outcome(r), r->result->reason, NULL);
}

static void put_expectations(FILE *f, const struct report *r)
{
	const struct patterns *want = &r->watch->expect.want;

	for (unsigned i = 0; i < want->n; i++) {
		const struct pattern *p = &want->at[i];
		begin_case(f, "minivmm.expect", p->text);
		put_time(f, r, p->seen ? p->seen_ns : r->timeline->at_ns[MOMENT_END]);
		end_case(f, p->seen ? NULL : "failure", "was never seen", NULL);
	}
}

/* Kernel events are not failures here: with --fail-on-warning, the testcase "run" fails. */
static void put_warnings(FILE *f, const struct report *r)
{
	const struct kernel_events *found = &r->watch->events;

	for (unsigned i = 0; i < KERNEL_EVENT_KINDS; i++) {
		if (!found->count[i])
			continue;
		begin_case(f, "minivmm.warnings", kernel_event_name((enum kernel_event)i));
		put_time(f, r, found->first_ns[i]);
		end_case(f, r->fail_on_warning ? "failure" : NULL, found->first[i], NULL);
	}
}

/* "suite.subtest.test" is test "test" of class "ktap.suite.subtest". */
static void begin_test(FILE *f, const struct ktap_case *test)
{
	const char *dot = strrchr(test->path, '.');
	char class[KTAP_PATH_BYTES + 8];

	if (dot && dot > test->path && dot[1])
		snprintf(class, sizeof(class), "ktap.%.*s", (int)(dot - test->path), test->path);
	else
		snprintf(class, sizeof(class), "ktap");
	begin_case(f, class, dot && dot > test->path && dot[1] ? dot + 1 : test->path);
}

/* The element for a result other than success, or NULL. */
static const char *test_outcome(enum ktap_result result)
{
	if (ktap_is_failure(result))
		return "failure";
	return result == KTAP_PASS ? NULL : "skipped";
}

static void put_tests(FILE *f, const struct report *r)
{
	const struct ktap *k = &r->watch->ktap;

	for (size_t i = 0; i < k->n_listed; i++) {
		const struct ktap_case *test = &k->listed[i];
		uint64_t us = (test->end_ns - test->begin_ns) / 1000;
		begin_test(f, test);
		fprintf(f, " time=\"%" PRIu64 ".%06" PRIu64 "\"", us / 1000000, us % 1000000);
		end_case(f, test_outcome(test->result),
			 test->reason ? test->reason : ktap_result_name(test->result),
			 test->diagnostics);
	}
}

static struct totals count(const struct report *r)
{
	const struct expect *x = &r->watch->expect;
	struct totals t = {.tests = 1 + x->want.n, .failures = x->want.n - x->seen};

	if (r->result->status >= STATUS_OWN)
		t.errors++;
	else if (r->result->status)
		t.failures++;
	for (unsigned i = 0; i < KERNEL_EVENT_KINDS; i++) {
		bool found = r->watch->events.count[i];
		t.tests += found;
		t.failures += found && r->fail_on_warning;
	}
	for (size_t i = 0; i < r->watch->ktap.n_listed; i++) {
		enum ktap_result result = r->watch->ktap.listed[i].result;
		t.tests++;
		t.failures += ktap_is_failure(result);
		t.skipped += !ktap_is_failure(result) && result != KTAP_PASS;
	}
	return t;
}

/* The attributes that testsuites and testsuite share. */
static void put_totals(FILE *f, const struct report *r, const struct totals *t)
{
	fprintf(f,
		" tests=\"%" PRIu64 "\" failures=\"%" PRIu64 "\" errors=\"%" PRIu64
		"\" skipped=\"%" PRIu64 "\"",
		t->tests, t->failures, t->errors, t->skipped);
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
	put_tests(f, r);
	fputs("    <system-out>", f);
	xml_text(f, tail ? tail : "");
	fputs("</system-out>\n  </testsuite>\n</testsuites>\n", f);
	free(tail);
}

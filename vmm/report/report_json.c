/* SPDX-License-Identifier: BSD-3-Clause */
/* --report: see report.h and docs/report.md. */
#include "vmm/report/json.h"
#include "vmm/report/report.h"

#include <stdlib.h>

/* Writes a time of CLOCK_MONOTONIC as nanoseconds since exec; null if it was not reached. */
static void put_time(struct json *j, const char *key, const struct report *r, uint64_t at_ns)
{
	if (at_ns)
		json_number(j, key, timeline_since_exec_ns(r->timeline, at_ns));
	else
		json_null(j, key);
}

static void put_strings(struct json *j, const char *key, const struct strings *list)
{
	json_begin(j, key, '[');
	for (unsigned i = 0; i < list->n; i++)
		json_string(j, NULL, list->at[i]);
	json_end(j, ']');
}

static void put_started(struct json *j, const struct report *r)
{
	struct tm tm = {0};
	char text[32];

	gmtime_r(&r->started.tv_sec, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	json_string(j, "started", text);
}

static void put_host(struct json *j, const struct host_facts *h)
{
	json_begin(j, "host", '{');
	json_text(j, "sysname", h->sysname);
	json_text(j, "release", h->release);
	json_text(j, "machine", h->machine);
	json_text(j, "cpu", h->cpu);
	json_number(j, "cpus", h->cpus);
	json_text(j, "virtualization", h->virtualization);
	json_end(j, '}');
}

static const char *const unpackers[] = {
	[UNPACKED_BY_NOBODY] = NULL,
	[UNPACKED_BY_HOST] = "host",
	[UNPACKED_BY_CACHE] = "cache",
	[UNPACKED_BY_GUEST] = "guest",
};

/* The parts that a unified image had. */
static void put_uki(struct json *j, const struct kernel_facts *k)
{
	if (!k->is_uki) {
		json_null(j, "uki");
		return;
	}
	json_begin(j, "uki", '{');
	json_string(j, "linux", image_format_name(k->linux_format));
	json_number(j, "initrd_bytes", k->initrd_bytes);
	json_end(j, '}');
}

static void put_kernel(struct json *j, const struct report *r)
{
	const struct kernel_facts *k = r->kernel;

	json_begin(j, "kernel", '{');
	json_string(j, "file", r->payload->kernel);
	json_text(j, "format", k->bytes ? image_format_name(k->format) : NULL);
	json_number(j, "bytes", k->bytes);
	put_uki(j, k);
	json_text(j, "version", k->version);
	json_text(j, "banner", r->watch->boot.banner);
	json_text(j, "unpacked", unpackers[k->unpacked_by]);
	json_bool(j, "kaslr", k->kaslr.virtual_on);
	json_end(j, '}');
}

static void put_guest(struct json *j, const struct report *r)
{
	json_begin(j, "guest", '{');
	put_kernel(j, r);
	put_strings(j, "initrds", &r->payload->initrd);
	json_string(j, "init", r->payload->init);
	json_string(j, "cmdline", r->cmdline);
	json_text(j, "boot", r->boot);
	json_number(j, "cpus", r->machine->cpus);
	json_number(j, "memory_bytes", r->machine->memory_bytes);
	json_end(j, '}');
}

static void put_timeline(struct json *j, const struct report *r)
{
	const uint64_t *at = r->timeline->at_ns;

	json_begin(j, "timeline_ns", '{');
	put_time(j, "vmm_start", r, at[MOMENT_VMM_START]);
	put_time(j, "kvm_ready", r, at[MOMENT_KVM_READY]);
	put_time(j, "kernel_loaded", r, at[MOMENT_KERNEL_LOADED]);
	put_time(j, "first_instruction", r, at[MOMENT_FIRST_INSTRUCTION]);
	put_time(j, "first_console_byte", r, at[MOMENT_FIRST_CONSOLE_BYTE]);
	put_time(j, "linux_version", r, r->watch->boot.version_ns);
	put_time(j, "init", r, r->watch->boot.init_ns);
	put_time(j, "end", r, at[MOMENT_END]);
	json_end(j, '}');
}

static void put_expectations(struct json *j, const struct report *r)
{
	const struct expect *x = &r->watch->expect;

	json_begin(j, "expectations", '[');
	for (unsigned i = 0; i < x->want.n; i++) {
		json_begin(j, NULL, '{');
		json_string(j, "pattern", x->want.at[i].text);
		json_bool(j, "seen", x->want.at[i].seen);
		put_time(j, "time_ns", r, x->want.at[i].seen_ns);
		json_end(j, '}');
	}
	json_end(j, ']');
}

static void put_fail_on(struct json *j, const struct report *r)
{
	const struct expect *x = &r->watch->expect;

	put_strings(j, "fail_on", r->fail_on);
	if (!x->failed_on) {
		json_null(j, "failed_on");
		return;
	}
	json_begin(j, "failed_on", '{');
	json_string(j, "pattern", x->failed_on);
	put_time(j, "time_ns", r, x->failed_ns);
	json_end(j, '}');
}

static void put_warnings(struct json *j, const struct report *r)
{
	const struct kernel_events *found = &r->watch->events;

	json_number(j, "ignored_warnings", found->ignored);
	json_begin(j, "warnings", '[');
	for (unsigned i = 0; i < KERNEL_EVENT_KINDS; i++) {
		if (!found->count[i])
			continue;
		json_begin(j, NULL, '{');
		json_string(j, "kind", kernel_event_name((enum kernel_event)i));
		json_number(j, "count", found->count[i]);
		json_string(j, "first", found->first[i]);
		put_time(j, "first_time_ns", r, found->first_ns[i]);
		json_end(j, '}');
	}
	json_end(j, ']');
}

static void put_test(struct json *j, const struct report *r, const struct ktap_case *test)
{
	json_begin(j, NULL, '{');
	json_string(j, "path", test->path);
	json_string(j, "result", ktap_result_name(test->result));
	json_string(j, "reason", test->reason);
	json_string(j, "diagnostics", test->diagnostics);
	put_time(j, "begin_ns", r, test->begin_ns);
	put_time(j, "end_ns", r, test->end_ns);
	json_end(j, '}');
}

static void put_ktap(struct json *j, const struct report *r)
{
	const struct ktap *k = &r->watch->ktap;
	char problem[240];

	if (!r->ktap) {
		json_null(j, "ktap");
		return;
	}
	json_begin(j, "ktap", '{');
	json_string(j, "problem", ktap_problem(k, problem, sizeof(problem)) ? problem : NULL);
	json_number(j, "tests", ktap_total(k));
	json_number(j, "failures", ktap_failures(k));
	json_begin(j, "results", '{');
	for (unsigned i = 0; i < KTAP_RESULTS; i++)
		json_number(j, ktap_result_name(i), k->count[i]);
	json_end(j, '}');
	json_begin(j, "cases", '[');
	for (size_t i = 0; i < k->n_listed; i++)
		put_test(j, r, &k->listed[i]);
	json_end(j, ']');
	json_end(j, '}');
}

static void put_console(struct json *j, const struct report *r)
{
	char *tail = report_console(r);

	json_begin(j, "console", '{');
	json_number(j, "bytes", r->tail->n);
	json_number(j, "dropped_bytes", r->dropped_bytes);
	json_string(j, "tail", tail);
	json_end(j, '}');
	free(tail);
}

static void put_exits(struct json *j, const struct report *r)
{
	const uint64_t *count = r->result->exits;
	uint64_t other = 0;

	json_begin(j, "exits", '{');
	for (uint32_t reason = 0; reason < EXIT_REASONS; reason++) {
		const char *name = kvm_exit_name(reason);
		if (!name)
			other += count[reason];
		else if (count[reason])
			json_number(j, name, count[reason]);
	}
	if (other)
		json_number(j, "other", other);
	json_end(j, '}');
}

void report_json(const struct report *r, FILE *f)
{
	struct json j = {.f = f};

	json_begin(&j, NULL, '{');
	json_string(&j, "schema", "minivmm-report");
	json_number(&j, "schema_version", REPORT_SCHEMA_VERSION);
	json_string(&j, "minivmm", MINIVMM_VERSION);
	json_number(&j, "status", (uint64_t)r->result->status);
	json_string(&j, "ending", stop_kind_name(r->result->kind));
	json_string(&j, "reason", r->result->reason);
	put_started(&j, r);
	put_timeline(&j, r);
	put_expectations(&j, r);
	put_fail_on(&j, r);
	put_warnings(&j, r);
	put_ktap(&j, r);
	json_number(&j, "boots", r->result->boots);
	put_exits(&j, r);
	put_console(&j, r);
	put_guest(&j, r);
	put_host(&j, r->host);
	json_end(&j, '}');
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* The reports of a run: see reporter.h. */
#include "vmm/reporter.h"

#include "arch/kvm.h"
#include "vmm/guard.h"
#include "vmm/vm.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/* One report: its option, how it is written, what is left to say when minivmm dies. */
static const struct {
	const char *option;
	void (*write)(const struct report *r, FILE *f);
	const char *dying[4]; /* around a word for the end, the status and the reason */
} formats[REPORTER_FILES] = {
	{"report",
	 report_json,
	 {"{\n  \"schema\": \"minivmm-report\",\n  \"schema_version\": 1,\n  \"minivmm\": "
	  "\"" MINIVMM_VERSION "\",\n  \"ending\": \"",
	  "\",\n  \"status\": ", ",\n  \"reason\": \"", "\"\n}\n"}},
	{"junit",
	 report_junit,
	 {"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"1\" errors=\"1\">\n  "
	  "<testsuite name=\"minivmm\" tests=\"1\" errors=\"1\">\n    <testcase "
	  "classname=\"minivmm\" name=\"run\">\n      <error type=\"",
	  " ", "\" message=\"", "\"/>\n    </testcase>\n  </testsuite>\n</testsuites>\n"}},
};
_Static_assert(REPORT_SCHEMA_VERSION == 1, "the last words above say it, too");

static const char *path_of(const struct config *cfg, unsigned i)
{
	return i == 0 ? cfg->report : cfg->junit;
}

bool reporter_wanted(const struct config *cfg)
{
	return cfg->report || cfg->junit;
}

/* Text that is put together without stdio. */
struct words {
	char text[1024];
	size_t n;
};

static void put(struct words *w, const char *s)
{
	while (*s && w->n < sizeof(w->text))
		w->text[w->n++] = *s++;
}

/* Of a reason that may have a path in it: what neither format takes as it is. */
static void put_plain(struct words *w, const char *s)
{
	char one[2] = "";

	for (; *s && w->n < sizeof(w->text) - 256; s++) {
		bool is_plain = *s >= ' ' && *s <= '~' && !strchr("\"\\<>&", *s);
		one[0] = *s;
		put(w, is_plain ? one : "?");
	}
}

/* In a signal handler. */
static void last_words(void *opaque, const char *ending, int status, const char *why)
{
	struct reporter *r = opaque;
	char digits[4] = {(char)('0' + status / 100), (char)('0' + status / 10 % 10),
			  (char)('0' + status % 10), '\0'};

	for (unsigned i = 0; i < REPORTER_FILES; i++) {
		struct words w = {.n = 0};
		if (!r->file[i].path)
			continue;
		put(&w, formats[i].dying[0]);
		put(&w, ending);
		put(&w, formats[i].dying[1]);
		put(&w, digits);
		put(&w, formats[i].dying[2]);
		put_plain(&w, why);
		put(&w, formats[i].dying[3]);
		if (outfile_put(&r->file[i], w.text, w.n) == 0)
			namer_ask(&r->namer, NAMER_NAME, i);
	}
}

/* The value of the first "model name : ..." line; arm64 has none. */
static void read_cpu(char *text, size_t size)
{
	char line[256];
	FILE *f = fopen("/proc/cpuinfo", "re");

	text[0] = '\0';
	while (f && !text[0] && fgets(line, sizeof(line), f)) {
		const char *colon = strchr(line, ':');
		if (!colon || strncmp(line, "model name", 10) != 0)
			continue;
		line[strcspn(line, "\n")] = '\0';
		snprintf(text, size, "%s", colon + (colon[1] == ' ' ? 2 : 1));
	}
	if (f)
		fclose(f);
}

static void find_host(struct host_facts *h)
{
	struct utsname u;
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	if (uname(&u) == 0) {
		snprintf(h->sysname, sizeof(h->sysname), "%s", u.sysname);
		snprintf(h->release, sizeof(h->release), "%s", u.release);
		snprintf(h->machine, sizeof(h->machine), "%s", u.machine);
	}
	read_cpu(h->cpu, sizeof(h->cpu));
	h->cpus = cpus > 0 ? (unsigned)cpus : 0;
	h->virtualization = arch_virtualization();
}

static int for_each(struct reporter *r, const struct config *cfg, bool create, struct err *e)
{
	for (unsigned i = 0; i < REPORTER_FILES; i++) {
		if (!path_of(cfg, i))
			continue;
		if (create ? outfile_create(&r->file[i], e)
			   : outfile_open(&r->file[i], path_of(cfg, i), e))
			return err_context(e, "--%s", formats[i].option);
	}
	return 0;
}

/* The namer first: it removes what is created, whatever happens to us. */
static int create_files(struct reporter *r, const struct config *cfg, struct err *e)
{
	if (for_each(r, cfg, false, e) ||
	    namer_start(&r->namer, cfg->seccomp, r->file, REPORTER_FILES, e))
		return -1;
	if (for_each(r, cfg, true, e) == 0)
		return 0;
	namer_end(&r->namer);
	return -1;
}

int reporter_open(struct reporter *r, const struct config *cfg, struct err *e)
{
	if (!reporter_wanted(cfg))
		return 0;
	clock_gettime(CLOCK_REALTIME, &r->started);
	find_host(&r->host);
	if (create_files(r, cfg, e) == 0) {
		guard_on_death(last_words, r);
		return 0;
	}
	for (unsigned i = 0; i < REPORTER_FILES; i++)
		outfile_close(&r->file[i]);
	return -1;
}

static unsigned list_exits(const struct outcome *o, struct exit_count *list)
{
	struct exit_count other = {"other", 0};
	unsigned n = 0;

	for (unsigned reason = 0; reason < EXIT_REASONS; reason++) {
		const char *name = kvm_exit_name(reason);
		if (!name)
			other.count += o->exits[reason];
		else if (o->exits[reason])
			list[n++] = (struct exit_count){name, o->exits[reason]};
	}
	if (other.count)
		list[n++] = other;
	return n;
}

/* The whole report as text, to be freed. NULL: out of memory. */
static char *format(unsigned i, const struct report *report, size_t *size)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, size);

	if (!f)
		return NULL;
	formats[i].write(report, f);
	bool whole = !ferror(f);
	if (fclose(f) == 0 && whole)
		return text;
	free(text);
	return NULL;
}

static int write_one(struct reporter *r, unsigned i, struct host *host, struct err *e)
{
	struct exit_count exits[EXIT_REASONS];
	const struct report report = {
		.cfg = host->cfg,
		.status = host->outcome.status,
		.ending = stop_kind_name(host->outcome.kind),
		.reason = host->outcome.reason,
		.started = r->started,
		.timeline = &host->timeline,
		.host = &r->host,
		.kernel = &r->kernel,
		.cmdline = host->kernel.cmdline,
		.watch = &host->console.watch,
		.tail = &host->console.tail,
		.dropped_bytes = host->console.out.dropped + console_unwritten(&host->console),
		.boots = host->outcome.boots,
		.exits = exits,
		.exits_n = list_exits(&host->outcome, exits),
	};
	size_t size = 0;
	char *text = format(i, &report, &size);

	if (!text)
		return err_set(e, "--%s: out of memory", formats[i].option);
	int error = outfile_write(&r->file[i], text, size, e);
	free(text);
	return error ? err_context(e, "--%s", formats[i].option) : 0;
}

static int name_one(struct reporter *r, unsigned i, struct err *e)
{
	int error = namer_ask(&r->namer, NAMER_NAME, i);

	if (error)
		return err_set(e, "--%s: %s: %s", formats[i].option, r->file[i].path,
			       strerror(error));
	outfile_close(&r->file[i]);
	return 0;
}

/* A file that cannot be written is given up, and what the others say may change by it. */
static void give_up(struct reporter *r, unsigned i, struct host *host, const struct err *e)
{
	namer_ask(&r->namer, NAMER_REMOVE, i);
	outfile_close(&r->file[i]);
	if (host->outcome.status <= STATUS_GUEST_MAX)
		outcome_fail(&host->outcome, e);
}

/* Writes all that are open. True: none was given up on the way. */
static bool write_all(struct reporter *r, struct host *host, struct err *first)
{
	struct err e;

	for (unsigned i = 0; i < REPORTER_FILES; i++) {
		if (!r->file[i].path || write_one(r, i, host, &e) == 0)
			continue;
		give_up(r, i, host, &e);
		*first = first->text[0] ? *first : e;
		return false;
	}
	return true;
}

/*
 * No signal comes any more: its last words would go into a report that has its name, or its status
 * would be another than the one that was reported.
 */
static void name_all(struct reporter *r, struct host *host, struct err *first)
{
	sigset_t all;
	struct err e;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	for (unsigned i = 0; i < REPORTER_FILES; i++) {
		if (!r->file[i].path || name_one(r, i, &e) == 0)
			continue;
		give_up(r, i, host, &e);
		*first = first->text[0] ? *first : e;
	}
}

int reporter_write(struct reporter *r, struct host *host, struct err *e)
{
	struct err first = {""};

	while (!write_all(r, host, &first))
		; /* each round there is a file less */
	if (r->namer.pid)
		name_all(r, host, &first);
	namer_end(&r->namer);
	return first.text[0] ? err_set(e, "%s", first.text) : 0;
}

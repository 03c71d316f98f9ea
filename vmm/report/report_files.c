/* SPDX-License-Identifier: BSD-3-Clause */
/* The files of the reports: see report_files.h. */
#include "vmm/report/report_files.h"

#include "arch/arch.h"
#include "vmm/sandbox/guard.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/* A report: its option, the function that writes it, and its text when minivmm dies. */
static const struct {
	const char *option;
	void (*write)(const struct report *r, FILE *f);
	const char *dying[4]; /* the text around the kind of end, the status and the reason */
} formats[REPORT_FILES] = {
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

static const char *path_of(const struct report_config *cfg, unsigned i)
{
	return i == 0 ? cfg->json : cfg->junit;
}

bool report_files_wanted(const struct report_config *cfg)
{
	return cfg->json || cfg->junit;
}

/* Text that is built without stdio. */
struct words {
	char text[1024];
	size_t n;
};

static void put(struct words *w, const char *s)
{
	while (*s && w->n < sizeof(w->text))
		w->text[w->n++] = *s++;
}

/*
 * Characters of a reason, which may have a path in it, that JSON or XML does not take as they are.
 */
static void put_plain(struct words *w, const char *s)
{
	char one[2] = "";

	for (; *s && w->n < sizeof(w->text) - 256; s++) {
		bool is_plain = *s >= ' ' && *s <= '~' && !strchr("\"\\<>&", *s);
		one[0] = *s;
		put(w, is_plain ? one : "?");
	}
}

/* Called in a signal handler. */
static void last_words(void *opaque, const char *ending, int status, const char *why)
{
	struct report_files *r = opaque;
	char digits[4] = {(char)('0' + status / 100), (char)('0' + status / 10 % 10),
			  (char)('0' + status % 10), '\0'};

	for (unsigned i = 0; i < REPORT_FILES; i++) {
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

/* Finds the value of the first line "model name : ..."; arm64 has none. */
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

static int for_each(struct report_files *r, const struct report_config *cfg, bool create,
		    struct err *e)
{
	for (unsigned i = 0; i < REPORT_FILES; i++) {
		if (!path_of(cfg, i))
			continue;
		if (create ? outfile_create(&r->file[i], e)
			   : outfile_open(&r->file[i], path_of(cfg, i), e))
			return err_context(e, "--%s", formats[i].option);
	}
	return 0;
}

/* Starts the namer first, so that it removes what is created whatever happens to this process. */
static int create_files(struct report_files *r, const struct report_config *cfg,
			enum seccomp_mode mode, struct err *e)
{
	if (for_each(r, cfg, false, e) || namer_start(&r->namer, mode, r->file, REPORT_FILES, e))
		return -1;
	if (for_each(r, cfg, true, e) == 0)
		return 0;
	namer_end(&r->namer);
	return -1;
}

int report_files_open(struct report_files *r, const struct report_config *cfg,
		      enum seccomp_mode mode, struct err *e)
{
	if (!report_files_wanted(cfg))
		return 0;
	clock_gettime(CLOCK_REALTIME, &r->started);
	find_host(&r->host);
	if (create_files(r, cfg, mode, e) == 0) {
		guard_on_death(last_words, r);
		return 0;
	}
	for (unsigned i = 0; i < REPORT_FILES; i++)
		outfile_close(&r->file[i]);
	return -1;
}

/* The whole report as text, which the caller frees. NULL: out of memory. */
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

static int write_one(struct report_files *r, unsigned i, const struct report *report, struct err *e)
{
	size_t size = 0;
	char *text = format(i, report, &size);

	if (!text)
		return err_set(e, "--%s: out of memory", formats[i].option);
	int error = outfile_write(&r->file[i], text, size, e);
	free(text);
	return error ? err_context(e, "--%s", formats[i].option) : 0;
}

static int name_one(struct report_files *r, unsigned i, struct err *e)
{
	int error = namer_ask(&r->namer, NAMER_NAME, i);

	if (error)
		return err_set(e, "--%s: %s: %s", formats[i].option, r->file[i].path,
			       strerror(error));
	outfile_close(&r->file[i]);
	return 0;
}

/*
 * Gives up on a file that cannot be written. The result may change, and with it the other report.
 */
static void give_up(struct report_files *r, unsigned i, struct result *result, const struct err *e)
{
	namer_ask(&r->namer, NAMER_REMOVE, i);
	outfile_close(&r->file[i]);
	if (result->status <= STATUS_GUEST_MAX)
		result_fail(result, e);
}

/* Writes all open files. True: none of them failed. */
static bool write_all(struct report_files *r, const struct report *report, struct result *result,
		      struct err *first)
{
	struct err e;

	for (unsigned i = 0; i < REPORT_FILES; i++) {
		if (!r->file[i].path || write_one(r, i, report, &e) == 0)
			continue;
		give_up(r, i, result, &e);
		*first = first->text[0] ? *first : e;
		return false;
	}
	return true;
}

/*
 * Blocks all signals. One that came now would write into a report that has its final name, or would
 * end the process with another status than the reported one.
 */
static void name_all(struct report_files *r, struct result *result, struct err *first)
{
	sigset_t all;
	struct err e;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	for (unsigned i = 0; i < REPORT_FILES; i++) {
		if (!r->file[i].path || name_one(r, i, &e) == 0)
			continue;
		give_up(r, i, result, &e);
		*first = first->text[0] ? *first : e;
	}
}

int report_files_write(struct report_files *r, struct report *report, struct result *result,
		       struct err *e)
{
	struct err first = {""};

	report->host = &r->host;
	report->started = r->started;
	while (!write_all(r, report, result, &first))
		; /* each round has one file less */
	if (r->namer.pid)
		name_all(r, result, &first);
	namer_end(&r->namer);
	return first.text[0] ? err_set(e, "%s", first.text) : 0;
}

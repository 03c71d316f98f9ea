/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the reports of a run are written from, and their two formats, which docs/report.md
 * describes. This is the front door of report/, which tells the user about a result: in files, and
 * as text on stderr (report_text.h).
 */
#ifndef VMM_REPORT_REPORT_H
#define VMM_REPORT_REPORT_H

#include "vmm/base/timeline.h"
#include "vmm/machine/machine_config.h"
#include "vmm/payload/kernel.h"
#include "vmm/run/result.h"
#include "vmm/watch/tail.h"
#include "vmm/watch/watch.h"

#include <stdint.h>
#include <stdio.h>
#include <time.h>

/* Incremented when a member changes its meaning or is removed, not when one is added. */
enum { REPORT_SCHEMA_VERSION = 1 };

/* What the host says about itself. "": not known. */
struct host_facts {
	char sysname[65], release[65], machine[65]; /* uname(2) */
	char cpu[96];                               /* /proc/cpuinfo's model name */
	unsigned cpus;                              /* online */
	const char *virtualization;                 /* arch_virtualization() */
};

/* All borrowed. */
struct report {
	/* What was requested. */
	const struct payload_config *payload;
	const struct machine_config *machine;
	const struct strings *fail_on;
	bool ktap, fail_on_warning;
	/* What was run. */
	const struct host_facts *host;
	const struct kernel_facts *kernel;
	const char *cmdline; /* the kernel's command line */
	const char *boot;    /* the protocol by which it was entered; NULL: it was not */
	/* The outcome. */
	const struct result *result;
	struct timespec started;
	const struct timeline *timeline;
	const struct watch *watch;
	const struct tail *tail;
	uint64_t dropped_bytes; /* console output that was lost because the reader was too slow */
};

/* Write the report. The error flag of @f is set when a write failed. */
void report_json(const struct report *r, FILE *f);
void report_junit(const struct report *r, FILE *f);

/* For both formats: the end of the console as text, which the caller frees; NULL: no memory. */
char *report_console(const struct report *r);

#endif

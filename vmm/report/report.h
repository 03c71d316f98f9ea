/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a run's reports are written from, and the two formats. docs/report.md is their manual.
 */
#ifndef VMM_REPORT_REPORT_H
#define VMM_REPORT_REPORT_H

#include "loader/bzimage_kernel.h"
#include "vmm/base/timeline.h"
#include "vmm/cli/options.h"
#include "vmm/watch/tail.h"
#include "vmm/watch/watch.h"

#include <stdint.h>
#include <stdio.h>
#include <time.h>

/* Counts up when a member changes its meaning or goes away; new members do not count. */
enum { REPORT_SCHEMA_VERSION = 1 };

/* The host, as it says itself. "": not known. */
struct host_facts {
	char sysname[65], release[65], machine[65]; /* uname(2) */
	char cpu[96];                               /* /proc/cpuinfo's model name */
	unsigned cpus;                              /* online */
	const char *virtualization;                 /* arch_virtualization() */
};

/* The kernel file and how it was entered. Strings are borrowed; NULL: not known (yet). */
struct kernel_facts {
	const char *format;
	uint64_t bytes;
	const char *linux_format; /* of a unified image's .linux; NULL: it is none */
	uint64_t initrd_bytes;    /* of a unified image's .ucode and .initrd */
	char version[128];        /* what a bzImage's header says; "": nothing */
	const char *boot;
	const char *unpacked; /* where from: "cache", "host", "guest"; NULL: it was not packed */
	struct err why;       /* "guest": what kept minivmm from unpacking it */
	struct kaslr kaslr;
};

/* How many exits there were for a reason. */
struct exit_count {
	const char *name; /* KVM_EXIT_... without that prefix */
	uint64_t count;
};

/* All borrowed. */
struct report {
	const struct config *cfg;
	int status;
	const char *ending; /* a word: how the run ended */
	const char *reason; /* a sentence: why */
	struct timespec started;
	const struct timeline *timeline;
	const struct host_facts *host;
	const struct kernel_facts *kernel;
	const char *cmdline; /* that the kernel was given */
	const struct watch *watch;
	const struct tail *tail;
	uint64_t dropped_bytes; /* of the console, by a reader that was too slow */
	unsigned boots;
	const struct exit_count *exits; /* those that there were, @exits_n of them */
	unsigned exits_n;
};

/* The file's error flag says whether all could be written. */
void report_json(const struct report *r, FILE *f);
void report_junit(const struct report *r, FILE *f);

/* The end of the console as text: to be freed; NULL without memory. Shared by the two formats. */
char *report_console(const struct report *r);

#endif

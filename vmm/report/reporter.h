/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The reports of a run, from the first moment that one was asked for to the last: a file is there
 * when minivmm has ended, however that came, and it is whole.
 */
#ifndef VMM_REPORT_REPORTER_H
#define VMM_REPORT_REPORTER_H

#include "vmm/report/namer.h"
#include "vmm/report/outfile.h"
#include "vmm/report/report.h"

enum { REPORTER_FILES = 2 };

struct reporter {
	struct outfile file[REPORTER_FILES];
	struct namer namer; /* of these */
	struct host_facts host;
	struct kernel_facts kernel; /* filled in as it becomes known */
	struct timespec started;    /* CLOCK_REALTIME */
};

struct host;

/* True when @cfg asks for a report: what comes after the filter of system calls must know it. */
bool reporter_wanted(const struct config *cfg);

/*
 * Creates the files and finds out what the host is. From here on the process does not die without
 * a report (but by SIGKILL): guard.h. All that is opened is opened here, and there is one thread.
 * Errors: outfile_open()'s, with the option; namer_start()'s.
 */
int reporter_open(struct reporter *r, const struct config *cfg, struct err *e);

/*
 * Writes what host->outcome says; all threads that write what is reported have ended. When a file
 * cannot be written, a run that went well becomes one that failed, and the other report says so.
 * Error: the first that happened, and host->outcome is changed where it was good.
 */
int reporter_write(struct reporter *r, struct host *host, struct err *e);

#endif

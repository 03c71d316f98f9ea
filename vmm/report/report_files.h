/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The files of a run's reports. When minivmm has ended, for whatever reason, each file
 * exists and is complete.
 */
#ifndef VMM_REPORT_REPORT_FILES_H
#define VMM_REPORT_REPORT_FILES_H

#include "vmm/report/namer.h"
#include "vmm/report/outfile.h"
#include "vmm/report/report.h"
#include "vmm/report/report_config.h"

enum { REPORT_FILES = 2 };

/* All zero: no report is requested. */
struct report_files {
	struct outfile file[REPORT_FILES];
	struct namer namer; /* of these */
	struct host_facts host;
	struct timespec started; /* CLOCK_REALTIME */
};

/* True when @cfg requests a report, for which the filter of system calls must leave room. */
bool report_files_wanted(const struct report_config *cfg);

/*
 * Creates the files and gathers the facts about the host. From here on, the process does not die
 * without a report, except by SIGKILL (see guard.h). Everything that reports need is opened here,
 * while there is only one thread. Errors: those of outfile_open(), with the option; those of
 * namer_start().
 */
int report_files_open(struct report_files *r, const struct report_config *cfg,
		      enum seccomp_mode mode, struct err *e);

/*
 * Writes the reports from @report, after filling in its host and started. All threads that change
 * what is reported must have ended. If a file cannot be written, a run that went well becomes a
 * failed one, and the other report says so. Error: the first that occurred; then *@result, which is
 * report->result, is changed if it was good.
 */
int report_files_write(struct report_files *r, struct report *report, struct result *result,
		       struct err *e);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The files of a run's reports, from the first moment that one was asked for to the last: a file is
 * there when minivmm has ended, however that came, and it is whole.
 */
#ifndef VMM_REPORT_REPORT_FILES_H
#define VMM_REPORT_REPORT_FILES_H

#include "vmm/report/namer.h"
#include "vmm/report/outfile.h"
#include "vmm/report/report.h"
#include "vmm/report/report_config.h"

enum { REPORT_FILES = 2 };

/* All zero: no report is wanted. */
struct report_files {
	struct outfile file[REPORT_FILES];
	struct namer namer; /* of these */
	struct host_facts host;
	struct timespec started; /* CLOCK_REALTIME */
};

/* True when @cfg asks for a report: what comes after the filter of system calls must know it. */
bool report_files_wanted(const struct report_config *cfg);

/*
 * Creates the files and finds out what the host is. From here on the process does not die without
 * a report (but by SIGKILL): guard.h. All that is opened is opened here, and there is one thread.
 * Errors: outfile_open()'s, with the option; namer_start()'s.
 */
int report_files_open(struct report_files *r, const struct report_config *cfg,
		      enum seccomp_mode mode, struct err *e);

/*
 * Writes what @report says, whose host and started it fills in; all threads that write what is
 * reported have ended. When a file cannot be written, a run that went well becomes one that failed,
 * and the other report says so. Error: the first that happened; *@result, which is report->result,
 * is changed where it was good.
 */
int report_files_write(struct report_files *r, struct report *report, struct result *result,
		       struct err *e);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A separate process that gives finished files their names, or removes them. A filter of system
 * calls cannot see paths, so the process that runs a guest may not rename or unlink anything. It
 * asks the namer, which does so only with the files that it was forked with.
 *
 * The namer ends when the process that started it ends, for whatever reason, and removes the files
 * that have no name then. A temporary file remains only if both are killed at once, with their
 * cgroup or PID namespace.
 */
#ifndef VMM_REPORT_NAMER_H
#define VMM_REPORT_NAMER_H

#include "loader/err.h"
#include "vmm/report/outfile.h"
#include "vmm/sandbox/seccomp.h"

#include <sys/types.h>

struct namer {
	pid_t pid; /* 0: none was started */
	int fd;    /* owned: our end of the socket to it */
};

enum namer_verb { NAMER_NAME, NAMER_REMOVE };

/*
 * Forks the namer for @file[0..n); those without a path are not open. To be called while there is
 * only one thread. The namer installs its own filter, by @mode. Errors: no process, no descriptors.
 */
int namer_start(struct namer *namer, enum seccomp_mode mode, struct outfile *file, unsigned n,
		struct err *e);

/*
 * Has @verb done to file @i. Returns 0 or the errno of it: ETIMEDOUT when it does not answer for a
 * second. Async-signal-safe.
 */
int namer_ask(const struct namer *namer, enum namer_verb verb, unsigned i);

/* Ends the namer, and waits for that, for a second at most. */
void namer_end(struct namer *namer);

#endif

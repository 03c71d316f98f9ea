/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A process of its own that gives finished files their names, or removes them. A filter of system
 * calls cannot see paths, so no thread of the process that runs a guest may rename or unlink
 * anything: it asks this one, which does it to the files that it was forked with and to no other.
 *
 * It ends with the process that started it, however that one ends, and removes what has no name
 * then. A temporary file stays only where both are killed at once: with a cgroup, a PID namespace.
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
 * Forks it, for @file[0..n), of which those without a path are not open. To be called while there
 * is one thread; it takes the filter of @mode by itself. Errors: no process, no descriptors.
 */
int namer_start(struct namer *namer, enum seccomp_mode mode, struct outfile *file, unsigned n,
		struct err *e);

/*
 * Has @verb done to file @i. Returns 0 or the errno of it: ETIMEDOUT when it does not answer for a
 * second. Async-signal-safe.
 */
int namer_ask(const struct namer *namer, enum namer_verb verb, unsigned i);

/* Ends it, and waits until it has, but no longer than a second. */
void namer_end(struct namer *namer);

#endif

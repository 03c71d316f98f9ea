/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The allow-list of system calls. It holds for all threads, from before the first guest instruction
 * on. This is the front door of sandbox/, which limits what a guest that takes over this process
 * can do to the host; guard.h handles the signals that are raised then.
 */
#ifndef VMM_SANDBOX_SECCOMP_H
#define VMM_SANDBOX_SECCOMP_H

#include "loader/err.h"

#include <stdbool.h>

/* What happens to a system call that is not on the list. */
enum seccomp_mode {
	SECCOMP_ON,  /* it raises SIGSYS */
	SECCOMP_LOG, /* the kernel logs it, and executes it */
	SECCOMP_OFF, /* nothing: there is no filter */
};

/* What a run will do apart from running a guest. */
struct seccomp_extras {
	bool rebuild; /* the guest may reboot: a VM is built again */
	bool report;  /* open files are written and synchronised at the end */
};

/*
 * Installs the filter in every thread of the process, or in none. A refused call raises SIGSYS (see
 * guard.h), or the kernel only logs it. No allowed call takes a path. Errors: the kernel has no
 * seccomp filters, or no memory for one.
 */
int seccomp_install(enum seccomp_mode mode, struct seccomp_extras extras, struct err *e);

/*
 * The filter of the process that renames the reports' files (report/namer.h), which runs no guest.
 */
int seccomp_install_for_naming(enum seccomp_mode mode, struct err *e);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The allow-list of system calls, for all threads, from before the first guest instruction on.
 */
#ifndef VMM_SECCOMP_H
#define VMM_SECCOMP_H

#include "loader/err.h"
#include "vmm/options.h"

#include <stdbool.h>

/*
 * Installs the filter in every thread of the process. @may_rebuild adds what a restart needs: a VM
 * is built again. A refused call raises SIGSYS (see guard.h), or is only logged by the kernel.
 * Errors: the kernel has no seccomp filters, or no room.
 */
int seccomp_install(enum seccomp_mode mode, bool may_rebuild, struct err *e);

#endif

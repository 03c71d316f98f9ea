/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file that a run writes must not be one that it reads, or writes for another option, whatever
 * names and links lead to it: no report may overwrite a kernel.
 */
#ifndef VMM_CLI_DISTINCT_H
#define VMM_CLI_DISTINCT_H

#include "loader/err.h"
#include "vmm/cli/options.h"

/*
 * Error: an option's output is the regular file of another option, or of stdin, stdout or stderr;
 * the message names both.
 */
int distinct_check(const struct config *cfg, struct err *e);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ensures that each file that a run writes differs from all others that it reads or writes,
 * whatever names and links are given, so that a report never overwrites a kernel.
 */
#ifndef VMM_CLI_DISTINCT_H
#define VMM_CLI_DISTINCT_H

#include "loader/err.h"
#include "vmm/cli/options.h"

/* Error: two options, or one and stdout or stderr, are the same regular file. It names them. */
int distinct_check(const struct config *cfg, struct err *e);

#endif

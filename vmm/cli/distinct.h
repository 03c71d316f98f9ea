/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The files that a run writes are none that it reads, or writes otherwise: by whatever name and
 * link they are given. Nobody loses a kernel to a report.
 */
#ifndef VMM_CLI_DISTINCT_H
#define VMM_CLI_DISTINCT_H

#include "loader/err.h"
#include "vmm/cli/options.h"

/* Error: names two options, or one and stdout or stderr, that mean the same regular file. */
int distinct_check(const struct config *cfg, struct err *e);

#endif

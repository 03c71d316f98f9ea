/* SPDX-License-Identifier: BSD-3-Clause */
/* minivmm --dry-run: everything up to the virtual machine, and what it would be. */
#ifndef VMM_CLI_DRY_RUN_H
#define VMM_CLI_DRY_RUN_H

#include "loader/err.h"
#include "vmm/cli/config.h"

#include <stdio.h>

/*
 * Loads what the options name into memory as if for a guest, and says on @f what the guest would
 * get. KVM is not touched; nothing is written but --dump-dtb's file. Errors: those of a run.
 */
int dry_run(const struct config *cfg, FILE *f, struct err *e);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* minivmm --dry-run: does everything up to the virtual machine, and describes that. */
#ifndef VMM_CLI_DRY_RUN_H
#define VMM_CLI_DRY_RUN_H

#include "loader/err.h"
#include "vmm/cli/config.h"

#include <stdio.h>

/*
 * Loads the files into memory as if for a guest, and writes to @f what the guest would get. KVM is
 * not used, and no file is written except that of --dump-dtb. Errors: those of a run.
 */
int dry_run(const struct config *cfg, FILE *f, struct err *e);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* minivmm --dry-run: does everything up to the virtual machine, and describes that. */
#ifndef VMM_CLI_DRY_RUN_H
#define VMM_CLI_DRY_RUN_H

#include "loader/err.h"
#include "vmm/cli/config.h"

#include <stdio.h>

/*
 * Loads the files into memory as if for a guest, and writes to @f what the guest would get. KVM is
 * not used; of files, only that of --dump-dtb and the cache of unpacked kernels are written.
 * Errors: those of payload_open(), patterns_compile(), ram_map(), payload_load() and load_boot().
 */
int dry_run(const struct config *cfg, FILE *f, struct err *e);

#endif

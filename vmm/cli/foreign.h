/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Options as other programs that boot kernels call them (QEMU, Firecracker, Cloud Hypervisor,
 * kvmtool, crosvm): what to write here in their place.
 */
#ifndef VMM_CLI_FOREIGN_H
#define VMM_CLI_FOREIGN_H

#include "loader/err.h"

#include <getopt.h>

/*
 * Whether words[0] is such an option: one of the table in foreign.c, or one of @ours (long options,
 * ended by a row of zeros) with a single dash, as QEMU writes them. NULL ends @words. Returns 0: it
 * is not, or it is one of @ours. Error: it is; the text says so of all such options in @words, up
 * to a "--".
 */
int foreign_check(char *const *words, const struct option *ours, struct err *e);

#endif

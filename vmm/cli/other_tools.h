/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The options of other programs that boot kernels (QEMU, Firecracker, Cloud Hypervisor, kvmtool,
 * crosvm), and what to write for minivmm instead.
 */
#ifndef VMM_CLI_OTHER_TOOLS_H
#define VMM_CLI_OTHER_TOOLS_H

#include "vmm/cli/option.h"

/*
 * Refuses args[0] if it is such an option: one of the table in other_tools.c, or one of @ours with
 * a single dash, as QEMU writes them. NULL ends @args. Error: it is; the message says what to write
 * instead, also for such options in the rest of @args, up to a "--".
 */
int other_tools_check(char *const *args, const struct option_row *ours, struct err *e);

#endif

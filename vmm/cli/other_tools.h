/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Options as other programs that boot kernels call them (QEMU, Firecracker, Cloud Hypervisor,
 * kvmtool, crosvm): what to write here in their place.
 */
#ifndef VMM_CLI_OTHER_TOOLS_H
#define VMM_CLI_OTHER_TOOLS_H

#include "vmm/cli/option.h"

/*
 * Whether words[0] is such an option: one of the table in other_tools.c, or one of @ours with a
 * single dash, as QEMU writes them. NULL ends @words. Returns 0: it is not, or it is one of @ours.
 * Error: it is; the text names all such options in @words up to a "--", and what to write instead.
 */
int other_tools_check(char *const *words, const struct option_row *ours, struct err *e);

#endif

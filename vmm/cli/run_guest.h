/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * minivmm's main action: boots the kernel and runs the guest to its end. This is the front door of
 * cli/, which turns the command line into a configuration (config.h) and calls the stages in order.
 */
#ifndef VMM_CLI_RUN_GUEST_H
#define VMM_CLI_RUN_GUEST_H

#include "vmm/base/timeline.h"
#include "vmm/cli/config.h"

/*
 * Goes through all stages: payload, machine, run, result, reports. Errors are printed on stderr.
 * @start has the time at which the process began. Returns the exit status.
 */
int run_guest(const struct config *cfg, const struct timeline *start);

#endif

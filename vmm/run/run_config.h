/* SPDX-License-Identifier: BSD-3-Clause */
/* When a run ends, and what counts as a good end. */
#ifndef VMM_RUN_RUN_CONFIG_H
#define VMM_RUN_RUN_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

enum on_reboot { ON_REBOOT_EXIT, ON_REBOOT_RESTART };

struct run_config {
	uint64_t timeout_ns, idle_timeout_ns; /* 0: none */
	enum on_reboot on_reboot;
	bool until_expected; /* the run ends as soon as every expectation is met */
	bool allow_silent_reboot, fail_on_warning;
};

#endif

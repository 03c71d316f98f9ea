/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The configuration: what the user requested, in one part for each stage, which that stage defines.
 * All defaults are decided in options_parse(), except the command line: a unified kernel image may
 * have its own, so kernel_open() decides that.
 */
#ifndef VMM_CLI_CONFIG_H
#define VMM_CLI_CONFIG_H

#include "vmm/console/console_config.h"
#include "vmm/machine/machine_config.h"
#include "vmm/payload/payload_config.h"
#include "vmm/report/report_config.h"
#include "vmm/run/run_config.h"
#include "vmm/sandbox/seccomp.h"

enum action {
	ACTION_RUN,
	ACTION_DRY_RUN,
	ACTION_CHECK,
	ACTION_INSPECT,
	ACTION_HELP,
	ACTION_VERSION
};

struct config {
	enum action action;
	struct payload_config payload;
	struct machine_config machine;
	struct console_config console;
	struct run_config run;
	struct report_config report;
	enum seccomp_mode seccomp;
	const char *dump_dtb; /* the file for the guest's device tree; NULL: none */
	bool inspect_json;    /* of ACTION_INSPECT, whose file is payload.kernel */
};

#endif

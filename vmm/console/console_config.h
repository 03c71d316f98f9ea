/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the guest's output goes, and what is looked for in it. Strings are borrowed. */
#ifndef VMM_CONSOLE_CONSOLE_CONFIG_H
#define VMM_CONSOLE_CONSOLE_CONFIG_H

#include "vmm/base/strings.h"

#include <stdbool.h>

struct console_config {
	bool timestamps, quiet;
	const char *log;                                /* NULL: none */
	struct strings expect, fail_on, ignore_warning; /* regular expressions */
	bool expect_ordered;
	bool ktap; /* KTAP test results are looked for */
};

#endif

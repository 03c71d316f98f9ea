/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From argv to struct config. No file is opened, and nothing is printed.
 */
#ifndef VMM_CLI_OPTIONS_H
#define VMM_CLI_OPTIONS_H

#include "loader/err.h"
#include "vmm/cli/config.h"

/*
 * Parses the arguments; @cfg borrows its strings from @argv. Errors: an unknown or ambiguous
 * option, a missing or superfluous value, an option twice, a value out of range, options that
 * contradict each other.
 */
int options_parse(int argc, char **argv, struct config *cfg, struct err *e);

#endif

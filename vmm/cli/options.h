/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * argv -> struct config. Nothing is opened or printed here.
 */
#ifndef VMM_CLI_OPTIONS_H
#define VMM_CLI_OPTIONS_H

#include "loader/err.h"
#include "vmm/cli/config.h"

/*
 * Parses the arguments; the strings stay argv's. Errors: an unknown or ambiguous option, a missing
 * or superfluous argument, an option twice, a value out of range, options that contradict.
 */
int options_parse(int argc, char **argv, struct config *cfg, struct err *e);

/* The word that --boot takes for it. */
const char *options_boot_name(enum boot_proto proto);

extern const char options_help[];

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* minivmm --help. */
#ifndef VMM_CLI_HELP_H
#define VMM_CLI_HELP_H

#include <stdio.h>

/*
 * Writes the usage, the options of option_table under their headings, the keys of a terminal, and
 * the exit status, in lines of at most 80 columns.
 */
void help_print(FILE *f);

#endif

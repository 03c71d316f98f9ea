/* SPDX-License-Identifier: BSD-3-Clause */
/* minivmm --help. */
#ifndef VMM_CLI_HELP_H
#define VMM_CLI_HELP_H

#include <stdio.h>

/*
 * Writes the usage, the options under their headings, the keys of the terminal and the exit
 * statuses, in lines of at most 80 columns.
 */
void help_print(FILE *f);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * minivmm --check: can this host run guests, and how to fix it?
 */
#ifndef VMM_CLI_CHECK_H
#define VMM_CLI_CHECK_H

#include <stdbool.h>
#include <stdio.h>

/* Prints a line for each thing looked at. True when guests can run. */
bool check_host(FILE *f);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * minivmm --check: whether this host can run guests, and how to fix it if it cannot.
 */
#ifndef VMM_CLI_CHECK_H
#define VMM_CLI_CHECK_H

#include <stdbool.h>
#include <stdio.h>

/* Prints a line for each check. True when guests can run. */
bool check_host(FILE *f);

#endif

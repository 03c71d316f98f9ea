/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * minivmm --check: can this host run guests, and how to fix it?
 */
#ifndef VMM_CHECK_H
#define VMM_CHECK_H

#include <stdbool.h>
#include <stdio.h>

/* What a user can do whose /dev/kvm fails in a way that is not known: a half sentence. */
#define CHECK_FIX "run `minivmm --check`"

/* Prints a line for each thing looked at. True when guests can run. */
bool check_host(FILE *f);

#endif

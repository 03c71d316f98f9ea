/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Numbers with units, as users write them in options.
 */
#ifndef VMM_CLI_QUANTITY_H
#define VMM_CLI_QUANTITY_H

#include "loader/err.h"

#include <stdint.h>

/*
 * Parses a decimal number without a sign or spaces; *@rest is what follows it. Errors: no digit,
 * more than 64 bits.
 */
int quantity_number(const char *text, uint64_t *value, const char **rest, struct err *e);

/*
 * Parses a size: a decimal number of MiB, or with a suffix K, M, G or T (powers of 1024, in upper
 * or lower case, optionally followed by "iB" or "B"). Errors: not a size, zero, more than 64 bits.
 */
int quantity_size(const char *text, uint64_t *bytes, struct err *e);

/*
 * Parses a duration: a decimal number of seconds, or with a suffix ms, s, m or h. Errors: not a
 * duration, zero, more than a hundred years.
 */
int quantity_duration(const char *text, uint64_t *ns, struct err *e);

#endif

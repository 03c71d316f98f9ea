/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Numbers with units, as people write them in options. Pure: text to number.
 */
#ifndef VMM_CLI_QUANTITY_H
#define VMM_CLI_QUANTITY_H

#include "loader/err.h"

#include <stdint.h>

/*
 * A decimal number without sign or space; *@rest is what follows it. Errors: no digit, more than 64
 * bits.
 */
int quantity_number(const char *text, uint64_t *value, const char **rest, struct err *e);

/*
 * A size: a decimal number of MiB, or of K, M, G or T (1024-based, upper or lower case, perhaps
 * with "iB" or "B" after it). Errors: garbage, zero, more than 64 bits.
 */
int quantity_size(const char *text, uint64_t *bytes, struct err *e);

/*
 * A duration: a decimal number of seconds, or with ms, s, m or h after it. Errors: garbage, zero,
 * more than a hundred years.
 */
int quantity_duration(const char *text, uint64_t *ns, struct err *e);

#endif

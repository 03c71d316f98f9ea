/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The options that there are, each in one row. The parser, --help, and the checks of README.md, the
 * manual page and the completions (tests/options) all go by it: a new option is a row here, and
 * what those checks then ask for.
 */
#ifndef VMM_CLI_OPTION_TABLE_H
#define VMM_CLI_OPTION_TABLE_H

#include "vmm/cli/option.h"

enum { OPTION_ROWS_MAX = 64 }; /* in a table, without the row that ends it */

/* minivmm's own, and those of `minivmm inspect`. --help has them in this order. */
extern const struct option_row option_table[];
extern const struct option_row option_table_inspect[];

/* The words of --boot, with values of enum boot_proto. */
extern const struct option_word option_boot_words[];

#endif

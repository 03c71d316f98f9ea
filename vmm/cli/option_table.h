/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table of options, one row each. The parser and --help are driven by it, and tests/options
 * checks README.md, the manual page and the completions against it. To add an option, add a row;
 * the checks then name the documents that lack it.
 */
#ifndef VMM_CLI_OPTION_TABLE_H
#define VMM_CLI_OPTION_TABLE_H

#include "vmm/cli/option.h"

enum { OPTION_ROWS_MAX = 64 }; /* of a table, not counting the row that ends it */

/* The options of minivmm, in the order of --help, and those of `minivmm inspect`. */
extern const struct option_row option_table[];
extern const struct option_row option_table_inspect[];

#endif

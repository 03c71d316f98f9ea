/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A command-line option: everything that the parser, --help and the checks of the documentation
 * need to know about it. The options themselves are in vmm/cli/option_table.c.
 */
#ifndef VMM_CLI_OPTION_H
#define VMM_CLI_OPTION_H

#include "loader/err.h"

#include <stdbool.h>
#include <stddef.h>

/* One of the words that are allowed as an option's value. */
struct option_word {
	const char *word; /* NULL ends a list */
	unsigned value;
};

/* A row of a table of options. Zero or NULL means none, unless the field says otherwise. */
struct option_row {
	const char *name;     /* without the dashes; NULL ends a table */
	const char *argument; /* the name of its value in the documentation; NULL: it takes none */
	char letter;
	bool repeatable;   /* it may be given more than once */
	bool alone;        /* no other option, and no kernel, may be given with it */
	unsigned constant; /* for option_store_constant() */

	/* The documentation. */
	const char *heading;       /* of the section of --help that starts with this row */
	const char *architecture;  /* the only one that supports the option; NULL: all */
	const char *help;          /* one paragraph */
	const char *default_value; /* stored before the arguments are parsed */
	const char *default_note;  /* explains it; alone: describes a default that is not a value */

	/*
	 * Stores the value @text in @field of a struct config, which borrows the text; @text is
	 * NULL if the option takes no value. Error: the text is not a valid value; the message
	 * quotes the text and does not name the option. See vmm/cli/option_value.h.
	 */
	int (*store)(const struct option_row *row, const char *text, void *field, struct err *e);
	size_t field;                    /* its offset in struct config */
	const struct option_word *words; /* for option_store_word() */
};

#endif

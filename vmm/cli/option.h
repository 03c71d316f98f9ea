/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a command-line option is: all that the parser, --help and the checks of the documents know
 * of it. vmm/cli/option_table.h has the options that there are.
 */
#ifndef VMM_CLI_OPTION_H
#define VMM_CLI_OPTION_H

#include "loader/err.h"

#include <stdbool.h>
#include <stddef.h>

/* One of the words that an option's value may be. */
struct option_word {
	const char *word; /* NULL ends a list */
	unsigned value;
};

/* A row of a table. Zero, or NULL, where no other meaning is given: there is none. */
struct option_row {
	const char *name;     /* without the dashes; NULL ends a table */
	const char *argument; /* as the documents call the value; NULL: the option takes none */
	char letter;
	bool repeatable;   /* it may be given more than once */
	bool alone;        /* no other option, and no kernel, may be given with it */
	unsigned constant; /* for option_store_constant() */

	/* How it is documented. */
	const char *heading;      /* of the section of --help that begins with this row */
	const char *architecture; /* the only one that has it */
	const char *help;         /* one paragraph */
	const char *preset;       /* the value that holds when the option is not given */
	const char *preset_note;  /* more about that, or what holds where @preset is NULL */

	/*
	 * Stores @text, the value, in @field of a struct config, which borrows it. @text is NULL
	 * where the option takes no value. Error: the text is no such value; it names the text, not
	 * the option. See vmm/cli/option_value.h.
	 */
	int (*store)(const struct option_row *row, const char *text, void *field, struct err *e);
	size_t field;                    /* its offset in struct config */
	const struct option_word *words; /* for option_store_word() */
};

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Prints the tables of options for check_options.py: a line for each row, its fields separated by
 * tabs.
 */
#include "arch/board.h"
#include "vmm/cli/option_table.h"

#include <stdio.h>

/* --memory's parser, which comes with the table, needs it; no value is parsed here. */
const struct board *const board_native = NULL;

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static void print_row(const char *command, const struct option_row *row)
{
	const char letter[] = {row->letter, '\0'};

	printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t", command, row->name, letter,
	       or_empty(row->argument), row->repeatable ? "repeatable" : "",
	       or_empty(row->architecture), or_empty(row->default_value),
	       or_empty(row->default_note), row->help);
	for (const struct option_word *w = row->words; w && w->word; w++)
		printf("%s%s", w == row->words ? "" : " ", w->word);
	putchar('\n');
}

int main(void)
{
	for (const struct option_row *row = option_table; row->name; row++)
		print_row("", row);
	for (const struct option_row *row = option_table_inspect; row->name; row++)
		print_row("inspect", row);
	return fflush(stdout) ? 1 : 0;
}

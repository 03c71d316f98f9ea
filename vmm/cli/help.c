/* SPDX-License-Identifier: BSD-3-Clause */
/* minivmm --help: see help.h. */
#include "vmm/cli/help.h"

#include "vmm/cli/option_table.h"

#include <string.h>

enum { TEXT_COLUMN = 25, WIDTH = 80 };

static const char usage[] = "Usage: minivmm [OPTION]... [KERNEL]\n"
			    "  or:  minivmm [OPTION]... [KERNEL] --init FILE [-- ARG...]\n"
			    "  or:  minivmm inspect FILE [--json]\n";

static const char *const before[] = {
	"Boots a Linux kernel in a virtual machine on /dev/kvm, with its serial console on stdin "
	"and stdout. Without a KERNEL it boots a small guest that is built in.",
	"`minivmm inspect` says what is in a kernel FILE of any architecture, and which boots are "
	"possible; it needs no KVM. (A kernel of that name is ./inspect.)",
};

static const char *const after[] = {
	"On a terminal: Ctrl-a x ends the run, Ctrl-a h shows help, Ctrl-a Ctrl-a sends a Ctrl-a, "
	"Ctrl-a b a break, with which the next key is a SysRq command to Linux.",
	"Exit status: 0 the guest powered off, halted or rebooted; 1-99 its own, through the exit "
	"device; 101 kernel panic, or an oops right before the end; 102 the guest crashed; 103 an "
	"--expect was never seen; 104 a --fail-on was, a warning, or a failed test; 105 the guest "
	"reset itself without having printed anything; 124 a time limit; 125 minivmm's own "
	"errors; 128+N ended by signal N.",
};

/* Prints @text in lines of at most WIDTH columns, each indented to @indent; @f is at that column.
 */
static void print_filled(FILE *f, const char *text, int indent)
{
	int column = indent;

	for (const char *word = text; *word; word += *word == ' ') {
		int n = (int)strcspn(word, " ");
		if (column == indent) {
			column += fprintf(f, "%.*s", n, word);
		} else if (column + 1 + n <= WIDTH) {
			column += fprintf(f, " %.*s", n, word);
		} else {
			fprintf(f, "\n%*s%.*s", indent, "", n, word);
			column = indent + n;
		}
		word += n;
	}
	fputc('\n', f);
}

/* Prints "  -m, --memory SIZE" and pads it to the column of the texts. */
static void print_name(FILE *f, const struct option_row *row)
{
	int n = row->letter ? fprintf(f, "  -%c, ", row->letter) : fprintf(f, "      ");

	n += fprintf(f, "--%s", row->name);
	if (row->argument)
		n += fprintf(f, " %s", row->argument);
	if (n + 2 > TEXT_COLUMN) {
		fputc('\n', f);
		n = 0;
	}
	fprintf(f, "%*s", TEXT_COLUMN - n, "");
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static void print_option(FILE *f, const struct option_row *row)
{
	char architecture[16] = "", value[128] = "", text[512];

	if (row->architecture)
		snprintf(architecture, sizeof(architecture), "(%s) ", row->architecture);
	if (row->default_value || row->default_note)
		snprintf(value, sizeof(value), " (default: %s%s%s)", or_empty(row->default_value),
			 row->default_value && row->default_note ? ": " : "",
			 or_empty(row->default_note));
	snprintf(text, sizeof(text), "%s%s%s", architecture, row->help, value);
	print_name(f, row);
	print_filled(f, text, TEXT_COLUMN);
}

void help_print(FILE *f)
{
	fputs(usage, f);
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		print_filled(f, before[i], 0);
	fputc('\n', f);
	for (const struct option_row *row = option_table; row->name; row++) {
		if (row->heading)
			fprintf(f, "\n%s:\n", row->heading);
		print_option(f, row);
	}
	for (size_t i = 0; i < sizeof(after) / sizeof(after[0]); i++) {
		fputc('\n', f);
		print_filled(f, after[i], 0);
	}
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* What to try when a run has failed: the end of a sentence, about what helps most often. */
#ifndef VMM_REPORT_HINT_H
#define VMM_REPORT_HINT_H

#include "vmm/machine/stop.h"

#include <stdbool.h>
#include <stddef.h>

struct hint_facts {
	enum stop_kind kind;
	uint64_t cause;      /* of a panic or a crash: see stop.h */
	const char *cmdline; /* the kernel's */
	bool printed;        /* the guest's console was not silent */
	/*
	 * By the kernel's configuration, NULL where it is not known: what it lacks for a console on
	 * ttyS0, and the console that it takes when the command line names none.
	 */
	const char *lacks, *own_console;
};

enum { HINT_BYTES = 512 };

/*
 * Writes the hint, of at most HINT_BYTES, or "" when there is none. @early is the kernel parameter
 * for a console before the console (the board's early_console).
 */
void hint_write(const struct hint_facts *f, const char *early, char text[HINT_BYTES]);

#endif

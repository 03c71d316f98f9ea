/* SPDX-License-Identifier: BSD-3-Clause */
/* The text on stderr when a run has ended. */
#ifndef VMM_REPORT_REPORT_TEXT_H
#define VMM_REPORT_REPORT_TEXT_H

#include "vmm/console/console.h"
#include "vmm/machine/vm.h"
#include "vmm/payload/payload.h"
#include "vmm/run/result.h"

/* All borrowed. */
struct report_text_facts {
	const struct result *result;
	const struct vm *vm; /* whose threads have ended */
	const struct payload *payload;
	const struct console *console;
	bool quiet; /* the user has not seen the console */
};

/*
 * Writes nothing for a run that went well. Otherwise the reason in one line; the end of the
 * console, if the user has not seen it; the last exits and registers, if they explain something; a
 * hint.
 */
void report_text(const struct report_text_facts *t, FILE *f);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whether a run ended well. Its end alone does not say that: a kernel that dies resets the machine
 * as one does that reboots, and what must be seen on the console is known when all of it was. No VM
 * is needed here, only what was noted.
 */
#ifndef VMM_RUN_VERDICT_H
#define VMM_RUN_VERDICT_H

#include "vmm/console/console.h"
#include "vmm/machine/stop.h"
#include "vmm/run/run_config.h"

/*
 * While it runs: what the console's thread found since ends the run: a reader that is lost, a
 * --fail-on pattern, the last expectation with --until-expected.
 */
void verdict_while_running(struct stop *stop, struct console *c, const struct run_config *cfg);

/* What a guest left that has run: all its threads have ended. */
struct verdict_facts {
	const struct console *console;
	uint64_t printed_before; /* bytes of the console that were there when it began */
	bool triple_fault;       /* the vCPU that ended the run did so by a triple fault */
};

/*
 * Of the guest. Changes *@stop: to a panic where one was noted, or where the guest reset itself or
 * powered off right after an oops; to STOP_SILENT where it reset itself without having printed; to
 * a reboot where it meant its triple fault as one.
 */
void verdict_on_guest(struct stop *stop, const struct verdict_facts *facts,
		      const struct run_config *cfg);

/*
 * Of its console, which is written and matched to the end: what an option asks for and a run that
 * went well otherwise does not have. Changes *@stop.
 */
void verdict_on_console(struct stop *stop, const struct console *c, const struct run_config *cfg);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whether a run ended well. The end alone does not show that: a kernel that dies resets the machine
 * just like one that reboots, and whether the console had everything that was expected is known
 * only when all of it was matched. No VM is needed here, only the facts about it.
 */
#ifndef VMM_RUN_VERDICT_H
#define VMM_RUN_VERDICT_H

#include "vmm/console/console.h"
#include "vmm/machine/stop.h"
#include "vmm/run/run_config.h"

/*
 * While the guest runs: ends the run if the console's thread has found a reason, which is a lost
 * reader, a --fail-on pattern, or with --until-expected the last expectation.
 */
void verdict_while_running(struct stop *stop, struct console *c, const struct run_config *cfg);

/* What is known about a guest whose threads have ended. */
struct verdict_facts {
	const struct console *console;
	uint64_t printed_before; /* bytes that the console had when the guest began */
	bool triple_fault;       /* a vCPU's triple fault ended the run */
};

/*
 * Judges the guest. Changes *@stop to a panic if one was noted, or if the guest reset itself or
 * powered off right after an oops; to STOP_SILENT if it reset itself without having printed
 * anything; to a reboot if its triple fault was meant as one.
 */
void verdict_on_guest(struct stop *stop, const struct verdict_facts *facts,
		      const struct run_config *cfg);

/*
 * Judges the console of a run that went well otherwise, after all of it was written and matched.
 * Changes *@stop when a condition that an option sets is not met, when that is not known because
 * output was lost, or when the log could not be written.
 */
void verdict_on_console(struct stop *stop, const struct console *c, const struct run_config *cfg);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whether a run ended well. Its end alone does not say that: a kernel that dies resets the machine
 * as one does that reboots, and what must be seen on the console is known when all of it was.
 */
#ifndef VMM_RUN_VERDICT_H
#define VMM_RUN_VERDICT_H

struct vm;

/*
 * Of the guest that ran: all its threads have ended. Changes vm->stop: to a panic where one was
 * noted, or where the guest reset itself or powered off right after an oops; to STOP_SILENT where
 * it reset itself without having printed; to a reboot where it meant its triple fault as one.
 */
void verdict_on_guest(struct vm *vm);

/*
 * Of its console, which is written and matched to the end: what an option asks for and a run that
 * went well otherwise does not have. Changes vm->stop.
 */
void verdict_on_console(struct vm *vm);

#endif

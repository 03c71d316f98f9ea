/* SPDX-License-Identifier: BSD-3-Clause */
/* The wait for what the guest printed last: it is written, and patterns are looked for in it. */
#ifndef VMM_RUN_DRAIN_H
#define VMM_RUN_DRAIN_H

#include "vmm/run/loop.h"

/*
 * Restores the terminal and ends the console, when its output is written: a guest that ended by
 * itself has until --timeout for that, a run that a limit, a signal or the user ended a second. A
 * signal ends the wait. l->stop becomes what a user must know first: a signal, or that the output
 * of a good run could not be written in time or at all. True: all was written and matched.
 */
bool drain(struct loop *l);

/* The same for a run that failed before its end: nobody asks why it stopped. */
void drain_hurriedly(struct loop *l);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* Waits until the guest's last output is written and matched against the patterns. */
#ifndef VMM_RUN_DRAIN_H
#define VMM_RUN_DRAIN_H

#include "vmm/run/loop.h"

/*
 * Restores the terminal, waits for the console's output and stops the console. After a guest that
 * ended by itself, the wait may last until --timeout; after a limit, a signal or the user, one
 * second. A signal ends the wait. l->stop becomes what the user must know first: a signal, or that
 * the output of a good run could not be written, or not in time. True: all output was written and
 * matched.
 */
bool drain(struct loop *l);

/* The same after an error of minivmm: it waits at most a second, and leaves l->stop alone. */
void drain_hurriedly(struct loop *l);

#endif

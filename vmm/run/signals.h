/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The signals that end or stop a run. While a guest runs, the event loop reads them from a
 * descriptor. Before that, while files are read and unpacked, and afterwards, while reports are
 * written, nobody reads the descriptor. Then handlers ensure that no slow file and no slow reader
 * delays the end.
 */
#ifndef VMM_RUN_SIGNALS_H
#define VMM_RUN_SIGNALS_H

#include "loader/err.h"

#include <stdint.h>

/*
 * Blocks the signals in this thread and in those that it starts, and opens a descriptor for them. A
 * signal that was ignored when minivmm was started (nohup) stays ignored. Returns the descriptor,
 * or -1.
 */
int signals_open(struct err *e);

/*
 * From now until signals_loaded(), a signal is remembered. If loading has not finished
 * SIGNALS_GRACE_MS after it, or after @limit_ns from now (0: no limit), the process ends: with the
 * status of the signal or the limit, a line on stderr, and the function given to guard_on_death().
 */
void signals_while_loading(uint64_t limit_ns);

enum { SIGNALS_GRACE_MS = 200 };

/* The descriptor gets the signals again. Returns the first signal that came meanwhile, or 0. */
int signals_loaded(void);

/* From now on, a signal ends the process at once. */
void signals_after_run(void);

#endif

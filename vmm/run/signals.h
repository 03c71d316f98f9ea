/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The signals that end or stop a run. While a guest runs the loop reads them from a descriptor.
 * Before, while files are read and unpacked, and after, while reports are written, nobody waits
 * for that descriptor: then handlers see to it that no file and no reader holds an end up.
 */
#ifndef VMM_RUN_SIGNALS_H
#define VMM_RUN_SIGNALS_H

#include "loader/err.h"

#include <stdint.h>

/*
 * Blocks the signals, in this thread and those that it starts, and opens a descriptor for them. One
 * that the caller's parent ignores (nohup) stays ignored. Returns the descriptor, or -1.
 */
int signals_open(struct err *e);

/*
 * Until signals_loaded(): a signal is remembered. When loading is not over SIGNALS_GRACE_MS after
 * it, or after @limit_ns (0: none) from now, the process ends with its status and a line, and with
 * what guard_on_death() was told.
 */
void signals_while_loading(uint64_t limit_ns);

enum { SIGNALS_GRACE_MS = 200 };

/* The signals are the descriptor's again. Returns the first that came, or 0. */
int signals_loaded(void);

/* For the rest of the process's life: a signal ends it at once. */
void signals_after_run(void);

#endif

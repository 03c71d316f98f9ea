/* SPDX-License-Identifier: BSD-3-Clause */
/* The patterns that the user gave, compiled for the watch. */
#ifndef VMM_CONSOLE_PATTERNS_H
#define VMM_CONSOLE_PATTERNS_H

#include "vmm/console/console_config.h"
#include "vmm/watch/watch.h"

/*
 * Compiles the patterns of @cfg, which is borrowed. patterns_free() is called in every case. Errors
 * name the option and the pattern: expect_add()'s.
 */
int patterns_compile(const struct console_config *cfg, struct watch *w, struct err *e);

/* Idempotent. (watch_fini() does this, too.) */
void patterns_free(struct watch *w);

#endif

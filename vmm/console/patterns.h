/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiles the user's patterns for the watch. */
#ifndef VMM_CONSOLE_PATTERNS_H
#define VMM_CONSOLE_PATTERNS_H

#include "vmm/console/console_config.h"
#include "vmm/watch/watch.h"

/*
 * Compiles the patterns of @cfg, which is borrowed. The caller calls patterns_free() in every case.
 * Errors name the option and the pattern: those of expect_add().
 */
int patterns_compile(const struct console_config *cfg, struct watch *w, struct err *e);

/* Idempotent. watch_fini() does this, too. */
void patterns_free(struct watch *w);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Finds a kernel panic in the console's bytes: the line that begins, perhaps after a log level and
 * a time stamp, with "Kernel panic - not syncing". (Linux kernel/panic.c)
 */
#ifndef VMM_WATCH_PANIC_H
#define VMM_WATCH_PANIC_H

#include <stdbool.h>

enum panic_found {
	PANIC_NONE,
	PANIC_BEGIN, /* "Kernel panic - not syncing" */
	PANIC_END,   /* "---[ end Kernel panic": nothing comes after it */
};

enum { PANIC_LINE_BYTES = 96, PANIC_REASON_BYTES = 160 };

struct panic_watch {
	char line[PANIC_LINE_BYTES]; /* the line's beginning */
	unsigned n;
	bool naming;                     /* in the line that says why */
	char reason[PANIC_REASON_BYTES]; /* why, in printable ASCII; empty: not known */
	unsigned reason_n;
};

/* Feeds one byte; says what it completed. */
enum panic_found panic_watch_add(struct panic_watch *w, char byte);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Finds, byte by byte, what a guest's kernel says of its own end: messages that decide what becomes
 * of the run. Each begins its line, or follows a time stamp (printk.h).
 * Source: Linux kernel/panic.c (panic()), kernel/reboot.c (kernel_halt(), kernel_power_off()),
 * init/version-timestamp.c (linux_banner), arch/x86/boot/compressed/error.c (error()).
 */
#ifndef VMM_WATCH_MARK_H
#define VMM_WATCH_MARK_H

#include "vmm/watch/lines.h"

#include <stdbool.h>

enum mark {
	MARK_NONE,
	MARK_BANNER,     /* "Linux version ": a kernel begins */
	MARK_PANIC,      /* "Kernel panic - not syncing" */
	MARK_PANIC_END,  /* "---[ end Kernel panic": nothing comes after it */
	MARK_POWER_DOWN, /* "reboot: Power down": the last words where there is a power-off */
	MARK_HALTED,     /* "reboot: System halted", also in place of a power-off */
	MARK_UNPACKING,  /* " -- System halted": the kernel could not unpack itself */
};

enum { MARK_LINE_BYTES = 96, MARK_REASON_BYTES = 160 };

/* All zero: at the beginning of a line. */
struct mark_watch {
	char line[MARK_LINE_BYTES]; /* since the line's beginning, or the last time stamp in it */
	unsigned n;
	enum lines_state state;         /* of escape sequences, which are left out */
	bool inside;                    /* the beginning is lost: it was too long */
	bool naming;                    /* in the line that says why the kernel panicked */
	char reason[MARK_REASON_BYTES]; /* why, in printable ASCII; empty: not known */
	unsigned reason_n;
};

/* Feeds one byte; says what it completed. */
enum mark mark_watch_add(struct mark_watch *w, char byte);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Finds marks, byte by byte: the messages of a guest's kernel that decide how the run goes on,
 * mostly about its end. Each begins a line, or follows a time stamp (printk.h). Source: Linux
 * kernel/panic.c (panic()), kernel/reboot.c (kernel_halt(), kernel_power_off()),
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
	MARK_PANIC_END,  /* "---[ end Kernel panic": nothing follows */
	MARK_POWER_DOWN, /* "reboot: Power down": printed just before a power-off */
	MARK_HALTED,     /* "reboot: System halted", also when no power-off was found */
	MARK_UNPACKING,  /* " -- System halted": the kernel could not unpack itself */
};

enum { MARK_LINE_BYTES = 96, MARK_REASON_BYTES = 160 };

/* All zero: at the beginning of a line. */
struct mark_watch {
	char line[MARK_LINE_BYTES]; /* since its beginning or its last time stamp */
	unsigned n;
	enum lines_state state;         /* of escape sequences, which are left out */
	bool inside;                    /* the line is too long, and its beginning lost */
	bool naming;                    /* in the line that has the reason of the panic */
	char reason[MARK_REASON_BYTES]; /* of the panic, in printable ASCII; empty: not known */
	unsigned reason_n;
};

/* Takes one byte; returns the mark that it completes, or MARK_NONE. */
enum mark mark_watch_add(struct mark_watch *w, char byte);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the last lines of the console say of the way in which a guest ended by itself.
 * Source: Linux kernel/reboot.c (kernel_restart(), kernel_halt(), kernel_power_off()),
 * arch/x86/kernel/reboot.c (native_machine_restart()), kernel/kexec_core.c (kernel_kexec()).
 */
#ifndef VMM_WATCH_ENDING_H
#define VMM_WATCH_ENDING_H

#include "vmm/watch/expect.h"
#include "vmm/watch/kernel_events.h"
#include "vmm/watch/tail.h"

/* An oops further back than that is not the reason for the end. */
enum { ENDING_LINES = 50 };

struct ending {
	/* The last oops or BUG after which there is no word of an orderly end; "": none. */
	char trouble[KERNEL_EVENT_LINE_BYTES];
	bool restarting; /* the very last line announces a restart */
	bool starting;   /* it announces a kernel that is started by kexec */
};

/*
 * Reads what is left in @t of the bytes from number @from on. An oops whose first line matches one
 * of @known is none.
 */
void ending_read(const struct tail *t, uint64_t from, const struct patterns *known,
		 struct ending *ending);

#endif

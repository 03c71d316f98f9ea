/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the last lines of the console say about how a guest ended by itself.
 * Source: Linux kernel/reboot.c (kernel_restart(), kernel_halt(), kernel_power_off()),
 * arch/x86/kernel/reboot.c (native_machine_restart()), kernel/kexec_core.c (kernel_kexec()).
 */
#ifndef VMM_WATCH_ENDING_H
#define VMM_WATCH_ENDING_H

#include "vmm/watch/expect.h"
#include "vmm/watch/kernel_events.h"
#include "vmm/watch/tail.h"

/* An oops that is more lines back is not taken for the reason of the end. */
enum { ENDING_LINES = 50 };

struct ending {
	/* The last oops or BUG that no message of an orderly end follows; "": none. */
	char trouble[KERNEL_EVENT_LINE_BYTES];
	bool restarting; /* the very last message announces a restart */
	bool starting;   /* it announces that kexec starts another kernel */
};

/*
 * Reads the bytes in @t from number @from on, as far as they are left. An oops whose first line
 * matches one of @known is ignored.
 */
void ending_read(const struct tail *t, uint64_t from, const struct patterns *known,
		 struct ending *ending);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How a guest ends by itself: by an event of a device or, where no device reports it, by what its
 * kernel prints on the console. Both become the reason why the run stops.
 */
#ifndef VMM_RUN_GUEST_END_H
#define VMM_RUN_GUEST_END_H

#include "vmm/console/console.h"
#include "vmm/machine/devices/device.h"
#include "vmm/machine/stop.h"

struct guest_end {
	struct stop *stop;       /* borrowed, as is the next */
	struct console *console; /* whose silence may end a run, too */
	bool may_crash_boot;     /* after a panic, a crash kernel may boot, which takes long */
};

/*
 * To be called when a VM begins: from now on, the console reports its marks to *@g. @cmdline is the
 * kernel's. The caller has set all members of *@g except may_crash_boot.
 */
void guest_end_watch(struct guest_end *g, const char *cmdline);

/* To be called when the VM has ended: the console reports no more marks. */
void guest_end_unwatch(struct guest_end *g);

/* The wire for the events of devices. */
struct event_line guest_end_events(struct guest_end *g);

/* Ends the run, because the silence after @last_words was long enough. */
void guest_end_silent(struct stop *stop, enum mark last_words);

#endif

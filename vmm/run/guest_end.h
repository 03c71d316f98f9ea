/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How a guest ends by itself: what its devices tell, and what its kernel says on the console where
 * no device tells of it. Both become the reason why the run stops.
 */
#ifndef VMM_RUN_GUEST_END_H
#define VMM_RUN_GUEST_END_H

#include "vmm/console/console.h"
#include "vmm/machine/devices/device.h"
#include "vmm/machine/stop.h"

struct guest_end {
	struct stop *stop;       /* borrowed, as is the next */
	struct console *console; /* whose silence ends a run, too */
	bool may_crash_boot;     /* after a panic a crash kernel may boot, which takes long */
};

/*
 * A VM begins: from now on the console's marks come to *@g. @cmdline is its kernel's. *@g is all
 * set but for may_crash_boot.
 */
void guest_end_watch(struct guest_end *g, const char *cmdline);

/* The VM is gone: nothing comes any more. */
void guest_end_unwatch(struct guest_end *g);

/* The devices' wire. */
struct event_line guest_end_events(struct guest_end *g);

/* The silence after @last_words was long enough: ends the run. */
void guest_end_silent(struct stop *stop, enum mark last_words);

#endif

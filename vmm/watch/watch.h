/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * All that looks at the console's lines: expectations, the kernel's reports, results of tests, how
 * far the boot is. It runs in the console's thread, behind the ring: no vCPU waits for a regular
 * expression. Times are those at which that thread got the bytes, CLOCK_MONOTONIC.
 */
#ifndef VMM_WATCH_WATCH_H
#define VMM_WATCH_WATCH_H

#include "vmm/watch/boot.h"
#include "vmm/watch/expect.h"
#include "vmm/watch/ktap.h"
#include "vmm/watch/lines.h"
#include "vmm/watch/reports.h"

#include <stdint.h>

enum watch_event {
	WATCH_ALL_SEEN, /* every expectation was met */
	WATCH_FAILED,   /* a fail_on pattern was seen; expect.failed_on says which */
};

/* All zero but for what watch_init() is told: nothing is watched for. */
struct watch {
	struct expect expect;
	struct reports reports;
	struct boot_watch boot;
	struct ktap ktap; /* right after watch_end() */
	bool want_ktap;
	struct lines lines;
	char *text; /* of lines, owned */
	bool ended; /* watch_end() was called */
	/* Called, in the console's thread, with the line that did it. */
	void (*on_event)(void *opaque, enum watch_event event, const char *line);
	void *opaque;
};

/* @w->expect and @w->want_ktap are set up before. Error: memory. */
int watch_init(struct watch *w, struct err *e);
void watch_fini(struct watch *w);

/* The guest's bytes, which came at @now_ns. */
void watch_feed(struct watch *w, const uint8_t *data, size_t n, uint64_t now_ns);

/* Nothing came for a while: a line without a newline (a prompt) is looked at as it is. */
void watch_idle(struct watch *w, uint64_t now_ns);

/* No more will come, said once or more: a last line without a newline counts for the tests, too. */
void watch_end(struct watch *w, uint64_t now_ns);

#endif

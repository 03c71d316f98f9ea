/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reads the console's lines: for expectations, kernel events, test results and the progress of the
 * boot. It runs in the console's thread, after the ring, and holds no lock while it matches
 * patterns, so that neither a vCPU nor the loop waits for a regular expression. Times are those at
 * which that thread received the bytes (CLOCK_MONOTONIC).
 *
 * This is the front door of watch/, which knows what the lines of a console mean, and nothing else.
 */
#ifndef VMM_WATCH_WATCH_H
#define VMM_WATCH_WATCH_H

#include "vmm/watch/boot.h"
#include "vmm/watch/expect.h"
#include "vmm/watch/kernel_events.h"
#include "vmm/watch/ktap.h"
#include "vmm/watch/lines.h"

#include <pthread.h>
#include <stdint.h>

enum watch_event {
	WATCH_ALL_SEEN, /* every expectation was met */
	WATCH_FAILED,   /* a fail_on pattern was seen; expect.failed_on says which */
};

/* All zero but for what watch_init() is told: nothing is watched for. */
struct watch {
	pthread_mutex_t lock; /* what was found, and @closed */
	struct expect expect;
	struct patterns known; /* an event whose first line matches is only counted as ignored */
	struct kernel_events events;
	struct boot_watch boot;
	struct ktap ktap; /* right after watch_end() */
	bool want_ktap;
	struct lines lines;
	char *text;         /* of lines, owned */
	bool closed;        /* watch_end() was called: nothing that was found changes any more */
	bool matching;      /* patterns are looked for at this moment; atomic */
	uint64_t late_ns;   /* from when on no patterns are looked for; 0: never; atomic */
	uint64_t unmatched; /* bytes that were not looked at for that */
	/* Called, in the console's thread, with the line that did it. */
	void (*on_event)(void *opaque, enum watch_event event, const char *line);
	void *opaque;
};

/* @w->expect, @w->known and @w->want_ktap are set up before. Error: memory. */
int watch_init(struct watch *w, struct err *e);
void watch_fini(struct watch *w);

/* The guest's bytes, which came at @now_ns. */
void watch_feed(struct watch *w, const uint8_t *data, size_t n, uint64_t now_ns);

/* Nothing came for a while: a line without a newline (a prompt) is looked at as it is. */
void watch_idle(struct watch *w, uint64_t now_ns);

/*
 * From @now_ns on no more patterns are looked for, but for one that is being looked for; for a run
 * that must end. From any thread.
 */
void watch_hurry(struct watch *w, uint64_t now_ns);

/* True when a pattern is being looked for. From any thread. */
bool watch_is_matching(const struct watch *w);

/*
 * No more will come, said once or more. From any thread, also while another is in watch_feed(),
 * which then changes nothing any more. @whole: no thread is in there, and so a last line without a
 * newline counts for the tests, too.
 */
void watch_end(struct watch *w, bool whole, uint64_t now_ns);

#endif

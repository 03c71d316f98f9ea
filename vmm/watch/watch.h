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

/* All zero, except what the caller of watch_init() sets: nothing is watched for. */
struct watch {
	pthread_mutex_t lock; /* of the results, and of @closed */
	struct expect expect;
	struct patterns known; /* events whose first line matches are ignored, and only counted */
	struct kernel_events events;
	struct boot_watch boot;
	struct ktap ktap; /* complete after watch_end() */
	bool want_ktap;
	struct lines lines;
	char *text;         /* of lines, owned */
	bool closed;        /* watch_end() was called: the results no longer change */
	bool matching;      /* a pattern is being matched at this moment; atomic */
	uint64_t late_ns;   /* no pattern is matched after this time; 0: no limit; atomic */
	uint64_t unmatched; /* bytes that were not matched because of that */
	/* Called in the console's thread, with the line that caused the event. */
	void (*on_event)(void *opaque, enum watch_event event, const char *line);
	void *opaque;
};

/* The caller has set @w->expect, @w->known and @w->want_ktap. Error: memory. */
int watch_init(struct watch *w, struct err *e);
void watch_fini(struct watch *w);

/* Takes @n bytes of the guest's output, which came at @now_ns. */
void watch_feed(struct watch *w, const uint8_t *data, size_t n, uint64_t now_ns);

/* There was no output for a while: matches a line without a newline (a prompt) as it is. */
void watch_idle(struct watch *w, uint64_t now_ns);

/*
 * For a run that must end: no pattern is matched after @now_ns, except one whose match has begun.
 * From any thread.
 */
void watch_hurry(struct watch *w, uint64_t now_ns);

/* True when a pattern is being matched. From any thread. */
bool watch_is_matching(const struct watch *w);

/*
 * Ends the watch. Idempotent. From any thread, even while another one is in watch_feed(), which
 * then changes nothing any more. @whole: no thread is in watch_feed(), so that a last line without
 * a newline counts, too.
 */
void watch_end(struct watch *w, bool whole, uint64_t now_ns);

#endif

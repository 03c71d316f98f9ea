/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Kernel events: the faults of its own that the kernel reports on the console. Oopses, BUGs,
 * WARNINGs, stalls, hung tasks and lockdep reports are counted; of each kind, the first line and
 * its time are kept. Source: the formats in Linux lib/bug.c, kernel/panic.c,
 * kernel/rcu/tree_stall.h, kernel/hung_task.c, kernel/locking/lockdep.c,
 * arch/x86/kernel/dumpstack.c, mm/kasan/report.c.
 */
#ifndef VMM_WATCH_KERNEL_EVENTS_H
#define VMM_WATCH_KERNEL_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

enum kernel_event {
	KERNEL_EVENT_OOPS,
	KERNEL_EVENT_BUG,
	KERNEL_EVENT_WARNING,
	KERNEL_EVENT_RCU_STALL,
	KERNEL_EVENT_HUNG_TASK,
	KERNEL_EVENT_LOCKDEP,
	KERNEL_EVENT_KINDS
};

enum { KERNEL_EVENT_LINE_BYTES = 160 };

struct kernel_events {
	unsigned count[KERNEL_EVENT_KINDS];
	char first[KERNEL_EVENT_KINDS][KERNEL_EVENT_LINE_BYTES]; /* printable ASCII, cut */
	uint64_t first_ns[KERNEL_EVENT_KINDS];
	unsigned ignored; /* events that match --ignore-warning; not in the counts */
};

/*
 * Looks in a whole line, without escape sequences, for a message that begins an event. Returns the
 * message, and its kind in *@kind; NULL: there is none.
 */
const char *kernel_events_find(const char *line, enum kernel_event *kind);

/* Counts an event, whose first message is @text and came at @now_ns. */
void kernel_events_add(struct kernel_events *k, enum kernel_event kind, const char *text,
		       uint64_t now_ns);

/* "oops", "BUG", "WARNING", "RCU stall", "hung task", "lockdep report". */
const char *kernel_event_name(enum kernel_event kind);

/* The first line of the worst kind that occurred; "": there was no event. */
const char *kernel_events_first(const struct kernel_events *k);

/* The number of events of all kinds. */
unsigned kernel_events_total(const struct kernel_events *k);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Kernel events: what the kernel says on the console of its own faults. Oopses, BUGs, WARNINGs,
 * stalls, hung tasks and lockdep findings are counted, with the first line of each kind and its
 * time.
 * Source: the formats in Linux lib/bug.c, kernel/panic.c, kernel/rcu/tree_stall.h,
 * kernel/hung_task.c, kernel/locking/lockdep.c, arch/x86/kernel/dumpstack.c, mm/kasan/report.c.
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
	unsigned ignored; /* those that the user knows: not in the counts */
};

/*
 * The message in a whole line without escape sequences that begins an event, of kind *@kind; NULL:
 * there is none.
 */
const char *kernel_events_find(const char *line, enum kernel_event *kind);

/* Counts an event whose first message is @text, which came at @now_ns. */
void kernel_events_add(struct kernel_events *k, enum kernel_event kind, const char *text,
		       uint64_t now_ns);

/* "oops", "BUG", "WARNING", "RCU stall", "hung task", "lockdep report". */
const char *kernel_event_name(enum kernel_event kind);

/* The first line of the worst kind that there is one of; "" when there is none. */
const char *kernel_events_first(const struct kernel_events *k);

/* How many of all kinds. */
unsigned kernel_events_total(const struct kernel_events *k);

#endif

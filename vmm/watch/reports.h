/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The kernel's reports about itself on the console: oopses, BUGs, WARNINGs, stalls, hung tasks,
 * lockdep's. Counted, with the first line of each kind and its time.
 * Source: the formats in Linux lib/bug.c, kernel/panic.c, kernel/rcu/tree_stall.h,
 * kernel/hung_task.c, kernel/locking/lockdep.c, arch/x86/kernel/dumpstack.c, mm/kasan/report.c.
 */
#ifndef VMM_WATCH_REPORTS_H
#define VMM_WATCH_REPORTS_H

#include <stdbool.h>
#include <stdint.h>

enum report_kind {
	REPORT_OOPS,
	REPORT_BUG,
	REPORT_WARNING,
	REPORT_RCU_STALL,
	REPORT_HUNG_TASK,
	REPORT_LOCKDEP,
	REPORT_KINDS
};

enum { REPORT_LINE_BYTES = 160 };

struct reports {
	unsigned count[REPORT_KINDS];
	char first[REPORT_KINDS][REPORT_LINE_BYTES]; /* printable ASCII, cut */
	uint64_t first_ns[REPORT_KINDS];
	unsigned ignored; /* those that the user knows: not in the counts */
};

/*
 * The message in a whole line without escape sequences that begins a report, of kind *@kind; NULL:
 * there is none.
 */
const char *reports_find(const char *line, enum report_kind *kind);

/* Counts a report whose first message is @text, which came at @now_ns. */
void reports_add(struct reports *r, enum report_kind kind, const char *text, uint64_t now_ns);

/* "oops", "BUG", "WARNING", "RCU stall", "hung task", "lockdep report". */
const char *report_kind_name(enum report_kind kind);

/* The first line of the worst kind that there is one of; "" when there is none. */
const char *reports_first(const struct reports *r);

/* How many of all kinds. */
unsigned reports_total(const struct reports *r);

#endif

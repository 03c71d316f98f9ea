/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernel's reports about itself: see reports.h. */
#include "vmm/watch/reports.h"

#include "vmm/watch/printk.h"

#include <stdio.h>
#include <string.h>

/* How a report's first line begins, after its time stamp; the first row that fits decides. */
static const struct {
	const char *begin;
	const char *within; /* and this somewhere after it; NULL: anything */
	enum report_kind kind;
} forms[] = {
	{"WARNING: possible circular locking", NULL, REPORT_LOCKDEP},
	{"WARNING: possible recursive locking", NULL, REPORT_LOCKDEP},
	{"WARNING: possible irq lock inversion", NULL, REPORT_LOCKDEP},
	{"WARNING: inconsistent lock state", NULL, REPORT_LOCKDEP},
	{"WARNING: bad unlock balance", NULL, REPORT_LOCKDEP},
	{"WARNING: suspicious RCU usage", NULL, REPORT_LOCKDEP},
	{"WARNING: lock held when returning", NULL, REPORT_LOCKDEP},
	{"WARNING: ", "-unsafe lock order detected", REPORT_LOCKDEP},
	{"WARNING: bad contention detected", NULL, REPORT_LOCKDEP},
	{"WARNING: held lock freed", NULL, REPORT_LOCKDEP},
	{"WARNING: ", " still has locks held!", REPORT_LOCKDEP},
	{"WARNING: Nested lock was not taken", NULL, REPORT_LOCKDEP},
	{"WARNING: CPU: ", NULL, REPORT_WARNING},
	{"WARNING: ", ", CPU#", REPORT_WARNING}, /* from 6.19 on: the place first */
	{"[ BUG: ", NULL, REPORT_LOCKDEP},
	{"kernel BUG at ", NULL, REPORT_BUG},
	{"BUG: ", NULL, REPORT_BUG},
	{"BUG ", "ainted", REPORT_BUG}, /* mm/slub.c: "BUG CACHE (Not tainted): " */
	{"watchdog: BUG: ", NULL, REPORT_BUG},
	{"watchdog: ", "Watchdog detected hard LOCKUP", REPORT_BUG},
	{"NMI watchdog: ", "Watchdog detected hard LOCKUP", REPORT_BUG},
	{"UBSAN: ", NULL, REPORT_BUG},
	{"Oops: ", NULL, REPORT_OOPS},
	{"general protection fault", " [#", REPORT_OOPS}, /* before 6.10 without "Oops: " */
	{"invalid opcode: ", " [#", REPORT_OOPS},
	{"divide error: ", " [#", REPORT_OOPS},
	{"stack segment: ", " [#", REPORT_OOPS},
	{"double fault: ", " [#", REPORT_OOPS},
	{"int3: ", " [#", REPORT_OOPS},
	{"bounds: ", " [#", REPORT_OOPS},
	{"overflow: ", " [#", REPORT_OOPS},
	{"invalid TSS: ", " [#", REPORT_OOPS},
	{"segment not present: ", " [#", REPORT_OOPS},
	{"alignment check: ", " [#", REPORT_OOPS},
	{"control protection fault: ", " [#", REPORT_OOPS},
	{"Internal error: ", " [#", REPORT_OOPS}, /* arm64: "Oops", "synchronous external abort" */
	{"Internal error: Oops", NULL, REPORT_OOPS},
	{"Unable to handle kernel ", NULL, REPORT_OOPS},
	{"rcu: INFO: rcu_", " stall", REPORT_RCU_STALL},
	{"INFO: task ", " blocked for more than ", REPORT_HUNG_TASK},
	{"INFO: rcu_", " stall", REPORT_RCU_STALL},
};

static bool find_in(const char *text, enum report_kind *kind)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (!printk_begins_with(text, forms[i].begin))
			continue;
		if (forms[i].within && !strstr(text, forms[i].within))
			continue;
		*kind = forms[i].kind;
		return true;
	}
	return false;
}

const char *reports_find(const char *line, enum report_kind *kind)
{
	for (const char *text = printk_message(line); text; text = printk_next(text))
		if (find_in(text, kind))
			return text;
	return NULL;
}

void reports_add(struct reports *r, enum report_kind kind, const char *text, uint64_t now_ns)
{
	if (r->count[kind]++)
		return;
	printable_copy(r->first[kind], REPORT_LINE_BYTES, text);
	r->first_ns[kind] = now_ns;
}

const char *report_kind_name(enum report_kind kind)
{
	static const char *const names[REPORT_KINDS] = {
		"oops", "BUG", "WARNING", "RCU stall", "hung task", "lockdep report",
	};

	return names[kind];
}

unsigned reports_total(const struct reports *r)
{
	unsigned total = 0;

	for (unsigned i = 0; i < REPORT_KINDS; i++)
		total += r->count[i];
	return total;
}

const char *reports_first(const struct reports *r)
{
	for (unsigned i = 0; i < REPORT_KINDS; i++)
		if (r->count[i])
			return r->first[i];
	return "";
}

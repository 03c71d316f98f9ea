/* SPDX-License-Identifier: BSD-3-Clause */
/* Kernel events: see kernel_events.h. */
#include "vmm/watch/kernel_events.h"

#include "vmm/watch/printk.h"

#include <stdio.h>
#include <string.h>

/*
 * How the first line of an event begins, after its time stamp. The first row that matches decides.
 */
static const struct {
	const char *begin;
	const char *within; /* must follow somewhere; NULL: nothing must */
	enum kernel_event kind;
} forms[] = {
	{"WARNING: possible circular locking", NULL, KERNEL_EVENT_LOCKDEP},
	{"WARNING: possible recursive locking", NULL, KERNEL_EVENT_LOCKDEP},
	{"WARNING: possible irq lock inversion", NULL, KERNEL_EVENT_LOCKDEP},
	{"WARNING: inconsistent lock state", NULL, KERNEL_EVENT_LOCKDEP},
	{"WARNING: bad unlock balance", NULL, KERNEL_EVENT_LOCKDEP},
	{"WARNING: suspicious RCU usage", NULL, KERNEL_EVENT_LOCKDEP},
	{"WARNING: lock held when returning", NULL, KERNEL_EVENT_LOCKDEP},
	{"WARNING: ", "-unsafe lock order detected", KERNEL_EVENT_LOCKDEP},
	{"WARNING: bad contention detected", NULL, KERNEL_EVENT_LOCKDEP},
	{"WARNING: held lock freed", NULL, KERNEL_EVENT_LOCKDEP},
	{"WARNING: ", " still has locks held!", KERNEL_EVENT_LOCKDEP},
	{"WARNING: Nested lock was not taken", NULL, KERNEL_EVENT_LOCKDEP},
	{"WARNING: CPU: ", NULL, KERNEL_EVENT_WARNING},
	{"WARNING: ", ", CPU#", KERNEL_EVENT_WARNING}, /* since 6.19, the place comes first */
	{"[ BUG: ", NULL, KERNEL_EVENT_LOCKDEP},
	{"kernel BUG at ", NULL, KERNEL_EVENT_BUG},
	{"BUG: ", NULL, KERNEL_EVENT_BUG},
	{"BUG ", "ainted", KERNEL_EVENT_BUG}, /* mm/slub.c: "BUG CACHE (Not tainted): " */
	{"watchdog: BUG: ", NULL, KERNEL_EVENT_BUG},
	{"watchdog: ", "Watchdog detected hard LOCKUP", KERNEL_EVENT_BUG},
	{"NMI watchdog: ", "Watchdog detected hard LOCKUP", KERNEL_EVENT_BUG},
	{"UBSAN: ", NULL, KERNEL_EVENT_BUG},
	{"Oops: ", NULL, KERNEL_EVENT_OOPS},
	{"general protection fault", " [#", KERNEL_EVENT_OOPS}, /* before 6.10, without "Oops: " */
	{"invalid opcode: ", " [#", KERNEL_EVENT_OOPS},
	{"divide error: ", " [#", KERNEL_EVENT_OOPS},
	{"stack segment: ", " [#", KERNEL_EVENT_OOPS},
	{"double fault: ", " [#", KERNEL_EVENT_OOPS},
	{"int3: ", " [#", KERNEL_EVENT_OOPS},
	{"bounds: ", " [#", KERNEL_EVENT_OOPS},
	{"overflow: ", " [#", KERNEL_EVENT_OOPS},
	{"invalid TSS: ", " [#", KERNEL_EVENT_OOPS},
	{"segment not present: ", " [#", KERNEL_EVENT_OOPS},
	{"alignment check: ", " [#", KERNEL_EVENT_OOPS},
	{"control protection fault: ", " [#", KERNEL_EVENT_OOPS},
	{"Internal error: ", " [#",
	 KERNEL_EVENT_OOPS}, /* arm64: "Oops", "synchronous external abort" */
	{"Internal error: Oops", NULL, KERNEL_EVENT_OOPS},
	{"Unable to handle kernel ", NULL, KERNEL_EVENT_OOPS},
	{"rcu: INFO: rcu_", " stall", KERNEL_EVENT_RCU_STALL},
	{"INFO: task ", " blocked for more than ", KERNEL_EVENT_HUNG_TASK},
	{"INFO: rcu_", " stall", KERNEL_EVENT_RCU_STALL},
};

static bool find_in(const char *text, enum kernel_event *kind)
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

const char *kernel_events_find(const char *line, enum kernel_event *kind)
{
	for (const char *text = printk_message(line); text; text = printk_next(text))
		if (find_in(text, kind))
			return text;
	return NULL;
}

void kernel_events_add(struct kernel_events *k, enum kernel_event kind, const char *text,
		       uint64_t now_ns)
{
	if (k->count[kind]++)
		return;
	printable_copy(k->first[kind], KERNEL_EVENT_LINE_BYTES, text);
	k->first_ns[kind] = now_ns;
}

const char *kernel_event_name(enum kernel_event kind)
{
	static const char *const names[KERNEL_EVENT_KINDS] = {
		"oops", "BUG", "WARNING", "RCU stall", "hung task", "lockdep report",
	};

	return names[kind];
}

unsigned kernel_events_total(const struct kernel_events *k)
{
	unsigned total = 0;

	for (unsigned i = 0; i < KERNEL_EVENT_KINDS; i++)
		total += k->count[i];
	return total;
}

const char *kernel_events_first(const struct kernel_events *k)
{
	for (unsigned i = 0; i < KERNEL_EVENT_KINDS; i++)
		if (k->count[i])
			return k->first[i];
	return "";
}

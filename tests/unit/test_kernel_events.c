/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernel's reports of what it does not like. */
#include "suite.h"
#include "vmm/watch/kernel_events.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NO_REPORT = KERNEL_EVENT_KINDS };

static const struct {
	const char *message;
	unsigned kind;
} messages[] = {
	/* lockdep */
	{"WARNING: possible circular locking dependency detected", KERNEL_EVENT_LOCKDEP},
	{"WARNING: possible recursive locking detected", KERNEL_EVENT_LOCKDEP},
	{"WARNING: possible irq lock inversion dependency detected", KERNEL_EVENT_LOCKDEP},
	{"WARNING: inconsistent lock state", KERNEL_EVENT_LOCKDEP},
	{"WARNING: bad unlock balance detected!", KERNEL_EVENT_LOCKDEP},
	{"WARNING: suspicious RCU usage", KERNEL_EVENT_LOCKDEP},
	{"WARNING: lock held when returning to user space!", KERNEL_EVENT_LOCKDEP},
	{"WARNING: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected", KERNEL_EVENT_LOCKDEP},
	{"WARNING: SOFTIRQ-safe -> SOFTIRQ-unsafe lock order detected", KERNEL_EVENT_LOCKDEP},
	{"WARNING: bad contention detected!", KERNEL_EVENT_LOCKDEP},
	{"WARNING: held lock freed!", KERNEL_EVENT_LOCKDEP},
	{"WARNING: kunit_try_catch/1770 still has locks held!", KERNEL_EVENT_LOCKDEP},
	{"WARNING: Nested lock was not taken", KERNEL_EVENT_LOCKDEP},
	/* lib/bug.c, kernel/panic.c */
	{"WARNING: CPU: 0 PID: 1 at kernel/smp.c:807 smp_call_function_many_cond+0x1b1/0x5a0",
	 KERNEL_EVENT_WARNING},
	{"WARNING: CPU: 3 PID: 216 at drivers/gpu/drm/drm_x.c:12 f+0x1/0x2 [drm]",
	 KERNEL_EVENT_WARNING},
	{"WARNING: CPU: 1 PID: 9 at 0xffffffff81000000", KERNEL_EVENT_WARNING},
	{"WARNING: kernel/fork.c:12 at copy_process+0x1/0x20, CPU#0: swapper/0/1",
	 KERNEL_EVENT_WARNING},
	{"WARNING: at copy_process+0x1/0x20, CPU#11: kworker/u64:1/12", KERNEL_EVENT_WARNING},
	{"kernel BUG at lib/list_debug.c:28!", KERNEL_EVENT_BUG},
	/* mm, kernel/sched, lib */
	{"BUG: kernel NULL pointer dereference, address: 0000000000000000", KERNEL_EVENT_BUG},
	{"BUG: unable to handle page fault for address: ffffc90000123000", KERNEL_EVENT_BUG},
	{"BUG: KASAN: slab-out-of-bounds in kmalloc_oob_right+0x159/0x260 [test_kasan]",
	 KERNEL_EVENT_BUG},
	{"BUG: KCSAN: data-race in a / b", KERNEL_EVENT_BUG},
	{"BUG: KFENCE: use-after-free read in f+0x1/0x2", KERNEL_EVENT_BUG},
	{"BUG: sleeping function called from invalid context at kernel/locking/mutex.c:585",
	 KERNEL_EVENT_BUG},
	{"BUG: scheduling while atomic: swapper/0/1/0x00000002", KERNEL_EVENT_BUG},
	{"BUG: Bad page state in process init  pfn:12345", KERNEL_EVENT_BUG},
	{"BUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck for 34s!",
	 KERNEL_EVENT_BUG},
	{"BUG: MAX_LOCKDEP_ENTRIES too low!", KERNEL_EVENT_BUG},
	{"BUG kmalloc-64 (Not tainted): Right Redzone overwritten", KERNEL_EVENT_BUG},
	{"BUG dentry (Tainted: G    B   W         ): Poison overwritten", KERNEL_EVENT_BUG},
	{"watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [swapper/0:1]", KERNEL_EVENT_BUG},
	{"watchdog: Watchdog detected hard LOCKUP on cpu 2", KERNEL_EVENT_BUG},
	{"watchdog: CPU3: Watchdog detected hard LOCKUP on cpu 3", KERNEL_EVENT_BUG},
	{"NMI watchdog: Watchdog detected hard LOCKUP on cpu 0", KERNEL_EVENT_BUG},
	{"UBSAN: array-index-out-of-bounds in drivers/scsi/x.c:1:2", KERNEL_EVENT_BUG},
	{"UBSAN: shift-out-of-bounds in lib/x.c:70:9", KERNEL_EVENT_BUG},
	/* arch/x86/kernel/dumpstack.c: from 6.10 on, and before; arch/arm64 */
	{"Oops: Oops: 0002 [#1] PREEMPT SMP NOPTI", KERNEL_EVENT_OOPS},
	{"Oops: 0000 [#1] SMP PTI", KERNEL_EVENT_OOPS},
	{"Oops: invalid opcode: 0000 [#1] PREEMPT SMP NOPTI", KERNEL_EVENT_OOPS},
	{"Oops: general protection fault, probably for non-canonical address "
	 "0xdead000000000122: 0000 [#1] SMP",
	 KERNEL_EVENT_OOPS},
	{"general protection fault, probably for non-canonical address 0xdead000000000122: "
	 "0000 [#1] PREEMPT SMP NOPTI",
	 KERNEL_EVENT_OOPS},
	{"general protection fault: 0000 [#1] SMP", KERNEL_EVENT_OOPS},
	{"invalid opcode: 0000 [#1] PREEMPT SMP NOPTI", KERNEL_EVENT_OOPS},
	{"divide error: 0000 [#2] SMP PTI", KERNEL_EVENT_OOPS},
	{"stack segment: 0000 [#1] SMP", KERNEL_EVENT_OOPS},
	{"double fault: 0000 [#1] SMP", KERNEL_EVENT_OOPS},
	{"Internal error: Oops: 0000000096000004 [#1] SMP", KERNEL_EVENT_OOPS},
	{"Internal error: Oops - BUG: 00000000f2000800 [#1] PREEMPT SMP", KERNEL_EVENT_OOPS},
	{"Unable to handle kernel NULL pointer dereference at virtual address 0000000000000000",
	 KERNEL_EVENT_OOPS},
	/* kernel/rcu/tree_stall.h */
	{"rcu: INFO: rcu_preempt self-detected stall on CPU", KERNEL_EVENT_RCU_STALL},
	{"rcu: INFO: rcu_sched detected stalls on CPUs/tasks:", KERNEL_EVENT_RCU_STALL},
	{"rcu: INFO: rcu_preempt detected expedited stalls on CPUs/tasks: { 0-.... } 5 jiffies "
	 "s: 1 root: 0x1/.",
	 KERNEL_EVENT_RCU_STALL},
	{"INFO: rcu_tasks detected stalls on tasks:", KERNEL_EVENT_RCU_STALL},
	{"INFO: rcu_sched self-detected stall on CPU", KERNEL_EVENT_RCU_STALL},
	/* kernel/hung_task.c */
	{"INFO: task kworker/0:1:12 blocked for more than 120 seconds.", KERNEL_EVENT_HUNG_TASK},
	{"INFO: task a b:1 blocked for more than 241 seconds. [Warning #2]",
	 KERNEL_EVENT_HUNG_TASK},
	/* what follows a report's first line */
	{"", NO_REPORT},
	{"======================================================", NO_REPORT},
	{"------------[ cut here ]------------", NO_REPORT},
	{"---[ end trace 0000000000000000 ]---", NO_REPORT},
	{"CPU: 0 UID: 0 PID: 1 Comm: swapper/0 Tainted: G        W          6.12.9 #1", NO_REPORT},
	{"#PF: supervisor write access in kernel mode", NO_REPORT},
	{"RIP: 0010:smp_call_function_many_cond+0x1b1/0x5a0", NO_REPORT},
	{"Kernel panic - not syncing: Fatal exception", NO_REPORT},
	{"rcu: \t0-....: (5249 ticks this GP) idle=51e4/1/0x4000000000000000", NO_REPORT},
	{"rcu: rcu_preempt kthread starved for 2100 jiffies! g1 f0x0", NO_REPORT},
	{"INFO: task a:1 is blocked on a mutex likely owned by task b:2.", NO_REPORT},
	{"INFO: lockdep is turned off.", NO_REPORT},
	/* false friends in a good kernel's boot */
	{"Speculative Return Stack Overflow: WARNING: See "
	 "https://kernel.org/doc/html/latest/admin-guide/hw-vuln/srso.html for mitigation options.",
	 NO_REPORT},
	{"WARNING: See https://kernel.org/doc/html/latest/admin-guide/hw-vuln/srso.html for "
	 "mitigation options.",
	 NO_REPORT},
	{"RETBleed: WARNING: Spectre v2 mitigation leaves CPU vulnerable to RETBleed attacks, data "
	 "leaks possible!",
	 NO_REPORT},
	{"Spectre V2 : WARNING: Unprivileged eBPF is enabled with eIBRS on, data leaks possible",
	 NO_REPORT},
	{"rcu: Preemptible hierarchical RCU implementation.", NO_REPORT},
	{"rcu: RCU calculated value of scheduler-enlistment delay is 25 jiffies.", NO_REPORT},
	{"rcu: \tRCU debug extended QS entry/exit.", NO_REPORT},
	{"RCU: stall", NO_REPORT},
	{"NMI watchdog: Enabled. Permanently consumes one hw-PMU counter.", NO_REPORT},
	{"watchdog: Delayed init of the lockup detector failed: -19", NO_REPORT},
	{"Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar", NO_REPORT},
	{"x86/fpu: x87 FPU will use FXSAVE", NO_REPORT},
	{"printk: debug: ignoring loglevel setting.", NO_REPORT},
	/* the user's text, and the marks not where a line begins */
	{"WARNING: Running pip as the 'root' user can result in broken permissions", NO_REPORT},
	{"WARNING: no key found at /etc/key", NO_REPORT},
	{"WARNING:", NO_REPORT},
	{"Warning: CPU: 0", NO_REPORT},
	{"BUG", NO_REPORT},
	{"BUG-1234 is fixed", NO_REPORT},
	{"BUG 1234 is fixed", NO_REPORT},
	{"DEBUG: verbose", NO_REPORT},
	{"DEBUG_BUG: x", NO_REPORT},
	{"no BUG: here", NO_REPORT},
	{" BUG: here", NO_REPORT},
	{"\"BUG: here\"", NO_REPORT},
	{"# echo BUG: x", NO_REPORT},
	{"$ dmesg | grep 'Oops: '", NO_REPORT},
	{"systemd[1]: INFO: task x:1 blocked for more than 120 seconds.", NO_REPORT},
	{"INFO: task finished", NO_REPORT},
	{"INFO: rcu_nothing", NO_REPORT},
	{"traps: prog[12] general protection fault ip:40 sp:7f error:0", NO_REPORT},
	{"general protection fault is what x86 calls it", NO_REPORT},
	{"divide error: try again", NO_REPORT},
	{"oops: 1", NO_REPORT},
	{"Oops", NO_REPORT},
	{"bug: x", NO_REPORT},
	{"[FAILED] BUG: x", NO_REPORT},
	{"[x] BUG: x", NO_REPORT},
};

/* As the console's thread does it. */
static bool line_has_event(struct kernel_events *r, const char *line, uint64_t now_ns,
			   enum kernel_event *kind)
{
	const char *text = kernel_events_find(line, kind);

	if (text)
		kernel_events_add(r, *kind, text, now_ns);
	return text;
}

static const char *const stamps[] = {
	"",
	"[    0.000000] ",
	"[12345.678901] ",
	"[123456789.012345] ",
	"[    1.234567][    T1] ",
	"[    1.234567][ T1234] ",
	"[    1.234567][    C0] ",
	"[    1.234567][T12345] ",
	"[    1.234567] [    T1] ",
	"<0>[    1.234567] ",
	"<4>",
	"~ # [    1.234567] ", /* after a program's unfinished line */
	"a prompt that is long: a prompt that is long: [12345.678901][    T1] ",
};

START_TEST(a_report_is_known)
{
	for (int i = 0; i < COUNT(stamps); i++) {
		struct kernel_events r = {.count = {0}};
		enum kernel_event kind = KERNEL_EVENT_KINDS;
		char line[320], kept[KERNEL_EVENT_LINE_BYTES];
		snprintf(line, sizeof(line), "%s%s", stamps[i], messages[_i].message);
		snprintf(kept, sizeof(kept), "%.*s", KERNEL_EVENT_LINE_BYTES - 1,
			 messages[_i].message);
		bool found = line_has_event(&r, line, 0, &kind);
		ck_assert_msg(found == (messages[_i].kind != NO_REPORT), "'%s'", line);
		ck_assert_msg((unsigned)kind == messages[_i].kind, "'%s': %u", line, kind);
		ck_assert_uint_eq(kernel_events_total(&r), found);
		for (unsigned k = 0; k < KERNEL_EVENT_KINDS; k++) {
			bool this = found && k == messages[_i].kind;
			ck_assert_uint_eq(r.count[k], this);
			ck_assert_str_eq(r.first[k], this ? kept : "");
		}
	}
}
END_TEST

START_TEST(reports_are_counted)
{
	static const char *const console[] = {
		"[    1.0] BUG: one", "[    1.1] Oops: 0000 [#1] SMP",
		"[    1.2] BUG: two", "[    1.3] Call Trace:",
		"BUG: three",         "WARNING: suspicious RCU usage",
	};
	struct kernel_events r = {.count = {0}};
	enum kernel_event kind;
	unsigned found = 0;

	ck_assert_uint_eq(kernel_events_total(&r), 0);
	for (int i = 0; i < COUNT(console); i++)
		found += line_has_event(&r, console[i], 0, &kind);
	ck_assert_uint_eq(found, 5);
	ck_assert_uint_eq(kernel_events_total(&r), 5);
	ck_assert_uint_eq(r.count[KERNEL_EVENT_BUG], 3);
	ck_assert_uint_eq(r.count[KERNEL_EVENT_OOPS], 1);
	ck_assert_uint_eq(r.count[KERNEL_EVENT_LOCKDEP], 1);
	ck_assert_str_eq(r.first[KERNEL_EVENT_BUG], "BUG: one");
	ck_assert_str_eq(r.first[KERNEL_EVENT_OOPS], "Oops: 0000 [#1] SMP");
	ck_assert_str_eq(r.first[KERNEL_EVENT_WARNING], "");
}
END_TEST

START_TEST(the_first_line_is_cut)
{
	struct kernel_events r = {.count = {0}};
	char line[3 * KERNEL_EVENT_LINE_BYTES];
	enum kernel_event kind;

	memset(line, 'x', sizeof(line));
	memcpy(line, "[ 1.5] BUG: ", 12);
	line[sizeof(line) - 1] = '\0';
	ck_assert(line_has_event(&r, line, 0, &kind));
	ck_assert_uint_eq(strlen(r.first[KERNEL_EVENT_BUG]), KERNEL_EVENT_LINE_BYTES - 1);
	ck_assert_mem_eq(r.first[KERNEL_EVENT_BUG], line + 7, KERNEL_EVENT_LINE_BYTES - 1);
	/* and fits just so */
	struct kernel_events r2 = {.count = {0}};
	line[7 + KERNEL_EVENT_LINE_BYTES - 1] = '\0';
	ck_assert(line_has_event(&r2, line, 0, &kind));
	ck_assert_str_eq(r2.first[KERNEL_EVENT_BUG], line + 7);
}
END_TEST

START_TEST(the_first_line_is_made_printable)
{
	struct kernel_events r = {.count = {0}};
	enum kernel_event kind;

	ck_assert(line_has_event(&r, "BUG: a\x1b[31m\tb\x7f\xc3\xbc\xff~ ", 0, &kind));
	ck_assert_str_eq(r.first[KERNEL_EVENT_BUG], "BUG: a?[31m?b????~ ");
}
END_TEST

START_TEST(kinds_have_names)
{
	static const char *const names[KERNEL_EVENT_KINDS] = {
		"oops", "BUG", "WARNING", "RCU stall", "hung task", "lockdep report"};

	for (unsigned i = 0; i < KERNEL_EVENT_KINDS; i++)
		ck_assert_str_eq(kernel_event_name(i), names[i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("kernel_events");
	TCase *t = tcase_create("kernel_events");

	tcase_set_timeout(t, 30);
	tcase_add_loop_test(t, a_report_is_known, 0, COUNT(messages));
	tcase_add_test(t, reports_are_counted);
	tcase_add_test(t, the_first_line_is_cut);
	tcase_add_test(t, the_first_line_is_made_printable);
	tcase_add_test(t, kinds_have_names);
	suite_add_tcase(s, t);
	return run_suite(s);
}

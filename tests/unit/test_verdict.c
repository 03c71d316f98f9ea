/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether a run ended well, by how it ended and by what was on its console. */
#include "suite.h"
#include "vmm/run/verdict.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>

#define REPORT           "Oops: 0002 [#1] PREEMPT SMP NOPTI"
#define OOPS             "[    2.000000] " REPORT "\r\n"
#define RESTART          "[    3.000000] reboot: Restarting system\r\n"
#define PANICKED         "the guest's kernel panicked"
#define SILENT           "the guest reset itself without having printed anything"
#define RESET_AFTER_OOPS "the guest reset itself after an oops: " REPORT
#define OFF_AFTER_OOPS   "the guest powered off after an oops: " REPORT
#define REASON           "the reason"

static struct run_config cfg;
static struct console console;
static struct stop stop;

static void make_run(void)
{
	memset(&cfg, 0, sizeof(cfg));
	memset(&console, 0, sizeof(console));
	stop_init(&stop, eventfd(0, EFD_NONBLOCK));
}

static void print(const char *text)
{
	for (; text && *text; text++)
		tail_add(&console.tail, *text);
}

static const struct {
	/* What an earlier boot printed, and what this one did; NULL: nothing. */
	const char *earlier, *console;
	enum stop_kind kind;
	int vcpu;          /* -1: nobody's exit is the reason */
	bool triple_fault; /* of that vCPU */
	bool panicked, allow_silent;
	enum stop_kind verdict; /* STOP_NONE: as it was, and so is the text */
	const char *text;
} guests[] = {
	{.console = "hello\r\n", .kind = STOP_RESET},
	{.kind = STOP_POWER_OFF},
	{.kind = STOP_HALT, .vcpu = -1},
	/* a panic was noted */
	{.console = "hello\r\n",
	 .kind = STOP_RESET,
	 .panicked = true,
	 .verdict = STOP_PANIC,
	 .text = PANICKED},
	{.kind = STOP_RESET,
	 .panicked = true,
	 .allow_silent = true,
	 .verdict = STOP_PANIC,
	 .text = PANICKED},
	{.console = RESTART,
	 .kind = STOP_RESET,
	 .panicked = true,
	 .verdict = STOP_PANIC,
	 .text = PANICKED},
	{.console = OOPS,
	 .kind = STOP_POWER_OFF,
	 .panicked = true,
	 .verdict = STOP_PANIC,
	 .text = PANICKED},
	{.kind = STOP_HALT, .vcpu = -1, .panicked = true, .verdict = STOP_PANIC, .text = PANICKED},
	{.kind = STOP_TIMEOUT,
	 .vcpu = -1,
	 .panicked = true,
	 .verdict = STOP_PANIC,
	 .text = PANICKED},
	{.kind = STOP_CRASH,
	 .triple_fault = true,
	 .panicked = true,
	 .verdict = STOP_PANIC,
	 .text = PANICKED},
	{.kind = STOP_EXIT, .panicked = true, .verdict = STOP_PANIC, .text = PANICKED},
	{.kind = STOP_SIGNAL, .vcpu = -1, .panicked = true},
	/* a silent reset */
	{.kind = STOP_RESET, .verdict = STOP_SILENT, .text = SILENT},
	{.kind = STOP_RESET, .allow_silent = true},
	{.earlier = "hello\r\n" RESTART,
	 .kind = STOP_RESET,
	 .verdict = STOP_SILENT,
	 .text = SILENT},
	{.earlier = "hello\r\n" RESTART, .console = "\r", .kind = STOP_RESET},
	/* an oops */
	{.console = OOPS, .kind = STOP_RESET, .verdict = STOP_PANIC, .text = RESET_AFTER_OOPS},
	{.console = OOPS,
	 .kind = STOP_RESET,
	 .allow_silent = true,
	 .verdict = STOP_PANIC,
	 .text = RESET_AFTER_OOPS},
	{.console = OOPS, .kind = STOP_POWER_OFF, .verdict = STOP_PANIC, .text = OFF_AFTER_OOPS},
	{.console = OOPS RESTART, .kind = STOP_RESET},
	{.earlier = OOPS, .console = "hello\r\n", .kind = STOP_RESET},
	{.console = OOPS, .kind = STOP_EXIT},
	{.console = OOPS, .kind = STOP_TIMEOUT, .vcpu = -1},
	{.console = OOPS, .kind = STOP_USER, .vcpu = -1},
	/* a triple fault */
	{.console = RESTART,
	 .kind = STOP_CRASH,
	 .triple_fault = true,
	 .verdict = STOP_RESET,
	 .text = ""},
	{.console = OOPS RESTART,
	 .kind = STOP_CRASH,
	 .triple_fault = true,
	 .verdict = STOP_RESET,
	 .text = ""},
	{.console = RESTART,
	 .kind = STOP_CRASH,
	 .triple_fault = true,
	 .panicked = true,
	 .verdict = STOP_PANIC,
	 .text = PANICKED},
	{.kind = STOP_CRASH, .triple_fault = true},
	{.console = RESTART "hello\r\n", .kind = STOP_CRASH, .triple_fault = true},
	{.earlier = RESTART, .kind = STOP_CRASH, .triple_fault = true},
	/* no triple fault */
	{.console = RESTART, .kind = STOP_CRASH, .triple_fault = false},
	{.console = RESTART, .kind = STOP_CRASH, .vcpu = -1, .triple_fault = true},
	{.console = RESTART, .kind = STOP_HOST, .triple_fault = true},
};

START_TEST(a_guest)
{
	make_run();
	print(guests[_i].earlier);
	uint64_t printed_before = console.tail.n;
	print(guests[_i].console);
	cfg.allow_silent_reboot = guests[_i].allow_silent;
	stop_set(&stop, guests[_i].kind, 0, guests[_i].vcpu, REASON);
	if (guests[_i].panicked)
		stop_note_panic(&stop);
	const struct verdict_facts facts = {
		.console = &console,
		.printed_before = printed_before,
		.triple_fault = guests[_i].vcpu >= 0 && guests[_i].triple_fault,
	};
	verdict_on_guest(&stop, &facts, &cfg);
	bool changed = guests[_i].verdict != STOP_NONE;
	ck_assert_int_eq(stop.kind, changed ? guests[_i].verdict : guests[_i].kind);
	ck_assert_str_eq(stop.text, changed ? guests[_i].text : REASON);
}
END_TEST

#define WARNING "WARNING: CPU: 0 PID: 1 at x.c:1 f+0x1/0x2"
#define PASSED  "1..1\nok 1 - a\n"
#define FAILED  "1..2\nok 1 - a\nnot ok 2 - b\n"
#define LOST                                                                                       \
	"5 bytes of console output were lost, and nobody knows whether what must not be seen was " \
	"in them"

enum { DROPPED = 5 };

/* What the options ask for, and what there was; all of it after a good end. */
static const struct {
	const char *want[2]; /* --expect; NULL: no more */
	unsigned seen;       /* that many of them were */
	bool fail_on, fail_on_warning, warning, dropped;
	const char *ktap; /* NULL: no --ktap */
	int log_error;
	enum stop_kind verdict; /* STOP_NONE: as it was */
	const char *text;
} consoles[] = {
	{.verdict = STOP_NONE},
	{.want = {"one"}, .seen = 1, .verdict = STOP_NONE},
	{.want = {"one"},
	 .verdict = STOP_MISSING,
	 .text = "--expect 'one' was never seen (0 of 1 were)"},
	{.want = {"one", "two"},
	 .seen = 1,
	 .verdict = STOP_MISSING,
	 .text = "--expect 'two' was never seen (1 of 2 were)"},
	{.warning = true, .verdict = STOP_NONE},
	{.fail_on_warning = true, .verdict = STOP_NONE},
	{.warning = true,
	 .fail_on_warning = true,
	 .verdict = STOP_FAILED,
	 .text = "--fail-on-warning: " WARNING},
	{.ktap = PASSED, .verdict = STOP_NONE},
	{.ktap = FAILED,
	 .verdict = STOP_FAILED,
	 .text = "--ktap: 1 of 2 tests failed, the first is 'b'"},
	{.ktap = "1..2\nok 1 - a\n",
	 .verdict = STOP_FAILED,
	 .text = "--ktap: only 1 of 2 planned results were seen"},
	{.ktap = "hello\n",
	 .verdict = STOP_FAILED,
	 .text = "--ktap: no test result was seen on the console"},
	/* what was lost matters to what must not be seen alone */
	{.dropped = true, .verdict = STOP_NONE},
	{.dropped = true, .want = {"one"}, .seen = 1, .verdict = STOP_NONE},
	{.dropped = true, .fail_on = true, .verdict = STOP_HOST, .text = LOST},
	{.dropped = true, .fail_on_warning = true, .verdict = STOP_HOST, .text = LOST},
	{.dropped = true, .ktap = PASSED, .verdict = STOP_HOST, .text = LOST},
	{.log_error = ENOSPC,
	 .verdict = STOP_HOST,
	 .text = "--log: x.log: No space left on device"},
	/* the first of several */
	{.log_error = ENOSPC,
	 .want = {"one"},
	 .verdict = STOP_HOST,
	 .text = "--log: x.log: No space left on device"},
	{.want = {"one"},
	 .warning = true,
	 .fail_on_warning = true,
	 .ktap = FAILED,
	 .verdict = STOP_MISSING,
	 .text = "--expect 'one' was never seen (0 of 1 were)"},
	{.warning = true,
	 .fail_on_warning = true,
	 .ktap = FAILED,
	 .dropped = true,
	 .verdict = STOP_FAILED,
	 .text = "--fail-on-warning: " WARNING},
	{.ktap = FAILED,
	 .dropped = true,
	 .verdict = STOP_FAILED,
	 .text = "--ktap: 1 of 2 tests failed, the first is 'b'"},
};

static void see_tests(const char *lines)
{
	char line[80];

	for (; *lines; lines += strcspn(lines, "\n") + 1) {
		snprintf(line, sizeof(line), "%.*s", (int)strcspn(lines, "\n"), lines);
		ktap_line(&console.watch.ktap, line, 0);
	}
	ktap_finish(&console.watch.ktap);
}

static void make_console(int i)
{
	struct console *c = &console;
	struct expect *x = &c->watch.expect;
	struct err e;

	for (unsigned n = 0; n < 2 && consoles[i].want[n]; n++)
		ck_assert_int_eq(expect_add(x, consoles[i].want[n], &e), 0);
	for (; x->seen < consoles[i].seen; x->seen++)
		x->want.at[x->seen].seen = true;
	x->fail_on.n = consoles[i].fail_on;
	cfg.fail_on_warning = consoles[i].fail_on_warning;
	c->watch.want_ktap = consoles[i].ktap != NULL;
	if (consoles[i].warning)
		kernel_events_add(&c->watch.events, KERNEL_EVENT_WARNING, WARNING, 0);
	if (consoles[i].ktap)
		see_tests(consoles[i].ktap);
	c->out.dropped = consoles[i].dropped ? DROPPED : 0;
	c->log.path = "x.log";
	c->log.error = consoles[i].log_error;
}

static void judge(int i, enum stop_kind kind, uint64_t value)
{
	make_run();
	make_console(i);
	stop_set(&stop, kind, value, -1, REASON);
	verdict_on_console(&stop, &console, &cfg);
	ktap_fini(&console.watch.ktap);
	expect_fini(&console.watch.expect);
}

static void is_untouched(enum stop_kind kind, uint64_t value)
{
	ck_assert_int_eq(stop.kind, kind);
	ck_assert_uint_eq(stop.value, value);
	ck_assert_str_eq(stop.text, REASON);
}

static const struct {
	enum stop_kind kind;
	uint64_t value;
} good[] = {{STOP_POWER_OFF, 0}, {STOP_RESET, 0}, {STOP_HALT, 0},
	    {STOP_EXIT, 0},      {STOP_EXIT, 7},  {STOP_EXPECTED, 0}};

START_TEST(a_console_after_a_good_end)
{
	for (int end = 0; end < COUNT(good); end++) {
		judge(_i, good[end].kind, good[end].value);
		if (consoles[_i].verdict == STOP_NONE) {
			is_untouched(good[end].kind, good[end].value);
			continue;
		}
		ck_assert_int_eq(stop.kind, consoles[_i].verdict);
		ck_assert_str_eq(stop.text, consoles[_i].text);
	}
}
END_TEST

/* The user's own end is good whatever is missing; of another, its reason is what counts. */
static const enum stop_kind others[] = {STOP_USER,   STOP_PANIC,  STOP_CRASH,
					STOP_SILENT, STOP_HOST,   STOP_SIGNAL,
					STOP_READER, STOP_FAILED, STOP_TIMEOUT};

START_TEST(a_console_after_another_end)
{
	for (int i = 0; i < COUNT(consoles); i++) {
		judge(i, others[_i], 0);
		is_untouched(others[_i], 0);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("verdict");
	TCase *t = tcase_create("verdict");

	tcase_add_loop_test(t, a_guest, 0, COUNT(guests));
	tcase_add_loop_test(t, a_console_after_a_good_end, 0, COUNT(consoles));
	tcase_add_loop_test(t, a_console_after_another_end, 0, COUNT(others));
	suite_add_tcase(s, t);
	return run_suite(s);
}

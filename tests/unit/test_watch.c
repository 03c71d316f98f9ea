/* SPDX-License-Identifier: BSD-3-Clause */
/* The console as a whole: lines, what is waited for, reports and tests. */
#include "watching.h"

#include "vmm/watch/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct events {
	char text[512];
};

static void note(void *opaque, enum watch_event event, const char *line)
{
	struct events *events = opaque;
	size_t n = strlen(events->text);

	snprintf(events->text + n, sizeof(events->text) - n, "%s: %s\n",
		 event == WATCH_ALL_SEEN ? "seen" : "failed", line);
}

static const struct {
	struct bytes in;
	const char *want[PATTERNS], *fail_on[PATTERNS];
	bool ordered;
	const char *events, *idle_events; /* also of the last line, when idle at the end */
	unsigned reports;
} consoles[] = {
	{BYTES(""), {"a"}, {"b"}, false, "", "", 0},
	{BYTES("a\nb\na\n"), {NULL}, {NULL}, false, "", "", 0},
	{BYTES("x\r\nit is up\r\nit is up\r\n"), {"up$"}, {NULL}, false, "seen: it is up\n", "", 0},
	{BYTES("up\ndown\nwait\ndown\n"),
	 {"up"},
	 {"down"},
	 false,
	 "seen: up\nfailed: down\n",
	 "",
	 0},
	/* said once, with the line that did it */
	{BYTES("x\nwait\ny\nx\n"), {"up"}, {"x", "y"}, false, "failed: x\n", "", 0},
	{BYTES("a\nb\na\n"), {"b", "a"}, {NULL}, true, "seen: a\n", "", 0},
	{BYTES("a b a\n"), {"b", "a"}, {NULL}, true, "seen: a b a\n", "", 0},
	/* a prompt */
	{BYTES("Debian\r\n\r\nlogin: "), {"^login: $"}, {NULL}, false, "", "seen: login: \n", 0},
	{BYTES("a\nlogin: "), {"a", "login: $"}, {NULL}, true, "", "seen: login: \n", 0},
	{BYTES("Give root password"),
	 {NULL},
	 {"root pass"},
	 false,
	 "",
	 "failed: Give root password\n",
	 0},
	{BYTES("login: \n"), {NULL}, {NULL}, false, "", "", 0},
	/* escapes, UTF-8, NUL */
	{BYTES("[" ESC "[32m  OK  " ESC "[0m] R\xc3\xbc" ESC "]0;t\a\0\r\n"),
	 {"^\\[  OK  \\] R\xc3\xbc\\?$"},
	 {NULL},
	 false,
	 "seen: [  OK  ] R\xc3\xbc?\n",
	 "",
	 0},
	{BYTES("\x1b]0;up"), {"up"}, {NULL}, false, "", "", 0},
	/* reports: only of whole lines */
	{BYTES("[ 1.0] BUG: x\r\n[ 1.1] \x1b[1mOops: 0000 [#1]\x1b[m\r\n[ 1.2] BUG: y"),
	 {NULL},
	 {"BUG"},
	 false,
	 "failed: [ 1.0] BUG: x\n",
	 "",
	 2},
};

static void start(struct watch *w, struct events *events, int i)
{
	struct err e = {""};

	*events = (struct events){""};
	*w = (struct watch){.on_event = note, .opaque = events};
	w->expect.ordered = consoles[i].ordered;
	add_patterns(&w->expect, expect_add, consoles[i].want, PATTERNS);
	add_patterns(&w->expect, expect_add_fail_on, consoles[i].fail_on, PATTERNS);
	ck_assert_int_eq(watch_init(w, &e), 0);
}

static void finish(struct watch *w, struct events *events, int i)
{
	char all[512];

	ck_assert_str_eq(events->text, consoles[i].events);
	watch_idle(w, 0);
	watch_idle(w, 0); /* once more says nothing more */
	snprintf(all, sizeof(all), "%s%s", consoles[i].events, consoles[i].idle_events);
	ck_assert_str_eq(events->text, all);
	ck_assert_uint_eq(kernel_events_total(&w->events), consoles[i].reports);
	watch_fini(w);
	ck_assert_ptr_null(w->text);
	watch_fini(w); /* harmless */
}

static const uint8_t *console_bytes(int i)
{
	return (const uint8_t *)consoles[i].in.data;
}

START_TEST(all_splits_give_the_same_events)
{
	size_t n = consoles[_i].in.n;
	struct events events;
	struct watch w;

	for (size_t at = 0; at <= n; at++) {
		start(&w, &events, _i);
		watch_feed(&w, console_bytes(_i), at, 0);
		watch_feed(&w, console_bytes(_i) + at, n - at, 0);
		finish(&w, &events, _i);
	}
	start(&w, &events, _i);
	for (size_t at = 0; at < n; at++)
		watch_feed(&w, console_bytes(_i) + at, 1, 0);
	finish(&w, &events, _i);
}
END_TEST

START_TEST(nobody_need_listen)
{
	struct events events;
	struct watch w;

	start(&w, &events, _i);
	w.on_event = NULL;
	watch_feed(&w, console_bytes(_i), consoles[_i].in.n, 0);
	watch_idle(&w, 0);
	ck_assert_str_eq(events.text, "");
	ck_assert_uint_eq(kernel_events_total(&w.events), consoles[_i].reports);
	bool fails =
		strstr(consoles[_i].events, "failed") || strstr(consoles[_i].idle_events, "failed");
	ck_assert_int_eq(w.expect.failed_on != NULL, fails);
	watch_fini(&w);
}
END_TEST

static void feed(struct watch *w, const char *text)
{
	watch_feed(w, (const uint8_t *)text, strlen(text), 0);
}

START_TEST(a_prompt_is_seen_when_idle)
{
	static const char *const want[] = {"login: $", "^Password: $", "^# $"};
	struct events events = {""};
	struct watch w = {.on_event = note, .opaque = &events, .expect.ordered = true};
	struct err e = {""};

	add_patterns(&w.expect, expect_add, want, 3);
	ck_assert_int_eq(watch_init(&w, &e), 0);
	watch_idle(&w, 0);
	feed(&w, "\r\nhost login: ");
	ck_assert_uint_eq(w.expect.seen, 0);
	watch_idle(&w, 0);
	ck_assert_uint_eq(w.expect.seen, 1);
	feed(&w, "root\r\nPass");
	watch_idle(&w, 0);
	ck_assert_str_eq(expect_missing(&w.expect), "^Password: $");
	feed(&w, "word: ");
	watch_idle(&w, 0);
	ck_assert_str_eq(expect_missing(&w.expect), "^# $");
	feed(&w, "\r\n# ");
	ck_assert_str_eq(events.text, "");
	watch_idle(&w, 0);
	ck_assert_str_eq(events.text, "seen: # \n");
	feed(&w, "\r\n# ");
	watch_idle(&w, 0);
	ck_assert_str_eq(events.text, "seen: # \n");
	watch_fini(&w);
}
END_TEST

START_TEST(a_long_line_is_looked_at_in_pieces)
{
	static const char *const want[] = {"^x+$", "^end$"};
	struct events events = {""};
	struct watch w = {.on_event = note, .opaque = &events, .expect.ordered = true};
	struct err e = {""};
	uint8_t *line = malloc(LINES_MAX_BYTES);

	ck_assert_ptr_nonnull(line);
	memset(line, 'x', LINES_MAX_BYTES);
	add_patterns(&w.expect, expect_add, want, 2);
	ck_assert_int_eq(watch_init(&w, &e), 0);
	watch_feed(&w, line, LINES_MAX_BYTES, 0);
	ck_assert_uint_eq(w.expect.seen, 0);
	feed(&w, "end\n");
	ck_assert_str_eq(events.text, "seen: end\n");
	watch_fini(&w);
	free(line);
}
END_TEST

START_TEST(what_was_seen_has_its_time)
{
	static const char *const want[] = {"login: $"}, *const fail_on[] = {"^bad"};
	static const struct {
		const char *text;
		uint64_t now_ns;
	} pieces[] = {
		{"Linux vers", 10},
		{"ion 6.1.0-\xc3\xbc (gcc)\n[    0.1] Linux version 2\n", 11},
		{"[    0.000000] Linux version 3\nRun /sbin/in", 12},
		{"it as init process\n[ 1.0] Run /bin/sh as init process\n", 13},
		{"WARNING: CPU: 0 PID: 1 at a\nWARNING: CPU: 0 PID: 1 at b\n", 14},
		{"WARNING: CPU: 0 PID: 1 at c\nlogin: ", 15},
		{"\nminivmm-init: one\nno newlineminivmm-init: two\nminivmm-ini: three\n", 17},
		{"bad\nbad\n", 18},
		{"bad\n", 19},
	};
	struct watch w = {.on_event = NULL};
	struct err e = {""};

	add_patterns(&w.expect, expect_add, want, 1);
	add_patterns(&w.expect, expect_add_fail_on, fail_on, 1);
	ck_assert_int_eq(watch_init(&w, &e), 0);
	for (int i = 0; i < COUNT(pieces); i++) {
		watch_feed(&w, (const uint8_t *)pieces[i].text, strlen(pieces[i].text),
			   pieces[i].now_ns);
		if (pieces[i].now_ns == 15)
			watch_idle(&w, 16);
	}
	ck_assert_str_eq(w.boot.banner, "Linux version 6.1.0-?? (gcc)");
	ck_assert_uint_eq(w.boot.version_ns, 11);
	ck_assert_uint_eq(w.boot.init_ns, 13);
	ck_assert_str_eq(w.boot.init_said, "two");
	ck_assert_uint_eq(w.events.count[KERNEL_EVENT_WARNING], 3);
	ck_assert_uint_eq(w.events.first_ns[KERNEL_EVENT_WARNING], 14);
	ck_assert_uint_eq(w.expect.want.at[0].seen_ns, 16);
	ck_assert_uint_eq(w.expect.failed_ns, 18);
	watch_fini(&w);
}
END_TEST

/* What the kernel says when it could not unpack its initrd; the first reason counts. */
static const struct {
	const char *console, *said;
} unpackings[] = {
	{"[    0.5] Initramfs unpacking failed: write error\r\n", "write error"},
	{"[    0.5] rootfs image is not initramfs (no cpio magic); looks like an initrd\n",
	 "no cpio magic"},
	{"[    0.5] compression method xz not configured\n"
	 "[    0.5] Initramfs unpacking failed: decompressor failed\n",
	 "compression method xz not configured"},
	{"Initramfs unpacking failed: a\nInitramfs unpacking failed: b\n", "a"},
	{"Initramfs unpacking failed: \x1b[31m\xc3\xbc\n", "??"},
	{"rootfs image is not initramfs (\n", ""},
	{"user: Initramfs unpacking failed: x\ncompression method\n", ""},
};

START_TEST(why_an_initrd_was_not_unpacked)
{
	struct watch w = {.on_event = NULL};
	struct err e = {""};
	ck_assert_int_eq(watch_init(&w, &e), 0);
	feed(&w, unpackings[_i].console);
	ck_assert_str_eq(w.boot.initrd_said, unpackings[_i].said);
	watch_fini(&w);
}
END_TEST

/* What is wrong with the tests in a console that came in these pieces, or "" */
static void check_ktap(const char *first, size_t filler, const char *rest, const char *want)
{
	struct watch w = {.want_ktap = true};
	struct err e = {""};
	char problem[240] = "";
	uint8_t *bytes = malloc(filler + 1);

	ck_assert_ptr_nonnull(bytes);
	memset(bytes, 'x', filler);
	ck_assert_int_eq(watch_init(&w, &e), 0);
	feed(&w, first);
	watch_feed(&w, bytes, filler, 0);
	feed(&w, rest);
	watch_end(&w, true, 0);
	ck_assert_int_eq(ktap_problem(&w.ktap, problem, sizeof(problem)), *want != '\0');
	if (*want)
		ck_assert_str_eq(problem, want);
	watch_fini(&w);
	ck_assert_ptr_null(w.ktap.listed);
	free(bytes);
}

/* A report that the user knows is only counted; where it stands in the line does not matter. */
START_TEST(known_reports_do_not_count)
{
	static const char console[] = "[    1.0] WARNING: CPU: 0 PID: 1 at x.c:1 f+0x1/0x2\n"
				      "~ # [    2.000000] WARNING: CPU: 0 PID: 1 at y.c:1 g\n"
				      "[    3.0] BUG: soft lockup\n"
				      "at x.c:1\n";
	struct watch w = {.want_ktap = false};
	struct err e;

	ck_assert_int_eq(patterns_add(&w.known, "at x\\.c:", false, &e), 0);
	ck_assert_int_eq(patterns_add(&w.known, "soft lockup$", false, &e), 0);
	ck_assert_int_eq(watch_init(&w, &e), 0);
	watch_feed(&w, (const uint8_t *)console, sizeof(console) - 1, 1);
	ck_assert_uint_eq(w.events.ignored, 2);
	ck_assert_uint_eq(kernel_events_total(&w.events), 1);
	ck_assert_str_eq(kernel_events_first(&w.events), "WARNING: CPU: 0 PID: 1 at y.c:1 g");
	watch_hurry(&w, 1); /* nobody looks any more: it counts */
	watch_feed(&w, (const uint8_t *)console, sizeof(console) - 1, 1);
	ck_assert_uint_eq(w.events.ignored, 2);
	ck_assert_uint_eq(kernel_events_total(&w.events), 4);
	watch_fini(&w);
}
END_TEST

START_TEST(tests_are_read_from_whole_lines)
{
	static const char one[] = "KTAP version 1\r\n1..1\r\nok 1 a\r\n";
	static const char failed[] = "1 of 2 tests failed, the first is 'b'";

	check_ktap(one, 0, "", "");
	check_ktap("KTAP version 1\n1..2\nok 1 a\n", 0, "not ok 2 b", failed); /* no newline */
	check_ktap(one, 8, "not ok 2 b\n", "");
	/* in the midst of a long line, wherever it is cut */
	for (size_t n = 1; n < 4; n++) {
		check_ktap(one, n * LINES_MAX_BYTES, "not ok 2 b\n", "");
		check_ktap(one, n * LINES_MAX_BYTES, "not ok 2 b", "");
		check_ktap(one, n * LINES_MAX_BYTES, "\nnot ok 2 b\n", failed);
		check_ktap(one, n * LINES_MAX_BYTES + 1, "\nnot ok 2 b", failed);
	}
}
END_TEST

START_TEST(tests_are_read_only_when_wanted)
{
	struct watch w = {.want_ktap = false};
	struct err e = {""};

	ck_assert_int_eq(watch_init(&w, &e), 0);
	feed(&w, "KTAP version 1\n1..1\nnot ok 1 a\nnot ok 2 b");
	watch_end(&w, true, 0);
	ck_assert_uint_eq(ktap_total(&w.ktap), 0);
	watch_fini(&w);
}
END_TEST

START_TEST(nothing_changes_after_the_end)
{
	struct watch w = {.want_ktap = true};
	struct err e = {""};
	char problem[240];

	ck_assert_int_eq(watch_init(&w, &e), 0);
	feed(&w, "KTAP version 1\n1..1\nok 1 a\n");
	watch_end(&w, true, 1);
	feed(&w, "not ok 2 b\nKernel panic - not syncing: late\n");
	watch_end(&w, true, 2);
	ck_assert_uint_eq(ktap_total(&w.ktap), 1);
	ck_assert(!ktap_problem(&w.ktap, problem, sizeof(problem)));
	watch_fini(&w);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("watch");
	TCase *t = tcase_create("watch");

	tcase_set_timeout(t, 30);
	tcase_add_loop_test(t, all_splits_give_the_same_events, 0, COUNT(consoles));
	tcase_add_loop_test(t, nobody_need_listen, 0, COUNT(consoles));
	tcase_add_test(t, a_prompt_is_seen_when_idle);
	tcase_add_test(t, a_long_line_is_looked_at_in_pieces);
	tcase_add_test(t, what_was_seen_has_its_time);
	tcase_add_test(t, known_reports_do_not_count);
	tcase_add_loop_test(t, why_an_initrd_was_not_unpacked, 0, COUNT(unpackings));
	tcase_add_test(t, tests_are_read_from_whole_lines);
	tcase_add_test(t, tests_are_read_only_when_wanted);
	tcase_add_test(t, nothing_changes_after_the_end);
	suite_add_tcase(s, t);
	return run_suite(s);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* How a guest ends by itself: what its devices tell, and what its kernel says. */
#include "suite.h"
#include "vmm/base/clock.h"
#include "vmm/run/guest_end.h"

#include <check.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define PANICKED "the guest's kernel panicked"

static struct console console;
static struct stop stop;
static struct guest_end end;
static int wake_fd;

/* A VM whose kernel has @cmdline, and which has said that it powers down. */
static void begin(const char *cmdline)
{
	wake_fd = eventfd(0, EFD_NONBLOCK);
	stop_init(&stop, wake_fd);
	memset(&console, 0, sizeof(console));
	silence_init(&console.silence);
	silence_await(&console.silence, MARK_POWER_DOWN, 1000 * NS_PER_S);
	end = (struct guest_end){.stop = &stop, .console = &console};
	guest_end_watch(&end, cmdline);
}

static void finish(void)
{
	guest_end_unwatch(&end);
	ck_assert_ptr_null(console.on_mark);
	silence_fini(&console.silence);
	stop_fini(&stop);
	close(wake_fd);
}

/* How often the loop was woken since it was last asked. */
static uint64_t wakes(void)
{
	uint64_t count;
	return read(wake_fd, &count, sizeof(count)) == sizeof(count) ? count : 0;
}

/* After what a silence is awaited, and for how many seconds from now on. */
static void expect_silence(enum mark after, uint64_t enough_s)
{
	uint64_t deadline_ns, now_ns = clock_now_ns();

	ck_assert_int_eq(silence_awaited(&console.silence, &deadline_ns), after);
	ck_assert_uint_eq(console.silence.enough_ns, enough_s * NS_PER_S);
	ck_assert_uint_le(deadline_ns, now_ns + enough_s * NS_PER_S);
	ck_assert_uint_gt(deadline_ns + NS_PER_S, now_ns + enough_s * NS_PER_S);
}

static const struct {
	enum machine_event event;
	uint64_t value;
	enum stop_kind kind;
	const char *text;
	bool panicked;
} events[] = {
	{EVENT_POWER_OFF, 0, STOP_POWER_OFF, "", false},
	{EVENT_RESET, 0, STOP_RESET, "", false},
	{EVENT_EXIT, 0, STOP_EXIT, "", false},
	{EVENT_EXIT, 7, STOP_EXIT, "", false},
	{EVENT_PANIC, 0, STOP_PANIC, PANICKED " (pvpanic)", false},
	{EVENT_CRASH_LOADED, 0, STOP_NONE, "", true}, /* its crash kernel runs on */
};

START_TEST(a_device_tells)
{
	begin("");
	silence_await(&console.silence, MARK_PANIC, NS_PER_S);
	struct event_line line = guest_end_events(&end);
	line.raise(line.opaque, events[_i].event, events[_i].value);
	ck_assert_int_eq(stop.kind, events[_i].kind);
	ck_assert_uint_eq(stop.value, events[_i].value);
	ck_assert_int_eq(stop.vcpu, -1);
	ck_assert_str_eq(stop.text, events[_i].text);
	ck_assert_int_eq(stop.panicked, events[_i].panicked);
	ck_assert_uint_eq(wakes(), events[_i].kind != STOP_NONE);
	expect_silence(events[_i].event == EVENT_CRASH_LOADED ? MARK_NONE : MARK_PANIC,
		       events[_i].event == EVENT_CRASH_LOADED ? 0 : 1);
	finish();
}
END_TEST

static const struct {
	const char *cmdline;
	enum mark mark;
	/* The reason why the run ends; or that a silence is awaited, and how long. */
	enum stop_kind kind;
	uint64_t value;
	const char *text;
	enum mark after;
	uint64_t enough_s;
	bool panicked;
	unsigned wakes;
} marks[] = {
	{"", MARK_NONE, STOP_NONE, 0, "", MARK_NONE, 0, false, 0},
	{"", MARK_BANNER, STOP_NONE, 0, "", MARK_NONE, 0, false, 0},
	{"", MARK_PANIC, STOP_NONE, 0, "", MARK_PANIC, 3, true, 1},
	{"quiet", MARK_PANIC, STOP_NONE, 0, "", MARK_PANIC, 3, true, 1},
	{"crashkernel=64M", MARK_PANIC, STOP_NONE, 0, "", MARK_PANIC, 60, true, 1},
	{"", MARK_PANIC_END, STOP_PANIC, 0, PANICKED, MARK_NONE, 0, true, 1},
	{"", MARK_POWER_DOWN, STOP_NONE, 0, "", MARK_POWER_DOWN, 2, false, 1},
	{"", MARK_HALTED, STOP_HALT, 0, "the guest halted", MARK_NONE, 0, false, 1},
	{"", MARK_UNPACKING, STOP_CRASH, CRASH_OTHER,
	 "the kernel could not unpack itself, and halted", MARK_NONE, 0, false, 1},
};

START_TEST(the_kernel_says)
{
	begin(marks[_i].cmdline);
	console.on_mark(console.opaque, marks[_i].mark);
	ck_assert_int_eq(stop.kind, marks[_i].kind);
	ck_assert_uint_eq(stop.value, marks[_i].value);
	ck_assert_int_eq(stop.vcpu, -1);
	ck_assert_str_eq(stop.text, marks[_i].text);
	ck_assert_int_eq(stop.panicked, marks[_i].panicked);
	ck_assert_uint_eq(wakes(), marks[_i].wakes);
	expect_silence(marks[_i].after, marks[_i].enough_s);
	finish();
}
END_TEST

/* Nothing was completed: what was awaited before still is. */
START_TEST(no_mark_changes_nothing)
{
	begin("");
	silence_await(&console.silence, MARK_PANIC, 5 * NS_PER_S);
	console.on_mark(console.opaque, MARK_NONE);
	expect_silence(MARK_PANIC, 5);
	finish();
}
END_TEST

/* The banner of a crash kernel: the panic before it stays noted, its silence is over. */
START_TEST(a_crash_kernel_has_its_time)
{
	begin("");
	console.on_mark(console.opaque, MARK_PANIC);
	console.on_mark(console.opaque, MARK_BANNER);
	expect_silence(MARK_NONE, 0);
	ck_assert(stop.panicked);
	finish();
}
END_TEST

static const struct {
	enum mark last_words;
	enum stop_kind kind;
	const char *text;
} silences[] = {
	{MARK_PANIC, STOP_PANIC, PANICKED},
	{MARK_POWER_DOWN, STOP_HALT, "the guest said that it powers down"},
};

START_TEST(the_silence_was_long_enough)
{
	begin("");
	guest_end_silent(&stop, silences[_i].last_words);
	ck_assert_int_eq(stop.kind, silences[_i].kind);
	ck_assert_uint_eq(stop.value, 0);
	ck_assert_int_eq(stop.vcpu, -1);
	ck_assert_str_eq(stop.text, silences[_i].text);
	finish();
}
END_TEST

int main(void)
{
	Suite *s = suite_create("guest_end");
	TCase *t = tcase_create("guest_end");

	tcase_add_loop_test(t, a_device_tells, 0, COUNT(events));
	tcase_add_loop_test(t, the_kernel_says, 0, COUNT(marks));
	tcase_add_test(t, no_mark_changes_nothing);
	tcase_add_test(t, a_crash_kernel_has_its_time);
	tcase_add_loop_test(t, the_silence_was_long_enough, 0, COUNT(silences));
	suite_add_tcase(s, t);
	return run_suite(s);
}

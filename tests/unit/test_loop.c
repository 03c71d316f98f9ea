/* SPDX-License-Identifier: BSD-3-Clause */
/* The event loop: what ends a run, what goes first, and what is served on the way. */
#include "looping.h"
#include "suite.h"
#include "vmm/base/clock.h"
#include "vmm/base/wake.h"

#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#define SHORT_NS (100 * NS_PER_MS)
#define LONG_NS  (60 * NS_PER_S)

static const char escape_help[] =
	"\r\nminivmm: Ctrl-a x ends the run, Ctrl-a h shows this, Ctrl-a b sends a break, "
	"Ctrl-a Ctrl-a sends a Ctrl-a\r\n";

static struct looping *l;

static void make(uint64_t timeout_ns, uint64_t idle_timeout_ns)
{
	l = looping_new();
	l->cfg.timeout_ns = timeout_ns;
	l->cfg.idle_timeout_ns = idle_timeout_ns;
	looping_start(l);
}

static void run(void)
{
	loop_run(&l->loop, &l->vm);
	ck_assert(stop_wanted(&l->stop));
}

static void type(const char *keys)
{
	ck_assert_int_eq(write(l->in.other, keys, strlen(keys)), (ssize_t)strlen(keys));
}

static void print(const char *text)
{
	for (; *text; text++)
		output_put(&l->console.out, (uint8_t)*text);
}

static void set_user(int ended_by, bool quit)
{
	l->loop.ended_by = ended_by;
	l->loop.quit = quit;
}

/* What ends a run, and what is said then. */

static void send_term(void)
{
	kill(getpid(), SIGTERM);
}

static void type_quit(void)
{
	l->console.in.escapes = true;
	type("\x01x");
}

static void quit_and_term(void)
{
	type_quit();
	send_term();
}

static void see_oops(void)
{
	l->console.watch.expect.failed_on = "Oops";
	strcpy(l->console.failed_line, "an Oops");
	l->console.failed = true;
	wake_set(l->stop.wake_fd);
}

static void see_all(void)
{
	l->cfg.until_expected = true;
	l->console.all_seen = true;
	wake_set(l->stop.wake_fd);
}

/* Only one of what --until-expected ends a run by. */
static void see_all_unasked(void)
{
	see_all();
	l->cfg.until_expected = false;
}

static void see_nothing(void)
{
	see_all();
	l->console.all_seen = false;
}

static void lose_reader(void)
{
	stdfd_close_other(&l->out);
	print("hello\n");
}

static void power_off(void)
{
	stop_set(&l->stop, STOP_POWER_OFF, 0, -1, "%s", "");
}

static void term_before(void)
{
	set_user(SIGTERM, false);
}

static void term_before_power_off(void)
{
	set_user(SIGINT, true);
	answers.alarm_ms = 1;
}

static void panic_silently(void)
{
	silence_await(&l->console.silence, MARK_PANIC, SHORT_NS);
}

static void power_down_silently(void)
{
	silence_await(&l->console.silence, MARK_POWER_DOWN, SHORT_NS);
}

/* As if the guest still printed in an hour: that is no silence, yet --timeout counts. */
static void print_on(void)
{
	l->console.out.last_ns = clock_now_ns() + 3600 * NS_PER_S;
}

static const struct {
	void (*happens)(void);
	uint64_t timeout_ns, idle_timeout_ns;
	bool waits; /* for so long */
	enum stop_kind kind;
	const char *text;
} ends[] = {
	{power_off, LONG_NS, 0, false, STOP_POWER_OFF, ""},
	{send_term, LONG_NS, 0, false, STOP_SIGNAL, "ended by signal 15 (Terminated)"},
	{type_quit, LONG_NS, 0, false, STOP_USER, ""},
	{quit_and_term, LONG_NS, 0, false, STOP_SIGNAL, "ended by signal 15 (Terminated)"},
	{term_before, LONG_NS, 0, false, STOP_SIGNAL, "ended by signal 15 (Terminated)"},
	{term_before_power_off, LONG_NS, 0, false, STOP_SIGNAL, "ended by signal 2 (Interrupt)"},
	{see_oops, LONG_NS, 0, false, STOP_FAILED, "--fail-on 'Oops' was seen: an Oops"},
	{see_all, LONG_NS, 0, false, STOP_EXPECTED, ""},
	{lose_reader, LONG_NS, 0, false, STOP_READER, "stdout was closed by its reader"},
	{panic_silently, LONG_NS, 0, true, STOP_PANIC, "the guest's kernel panicked"},
	{power_down_silently, LONG_NS, 0, true, STOP_HALT, "the guest said that it powers down"},
	{print_on, SHORT_NS, 1, true, STOP_TIMEOUT, "--timeout: the guest still ran after 0.100 s"},
	{print_on, SHORT_NS, 0, true, STOP_TIMEOUT, "--timeout: the guest still ran after 0.100 s"},
	{see_all_unasked, SHORT_NS, 0, true, STOP_TIMEOUT,
	 "--timeout: the guest still ran after 0.100 s"},
	{see_nothing, SHORT_NS, 0, true, STOP_TIMEOUT,
	 "--timeout: the guest still ran after 0.100 s"},
	{NULL, SHORT_NS, 0, true, STOP_TIMEOUT, "--timeout: the guest still ran after 0.100 s"},
	{NULL, LONG_NS, SHORT_NS, true, STOP_TIMEOUT,
	 "--idle-timeout: the console was silent for 0.100 s"},
};

START_TEST(a_run_ends)
{
	uint64_t began_ns = clock_now_ns();

	make(ends[_i].timeout_ns, ends[_i].idle_timeout_ns);
	if (ends[_i].happens)
		ends[_i].happens();
	run();
	if (ends[_i].waits)
		ck_assert_uint_ge(clock_now_ns() - began_ns, SHORT_NS);
	ck_assert_int_eq(l->stop.kind, ends[_i].kind);
	ck_assert_str_eq(l->stop.text, ends[_i].text);
	ck_assert_uint_eq(l->stop.value, (uint64_t)l->loop.ended_by);
	ck_assert_int_eq(l->stop.vcpu, -1);
	ck_assert_uint_eq(notes.starts, 1);
	ck_assert_uint_lt(notes.waits, 20); /* it waits, and does not spin */
	looping_end(l);
}
END_TEST

/* What the console's thread found while a VM was built again, and the wake for it was taken. */
START_TEST(what_was_seen_during_a_reboot_ends_it_at_once)
{
	make(0, 0);
	l->console.watch.expect.failed_on = "oops";
	strcpy(l->console.failed_line, "an oops");
	l->console.failed = true;
	run();
	ck_assert_uint_eq(notes.waits, 0);
	ck_assert_int_eq(l->stop.kind, STOP_FAILED);
	ck_assert_str_eq(l->stop.text, "--fail-on 'oops' was seen: an oops");
	looping_end(l);
}
END_TEST

/* A signal that came while the guest was loaded: nothing is waited for. */
START_TEST(what_came_before_ends_it_at_once)
{
	make(0, 0);
	set_user(SIGTERM, false);
	l->loop.halt.asked = 5;
	run();
	ck_assert_uint_eq(notes.waits, 0);
	ck_assert_uint_eq(l->loop.halt.asked, 0);
	looping_end(l);
}
END_TEST

static const struct {
	int most_ms;
	uint64_t waited_ms;
} waits[] = {{-1, 1000}, {0, 0}, {1, 1}, {999, 999}, {1000, 1000}, {1001, 1000}, {INT_MAX, 1000}};

START_TEST(no_wait_is_longer_than_a_heartbeat)
{
	make(0, 0);
	struct pollfd fds[] = {{.fd = l->stop.wake_fd, .events = POLLIN}};
	wake_set(l->stop.wake_fd);
	ck_assert_int_eq(loop_wait(&l->loop, fds, 1, waits[_i].most_ms), 1);
	ck_assert_int_eq(fds[0].revents, POLLIN);
	ck_assert_uint_eq(notes.most_ns, waits[_i].waited_ms * NS_PER_MS);
	looping_end(l);
}
END_TEST

/* How long the loop means to wait is the least of what anybody asks for. */
static const struct {
	int alarm_ms;
	uint64_t timeout_ms, silence_ms;
	uint64_t most_ms;
} sooner[] = {
	{-1, 0, 0, 1000},    {700, 0, 0, 700},     {700, 500, 0, 501}, {700, 0, 500, 501},
	{-1, 600, 500, 501}, {400, 600, 500, 400}, {2000, 0, 0, 1000},
};

START_TEST(it_waits_for_what_is_soonest)
{
	make(sooner[_i].timeout_ms * NS_PER_MS, 0);
	answers.alarm_ms = sooner[_i].alarm_ms;
	if (sooner[_i].silence_ms)
		silence_await(&l->console.silence, MARK_PANIC, sooner[_i].silence_ms * NS_PER_MS);
	send_term();
	run();
	ck_assert_uint_eq(notes.waits, 1);
	ck_assert_uint_le(notes.most_ns, sooner[_i].most_ms * NS_PER_MS);
	ck_assert_uint_gt(notes.most_ns + 300 * NS_PER_MS, sooner[_i].most_ms * NS_PER_MS);
	looping_end(l);
}
END_TEST

/* The process was stopped for an hour: --timeout and the silence move on, the VM is told once. */
START_TEST(a_stop_of_the_process_counts_for_nothing)
{
	uint64_t deadline_ns;

	make(LONG_NS, 0);
	silence_await(&l->console.silence, MARK_PANIC, LONG_NS);
	uint64_t start_ns = l->loop.limits.start_ns;
	l->console.silence.since_ns -= NS_PER_S;
	uint64_t since_ns = l->console.silence.since_ns;
	answers.stopped_ns = NS_PER_S / 2;
	answers.alarm_ms = 1;
	answers.beat_is_due = true;
	send_term();
	run();
	ck_assert_uint_eq(l->loop.limits.start_ns, start_ns + NS_PER_S / 2);
	ck_assert_uint_eq(notes.told_of_stop, 1);
	ck_assert_uint_eq(l->loop.stopped_ns, 0);
	(void)silence_awaited(&l->console.silence, &deadline_ns);
	ck_assert_uint_eq(deadline_ns, since_ns + NS_PER_S / 2 + LONG_NS);
	looping_end(l);
}
END_TEST

START_TEST(without_a_stop_nobody_is_told)
{
	make(SHORT_NS, 0);
	run();
	ck_assert_uint_eq(notes.told_of_stop, 0);
	ck_assert_uint_eq(notes.beats, 0);
	looping_end(l);
}
END_TEST

/* Is it a heartbeat of a guest that may have halted? Not of one that said its last words. */
static const struct {
	bool still;
	enum mark last_words;
	bool still_beat;
} beats[] = {
	{true, MARK_NONE, true},
	{false, MARK_NONE, false},
	{true, MARK_PANIC, false},
	{true, MARK_POWER_DOWN, false},
};

START_TEST(a_heartbeat_looks_for_a_halt)
{
	make(0, 0);
	silence_await(&l->console.silence, beats[_i].last_words, LONG_NS);
	answers.beat_is_due = true;
	answers.still = beats[_i].still;
	send_term();
	run();
	ck_assert_uint_eq(notes.beats, 1);
	ck_assert_uint_eq(notes.still_beats, beats[_i].still_beat);
	looping_end(l);
}
END_TEST

/* stdin. */

/* What ends a run wakes the loop, which then looks at the UART, too. */
enum { AT_THE_END = 1 };

static void expect_input(const char *text)
{
	struct chardev peer = console_chardev(&l->console);
	uint16_t got[64];
	size_t n = peer.read(peer.opaque, got, COUNT(got));

	ck_assert_uint_eq(n, strlen(text));
	for (size_t i = 0; i < n; i++)
		ck_assert_uint_eq(got[i], (uint8_t)text[i]);
}

START_TEST(what_is_typed_goes_to_the_guest)
{
	make(SHORT_NS, 0);
	type("ls\r\x01x"); /* a pipe has no escapes */
	run();
	ck_assert_int_eq(l->stop.kind, STOP_TIMEOUT);
	ck_assert_uint_eq(notes.console_changed, 1 + AT_THE_END);
	expect_input("ls\r\x01x");
	looping_end(l);
}
END_TEST

START_TEST(the_end_of_the_input_is_not_the_end_of_the_run)
{
	make(SHORT_NS, 0);
	type("ls\r");
	stdfd_close_other(&l->in);
	run();
	ck_assert_int_eq(l->stop.kind, STOP_TIMEOUT);
	ck_assert(!l->loop.keyboard.is_open);
	ck_assert_uint_lt(notes.waits, 20);
	expect_input("ls\r");
	looping_end(l);
}
END_TEST

static const struct {
	const char *keys, *said;
} helps[] = {{"\x01h", escape_help}, {"h", ""}, {"\x01\x01", ""}};

START_TEST(help_is_for_who_asks)
{
	char text[256];

	make(SHORT_NS, 0);
	l->console.in.escapes = true;
	type(helps[_i].keys);
	run();
	ck_assert_uint_eq(stdfd_read(&l->err, text, sizeof(text)), strlen(helps[_i].said));
	ck_assert_str_eq(text, helps[_i].said);
	ck_assert_int_eq(l->stop.kind, STOP_TIMEOUT);
	looping_end(l);
}
END_TEST

static void fill(void)
{
	l->console.in.count = INPUT_CHARACTERS - KEYBOARD_READ_BYTES + 1;
}

static void go_to_background(void)
{
	answers.tty_is_ours = false;
}

static void close_keyboard(void)
{
	l->loop.keyboard.is_open = false;
}

static void (*const deaf[])(void) = {fill, go_to_background, close_keyboard};

START_TEST(input_that_nobody_may_read_waits)
{
	make(SHORT_NS, 0);
	type("x");
	deaf[_i]();
	run();
	ck_assert_uint_eq(notes.console_changed, AT_THE_END);
	ck_assert_int_eq(read(STDIN_FILENO, &(char){0}, 1), 1);
	looping_end(l);
}
END_TEST

/* Signals that do not end a run. */

static const struct {
	bool is_open, draining;
	unsigned raw;
} continues[] = {{true, false, 1}, {false, false, 0}, {true, true, 0}, {false, true, 0}};

START_TEST(sigcont_makes_the_terminal_raw_again)
{
	make(0, 0);
	l->loop.keyboard.is_open = continues[_i].is_open;
	l->loop.draining = continues[_i].draining;
	kill(getpid(), SIGCONT);
	loop_take_signal(&l->loop);
	ck_assert_uint_eq(notes.raw, continues[_i].raw);
	ck_assert_int_eq(l->loop.ended_by, 0);
	l->loop.draining = false;
	looping_end(l);
}
END_TEST

START_TEST(no_signal_is_none)
{
	make(0, 0);
	loop_take_signal(&l->loop);
	ck_assert_int_eq(l->loop.ended_by, 0);
	ck_assert_uint_eq(notes.raw, 0);
	looping_end(l);
}
END_TEST

#ifndef EMULATED /* a user-mode emulator keeps real-time signals for itself */
/* The timer of the loading, which was late. */
START_TEST(a_timer_does_not_end_a_run)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMAX};
	const struct itimerspec once = {.it_value = {.tv_nsec = 1}};
	timer_t timer;

	make(0, 0);
	struct pollfd fd = {.fd = l->loop.signal_fd, .events = POLLIN};
	ck_assert_int_eq(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
	ck_assert_int_eq(timer_settime(timer, 0, &once, NULL), 0);
	ck_assert_int_eq(poll(&fd, 1, 10000), 1);
	loop_take_signal(&l->loop);
	ck_assert_int_eq(l->loop.ended_by, 0);
	timer_delete(timer);
	looping_end(l);
}
END_TEST
#endif

/* In a child. Its status: 0 when the terminal was restored, and nothing was waited for. */
static void be_suspended(void)
{
	make(0, 0);
	kill(getpid(), SIGTSTP);
	loop_take_signal(&l->loop);
	_exit(notes.restored == 1 && notes.raw == 0 && notes.waits == 1 && notes.most_ns == 0 &&
			      !l->loop.ended_by
		      ? 0
		      : 1);
}

START_TEST(sigtstp_stops_the_process)
{
	int status;
	pid_t child = fork();

	if (child == 0)
		be_suspended();
	ck_assert_int_eq(waitpid(child, &status, WUNTRACED), child);
	ck_assert(WIFSTOPPED(status));
	kill(child, SIGCONT);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
}
END_TEST

/* The first descriptor that is free, and none. */
START_TEST(signals_need_a_descriptor)
{
	static struct run_config cfg;
	struct rlimit old, none;
	struct stop no_stop;
	struct stdfd stdin_fd;
	struct loop loop;
	struct err e;

	stop_init(&no_stop, -1);
	stdfd_close(&stdin_fd, STDIN_FILENO);
	int opened = loop_init(&loop, &cfg, NULL, &no_stop, &e), fd = loop.signal_fd;
	if (!opened)
		loop_fini(&loop);
	stdfd_restore(&stdin_fd);
	ck_assert_int_eq(opened, 0);
	ck_assert_int_eq(fd, STDIN_FILENO);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &old), 0);
	none = (struct rlimit){0, old.rlim_max};
	setrlimit(RLIMIT_NOFILE, &none);
	opened = loop_init(&loop, &cfg, NULL, &no_stop, &e);
	setrlimit(RLIMIT_NOFILE, &old);
	ck_assert_int_eq(opened, -1);
	ck_assert_str_eq(e.text, "signalfd: Too many open files");
}
END_TEST

/* After a reboot. */

static void lose_reader_and_wait(void)
{
	lose_reader();
	while (!output_done(&l->console.out))
		(void)poll(NULL, 0, 1);
}

static const struct {
	void (*happens)(void);
	enum stop_kind kind;
} reboots[] = {
	{NULL, STOP_RESET},
	{send_term, STOP_SIGNAL},
	{type_quit, STOP_USER},
	{quit_and_term, STOP_SIGNAL},
	{lose_reader_and_wait, STOP_READER},
};

START_TEST(a_user_who_wants_to_leave_goes_before_a_reboot)
{
	make(0, 0);
	stop_set(&l->stop, STOP_RESET, 0, -1, "%s", "");
	if (reboots[_i].happens)
		reboots[_i].happens();
	ck_assert_int_eq(loop_wants_end(&l->loop, &l->vm), reboots[_i].happens != NULL);
	ck_assert_int_eq(l->stop.kind, reboots[_i].kind);
	ck_assert_uint_eq(notes.most_ns, 0); /* and nothing is waited for */
	looping_end(l);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("loop");
	TCase *t = tcase_create("loop");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, a_run_ends, 0, COUNT(ends));
	tcase_add_test(t, what_came_before_ends_it_at_once);
	tcase_add_test(t, what_was_seen_during_a_reboot_ends_it_at_once);
	tcase_add_loop_test(t, no_wait_is_longer_than_a_heartbeat, 0, COUNT(waits));
	tcase_add_loop_test(t, it_waits_for_what_is_soonest, 0, COUNT(sooner));
	tcase_add_test(t, a_stop_of_the_process_counts_for_nothing);
	tcase_add_test(t, without_a_stop_nobody_is_told);
	tcase_add_loop_test(t, a_heartbeat_looks_for_a_halt, 0, COUNT(beats));
	tcase_add_test(t, what_is_typed_goes_to_the_guest);
	tcase_add_test(t, the_end_of_the_input_is_not_the_end_of_the_run);
	tcase_add_loop_test(t, help_is_for_who_asks, 0, COUNT(helps));
	tcase_add_loop_test(t, input_that_nobody_may_read_waits, 0, COUNT(deaf));
	tcase_add_loop_test(t, sigcont_makes_the_terminal_raw_again, 0, COUNT(continues));
	tcase_add_test(t, no_signal_is_none);
#ifndef EMULATED
	tcase_add_test(t, a_timer_does_not_end_a_run);
#endif
	tcase_add_test(t, sigtstp_stops_the_process);
	tcase_add_test(t, signals_need_a_descriptor);
	tcase_add_loop_test(t, a_user_who_wants_to_leave_goes_before_a_reboot, 0, COUNT(reboots));
	suite_add_tcase(s, t);
	return run_suite(s);
}

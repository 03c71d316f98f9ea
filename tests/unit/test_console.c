/* SPDX-License-Identifier: BSD-3-Clause */
/* The host's side of the console: what becomes of a byte, and of a key. */
#include "stdfd.h"
#include "suite.h"
#include "vmm/base/clock.h"
#include "vmm/console/console.h"
#include "vmm/console/patterns.h"

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

static struct console *c;
static struct timeline timeline;
static struct stdfd in, out;
static int wake_fd;
static char folder[] = "/tmp/minivmm-console-XXXXXX", log_path[sizeof(folder) + 8];

static void setup(void)
{
	thread_setup();
	signal(SIGPIPE, SIG_IGN);
	strcpy(folder + sizeof(folder) - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(log_path, sizeof(log_path), "%s/log", folder);
	wake_fd = eventfd(0, EFD_NONBLOCK);
	timeline = (struct timeline){0};
	c = calloc(1, sizeof(*c));
	stdfd_pipe(&in, STDIN_FILENO);
	stdfd_pipe(&out, STDOUT_FILENO);
}

static void teardown(void)
{
	stdfd_restore(&in);
	stdfd_restore(&out);
	close(wake_fd);
	unlink(log_path);
	rmdir(folder);
	free(c);
}

static void start(const struct console_config *cfg)
{
	struct err e;

	ck_assert_msg(console_init(c, cfg, &timeline, wake_fd, &e) == 0, "%s", e.text);
}

static void put(const char *text, size_t n)
{
	struct chardev peer = console_chardev(c);

	for (size_t i = 0; i < n; i++)
		peer.write(peer.opaque, (uint8_t)text[i]);
}

static void print(const char *text)
{
	put(text, strlen(text));
}

/* All is out, or was given up. */
static void stop(void)
{
	struct pollfd fd = {.fd = wake_fd, .events = POLLIN};

	output_close(&c->out);
	while (!output_done(&c->out)) {
		uint64_t count;
		(void)poll(&fd, 1, 10000);
		(void)!read(wake_fd, &count, sizeof(count));
	}
	console_stop(c);
	ck_assert(!c->lost);
}

static void read_log(char *text, size_t size)
{
	FILE *f = fopen(log_path, "r");

	ck_assert_ptr_nonnull(f);
	text[fread(text, 1, size - 1, f)] = '\0';
	fclose(f);
}

/* What is shown where. */
static const struct {
	bool quiet, log, timestamps;
} shows[] = {{false, false, false},
	     {false, true, false},
	     {true, true, false},
	     {true, false, false},
	     {false, true, true}};

START_TEST(output_goes_where_it_is_wanted)
{
	const struct console_config cfg = {
		.quiet = shows[_i].quiet,
		.log = shows[_i].log ? log_path : NULL,
		.timestamps = shows[_i].timestamps,
	};
	char shown[64], logged[64];

	start(&cfg);
	print("hello\n");
	stop();
	(void)stdfd_read(&out, shown, sizeof(shown));
	if (shows[_i].timestamps)
		ck_assert_int_eq(strncmp(shown, "[    0.", 7), 0); /* since the start */
	if (shows[_i].quiet)
		ck_assert_str_eq(shown, "");
	else
		ck_assert_str_eq(shown + (shows[_i].timestamps ? 15 : 0), "hello\n");
	if (shows[_i].log) {
		read_log(logged, sizeof(logged));
		ck_assert_str_eq(logged, shows[_i].quiet ? "hello\n" : shown);
	}
	ck_assert_uint_eq(c->tail.n, 6);
	ck_assert_uint_eq(console_unwritten(c), 0);
	console_fini(c);
}
END_TEST

START_TEST(the_first_byte_has_its_moment)
{
	const struct console_config cfg = {.quiet = true};

	start(&cfg);
	ck_assert_uint_eq(timeline.at_ns[MOMENT_FIRST_CONSOLE_BYTE], 0);
	print("h");
	uint64_t first_ns = timeline.at_ns[MOMENT_FIRST_CONSOLE_BYTE];
	ck_assert_uint_gt(first_ns, 0);
	timeline.at_ns[MOMENT_FIRST_CONSOLE_BYTE] = 0;
	print("ello\n");
	ck_assert_uint_eq(timeline.at_ns[MOMENT_FIRST_CONSOLE_BYTE], 0);
	stop();
	console_fini(c);
}
END_TEST

static unsigned marks;
static enum mark last_mark;

static void on_mark(void *opaque, enum mark mark)
{
	ck_assert_ptr_eq(opaque, &marks);
	marks++;
	last_mark = mark;
}

START_TEST(marks_are_told_of)
{
	const struct console_config cfg = {.quiet = true};
	uint64_t deadline_ns;

	start(&cfg);
	silence_await(&c->silence, MARK_POWER_DOWN, NS_PER_S);
	print("reboot: Power down\n"); /* nobody listens */
	ck_assert_int_eq(silence_awaited(&c->silence, &deadline_ns), MARK_NONE);
	marks = 0;
	c->on_mark = on_mark;
	c->opaque = &marks;
	print("hello\n");
	ck_assert_uint_eq(marks, 0);
	print("reboot: Power down\n");
	ck_assert_uint_eq(marks, 1);
	ck_assert_int_eq(last_mark, MARK_POWER_DOWN);
	stop();
	console_fini(c);
}
END_TEST

static const struct {
	struct console_config cfg;
	const char *begins;
} refused[] = {
	{{.expect = {{"a", "("}, 2}}, "--expect: '('"},
	{{.fail_on = {{"a", "("}, 2}}, "--fail-on: '('"},
	{{.ignore_warning = {{"a", "("}, 2}}, "--ignore-warning: '('"},
	{{.log = "/nonexistent/log"}, "--log: /nonexistent/log: No such file or directory"},
};

START_TEST(what_cannot_be_set_up_is_named)
{
	struct err e;

	ck_assert_int_eq(console_init(c, &refused[_i].cfg, &timeline, wake_fd, &e), -1);
	ck_assert_msg(strncmp(e.text, refused[_i].begins, strlen(refused[_i].begins)) == 0,
		      "said '%s', expected '%s...'", e.text, refused[_i].begins);
	patterns_free(&c->watch);
	patterns_free(&c->watch); /* idempotent */
}
END_TEST

static const struct {
	struct console_config cfg;
	const char *printed;
	bool all_seen, failed;
	const char *line;
} watched[] = {
	{{.expect = {{"one", "two"}, 2}}, "one\n", false, false, ""},
	{{.expect = {{"one", "two"}, 2}}, "two\none\n", true, false, ""},
	{{.expect = {{"one", "two"}, 2}, .expect_ordered = true}, "two\none\n", false, false, ""},
	{{.expect = {{"one", "two"}, 2}, .expect_ordered = true}, "one\ntwo\n", true, false, ""},
	{{.fail_on = {{"Oops", "BUG"}, 2}}, "one\n", false, false, ""},
	{{.fail_on = {{"Oops", "BUG"}, 2}}, "a BUG\x01\nan Oops\n", false, true, "a BUG?"},
	{{.expect = {{"one"}, 1}, .fail_on = {{"BUG"}, 1}}, "one\na BUG\n", true, true, "a BUG"},
	{{.expect = {{"one"}, 1}, .fail_on = {{"BUG"}, 1}}, "a BUG\none\n", false, true, "a BUG"},
};

START_TEST(patterns_are_looked_for)
{
	start(&watched[_i].cfg);
	print(watched[_i].printed);
	stop();
	ck_assert_int_eq(c->all_seen, watched[_i].all_seen);
	ck_assert_int_eq(c->failed, watched[_i].failed);
	ck_assert_str_eq(c->failed_line, watched[_i].line);
	ck_assert_uint_eq(console_unmatched(c), 0);
	console_fini(c);
}
END_TEST

/* A prompt has no newline: it is looked at when nothing follows. The loop is told. */
START_TEST(a_prompt_is_looked_at_after_a_while)
{
	const struct console_config cfg = {.expect = {{"login:"}, 1}};
	struct pollfd fd = {.fd = wake_fd, .events = POLLIN};

	start(&cfg);
	print("login: ");
	ck_assert_int_eq(poll(&fd, 1, 20000), 1);
	ck_assert(c->all_seen);
	stop();
	console_fini(c);
}
END_TEST

START_TEST(known_warnings_and_tests_are_for_the_watch)
{
	const struct console_config cfg = {.ignore_warning = {{"x.c"}, 1}, .ktap = true};

	start(&cfg);
	print("WARNING: CPU: 0 PID: 1 at x.c:1 f+0x1/0x2\n1..1\nok 1 - a"); /* no newline */
	stop();
	ck_assert_uint_eq(c->watch.events.ignored, 1);
	ck_assert_uint_eq(kernel_events_total(&c->watch.events), 0);
	ck_assert_uint_eq(ktap_total(&c->watch.ktap), 1);
	console_fini(c);
}
END_TEST

/* A search may take a lot of stack. */
static const struct {
	struct console_config cfg;
	size_t stack_bytes;
} stacks[] = {
	{{.quiet = true}, THREAD_STACK_BYTES},
	{{.expect = {{"one"}, 1}}, THREAD_STACK_BYTES + MATCHER_STACK_BYTES},
	{{.fail_on = {{"one"}, 1}}, THREAD_STACK_BYTES + MATCHER_STACK_BYTES},
	{{.ignore_warning = {{"one"}, 1}}, THREAD_STACK_BYTES + MATCHER_STACK_BYTES},
};

START_TEST(a_thread_that_searches_has_the_stack_for_it)
{
	pthread_attr_t attr;
	size_t bytes;

	start(&stacks[_i].cfg);
	ck_assert_int_eq(pthread_getattr_np(c->out.thread.id, &attr), 0);
	ck_assert_int_eq(pthread_attr_getstacksize(&attr, &bytes), 0);
	ck_assert_uint_ge(bytes, stacks[_i].stack_bytes);
	ck_assert_uint_lt(bytes, stacks[_i].stack_bytes + MATCHER_STACK_BYTES);
	pthread_attr_destroy(&attr);
	stop();
	console_fini(c);
}
END_TEST

/* Input. */

static size_t take(uint16_t *got, size_t max)
{
	struct chardev peer = console_chardev(c);
	return peer.read(peer.opaque, got, max);
}

static bool woken(void)
{
	uint64_t count;
	return read(wake_fd, &count, sizeof(count)) == sizeof(count);
}

START_TEST(the_loop_is_woken_when_there_is_room)
{
	uint8_t *much = calloc(1, INPUT_CHARACTERS);
	const struct console_config cfg = {.quiet = true};
	uint16_t got[2];

	start(&cfg);
	ck_assert(!c->in.escapes); /* a pipe */
	ck_assert(console_takes_input(c, INPUT_CHARACTERS));
	ck_assert_int_eq(console_type(c, much, INPUT_CHARACTERS - 1), INPUT_NOTHING);
	ck_assert_uint_eq(take(got, 1), 1);
	ck_assert(!woken()); /* nobody waited */
	ck_assert(console_takes_input(c, 2));
	ck_assert(!console_takes_input(c, 3));
	ck_assert_uint_eq(take(got, 0), 0);
	ck_assert(!woken());
	ck_assert_uint_eq(take(got, 2), 2);
	ck_assert(woken());
	ck_assert(console_takes_input(c, 3));
	ck_assert_uint_eq(take(got, 2), 2);
	ck_assert(!woken());
	c->in.escapes = true; /* a terminal is always read */
	ck_assert(console_takes_input(c, SIZE_MAX));
	ck_assert_int_eq(console_type(c, (const uint8_t *)"\x01x", 2), INPUT_QUIT);
	stop();
	console_fini(c);
	free(much);
}
END_TEST

START_TEST(a_terminal_has_escapes)
{
	const struct console_config cfg = {.quiet = true};
	int master = posix_openpt(O_RDWR | O_NOCTTY);

	ck_assert_int_ge(master, 0);
	ck_assert_int_eq(grantpt(master), 0);
	ck_assert_int_eq(unlockpt(master), 0);
	int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	ck_assert_int_eq(dup2(slave, STDIN_FILENO), STDIN_FILENO);
	start(&cfg);
	ck_assert(c->in.escapes);
	stop();
	console_fini(c);
	close(slave);
	close(master);
}
END_TEST

/* What nobody got. */

enum { MUCH = 200000 };

static const struct {
	struct console_config cfg;
	bool writes, matches; /* what is lost then */
} losses[] = {
	{{.quiet = false}, true, false},
	{{.expect = {{"one"}, 1}}, true, true},
	{{.fail_on = {{"one"}, 1}}, true, true},
};

START_TEST(what_is_still_on_its_way_is_counted)
{
	char *much = calloc(1, MUCH);

	start(&losses[_i].cfg);
	memset(much, 'x', MUCH);
	put(much, MUCH);
	console_stop(c);                         /* nobody reads the pipe */
	for (int i = 0; i < 100 && c->lost; i++) /* on a busy machine */
		c->lost = !output_stop(&c->out);
	ck_assert(!c->lost);
	uint64_t unwritten = console_unwritten(c), unmatched = console_unmatched(c);
	ck_assert_int_eq(unwritten > 0, losses[_i].writes);
	ck_assert_int_eq(unmatched > 0, losses[_i].matches);
	ck_assert_uint_le(unwritten, MUCH);
	ck_assert_uint_le(unmatched, MUCH);
	if (unmatched) {
		c->watch.unmatched = 7; /* lines that came too late */
		ck_assert_uint_eq(console_unmatched(c), unmatched + 7);
	}
	c->out.muted = true;
	ck_assert_uint_eq(console_unwritten(c), 0); /* nobody wanted it */
	c->log.path = "x";
	ck_assert_uint_eq(console_unwritten(c), unwritten);
	c->out.error = EPIPE;
	ck_assert_uint_eq(console_unwritten(c), 0);
	ck_assert_uint_eq(console_unmatched(c), 0);
	console_fini(c);
	free(much);
}
END_TEST

/* A thread that did not end still uses what is there. */
START_TEST(a_lost_thread_keeps_its_things)
{
	const struct console_config cfg = {.log = log_path};

	start(&cfg);
	stop();
	ck_assert_int_eq(c->log.fd, -1);
	c->lost = true;
	console_fini(c);
	ck_assert_ptr_nonnull(c->watch.text);
	c->lost = false;
	console_fini(c);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("console");
	TCase *t = tcase_create("console");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, output_goes_where_it_is_wanted, 0, COUNT(shows));
	tcase_add_test(t, the_first_byte_has_its_moment);
	tcase_add_test(t, marks_are_told_of);
	tcase_add_loop_test(t, what_cannot_be_set_up_is_named, 0, COUNT(refused));
	tcase_add_loop_test(t, patterns_are_looked_for, 0, COUNT(watched));
	tcase_add_test(t, a_prompt_is_looked_at_after_a_while);
	tcase_add_test(t, known_warnings_and_tests_are_for_the_watch);
	tcase_add_loop_test(t, a_thread_that_searches_has_the_stack_for_it, 0, COUNT(stacks));
	tcase_add_test(t, the_loop_is_woken_when_there_is_room);
	tcase_add_test(t, a_terminal_has_escapes);
	tcase_add_loop_test(t, what_is_still_on_its_way_is_counted, 0, COUNT(losses));
	tcase_add_test(t, a_lost_thread_keeps_its_things);
	suite_add_tcase(s, t);
	return run_suite(s);
}

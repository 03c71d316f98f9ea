/* SPDX-License-Identifier: BSD-3-Clause */
/* What minivmm says on stderr: whole lines, to a reader that may not read. */
#include "stdfd.h"
#include "suite.h"
#include "vmm/base/clock.h"
#include "vmm/base/file.h"
#include "vmm/base/message.h"

#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct blob text(const char *s)
{
	return (struct blob){(const uint8_t *)s, strlen(s)};
}

/* A line has room for so many bytes after "minivmm: warning: ", its newline among them. */
#define MOST_BYTES (sizeof(((struct err *)NULL)->text) + 32 - 1 - strlen("minivmm: warning: "))

/* How much longer than that a text with its newline is. */
static const int longer[] = {-2, -1, 0, 1, 2, 1000};

START_TEST(a_long_line_is_cut)
{
	static char text[4096], said[4096];
	size_t most = MOST_BYTES, n = (size_t)((int)most - 1 + longer[_i]);
	size_t shown = n < most - 1 ? n : most - 1;
	struct stdfd out;

	memset(text, 0, sizeof(text));
	memset(text, 'y', n);
	stdfd_pipe(&out, STDERR_FILENO);
	message_warning(text);
	size_t bytes = stdfd_read(&out, said, sizeof(said));
	stdfd_restore(&out);
	ck_assert_uint_eq(bytes, strlen("minivmm: warning: ") + shown + 1);
	ck_assert_uint_eq(strspn(said + strlen("minivmm: warning: "), "y"), shown);
	ck_assert_int_eq(said[bytes - 1], '\n');
}
END_TEST

START_TEST(messages_are_lines)
{
	char said[256];
	struct stdfd out;
	struct err e;

	err_set(&e, "no such file");
	stdfd_pipe(&out, STDERR_FILENO);
	message_error(&e);
	message_warning("too slow");
	message_text(text("as it is"));
	(void)stdfd_read(&out, said, sizeof(said));
	stdfd_restore(&out);
	ck_assert_str_eq(said, "minivmm: no such file\nminivmm: warning: too slow\nas it is");
}
END_TEST

/* A message waits for its reader for a second. */
START_TEST(a_reader_that_takes_nothing_is_given_up)
{
	static const uint8_t much[3 * 65536];
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(pipe(ends), 0);
	uint64_t began_ns = clock_now_ns();
	ck_assert_int_eq(file_write_patiently(ends[1], (struct blob){much, sizeof(much)}), ETIME);
	ck_assert_uint_ge(clock_now_ns() - began_ns, 900 * NS_PER_MS);
	close(ends[0]);
	ck_assert_int_eq(file_write_patiently(ends[1], text("x")), EPIPE);
	close(ends[1]);
}
END_TEST

enum { PIPE_BYTES = 65536 };

/* Reads all that is in the pipe, but not at once. */
static void *read_late(void *fd)
{
	static char bytes[PIPE_BYTES + 100];
	size_t n = 0;

	usleep(1500000);
	for (ssize_t more = 1; more > 0; n += (size_t)more)
		more = read(*(int *)fd, bytes + n, sizeof(bytes) - n);
	return strcmp(bytes + PIPE_BYTES, "minivmm: the reason\n") == 0 ? bytes : NULL;
}

/* An error is the only thing that says why: it waits for its reader as any program's does. */
START_TEST(an_error_waits_for_a_late_reader)
{
	static const char full[PIPE_BYTES];
	int ends[2], old = dup(STDERR_FILENO);
	pthread_t reader;
	struct err e;
	void *all;

	err_set(&e, "the reason");
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], full, sizeof(full)), sizeof(full));
	pthread_create(&reader, NULL, read_late, &ends[0]);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	message_error(&e);
	dup2(old, STDERR_FILENO);
	close(old);
	pthread_join(reader, &all);
	ck_assert_ptr_nonnull(all);
	close(ends[0]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("message");
	TCase *t = tcase_create("message");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, messages_are_lines);
	tcase_add_loop_test(t, a_long_line_is_cut, 0, COUNT(longer));
	tcase_add_test(t, an_error_waits_for_a_late_reader);
	tcase_add_test(t, a_reader_that_takes_nothing_is_given_up);
	suite_add_tcase(s, t);
	return run_suite(s);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* What minivmm says on stderr: whole lines, to a reader that may not read. */
#include "stdfd.h"
#include "suite.h"
#include "vmm/base/clock.h"
#include "vmm/base/file.h"
#include "vmm/base/message.h"

#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static struct blob text(const char *s)
{
	return (struct blob){(const uint8_t *)s, strlen(s)};
}

static void fill(struct err *e)
{
	memset(e->text, 'x', sizeof(e->text) - 1);
	e->text[sizeof(e->text) - 1] = '\0';
}

START_TEST(messages_are_lines)
{
	static char said[4096], want[4096], long_text[2048];
	struct stdfd out;
	struct err e, longest;

	err_set(&e, "no such file");
	fill(&longest);
	memset(long_text, 'y', sizeof(long_text) - 1);
	stdfd_pipe(&out, STDERR_FILENO);
	message_error(&e);
	message_warning("too slow");
	message_text(text("as it is"));
	message_error(&longest);
	message_warning(long_text);
	(void)stdfd_read(&out, said, sizeof(said));
	stdfd_restore(&out);
	int n = snprintf(want, sizeof(want),
			 "minivmm: no such file\nminivmm: warning: too slow\nas it isminivmm: "
			 "%s\nminivmm: warning: ",
			 longest.text);
	ck_assert_int_eq(strncmp(said, want, (size_t)n), 0);
	size_t kept = sizeof(longest.text) + 32 - 1 - strlen("minivmm: warning: ");
	ck_assert_uint_eq(strlen(said + n), kept);
	ck_assert_uint_eq(strspn(said + n, "y"), kept - 1); /* cut, and a line all the same */
	ck_assert_str_eq(said + (size_t)n + kept - 1, "\n");
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

int main(void)
{
	Suite *s = suite_create("message");
	TCase *t = tcase_create("message");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, messages_are_lines);
	tcase_add_test(t, a_reader_that_takes_nothing_is_given_up);
	suite_add_tcase(s, t);
	return run_suite(s);
}

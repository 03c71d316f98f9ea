/* SPDX-License-Identifier: BSD-3-Clause */
/* --log: what is written to it, and what is said when it cannot be. */
#include "stdfd.h"
#include "suite.h"
#include "vmm/console/log.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

static char path[32];

static void setup(void)
{
	strcpy(path, "/tmp/minivmm-log-XXXXXX");
	int fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "an older and longer text", 24), 24);
	close(fd);
}

static void teardown(void)
{
	unlink(path);
}

static void expect_file(const char *text)
{
	char got[64];
	FILE *f = fopen(path, "r");

	got[fread(got, 1, sizeof(got) - 1, f)] = '\0';
	fclose(f);
	ck_assert_str_eq(got, text);
}

START_TEST(it_is_emptied_and_written)
{
	struct log l = {.error = EIO};
	struct err e;

	ck_assert_int_eq(log_open(&l, path, &e), 0);
	ck_assert_str_eq(l.path, path);
	ck_assert_int_eq(l.error, 0);
	log_write(&l, (const uint8_t *)"one\n", 4);
	log_write(&l, (const uint8_t *)"two\n", 4);
	expect_file("one\ntwo\n");
	int fd = l.fd;
	log_close(&l);
	ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
	ck_assert_int_eq(l.fd, -1);
	log_close(&l);
	ck_assert_int_eq(l.error, 0);
}
END_TEST

/* A program that was started without stdin. */
START_TEST(any_descriptor_will_do)
{
	struct log l = {.fd = -1};
	struct stdfd in;
	struct err e;

	stdfd_close(&in, STDIN_FILENO);
	int error = log_open(&l, path, &e), fd = l.fd;
	log_write(&l, (const uint8_t *)"one\n", 4);
	log_close(&l);
	bool closed = fcntl(STDIN_FILENO, F_GETFD) == -1;
	stdfd_restore(&in);
	ck_assert_int_eq(error, 0);
	ck_assert_int_eq(fd, STDIN_FILENO);
	ck_assert(closed);
	expect_file("one\n");
}
END_TEST

START_TEST(it_may_be_missing)
{
	struct log l = {.path = NULL};
	struct err e;

	log_write(&l, (const uint8_t *)"one\n", 4);
	log_close(&l);
	ck_assert_int_eq(l.error, 0);
	ck_assert_int_eq(log_open(&l, "/nonexistent/log", &e), -1);
	ck_assert_str_eq(e.text, "/nonexistent/log: No such file or directory");
	ck_assert_ptr_null(l.path);
}
END_TEST

START_TEST(after_an_error_nothing_more_is_written)
{
	struct log l = {.fd = open("/dev/full", O_WRONLY), .path = path};

	ck_assert_int_ge(l.fd, 0);
	log_write(&l, (const uint8_t *)"one\n", 4);
	ck_assert_int_eq(l.error, ENOSPC);
	close(l.fd);
	l.fd = open(path, O_WRONLY | O_TRUNC);
	log_write(&l, (const uint8_t *)"two\n", 4);
	expect_file("");
	close(l.fd); /* behind its back: the first error stays */
	log_close(&l);
	ck_assert_int_eq(l.error, ENOSPC);
}
END_TEST

START_TEST(an_error_may_show_late)
{
	struct log l = {.fd = open("/dev/null", O_WRONLY), .path = path};

	close(l.fd);
	log_close(&l);
	ck_assert_int_eq(l.error, EBADF);
}
END_TEST

static void nothing(int sig)
{
	(void)sig;
}

static int drained_fd;

/* The reader comes to itself at the first signal. */
static void drain(int sig)
{
	uint8_t bytes[65536];

	(void)sig;
	(void)!read(drained_fd, bytes, sizeof(bytes));
}

/* A pipe that is full, and signals that come every 20 ms. */
static void write_to_full_pipe(struct log *l, void (*handler)(int))
{
	struct sigaction sa = {.sa_handler = handler}, old;
	const struct itimerval often = {{0, 20000}, {0, 20000}}, never = {{0, 0}, {0, 0}};
	static uint8_t bytes[65536 + 1];
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	drained_fd = ends[0];
	fcntl(ends[1], F_SETPIPE_SZ, 65536);
	*l = (struct log){.fd = ends[1], .path = path, .hurried = l->hurried};
	sigaction(SIGALRM, &sa, &old);
	setitimer(ITIMER_REAL, &often, NULL);
	log_write(l, bytes, sizeof(bytes));
	log_write(l, bytes, 1);
	setitimer(ITIMER_REAL, &never, NULL);
	sigaction(SIGALRM, &old, NULL);
	log_close(l);
	close(ends[0]);
}

START_TEST(a_signal_breaks_off_a_write_of_who_is_hurried)
{
	struct log l = {.hurried = true};

	write_to_full_pipe(&l, nothing);
	ck_assert_int_eq(l.error, EINTR);
}
END_TEST

START_TEST(a_signal_is_no_error_else)
{
	struct log l = {.hurried = false};

	write_to_full_pipe(&l, drain);
	ck_assert_int_eq(l.error, 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("log");
	TCase *t = tcase_create("log");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, it_is_emptied_and_written);
	tcase_add_test(t, any_descriptor_will_do);
	tcase_add_test(t, it_may_be_missing);
	tcase_add_test(t, after_an_error_nothing_more_is_written);
	tcase_add_test(t, an_error_may_show_late);
	tcase_add_test(t, a_signal_breaks_off_a_write_of_who_is_hurried);
	tcase_add_test(t, a_signal_is_no_error_else);
	suite_add_tcase(s, t);
	return run_suite(s);
}

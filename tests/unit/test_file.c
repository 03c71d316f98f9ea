/* SPDX-License-Identifier: BSD-3-Clause */
/* Whole files: what is written, what is waited for, and for how long. */
#include "suite.h"
#include "vmm/base/clock.h"
#include "vmm/base/file.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

enum { PIPE_BYTES = 65536, MUCH = 3 * PIPE_BYTES + 7 };

static char folder[32], path[48];
static uint8_t much[MUCH];

static void setup(void)
{
	signal(SIGPIPE, SIG_IGN);
	strcpy(folder, "/tmp/minivmm-file-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/file", folder);
	for (size_t i = 0; i < MUCH; i++)
		much[i] = (uint8_t)(i * 7 + i / 256);
}

static void teardown(void)
{
	unlink(path);
	rmdir(folder);
}

static struct blob text(const char *s)
{
	return (struct blob){(const uint8_t *)s, strlen(s)};
}

static void expect_file(const void *data, size_t n)
{
	uint8_t *got = calloc(1, MUCH + 1);
	FILE *f = fopen(path, "r");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fread(got, 1, MUCH + 1, f), n);
	ck_assert_mem_eq(got, data, n);
	fclose(f);
	free(got);
}

START_TEST(a_file_is_created_or_emptied)
{
	struct err e;

	ck_assert_int_eq(file_write(path, (struct blob){much, MUCH}, &e), 0);
	expect_file(much, MUCH);
	ck_assert_int_eq(file_write(path, text("short"), &e), 0);
	expect_file("short", 5);
	ck_assert_int_eq(file_write(path, text(""), &e), 0);
	expect_file("", 0);
}
END_TEST

static const struct {
	const char *path, *text;
} refused[] = {
	{"/nonexistent/file", "/nonexistent/file: No such file or directory"},
	{"/dev/full", "/dev/full: No space left on device"},
	{"/tmp", "/tmp: Is a directory"},
};

START_TEST(what_cannot_be_written_is_named)
{
	struct err e;

	ck_assert_int_eq(file_write(refused[_i].path, text("x"), &e), -1);
	ck_assert_str_eq(e.text, refused[_i].text);
}
END_TEST

START_TEST(a_descriptor_waits_and_is_not_inherited)
{
	struct err e;
	int fd = file_open_to_write(path, O_CREAT, &e);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(fd, F_GETFL) & (O_NONBLOCK | O_ACCMODE), O_WRONLY);
	close(fd);
}
END_TEST

START_TEST(a_fifo_has_a_second_to_get_a_reader)
{
	struct err e;
	char want[128];

	ck_assert_int_eq(mkfifo(path, 0600), 0);
	snprintf(want, sizeof(want), "%s: a FIFO that nobody reads; its reader must be there first",
		 path);
	uint64_t began_ns = clock_now_ns();
	ck_assert_int_eq(file_open_to_write(path, 0, &e), -1);
	uint64_t took_ns = clock_now_ns() - began_ns;
	ck_assert_uint_ge(took_ns, 900 * NS_PER_MS);
	ck_assert_str_eq(e.text, want);
}
END_TEST

static void *open_late(void *opaque)
{
	usleep(50000);
	*(int *)opaque = open(path, O_RDONLY);
	return NULL;
}

START_TEST(a_reader_that_comes_late_is_waited_for)
{
	pthread_t reader;
	struct err e;
	int reader_fd = -1;

	ck_assert_int_eq(mkfifo(path, 0600), 0);
	pthread_create(&reader, NULL, open_late, &reader_fd);
	int fd = file_open_to_write(path, 0, &e);
	pthread_join(reader, NULL);
	ck_assert_int_ge(fd, 0);
	close(fd);
	close(reader_fd);
}
END_TEST

/* ENXIO is a socket's, too: no reader comes to that. */
START_TEST(only_a_fifo_is_waited_for)
{
	struct err e;

	ck_assert_int_eq(mknod(path, S_IFSOCK | 0600, 0), 0);
	uint64_t began_ns = clock_now_ns();
	ck_assert_int_eq(file_open_to_write(path, 0, &e), -1);
	ck_assert_uint_lt(clock_now_ns() - began_ns, 900 * NS_PER_MS);
	ck_assert_ptr_nonnull(strstr(e.text, "No such device or address"));
}
END_TEST

/* Both ways to write, to a reader that takes it bit by bit while signals come. */

static void *read_slowly(void *opaque)
{
	int fd = *(int *)opaque;
	uint8_t *got = calloc(1, MUCH);
	size_t n = 0;
	ssize_t piece;

	while (n < MUCH && (piece = read(fd, got + n, 1000 < MUCH - n ? 1000 : MUCH - n)) > 0) {
		n += (size_t)piece;
		usleep(200); /* the pipe is full for some signals */
	}
	bool same = n == MUCH && memcmp(got, much, MUCH) == 0;
	free(got);
	return same ? opaque : NULL;
}

static void nothing(int sig)
{
	(void)sig;
}

static int (*const writers[])(int fd, struct blob bytes) = {file_write_all, file_write_patiently};

START_TEST(all_of_it_is_written)
{
	const struct itimerval often = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
	struct sigaction sa = {.sa_handler = nothing}, old;
	pthread_t reader;
	sigset_t alarm;
	void *same;
	int ends[2];

	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	ck_assert_int_eq(pipe(ends), 0);
	pthread_sigmask(SIG_BLOCK, &alarm, NULL); /* they are for the writer */
	pthread_create(&reader, NULL, read_slowly, &ends[0]);
	pthread_sigmask(SIG_UNBLOCK, &alarm, NULL);
	sigaction(SIGALRM, &sa, &old);
	setitimer(ITIMER_REAL, &often, NULL);
	int error = writers[_i](ends[1], (struct blob){much, MUCH});
	setitimer(ITIMER_REAL, &never, NULL);
	sigaction(SIGALRM, &old, NULL);
	pthread_join(reader, &same);
	ck_assert_int_eq(error, 0);
	ck_assert_ptr_nonnull(same);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

/* A signal while nobody reads: the wait goes on, and nothing is written that would wait longer. */
START_TEST(a_signal_does_not_end_the_patience)
{
	const struct itimerval once = {{0, 0}, {0, 100000}};
	struct sigaction sa = {.sa_handler = nothing}, old;
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], much, PIPE_BYTES), PIPE_BYTES);
	sigaction(SIGALRM, &sa, &old);
	setitimer(ITIMER_REAL, &once, NULL);
	ck_assert_int_eq(file_write_patiently(ends[1], text("x")), ETIME);
	sigaction(SIGALRM, &old, NULL);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

START_TEST(an_error_is_returned)
{
	int full = open("/dev/full", O_WRONLY);

	ck_assert_int_eq(writers[_i](full, text("x")), ENOSPC);
	ck_assert_int_eq(writers[_i](full, text("")), 0);
	close(full);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("file");
	TCase *t = tcase_create("file");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_file_is_created_or_emptied);
	tcase_add_loop_test(t, what_cannot_be_written_is_named, 0, COUNT(refused));
	tcase_add_test(t, a_descriptor_waits_and_is_not_inherited);
	tcase_add_test(t, a_fifo_has_a_second_to_get_a_reader);
	tcase_add_test(t, a_reader_that_comes_late_is_waited_for);
	tcase_add_test(t, only_a_fifo_is_waited_for);
	tcase_add_loop_test(t, all_of_it_is_written, 0, COUNT(writers));
	tcase_add_test(t, a_signal_does_not_end_the_patience);
	tcase_add_loop_test(t, an_error_is_returned, 0, COUNT(writers));
	suite_add_tcase(s, t);
	return run_suite(s);
}

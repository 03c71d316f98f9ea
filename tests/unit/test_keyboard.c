/* SPDX-License-Identifier: BSD-3-Clause */
/* stdin, whatever it is: read without waiting, and without a change to what others share. */
#include "stdfd.h"
#include "suite.h"
#include "vmm/console/keyboard.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static struct stdfd in;
static struct keyboard keyboard;

/* Each makes a stdin. */

static void make_pipe(void)
{
	stdfd_pipe(&in, STDIN_FILENO);
}

static void take(int file, int other)
{
	ck_assert_int_ge(file, 0);
	stdfd_take(&in, STDIN_FILENO, file);
	in.other = other;
}

static void make_socket(void)
{
	int ends[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	take(ends[0], ends[1]);
}

static int open_master(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);

	ck_assert_int_ge(master, 0);
	ck_assert_int_eq(grantpt(master), 0);
	ck_assert_int_eq(unlockpt(master), 0);
	return master;
}

static void make_terminal(void)
{
	int master = open_master();
	take(open(ptsname(master), O_RDWR | O_NOCTTY), master);
}

static void make_master(void)
{
	int master = open_master();
	take(master, -1);
}

static void make_file(void)
{
	FILE *f = tmpfile();

	ck_assert_ptr_nonnull(f);
	take(dup(fileno(f)), -1);
	fclose(f);
}

static void make_null(void)
{
	take(open("/dev/null", O_RDONLY), -1);
}

static void make_writer(void)
{
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	take(ends[1], ends[0]);
}

static void make_two_way_pipe(void)
{
	make_pipe();
	int both = open("/proc/self/fd/0", O_RDWR);
	ck_assert_int_ge(both, 0);
	ck_assert_int_eq(dup2(both, STDIN_FILENO), STDIN_FILENO);
	close(both);
}

static void make_none(void)
{
	make_null();
	close(STDIN_FILENO);
}

static const struct {
	void (*make)(void);
	bool anew;      /* it is opened once more */
	bool is_socket; /* read with another call */
	bool has_end;   /* that shows at the first read */
} kinds[] = {
	{make_pipe, true, false, false},    {make_two_way_pipe, true, false, false},
	{make_socket, false, true, false},  {make_terminal, true, false, false},
	{make_master, false, false, false}, {make_file, false, false, true},
	{make_null, false, false, true},    {make_writer, false, false, true},
	{make_none, false, false, true},
};

START_TEST(it_is_opened_as_its_kind_asks_for)
{
	kinds[_i].make();
	int shared = fcntl(STDIN_FILENO, F_GETFL);
	keyboard_open(&keyboard);
	ck_assert_int_eq(keyboard.fd != STDIN_FILENO, kinds[_i].anew);
	ck_assert_int_eq(keyboard.is_socket, kinds[_i].is_socket);
	ck_assert(keyboard.is_open);
	ck_assert_int_eq(fcntl(STDIN_FILENO, F_GETFL), shared);
	if (kinds[_i].anew) {
		ck_assert_int_eq(fcntl(keyboard.fd, F_GETFL) & (O_NONBLOCK | O_ACCMODE),
				 O_NONBLOCK | O_RDONLY);
		ck_assert_int_eq(fcntl(keyboard.fd, F_GETFD), FD_CLOEXEC);
	}
	int fd = keyboard.fd;
	keyboard_close(&keyboard);
	ck_assert_int_eq(fcntl(fd, F_GETFL) == -1, kinds[_i].anew || shared == -1);
	stdfd_restore(&in);
}
END_TEST

/* But for a terminal's master, which is none of those that minivmm would be given. */
static bool would_wait(int i)
{
	return kinds[i].make == make_master;
}

START_TEST(nothing_is_waited_for)
{
	uint8_t bytes[KEYBOARD_READ_BYTES];

	if (would_wait(_i))
		return;
	kinds[_i].make();
	keyboard_open(&keyboard);
	ck_assert_uint_eq(keyboard_read(&keyboard, bytes), 0);
	ck_assert_int_eq(keyboard.is_open, !kinds[_i].has_end);
	keyboard_close(&keyboard);
	stdfd_restore(&in);
}
END_TEST

static void (*const talking[])(void) = {make_pipe, make_socket, make_terminal};

START_TEST(what_comes_is_read_up_to_its_end)
{
	uint8_t bytes[KEYBOARD_READ_BYTES];

	talking[_i]();
	keyboard_open(&keyboard);
	ck_assert_int_eq(write(in.other, "ls\n", 3), 3);
	ck_assert_uint_eq(keyboard_read(&keyboard, bytes), 3);
	ck_assert_mem_eq(bytes, "ls\n", 3);
	ck_assert(keyboard.is_open);
	stdfd_close_other(&in);
	errno = EAGAIN; /* of an earlier call */
	ck_assert_uint_eq(keyboard_read(&keyboard, bytes), 0);
	ck_assert(!keyboard.is_open);
	keyboard_close(&keyboard);
	stdfd_restore(&in);
}
END_TEST

/* One byte more than is read at once. */
START_TEST(much_is_read_in_pieces)
{
	uint8_t bytes[KEYBOARD_READ_BYTES] = {0}, sent[KEYBOARD_READ_BYTES + 1];

	memset(sent, 'x', sizeof(sent));
	make_pipe();
	keyboard_open(&keyboard);
	ck_assert_int_eq(write(in.other, sent, sizeof(sent)), sizeof(sent));
	ck_assert_uint_eq(keyboard_read(&keyboard, bytes), KEYBOARD_READ_BYTES);
	ck_assert_mem_eq(bytes, sent, sizeof(bytes));
	ck_assert_uint_eq(keyboard_read(&keyboard, bytes), 1);
	keyboard_close(&keyboard);
	stdfd_restore(&in);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("keyboard");
	TCase *t = tcase_create("keyboard");

	tcase_add_loop_test(t, it_is_opened_as_its_kind_asks_for, 0, COUNT(kinds));
	tcase_add_loop_test(t, nothing_is_waited_for, 0, COUNT(kinds));
	tcase_add_loop_test(t, what_comes_is_read_up_to_its_end, 0, COUNT(talking));
	tcase_add_test(t, much_is_read_in_pieces);
	suite_add_tcase(s, t);
	return run_suite(s);
}

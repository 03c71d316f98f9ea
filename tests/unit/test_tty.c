/* SPDX-License-Identifier: BSD-3-Clause */
/* The terminal: raw while it is used, and afterwards as it was. */
#include "suite.h"
#include "vmm/console/tty.h"

#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static int master, slave;

/* A terminal, which becomes the controlling one only of a session's leader without one. */
static void make_terminal(void)
{
	master = posix_openpt(O_RDWR | O_NOCTTY);
	ck_assert_int_ge(master, 0);
	ck_assert_int_eq(grantpt(master), 0);
	ck_assert_int_eq(unlockpt(master), 0);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	ck_assert_int_ge(slave, 0);
}

static void close_terminal(void)
{
	close(slave);
	close(master);
}

static struct termios settings(void)
{
	struct termios t;

	ck_assert_int_eq(tcgetattr(slave, &t), 0);
	return t;
}

/* Echo tells raw from cooked; the erase character, whose the settings are. */
static bool is_raw(void)
{
	struct termios t = settings();
	return !(t.c_lflag & (ECHO | ICANON | ISIG)) && !(t.c_oflag & OPOST);
}

static void set_erase(cc_t c)
{
	struct termios t = settings();

	t.c_lflag |= ECHO | ICANON | ISIG;
	t.c_oflag |= OPOST;
	t.c_cc[VERASE] = c;
	ck_assert_int_eq(tcsetattr(slave, TCSANOW, &t), 0);
}

static void expect_cooked(cc_t erase)
{
	ck_assert(!is_raw());
	ck_assert_uint_eq(settings().c_cc[VERASE], erase);
}

START_TEST(it_is_as_it_was)
{
	make_terminal();
	ck_assert(tty_may_read(slave)); /* it is not our controlling terminal */
	set_erase('1');
	tty_raw(slave);
	ck_assert(is_raw());
	tty_restore();
	expect_cooked('1');
	close_terminal();
}
END_TEST

/* A shell may have changed it while the process was stopped. */
START_TEST(raw_again_keeps_the_first_settings)
{
	make_terminal();
	set_erase('1');
	tty_raw(slave);
	set_erase('2');
	tty_raw(slave);
	ck_assert(is_raw());
	tty_restore();
	expect_cooked('1');
	close_terminal();
}
END_TEST

START_TEST(it_is_restored_once)
{
	make_terminal();
	set_erase('1');
	tty_raw(slave);
	tty_restore();
	set_erase('2');
	tty_restore();
	expect_cooked('2');
	tty_raw(slave);
	ck_assert(is_raw());
	tty_restore();
	expect_cooked('2');
	close_terminal();
}
END_TEST

START_TEST(without_raw_nothing_is_restored)
{
	make_terminal();
	set_erase('2');
	tty_restore();
	expect_cooked('2');
	close_terminal();
}
END_TEST

START_TEST(what_is_no_terminal_stays)
{
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert(tty_may_read(ends[0]));
	tty_raw(ends[0]);
	make_terminal();
	set_erase('2');
	tty_restore();
	expect_cooked('2');
	close_terminal();
	close(ends[0]);
	close(ends[1]);
}
END_TEST

/* In the foreground or in the background of the terminal: what goes wrong, or 0. */
static int try_raw(bool foreground)
{
	if (tty_may_read(slave) != foreground)
		return 1;
	tty_raw(slave);
	if (is_raw() != foreground)
		return 2;
	tty_restore();
	return is_raw() ? 3 : 0;
}

static int wait_for(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return 99;
	return WEXITSTATUS(status);
}

/* As a shell has it: a session with this terminal, its leader in the foreground. */
static int lead_session(bool foreground)
{
	signal(SIGTTOU, SIG_IGN);
	setsid();
	if (ioctl(slave, TIOCSCTTY, 0))
		return 98;
	if (foreground)
		return try_raw(true);
	pid_t child = fork();
	if (child == 0) {
		setpgid(0, 0);
		_exit(try_raw(false));
	}
	return wait_for(child);
}

START_TEST(the_background_leaves_it_alone)
{
	make_terminal();
	pid_t child = fork();
	if (child == 0)
		_exit(lead_session(_i));
	ck_assert_int_eq(wait_for(child), 0);
	close_terminal();
}
END_TEST

int main(void)
{
	Suite *s = suite_create("tty");
	TCase *t = tcase_create("tty");

	tcase_add_test(t, it_is_as_it_was);
	tcase_add_test(t, raw_again_keeps_the_first_settings);
	tcase_add_test(t, it_is_restored_once);
	tcase_add_test(t, without_raw_nothing_is_restored);
	tcase_add_test(t, what_is_no_terminal_stays);
	tcase_add_loop_test(t, the_background_leaves_it_alone, 0, 2);
	suite_add_tcase(s, t);
	return run_suite(s);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* The process that names files: what it does when it is asked, and when nobody asks any more. */
#include "suite.h"
#include "vmm/report/namer.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[32];
static struct outfile file[2];
static struct namer namer;

static bool exists(const char *name)
{
	return access(name, F_OK) == 0;
}

static void begin(void)
{
	struct err e;

	strcpy(folder, "/tmp/minivmm-namer.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
	ck_assert_int_eq(outfile_open(&file[0], "a", &e), 0);
	ck_assert_int_eq(outfile_open(&file[1], "b", &e), 0);
	ck_assert_int_eq(namer_start(&namer, SECCOMP_ON, file, 2, &e), 0);
	ck_assert_int_ne(getpgid(namer.pid), getpgrp()); /* signals to ours do not reach it */
	ck_assert_int_eq(outfile_create(&file[0], &e), 0);
	ck_assert_int_eq(outfile_create(&file[1], &e), 0);
	ck_assert_int_eq(outfile_put(&file[0], "text", 4), 0);
}

static void leave(void)
{
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(rmdir(folder), 0); /* nothing is left in it */
}

START_TEST(names_and_removes)
{
	begin();
	ck_assert(exists(file[0].temp) && exists(file[1].temp) && !exists("a"));
	ck_assert_int_eq(namer_ask(&namer, NAMER_NAME, 0), 0);
	ck_assert(exists("a") && !exists(file[0].temp));
	ck_assert_int_eq(namer_ask(&namer, NAMER_NAME, 0), EBADF); /* once */
	ck_assert_int_eq(namer_ask(&namer, NAMER_REMOVE, 1), 0);
	ck_assert(!exists("b") && !exists(file[1].temp));
	ck_assert_int_eq(namer_ask(&namer, NAMER_NAME, 2), EBADF);
	pid_t pid = namer.pid;
	namer_end(&namer);
	ck_assert_int_eq(kill(pid, 0), -1); /* it was waited for */
	ck_assert_int_eq(unlink("a"), 0);
	leave();
}
END_TEST

START_TEST(says_what_is_wrong)
{
	begin();
	ck_assert_int_eq(mkdir("a", 0700), 0);
	ck_assert_int_eq(namer_ask(&namer, NAMER_NAME, 0), EISDIR);
	ck_assert_int_eq(rmdir("a"), 0);
	ck_assert_int_eq(namer_ask(&namer, NAMER_NAME, 0),
			 0); /* once more, for it is there still */
	ck_assert_int_eq(unlink("a"), 0);
	kill(namer.pid, SIGKILL);
	waitpid(namer.pid, NULL, 0);
	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(namer_ask(&namer, NAMER_REMOVE, 1), EPIPE);
	ck_assert_int_eq(unlink(file[1].temp), 0);
	leave();
}
END_TEST

/* The process that started it ends without a word: nothing without a name stays. */
START_TEST(no_temporary_file_stays)
{
	begin();
	namer_end(&namer); /* its end of the socket is closed, as when the process is gone */
	ck_assert(!exists(file[0].temp) && !exists(file[1].temp));
	leave();
}
END_TEST

/* Who stops it does not stop a run; signals that end a run do not end it. */
START_TEST(outlives_signals)
{
	begin();
	kill(namer.pid, SIGINT);
	kill(namer.pid, SIGTERM);
	kill(namer.pid, SIGHUP);
	kill(namer.pid, SIGSTOP);
	ck_assert_int_eq(namer_ask(&namer, NAMER_REMOVE, 2), ETIMEDOUT);
	kill(namer.pid, SIGCONT);
	uint8_t late;
	ck_assert_int_eq(read(namer.fd, &late, sizeof(late)), 1);
	ck_assert_int_eq(namer_ask(&namer, NAMER_NAME, 0), 0);
	ck_assert_int_eq(namer_ask(&namer, NAMER_REMOVE, 1), 0);
	namer_end(&namer);
	ck_assert_int_eq(unlink("a"), 0);
	leave();
}
END_TEST

int main(void)
{
	Suite *s = suite_create("namer");
	TCase *tc = tcase_create("namer");

	tcase_add_test(tc, names_and_removes);
	tcase_add_test(tc, says_what_is_wrong);
	tcase_add_test(tc, no_temporary_file_stays);
	tcase_add_test(tc, outlives_signals);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

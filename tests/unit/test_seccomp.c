/* SPDX-License-Identifier: BSD-3-Clause */
/* What the filter lets through, and what a refused system call looks like: each in a child. */
#include "vmm/sandbox/seccomp.h"

#include "suite.h"
#include "vmm/machine/stop.h"
#include "vmm/sandbox/bpf.h"
#include "vmm/sandbox/guard.h"
#include "vmm/sandbox/syscalls.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static char said[1024]; /* what the child wrote to stderr */

/* Runs @call under the filter. The child's status; @said is set. */
static int under_filter(enum seccomp_mode mode, struct seccomp_extras needs, void (*call)(void))
{
	int fds[2], status;
	struct err e;

	ck_assert_int_eq(pipe(fds), 0);
	pid_t pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		dup2(fds[1], STDERR_FILENO);
		guard_setup();
		if (seccomp_install(mode, needs, &e))
			_exit(1);
		call();
		_exit(0);
	}
	close(fds[1]);
	size_t n = 0;
	for (ssize_t got; (got = read(fds[0], said + n, sizeof(said) - 1 - n)) > 0;)
		n += (size_t)got;
	said[n] = '\0';
	close(fds[0]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFEXITED(status), "killed by signal %d", WTERMSIG(status));
	return WEXITSTATUS(status);
}

static const struct seccomp_extras nothing_more;

static void call_openat(void)
{
	syscall(SYS_openat, AT_FDCWD, "/", O_RDONLY);
}

static void call_fork(void)
{
	syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

static void call_execve(void)
{
	char *none[] = {NULL};
	execve("/bin/true", none, none);
}

static void call_socket(void)
{
	syscall(SYS_socket, 1, 1, 0);
}

static void call_kill_another(void)
{
	kill(1, 0);
}

static void call_mmap_exec(void)
{
	mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void call_mprotect_exec(void)
{
	mprotect(said, 1, PROT_READ | PROT_EXEC);
}

static void call_ioctl_tiocsti(void)
{
	ioctl(0, TIOCSTI, "x");
}

static void call_newfstatat(void)
{
	char buffer[256];
	syscall(SYS_newfstatat, AT_FDCWD, "/", buffer, 0);
}

/* The flag allows an empty path; it does not ask for one. */
static void call_newfstatat_empty_path(void)
{
	char buffer[256];
	syscall(SYS_newfstatat, AT_FDCWD, "/", buffer, AT_EMPTY_PATH);
}

static void call_renameat(void)
{
	syscall(SYS_renameat, AT_FDCWD, "/nonexistent/a", AT_FDCWD, "/nonexistent/b");
}

static void call_renameat2(void)
{
	syscall(SYS_renameat2, AT_FDCWD, "/nonexistent/a", AT_FDCWD, "/nonexistent/b", 0);
}

static void call_unlinkat(void)
{
	syscall(SYS_unlinkat, AT_FDCWD, "/nonexistent/a", 0);
}

static const struct {
	void (*call)(void);
	const char *name;
} refused[] = {
	{call_openat, "openat"},          {call_fork, "clone"},
	{call_execve, "execve"},          {call_socket, "socket"},
	{call_kill_another, "kill"},      {call_mmap_exec, "mmap"},
	{call_mprotect_exec, "mprotect"}, {call_ioctl_tiocsti, "ioctl"},
	{call_newfstatat, "newfstatat"},  {call_newfstatat_empty_path, "newfstatat"},
	{call_renameat, "renameat"},      {call_renameat2, "renameat2"},
	{call_unlinkat, "unlinkat"},
};

START_TEST(refuses_and_names)
{
	char text[128];

	for (unsigned needs = 0; needs < 4; needs++) {
		struct seccomp_extras n = {.rebuild = needs & 1, .report = needs & 2};
		ck_assert_int_eq(under_filter(SECCOMP_ON, n, refused[_i].call), STATUS_OWN);
		snprintf(text, sizeof(text), "(%s) in thread main; ", refused[_i].name);
		ck_assert_msg(strstr(said, text) != NULL, "'%s' lacks '%s'", said, text);
		ck_assert_msg(strncmp(said, "minivmm: seccomp refused the system call ", 41) == 0,
			      "'%s'", said);
		ck_assert_ptr_eq(strchr(said, '\n'), said + strlen(said) - 1);
	}
}
END_TEST

static void ordinary_calls(void)
{
	struct termios t;
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || munmap(p, 4096) || kill(getpid(), 0))
		_exit(2);
	(void)tcgetattr(0, &t);
	(void)isatty(0);
	sched_yield();
	free(malloc(1 << 20));
}

START_TEST(allows_what_running_needs)
{
	ck_assert_int_eq(under_filter(SECCOMP_ON, nothing_more, ordinary_calls), 0);
	ck_assert_str_eq(said, "");
}
END_TEST

static void *nothing(void *arg)
{
	return arg;
}

static void start_a_thread(void)
{
	pthread_t t;

	if (pthread_create(&t, NULL, nothing, NULL) || pthread_join(t, NULL))
		_exit(2);
}

START_TEST(threads_start_where_a_restart_may_come)
{
	ck_assert_int_eq(
		under_filter(SECCOMP_ON, (struct seccomp_extras){.rebuild = true}, start_a_thread),
		0);
}
END_TEST

/* It reaches any process; musl's abort() must get on without it. */
static void try_tkill(void)
{
	if (syscall(SYS_tkill, 1, 0) != -1 || errno != EPERM)
		_exit(2);
}

START_TEST(no_signal_goes_to_another_process)
{
	ck_assert_int_eq(under_filter(SECCOMP_ON, nothing_more, try_tkill), 0);
	ck_assert_str_eq(said, "");
}
END_TEST

/* No half a filter, and no allocation that could fail: the process has no memory to get. */
START_TEST(is_installed_without_memory)
{
	struct err e;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		const struct rlimit none = {0, 0};
		setrlimit(RLIMIT_DATA, &none);
		setrlimit(RLIMIT_AS, &none);
		syscall(SYS_exit_group,
			seccomp_install(SECCOMP_ON, (struct seccomp_extras){true, true}, &e) ? 1
											     : 0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(status == 0, "status 0x%x", (unsigned)status);
}
END_TEST

/* Nothing is written after the end of the buffer, and the caller hears of it. */
START_TEST(a_program_that_does_not_fit_is_none)
{
	struct {
		struct bpf_program program;
		uint64_t after;
	} room = {.after = 0x5a5a5a5a5a5a5a5a};
	const int nr = SYS_read;

	bpf_begin(&room.program, 0, 0);
	while (room.program.n < BPF_PROGRAM_MAX - 1)
		bpf_allow(&room.program, &nr, 1);
	ck_assert(room.program.n == BPF_PROGRAM_MAX || bpf_end(&room.program));
	bpf_close(&room.program, bpf_open(&room.program, nr, 0));
	ck_assert(!bpf_end(&room.program));
	ck_assert_uint_eq(room.after, 0x5a5a5a5a5a5a5a5a);
}
END_TEST

START_TEST(log_and_off_refuse_nothing)
{
	ck_assert_int_eq(under_filter(SECCOMP_LOG, nothing_more, call_openat), 0);
	ck_assert_int_eq(under_filter(SECCOMP_OFF, nothing_more, call_openat), 0);
}
END_TEST

START_TEST(names_of_system_calls)
{
	ck_assert_str_eq(syscall_name(SYS_openat), "openat");
	ck_assert_str_eq(syscall_name(SYS_read), "read");
	ck_assert_ptr_null(syscall_name(-1));
	ck_assert_ptr_null(syscall_name(1 << 30));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("seccomp");
	TCase *tc = tcase_create("seccomp");

	tcase_add_loop_test(tc, refuses_and_names, 0, COUNT(refused));
	tcase_add_test(tc, allows_what_running_needs);
	tcase_add_test(tc, threads_start_where_a_restart_may_come);
	tcase_add_test(tc, no_signal_goes_to_another_process);
	tcase_add_test(tc, is_installed_without_memory);
	tcase_add_test(tc, a_program_that_does_not_fit_is_none);
	tcase_add_test(tc, log_and_off_refuse_nothing);
	tcase_add_test(tc, names_of_system_calls);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

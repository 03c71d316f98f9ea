/* SPDX-License-Identifier: BSD-3-Clause */
/* The heartbeat: what is a stop, and what is a process that needs no processor. */
#include "suite.h"
#include "vmm/base/clock.h"
#include "vmm/run/heartbeat.h"

#include <check.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const struct {
	uint64_t late_ms, queued_ms, stopped_ms;
} waits[] = {
	{0, 0, 0},         {999, 0, 0},        /* too short to tell */
	{1000, 0, 1000},   {30000, 40, 29960}, /* stopped, then not the first to get a processor */
	{30000, 29500, 0},                     /* a busy host */
	{30000, 30500, 0},                     /* and what it waited before this wait began */
	{500, 30000, 0},
};

START_TEST(what_is_late_was_stopped_or_waited_for_a_processor)
{
	ck_assert_uint_eq(
		heartbeat_judge(waits[_i].late_ms * NS_PER_MS, waits[_i].queued_ms * NS_PER_MS),
		waits[_i].stopped_ms * NS_PER_MS);
}
END_TEST

/* In a child: stopped for two seconds or not. Its status: tenths of seconds that it was. */
static unsigned stopped_tenths(bool stop)
{
	int status, ready[2];

	ck_assert_int_eq(pipe(ready), 0);
	pid_t child = fork();
	if (child == 0) {
		struct heartbeat h;
		heartbeat_init(&h);
		uint64_t began = clock_now_ns();
		if (write(ready[1], "", 1) != 1)
			_exit(255);
		(void)poll(NULL, 0, 1000);
		uint64_t stopped = heartbeat_stopped_ns(&h, began, NS_PER_S);
		heartbeat_fini(&h);
		_exit((int)(stopped / (100 * NS_PER_MS)));
	}
	ck_assert_int_eq(read(ready[0], &(char){0}, 1), 1);
	if (stop) {
		kill(child, SIGSTOP);
		(void)poll(NULL, 0, 3500);
		kill(child, SIGCONT);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	close(ready[0]);
	close(ready[1]);
	ck_assert(WIFEXITED(status));
	return (unsigned)WEXITSTATUS(status);
}

START_TEST(a_stop_is_noticed)
{
	ck_assert_uint_eq(stopped_tenths(false), 0);
	unsigned tenths = stopped_tenths(true);
	ck_assert_uint_ge(tenths, 12);
	ck_assert_uint_le(tenths, 100);
}
END_TEST

/* Until the processor was ours for a good part of that time, which may take longer. */
static void work_for(uint64_t ns)
{
	uint64_t began = clock_now_ns(), used = 0, passed = 0;
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	uint64_t before = (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
	while (passed < ns || used < passed / 8) {
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
		used = (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec - before;
		passed = clock_now_ns() - began;
	}
}

START_TEST(a_process_that_works_is_not_still)
{
	struct heartbeat h;

	heartbeat_init(&h);
	ck_assert(!heartbeat_is_due(&h));
	(void)poll(NULL, 0, HEARTBEAT_MS);
	ck_assert(heartbeat_is_due(&h));
	ck_assert(heartbeat_beat(&h));
	ck_assert(!heartbeat_is_due(&h));
	work_for(NS_PER_S);
	ck_assert(!heartbeat_beat(&h));
	heartbeat_fini(&h);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("heartbeat");
	TCase *t = tcase_create("heartbeat");

	tcase_add_loop_test(t, what_is_late_was_stopped_or_waited_for_a_processor, 0, COUNT(waits));
	tcase_add_test(t, a_stop_is_noticed);
	tcase_add_test(t, a_process_that_works_is_not_still);
	tcase_set_timeout(t, 60);
	suite_add_tcase(s, t);
	return run_suite(s);
}

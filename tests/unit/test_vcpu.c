/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The vCPU thread, with an ioctl() and an architecture of ours for KVM: what it makes of a KVM_RUN
 * that fails.
 */
#include "suite.h"
#include "vmm/base/clock.h"
#include "vmm/machine/vcpu.h"

#include <check.h>
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>

/* KVM: what KVM_RUN says, and for how long, before it says that the guest powered off. */
static struct {
	int error;
	uint64_t until_ns;
	struct kvm_run run;
	struct stop *ends; /* NULL, or what a failing KVM_RUN finds set by another thread */
	unsigned signals;  /* how often KVM_RUN is interrupted first */
	enum arch_rest answer;
	unsigned rest, was_stopped; /* how often the architecture was asked, and told */
} kvm;

/* kvm.c's, of no matter here. */
const char kvm_missing_fix[] = "";

enum arch_rest arch_vcpu_rest(int vcpu_fd, const struct kvm_run *run, uint64_t *pc)
{
	(void)vcpu_fd;
	ck_assert_ptr_eq(run, &kvm.run);
	kvm.rest++;
	*pc = 0x1234;
	return kvm.answer;
}

void arch_vcpu_was_stopped(int vcpu_fd)
{
	(void)vcpu_fd;
	kvm.was_stopped++;
}

void arch_vcpu_describe(int vcpu_fd, char *text, size_t size)
{
	(void)vcpu_fd;
	snprintf(text, size, "none");
}

/* No exit here is an access. */
void devices_access(struct devices *d, const struct bus *bus, bool write, uint64_t addr,
		    uint8_t *data, unsigned size)
{
	(void)d;
	(void)bus;
	(void)data;
	ck_abort_msg("an access: %d 0x%lx %u", write, (unsigned long)addr, size);
}

static int run(void)
{
	if (clock_now_ns() < kvm.until_ns || kvm.signals) {
		kvm.signals -= kvm.signals > 0;
		if (kvm.ends)
			stop_set(kvm.ends, STOP_TIMEOUT, 0, -1, "the end");
		errno = kvm.error;
		return -1;
	}
	kvm.run.exit_reason = KVM_EXIT_SYSTEM_EVENT;
	kvm.run.system_event.type = KVM_SYSTEM_EVENT_SHUTDOWN;
	return 0;
}

int ioctl(int fd, unsigned long request, ...)
{
	(void)fd;
	ck_assert_uint_eq(request, KVM_RUN);
	return run();
}

static const struct {
	int error;
	uint64_t ms;
	enum arch_rest answer;
	enum stop_kind ends;
	const char *text;
} failures[] = {
	{EINTR, 1500, REST_NONE, STOP_POWER_OFF, ""},
	{EAGAIN, 300, REST_NONE, STOP_POWER_OFF, ""},
	{EAGAIN, 60000, REST_NONE, STOP_HOST,
	 "vCPU 3: KVM_RUN: Resource temporarily unavailable, for a second; the likely reason is a "
	 "limit of processes (ulimit -u, a cgroup's pids.max) that leaves KVM no thread of its "
	 "own"},
	{EAGAIN, 2500, REST_UNSTARTED, STOP_POWER_OFF, ""},
	{EIO, 60000, REST_NONE, STOP_HOST, "vCPU 3: KVM_RUN: Input/output error"},
};

static struct stop stop;
static struct gate gate;
static struct timeline timeline;

static struct vcpu make_vcpu(void)
{
	memset(&kvm, 0, sizeof(kvm));
	gate_init(&gate);
	gate_set(&gate, GATE_OPEN);
	stop_init(&stop, eventfd(0, EFD_NONBLOCK));
	return (struct vcpu){.id = 3,
			     .run = &kvm.run,
			     .shared = {.gate = &gate, .stop = &stop, .timeline = &timeline}};
}

START_TEST(a_failing_run_ends_or_goes_on)
{
	struct vcpu v = make_vcpu();

	kvm.error = failures[_i].error;
	kvm.answer = failures[_i].answer;
	kvm.until_ns = clock_now_ns() + failures[_i].ms * NS_PER_MS;
	vcpu_run(&v);
	ck_assert_int_eq(stop.kind, failures[_i].ends);
	ck_assert_str_eq(stop.text, failures[_i].text);
}
END_TEST

/* A signal ends KVM_RUN: for the run's end, vm_ask(), vm_was_stopped(), or it stopped the process.
 */
static const struct {
	bool asked, stopped, ends;
	unsigned rest, was_stopped;
} signals[] = {
	{false, false, false, 0, 1}, {false, true, false, 0, 1}, {true, false, false, 1, 0},
	{true, true, false, 1, 1},   {false, false, true, 0, 0}, {true, true, true, 0, 0},
};

START_TEST(a_signal_is_a_question_or_a_stop)
{
	struct vcpu v = make_vcpu();

	kvm.answer = REST_HALTED;

	v.asked = signals[_i].asked;
	v.was_stopped = signals[_i].stopped;
	kvm.run.immediate_exit = 1;
	kvm.error = EINTR;
	kvm.signals = 1;
	kvm.ends = signals[_i].ends ? &stop : NULL;
	vcpu_run(&v);
	ck_assert_uint_eq(kvm.rest, signals[_i].rest);
	ck_assert_uint_eq(kvm.was_stopped, signals[_i].was_stopped);
	ck_assert_int_eq(stop.kind, signals[_i].ends ? STOP_TIMEOUT : STOP_POWER_OFF);
	ck_assert_uint_eq(kvm.run.immediate_exit, 0);
	ck_assert(v.asked == (signals[_i].asked && signals[_i].ends));
	if (signals[_i].rest) {
		ck_assert_int_eq(v.rest, REST_HALTED);
		ck_assert_uint_eq(v.rest_pc, 0x1234);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("vcpu");
	TCase *tc = tcase_create("vcpu");

	tcase_add_loop_test(tc, a_failing_run_ends_or_goes_on, 0, COUNT(failures));
	tcase_add_loop_test(tc, a_signal_is_a_question_or_a_stop, 0, COUNT(signals));
	tcase_set_timeout(tc, 30);
	suite_add_tcase(s, tc);
	return run_suite(s);
}

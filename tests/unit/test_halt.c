/* SPDX-License-Identifier: BSD-3-Clause */
/* When a guest counts as halted for good, by what its vCPUs answer from one beat to the next. */
#include "suite.h"
#include "vmm/run/halt.h"

#include <check.h>
#include <string.h>
#include <sys/eventfd.h>

enum { CPUS = 3, BEATS = 5 };

const bool arch_knows_rest = true;

static unsigned questions;

void vm_ask(struct vm *vm)
{
	(void)vm;
	questions++;
}

/*
 * A letter a vCPU for each beat: what it had answered by then. h: halted, u: never started, n: an
 * interrupt may come, -: nothing yet. A beat that begins with ! found the process at work.
 */
static const struct {
	const char *answers[BEATS];
	unsigned ends_at; /* the beat; 0: never */
	const char *text;
} runs[] = {
	{{"---", "hhh", "hhh"},
	 3,
	 "vCPU 0: halted with interrupts off at 0x1000, and nothing can wake it; 2 more likewise"},
	{{"---", "huu", "huu"},
	 3,
	 "vCPU 0: halted with interrupts off at 0x1000, and nothing can wake it; 2 never started"},
	{{"---", "uhh", "uhh"},
	 3,
	 "vCPU 1: halted with interrupts off at 0x1001, and nothing can wake it; 1 more likewise; "
	 "1 never started"},
	{{"---", "hhn", "hhn", "hhn", "hhn"}, 0, ""},
	{{"---", "uuu", "uuu", "uuu", "uuu"}, 0, ""},
	{{"---", "hh-", "hhh", "hhh", "hhh"}, 4, NULL},
	{{"---", "hhh", "hhn", "hhh", "hhh"}, 5, NULL},
	{{"!---", "hhh", "hhh", "hhh"}, 4, NULL},
	{{"---", "hhh", "!hhh", "hhh", "hhh"}, 0, ""},
};

static enum arch_rest rest_of(char letter)
{
	return letter == 'h' ? REST_HALTED : letter == 'u' ? REST_UNSTARTED : REST_NONE;
}

static void answer(struct vcpu *vcpu, const char *letters)
{
	for (unsigned i = 0; i < CPUS; i++) {
		vcpu[i].id = i;
		vcpu[i].asked = letters[i] == '-';
		vcpu[i].rest = rest_of(letters[i]);
		vcpu[i].rest_pc = 0x1000 + i;
	}
}

START_TEST(the_answers_agree_for_two_beats)
{
	static struct stop stop;
	struct vm vm = {.stop = &stop};
	struct vcpu vcpu[CPUS] = {0};
	struct halt_watch w = {0};
	unsigned ended = 0;

	stop_init(&stop, eventfd(0, EFD_NONBLOCK));
	vm.vcpu = vcpu;
	vm.cpus = CPUS;
	for (unsigned beat = 0; beat < BEATS && runs[_i].answers[beat] && !ended; beat++) {
		const char *letters = runs[_i].answers[beat];
		bool still = letters[0] != '!';
		unsigned before = questions;
		answer(vcpu, letters + !still);
		halt_watch_beat(&w, &vm, still);
		ended = stop_wanted(&stop) ? beat + 1 : 0;
		ck_assert_uint_eq(questions - before, still && !ended);
	}
	ck_assert_uint_eq(ended, runs[_i].ends_at);
	ck_assert_int_eq(stop.kind, ended ? STOP_CRASH : STOP_NONE);
	if (runs[_i].text)
		ck_assert_str_eq(stop.text, runs[_i].text);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("halt");
	TCase *t = tcase_create("halt");

	tcase_add_loop_test(t, the_answers_agree_for_two_beats, 0, COUNT(runs));
	suite_add_tcase(s, t);
	return run_suite(s);
}

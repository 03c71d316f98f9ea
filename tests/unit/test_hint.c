/* SPDX-License-Identifier: BSD-3-Clause */
/* What a user is told to try when a run has failed. */
#include "suite.h"
#include "vmm/hint.h"

#include <check.h>
#include <string.h>

static const struct {
	struct hint_facts facts;
	const char *begins; /* ""; nothing is said */
} hints[] = {
	{{STOP_PANIC,
	  "the guest's kernel panicked: VFS: Unable to mount root fs on unknown-block(0,0)",
	  "console=ttyS0", true},
	 "a root file system: --initrd FILE"},
	{{STOP_PANIC, "the guest's kernel panicked: No working init found.", "console=ttyS0", true},
	 "an initrd with /init in it"},
	{{STOP_PANIC, "the guest's kernel panicked: Requested init /x failed (error -2).",
	  "init=/x", true},
	 "the init that --cmdline names"},
	{{STOP_PANIC, "the guest's kernel panicked (pvpanic)", "quiet", false},
	 "console=ttyS0 in --cmdline"},
	{{STOP_PANIC, "the guest's kernel panicked: Oops", "console=ttyS0", true}, "--log FILE"},
	{{STOP_CRASH,
	  "vCPU 0: KVM internal error, suberror 1 (an instruction that KVM does not emulate)",
	  "console=ttyS0", false},
	 "minivmm --check"},
	{{STOP_CRASH, "vCPU 0: triple fault (KVM_EXIT_SHUTDOWN)", "console=ttyS0", false},
	 "early in --cmdline: "},
	{{STOP_CRASH, "vCPU 0: triple fault (KVM_EXIT_SHUTDOWN)", "console=ttyS0", true},
	 "--log FILE"},
	{{STOP_TIMEOUT, "--timeout: the guest still ran after 1.000 s", "quiet", false},
	 "console=ttyS0 in --cmdline"},
	{{STOP_TIMEOUT, "--timeout: the guest still ran after 1.000 s", "console=ttyS0", false},
	 "early in --cmdline: "},
	{{STOP_TIMEOUT, "--timeout: the guest still ran after 1.000 s", "console=ttyS0", true},
	 "a longer limit"},
	{{STOP_MISSING, "--expect 'x' was never seen", "console=ttyS0", true},
	 "--log FILE, and grep -E"},
	{{STOP_FAILED, "--fail-on 'x' was seen", "console=ttyS0", true}, "--log FILE"},
	{{STOP_POWER_OFF, "the guest powered off", "console=ttyS0", true}, ""},
	{{STOP_SIGNAL, "ended by signal 15", "console=ttyS0", true}, ""},
	{{STOP_EXIT, "the guest ended with status 3", "console=ttyS0", true}, ""},
};

START_TEST(says)
{
	char text[160];

	hint_write(&hints[_i].facts, "early", text, sizeof(text));
	ck_assert_msg(strncmp(text, hints[_i].begins, strlen(hints[_i].begins)) == 0,
		      "said '%s', expected '%s...'", text, hints[_i].begins);
	ck_assert_int_eq(!text[0], !hints[_i].begins[0]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("hint");
	TCase *t = tcase_create("hint");

	tcase_add_loop_test(t, says, 0, COUNT(hints));
	suite_add_tcase(s, t);
	return run_suite(s);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* What a user is told to try when a run has failed. */
#include "suite.h"
#include "vmm/report/hint.h"
#include "vmm/watch/cause.h"

#include <check.h>
#include <string.h>

#define NAMED "console=ttyS0 in --cmdline: minivmm's console is ttyS0, and the kernel's is "

static const struct {
	struct {
		enum stop_kind kind;
		const char *reason, *cmdline;
		bool printed;
		const char *lacks, *own_console;
	} facts;
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
	/* where the kernel printed instead */
	{{STOP_SILENT, "reset", "panic=-1", false},
	 "console=ttyS0 in --cmdline: it names no console, and the kernel's is elsewhere"},
	{{STOP_SILENT, "reset", "panic=-1", false, NULL, "tty0 (CONFIG_VT_CONSOLE)"},
	 "console=ttyS0 in --cmdline: it names no console, and the kernel's is tty0 (CONFIG_VT"},
	{{STOP_SILENT, "reset", "console=ttyS0", false}, "early in --cmdline: it shows"},
	{{STOP_SILENT, "reset", "console=ttyS0", false, "CONFIG_PRINTK", NULL},
	 "a kernel with CONFIG_PRINTK: "},
	{{STOP_SILENT, "reset", "console=tty0", false}, NAMED "tty0"},
	{{STOP_SILENT, "reset", "quiet console=tty0 console=hvc0,x", false}, NAMED "tty0, hvc0"},
	{{STOP_TIMEOUT, "--timeout", "console=ttyAMA0,115200", false}, NAMED "ttyAMA0"},
	{{STOP_TIMEOUT, "--timeout", "console=ttyAMA0 console=ttyS0,9600", false}, "early in"},
	{{STOP_TIMEOUT, "--timeout", "console=ttyAMA0", true}, "a longer limit"},
	{{STOP_CRASH, "triple fault", "console=ttyS1", false}, NAMED "ttyS1"},
	{{STOP_POWER_OFF, "the guest powered off", "console=ttyAMA0", false}, NAMED "ttyAMA0"},
	{{STOP_RESET, "the guest rebooted", "console=ttyAMA0", false}, NAMED "ttyAMA0"},
	{{STOP_HALT, "the guest halted", "console=ttyAMA0", false}, NAMED "ttyAMA0"},
	{{STOP_POWER_OFF, "the guest powered off", "console=ttyAMA0", true}, ""},
	{{STOP_POWER_OFF, "the guest powered off", "quiet", false}, ""},
	{{STOP_POWER_OFF, "the guest powered off", "console=", false}, ""},
	{{STOP_POWER_OFF, "the guest powered off", "console=null", false}, ""},
	{{STOP_POWER_OFF, "the guest powered off", "console=uart8250,io,0x3f8", false}, ""},
	{{STOP_POWER_OFF, "the guest powered off", "netconsole=tty0", false}, ""},
	{{STOP_RESET, "the guest rebooted", "console=\x1b[31mx", false}, NAMED "?[31mx"},
	{{STOP_EXIT, "the guest ended with status 3", "console=ttyAMA0", false}, ""},
	{{STOP_SIGNAL, "ended by signal 15", "console=ttyAMA0", false}, ""},
	{{STOP_SIGNAL, "ended by signal 15", "console=ttyS0", true}, ""},
	{{STOP_EXIT, "the guest ended with status 3", "console=ttyS0", true}, ""},
};

/* As the verdict and the vCPU find it. */
static uint64_t cause_of(enum stop_kind kind, const char *reason)
{
	if (kind == STOP_CRASH)
		return strstr(reason, "does not emulate") ? CRASH_NOT_EMULATED : CRASH_OTHER;
	return kind == STOP_PANIC ? panic_cause(reason) : 0;
}

START_TEST(says)
{
	const struct hint_facts facts = {
		.kind = hints[_i].facts.kind,
		.cause = cause_of(hints[_i].facts.kind, hints[_i].facts.reason),
		.cmdline = hints[_i].facts.cmdline,
		.printed = hints[_i].facts.printed,
		.lacks = hints[_i].facts.lacks,
		.own_console = hints[_i].facts.own_console,
	};
	char text[HINT_BYTES];

	hint_write(&facts, "early", text);
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

# SPDX-License-Identifier: BSD-3-Clause
"""Test results on the console: --ktap."""
from harness import KERNEL, KVM, guest, run, test, tiny
from machine import MACHINE

PASSES = "TAP version 13\n1..2\nok 1 - one\nok 2 two # SKIP no device\n"
FAILS = "TAP version 13\n1..2\nok 1 - one\nnot ok 2 two # exit=1\n"
TRUNCATED = "TAP version 13\n1..3\nok 1 - one\nok 2 two\n"

# Two suites as KUnit prints them, the second with a failure.
KUNIT = """KTAP version 1
1..2
    KTAP version 1
    # Subtest: list
    # module: list_test
    1..2
    ok 1 list_add
        KTAP version 1
        # Subtest: list_each
        ok 1 forward
        ok 2 backward # SKIP not today
    # list_each: pass:1 fail:0 skip:1 total:2
    ok 2 list_each
# list: pass:2 fail:0 skip:0 total:2
ok 1 list
    KTAP version 1
    # Subtest: sums
    1..1
    # sums_add: EXPECTATION FAILED at sums.c:12
    Expected 1 + 1 == 3, but
    {result} 1 sums_add
{result} 2 sums
"""


def echo(text, *args):
    """A tiny guest that prints TEXT."""
    return tiny("echo", "--ktap", *args, input=text.encode() + b"q")


@test(KVM)
def results_decide():
    echo(PASSES).expect(0, no_err=True)
    echo(FAILS).expect(104, err="^minivmm: --ktap: 1 of 2 tests failed, the first is 'two'$")
    echo(TRUNCATED).expect(104, err="^minivmm: --ktap: only 2 of 3 planned results were seen$")
    echo("TAP version 13\nBail out! no disk\n").expect(104, err="^minivmm: --ktap: Bail out! no disk$")


@test(KVM)
def a_console_without_results_is_104():
    run("--ktap").expect(104, err="^minivmm: --ktap: no test result was seen on the console$")


@test(KVM)
def a_status_of_the_guest_that_is_no_zero_does_not_hide_a_failure():
    tiny("exit", "--cmdline", "exit=3", "--ktap").expect(104)


@test(KVM)
def other_endings_keep_their_status():
    tiny("hlt_loop", "--ktap", "--timeout", "700ms", timeout=20).expect(124)
    tiny(MACHINE.crash, "--ktap").expect(102)
    echo(FAILS, "--expect", "never").expect(103)
    echo(FAILS, "--fail-on", "^ok 1").expect(104, err="^minivmm: --fail-on ")
    tiny("echo", input=FAILS.encode() + b"q").expect(0, no_err=True)


@test(KVM)
def many_results_need_no_system_call_that_the_filter_refuses():
    echo("ok 1\n" * 3000 + "not ok\n").expect(
        104, err="^minivmm: --ktap: 1 of 3001 tests failed, the first is '3001'$")


def say(text):
    """A shell command that prints TEXT."""
    return f"cat <<'END'\n{text}END\n"


def log(text):
    """A shell command that has the kernel print TEXT, in its own log, with time stamps."""
    return f"while IFS= read -r line; do echo \"<6>$line\" > /dev/kmsg; done <<'END'\n{text}END\n"


@test(KERNEL)
def a_script_that_prints_tap_is_judged():
    guest(say(PASSES), "--ktap").expect(0, no_err=True)
    guest(say(FAILS), "--ktap").expect(104, err="'two'$")
    guest(say(TRUNCATED), "--ktap").expect(104, err="only 2 of 3 planned results")


@test(KERNEL)
def results_in_the_kernels_log_are_judged():
    cmdline = "loglevel=7 printk.devkmsg=on"
    good = guest(log(KUNIT.format(result="ok")), "--ktap", cmdline=cmdline)
    good.expect(0, r"^\[ *\d+\.\d+\]     ok 1 sums_add$", no_err=True)
    bad = guest(log(KUNIT.format(result="not ok")), "--ktap", cmdline=cmdline)
    bad.expect(104, err="^minivmm: --ktap: 1 of 4 tests failed, the first is 'sums.sums_add'$")


@test(KERNEL)
def a_panic_goes_before_results():
    guest(say(PASSES) + "echo c > /proc/sysrq-trigger", "--ktap").expect(101)

# SPDX-License-Identifier: BSD-3-Clause
"""What a CI job asks for: expectations, time limits, reports, logs."""
import os
import re

from harness import KERNEL, KVM, Setup, check, guest, kernel_args, run, test, tiny
from machine import MACHINE


@test(KVM)
def expectations_that_are_met():
    run("--expect", "^CPUs: [0-9]+", "--expect", "RAM: 512 MiB$").expect(0, no_err=True)
    run("--expect", "RAM", "--expect", "CPUs", "--expect-ordered").expect(0)


@test(KVM)
def an_expectation_that_is_never_met_is_103():
    r = run("--expect", "^CPUs: 1", "--expect", "^nothing like it$")
    r.expect(103, err=r"^minivmm: --expect '\^nothing like it\$' was never seen \(1 of 2 were\)$")
    run("--expect", "CPUs", "--expect", "RAM", "--expect-ordered").expect(103, err="'RAM' was never seen")


@test(KVM)
def a_status_of_the_guest_that_is_no_zero_does_not_hide_it():
    tiny("exit", "--cmdline", "exit=3", "--expect", "never").expect(103)
    tiny("exit", "--cmdline", "exit=3", "--expect", "exit 3").expect(3)


@test(KVM)
def until_expected_ends_a_guest_that_goes_on():
    r = tiny("hlt_loop", "--expect", "^hlt_loop$", "--until-expected", timeout=20)
    r.expect(0, "^hlt_loop$", no_err=True)


@test(KVM)
def fail_on_ends_the_guest_at_once_with_104():
    r = tiny("flood", "--cmdline", "lines=100000000", "--fail-on", "never", "--fail-on", "flood 20 ")
    r.expect(104, err="^minivmm: --fail-on 'flood 20 ' was seen: flood 20 abc")


@test(KVM)
def fail_on_in_the_last_line_is_not_missed():
    run("--fail-on", "^power off: ").expect(104)


@test(KVM)
def timeouts_are_124_with_registers():
    r = tiny("spin", "--timeout", "700ms", "--cpus", "2", timeout=20)
    r.expect(124, err="^minivmm: --timeout: the guest still ran after 0.700 s$")
    check(len(re.findall(f"^{MACHINE.pc} ", r.err, re.M)) == 2, "registers of each vCPU" + r.describe())
    r = tiny("hlt_loop", "--idle-timeout", "1", timeout=20)
    r.expect(124, err="^minivmm: --idle-timeout: the console was silent for 1.000 s$")
    tiny("silent", "--idle-timeout", "500ms", timeout=20).expect(124, err="the guest printed nothing")


@test(KVM)
def output_keeps_an_idle_timeout_away():
    # It prints for seconds on a software KVM, never silent for one and a half.
    lines = MACHINE.flood_lines
    r = tiny("flood", "--cmdline", f"lines={lines}", "--idle-timeout", "1500ms")
    r.expect(0, f"^flood {lines - 1} ")


@test(KVM)
def the_log_has_what_stdout_has():
    path = os.path.join(Setup.work, "log")
    r = run("--log", path, "--cpus", "2").expect(0)
    with open(path, encoding="utf-8") as f:
        check(f.read().replace("\r", "") == r.out, "the log differs from stdout")
    run("--log", "/dev/full").expect(125, "embedded guest", "^minivmm: --log: /dev/full: No space left")
    run("--log", "/nonexistent/log").expect(125, err="^minivmm: --log: /nonexistent/log: No such file")


@test(KVM)
def timestamps_are_monotonic_and_on_each_line():
    path = os.path.join(Setup.work, "log")
    r = run("--timestamps", "--log", path).expect(0)
    stamps = [float(s) for s in re.findall(r"^\[ *(\d+\.\d{6})\] ", r.out, re.M)]
    check(len(stamps) == r.out.count("\n") and stamps == sorted(stamps), "stamps" + r.describe())
    with open(path, encoding="utf-8") as f:
        check(f.read().replace("\r", "") == r.out, "the log differs from stdout")


@test(KVM)
def quiet_shows_nothing_but_a_failures_end():
    r = run("--quiet").expect(0, no_err=True)
    check(r.out == "", "output" + r.describe())
    r = run("--quiet", "--expect", "nope").expect(103, err=r"^  \| minivmm embedded guest$")
    check(r.out == "", "output" + r.describe())


@test(KVM)
def patterns_that_do_not_compile_are_named():
    run("--expect", "a(b").expect(125, err=r"^minivmm: --expect: 'a\(b' is not a regular expression: ")
    run("--fail-on", "[").expect(125, err=r"^minivmm: --fail-on: '\[' is not a regular expression: ")
    run("--expect", "").expect(125, err="^minivmm: --expect: an empty pattern")


@test(KERNEL)
def a_prompt_without_a_newline_is_seen():
    r = run(*kernel_args(), "--initrd", Setup.initramfs, "--expect", "minivmm:/root# $",
            "--until-expected")
    r.expect(0)


@test(KERNEL)
def a_flood_from_a_real_kernel_is_logged_complete():
    path = os.path.join(Setup.work, "log")
    lines = MACHINE.flood_lines * 3 // 2
    guest(f"seq -w 1 {lines} | sed 's/.*/line & of a flood that goes to the log/'", "--quiet",
          "--log", path, "--expect", f"^line {lines} ").expect(0)
    with open(path, encoding="utf-8") as f:
        numbers = [int(n) for n in re.findall(r"^line (\d+) of", f.read(), re.M)]
    check(numbers == list(range(1, lines + 1)), f"{len(numbers)} of {lines} lines are in the log")


@test(KERNEL)
def a_warning_in_the_kernels_log_fails_only_when_asked():
    # The kernel's own way to produce a report at will: its hung task detector would take minutes.
    command = "echo '<4>WARNING: CPU: 0 PID: 1 at test/test.c:1 test+0x1/0x2' > /dev/kmsg; exit 0"
    guest(command, cmdline="loglevel=7").expect(0)
    guest(command, "--fail-on-warning", cmdline="loglevel=7").expect(
        104, err="^minivmm: --fail-on-warning: WARNING: CPU: 0 PID: 1 at test/test.c:1")


@test(KERNEL)
def fail_on_goes_before_a_panic():
    guest("echo c > /proc/sysrq-trigger", "--fail-on", "Kernel panic").expect(
        104, err="^minivmm: --fail-on 'Kernel panic' was seen: .*sysrq triggered crash")

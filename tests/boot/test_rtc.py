# SPDX-License-Identifier: BSD-3-Clause
"""The real-time clock's alarm: its interrupt as a tiny guest sees it, and as Linux does."""
import os

from harness import KERNEL, KVM, Setup, kernel_args, run, test, tiny
from machine import MACHINE


@test(KVM)
def the_alarm_interrupts():
    for protocol in MACHINE.protocols:
        tiny("alarm", "--boot", protocol).expect(0, "^SUCCESS$", no_err=True)


@test(KVM)
def limits_and_the_alarm_do_not_wait_for_each_other():
    tiny("alarm", "--timeout", "100s", "--idle-timeout", "100s").expect(0, "^SUCCESS$", no_err=True)
    tiny("alarm", "--timeout", "500ms").expect(124)  # the alarm comes after more than a second


def linux_wakes(kernel, *args, cmdline=""):
    """A program waits for an alarm of /dev/rtc0, then for updates, which Linux makes of alarms."""
    alarm = os.path.join(Setup.guests, "..", "linux", "alarm")
    r = run(*kernel_args(kernel, cmdline), *args, "--init", alarm, "--", "2")
    r.expect(0, r"^alarm: \d+ s late$").expect(out="^alarm: two updates$")


@test(KERNEL)
def linux_is_woken_by_the_alarm():
    linux_wakes("debian-6.1-cloud")
    linux_wakes("debian-6.12-cloud", "--cpus", "4")


@test(KERNEL, only="x86_64")
def linux_is_woken_by_the_alarm_without_acpi():
    linux_wakes("debian-6.12", "--cpus", "2", cmdline="acpi=off")

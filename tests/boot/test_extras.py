# SPDX-License-Identifier: BSD-3-Clause
"""--nested and --pmu: what a guest has only when it is asked for, and what is refused."""
import glob
import os
import re

from harness import HOST, KERNEL, KVM, Setup, check, guest, guest_path, run, test, tiny
from machine import ARCH
from test_errors import refused
from test_guests import by_all

NO_NESTING = "--nested: this host's KVM offers guests neither VMX nor SVM; load kvm_intel or kvm_amd with"
NO_PMU = "--pmu: this host's KVM has no PMU for guests"


def parameter(path):
    """Whether a module of KVM's was loaded with that parameter set."""
    values = []
    for name in glob.glob(f"/sys/module/{path}"):
        with open(name, encoding="ascii") as f:
            values.append(f.read().strip())
    return bool(set(values) & {"1", "Y"})


def kvm_nests():
    return parameter("kvm_*/parameters/nested")


def kvm_has_a_pmu():
    """By what the host's own kernel has; KVM's word is what is tested."""
    if ARCH == "aarch64":
        return bool(glob.glob("/sys/bus/event_source/devices/armv8*"))
    return parameter("kvm/parameters/enable_pmu") and os.path.exists("/sys/bus/event_source/devices/cpu")


def kvm_can_turn_the_pmu_off():
    """Before that, KVM has AMD's oldest counters for every guest."""
    return tuple(int(n) for n in re.findall(r"\d+", os.uname().release)[:2]) >= (5, 18)


@test(KVM, only="x86_64")
def a_guest_has_neither_of_them():
    found = 0 if kvm_can_turn_the_pmu_off() else "[01]"
    for r in by_all("extras"):
        r.expect(0, rf"\Atold: nesting 0, PMU 0\nfound: nesting 0, PMU {found}\n\Z", no_err=True)


@test(KVM, only="aarch64")
def a_guest_has_no_pmu():
    tiny("extras").expect(0, r"\Afound: PMU 0\n\Z", no_err=True)


@test(KVM, only="x86_64")
def nesting_is_given_or_refused():
    for r in by_all("extras", "--nested"):
        if kvm_nests():
            r.expect(0, "^told: nesting 1, PMU 0\nfound: nesting 1, PMU ", no_err=True)
        else:
            refused(r, "^minivmm: " + NO_NESTING)


@test(KVM)
def a_pmu_is_given_or_refused():
    for r in by_all("extras", "--pmu", "--cpus", "2"):
        if kvm_has_a_pmu():
            r.expect(0, "^found: .*PMU 1$", no_err=True)
        else:
            refused(r, "^minivmm: " + NO_PMU)


@test(KVM)
def check_says_whether_guests_may_nest():
    may = "guests may run guests of their own, with --nested"
    may_not = "guests may not run guests of their own: "
    if ARCH == "aarch64":
        said = may_not + "arm64 guests have no EL2, which guests of their own would need"
    elif not glob.glob("/sys/module/kvm_*/parameters/nested"):
        said = r"not known \(KVM has no parameter that says it\)"
    else:
        said = may if kvm_nests() else may_not + "--nested is refused"
    run("--check").expect(0, f"^     nesting          {said}$")


@test(HOST, only="aarch64")
def arm64_guests_never_nest():
    for args in ((), ("--dry-run",), ("--kernel", guest_path("exit"))):
        refused(run("--nested", *args), "^minivmm: --nested: arm64 guests have no EL2, ")


@test(HOST, only="aarch64")
def the_device_tree_has_a_pmu_when_it_is_asked_for():
    path = os.path.join(Setup.work, "pmu.dtb")
    for args, there in (((), False), (("--pmu",), True)):
        run("--dry-run", "--dump-dtb", path, *args).expect(0)
        with open(path, "rb") as f:
            check((b"arm,armv8-pmuv3\0" in f.read()) == there, f"{args}")


@test(HOST, only="x86_64")
def a_dry_run_takes_both():
    run("--dry-run", "--nested", "--pmu").expect(0, "^kernel +embedded guest", no_err=True)


@test(KERNEL, only="x86_64")
def linux_sees_neither_of_them():
    r = guest("grep -m1 ^flags /proc/cpuinfo; dmesg | grep -E 'Performance Events|WARNING: CPU|unchecked MSR|Call Trace'")
    r.expect(0, "Performance Events: .*software events only").expect(out="^flags")
    check(not re.search(r" (svm|vmx|arch_perfmon|perfctr_core)\b|WARNING: CPU|unchecked MSR|Call Trace", r.out),
          r.describe())


@test(KERNEL, only="x86_64")
def linux_sees_that_it_may_nest():
    r = guest("grep -m1 ^flags /proc/cpuinfo", "--nested")
    if kvm_nests():
        r.expect(0, "^flags.* (svm|vmx) ", no_err=True)
    else:
        refused(r, "^minivmm: " + NO_NESTING)


@test(KERNEL, only="aarch64")
def linux_has_a_pmu_when_it_is_asked_for():
    command = "dmesg | grep -E 'hw perfevents|WARNING: CPU|Call trace'; ls -1 /sys/bus/event_source/devices"
    r = guest(command).expect(0, "^software$", no_err=True)
    check("armv8" not in r.out and "perfevents" not in r.out, r.describe())
    r = guest(command, "--pmu", "--cpus", "2")
    if kvm_has_a_pmu():
        r.expect(0, "hw perfevents: enabled with armv8_pmuv3.* PMU driver", no_err=True).expect(out="^armv8_pmuv3")
        check("WARNING" not in r.out and "Call trace" not in r.out, r.describe())
    else:
        refused(r, "^minivmm: " + NO_PMU)

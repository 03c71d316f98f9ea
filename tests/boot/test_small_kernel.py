# SPDX-License-Identifier: BSD-3-Clause
"""A kernel with KUnit and LKDTM: real test results, and real reports of what went wrong."""
from harness import SMALL, Setup, check, run, scratch, test
from test_init import program
from test_report import Reports

CMDLINE = "console=ttyS0 panic=-1"


def boot(*args, cmdline=""):
    """Returns the run and its report, which is checked as every report is."""
    reports = Reports("small")
    r = run("--kernel", Setup.kernels["small"][0], "--cmdline", f"{CMDLINE} {cmdline}".rstrip(),
            *reports.args, *args, timeout=300)
    return r, reports.read()


@test(SMALL, only="x86_64")
def kunits_own_tests_pass():
    r, said = boot("--ktap", "--init", program(), "--", "0", cmdline="kunit.enable=1")
    r.expect(0, r"^\[ *\d+\.\d+\] KTAP version 1$", no_err=True)
    ktap = said["ktap"]
    paths = [case["path"] for case in ktap["cases"]]
    for path in ("list-kunit-test.list_test_list_init", "example.example_simple_test",
                 "kunit_executor_test.parse_filter_test"):
        check(path in paths, f"no {path} in {paths[:200]}")
    check(ktap["failures"] == 0 and ktap["tests"] == len(ktap["cases"]) > 60, f"{ktap['results']}")
    skipped = [case for case in ktap["cases"] if case["path"] == "example.example_skip_test"]
    check([case["result"] for case in skipped] == ["skip"], f"{skipped}")


@test(SMALL, only="x86_64")
def one_suite_alone():
    r, said = boot("--ktap", "--init", program(), "--", "0",
                   cmdline="kunit.enable=1 kunit.filter_glob=list-kunit-test")
    r.expect(0)
    check({case["path"].split(".")[0] for case in said["ktap"]["cases"]} == {"list-kunit-test"}, f"{said['ktap']}")
    r, _ = boot("--ktap", "--init", program(), "--", "0", cmdline="kunit.enable=1 kunit.filter_glob=none")
    r.expect(104, err="^minivmm: --ktap: no test result was seen on the console$")


def provoke(what, *args, wait="", settings=""):
    """What LKDTM does to the kernel in a process of its own; then the guest ends with 0."""
    script = scratch("provoke", f"""#!/bin/busybox sh
/bin/busybox mount -t debugfs none /sys/kernel/debug
{settings}
echo {what} >/sys/kernel/debug/provoke-crash/DIRECT {wait}
exit 0
""".encode())
    r, said = boot("--initrd", Setup.initramfs, "--init", script, *args)
    return r, {w["kind"]: w for w in said["warnings"]}


@test(SMALL, only="x86_64")
def a_warning_fails_only_when_asked():
    r, found = provoke("WARNING")
    r.expect(0)
    check(list(found) == ["WARNING"] and found["WARNING"]["count"] == 1, f"{found}")
    r, _ = provoke("WARNING", "--fail-on-warning")
    r.expect(104, err=r"^minivmm: --fail-on-warning: WARNING: CPU: 0 PID: \d+ at drivers/misc/lkdtm/bugs.c:\d+")


@test(SMALL, only="x86_64")
def a_bug_and_an_oops_are_found():
    for what in ("BUG", "EXCEPTION"):
        r, found = provoke(what, "--fail-on-warning", wait="&\nwait")
        r.expect(104, err="^minivmm: --fail-on-warning: ")
        check({"oops", "BUG"} & set(found), f"{what}: {found}")


@test(SMALL, only="x86_64")
def a_hung_task_is_found():
    r, found = provoke("HUNG_TASK", "--fail-on-warning", wait="&\n/bin/busybox sleep 20",
                       settings="echo 3 >/proc/sys/kernel/hung_task_timeout_secs")
    r.expect(104, err=r"^minivmm: --fail-on-warning: INFO: task \S+:\d+ blocked for more than 3 seconds")
    check("hung task" in found, f"{found}")


@test(SMALL, only="x86_64")
def a_soft_lockup_is_found_and_ended():
    r, found = provoke("SOFTLOCKUP", "--timeout", "60s", settings="echo 2 >/proc/sys/kernel/watchdog_thresh")
    r.expect(124, "watchdog: BUG: soft lockup - CPU#0 stuck")
    check("BUG" in found, f"{found}")

# SPDX-License-Identifier: BSD-3-Clause
"""--report and --junit: whole, valid and true, however a run ends."""
import json
import os
import random
import re
import signal
import subprocess
import time
import xml.etree.ElementTree

from harness import (HOST, KERNEL, KVM, Setup, check, finish, guest, guest_path, run, scratch, start,
                     test, tiny)
from machine import ARCH, MACHINE
from test_init import program

# What there is of a run that ended while it was being loaded.
FEW = {"schema", "schema_version", "minivmm", "status", "ending", "reason"}

# docs/report.md's table.
MEMBERS = {"schema", "schema_version", "minivmm", "status", "ending", "reason", "started", "timeline_ns",
           "expectations", "fail_on", "failed_on", "ignored_warnings", "warnings", "ktap", "boots", "exits", "console",
           "guest", "host"}
MOMENTS = ["vmm_start", "kvm_ready", "kernel_loaded", "first_instruction", "first_console_byte",
           "linux_version", "init", "end"]


class Reports:
    """Where a run's two reports go, and what they say."""

    def __init__(self, name="report"):
        self.json = os.path.join(Setup.work, name + ".json")
        self.xml = os.path.join(Setup.work, name + ".xml")
        self.args = ["--report", self.json, "--junit", self.xml]

    def read(self, may_be_short=False):
        """The JSON, after all that holds for every report was checked."""
        check(not [f for f in os.listdir(Setup.work) if f.startswith(".minivmm-")], "temporary files")
        with open(self.json, encoding="utf-8") as f:
            r = json.load(f)
        if may_be_short and set(r) == FEW:
            return r
        check(set(r) == MEMBERS, f"members: {set(r) ^ MEMBERS}")
        check((r["schema"], r["schema_version"]) == ("minivmm-report", 1), "schema")
        check(list(r["timeline_ns"]) == MOMENTS, f"{r['timeline_ns']}")
        times = [r["timeline_ns"][m] for m in MOMENTS[:-1] if r["timeline_ns"][m] is not None]
        check(times == sorted(times) and min(times) >= 0, f"{r['timeline_ns']}")
        check(r["timeline_ns"]["end"] >= r["timeline_ns"]["vmm_start"], f"{r['timeline_ns']}")
        lint = subprocess.run(["xmllint", "--noout", self.xml], capture_output=True, check=False)
        check(lint.returncode == 0, f"xmllint: {lint.stderr}")
        return r

    def cases(self):
        """{(class, name): what it holds: "", "failure", "error" or "skipped"}"""
        root = xml.etree.ElementTree.parse(self.xml).getroot()
        found = {}
        for case in root.iter("testcase"):
            results = [e.tag for e in case if e.tag != "system-out"]
            found[case.get("classname"), case.get("name")] = results[0] if results else ""
        for tag, attribute in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            counted = sum(result == tag for result in found.values())
            check(root.get(attribute) == str(counted), f"{attribute}: {root.attrib}, {found}")
        return found


def ends(status, ending, run_it, outcome):
    """A run with reports, which must say the same as its status."""
    reports = Reports()
    r = run_it(reports.args)
    r.expect(status)
    said = reports.read()
    check((said["status"], said["ending"]) == (status, ending), f"{said['status']} {said['ending']}")
    check(reports.cases()["minivmm", "run"] == outcome, f"{reports.cases()}")
    if status > 99:
        check(f"minivmm: {said['reason']}\n" in r.err, said["reason"] + r.describe())
    return said


@test(KVM)
def every_ending_is_reported():
    for status, ending, name, args, outcome in (
            (0, "power-off", MACHINE.power_off[0], [], ""),
            (0, "reboot", MACHINE.resets[-1], [], ""),
            (42, "exit", "exit", ["--cmdline", "exit=42"], "failure"),
            (101, "panic", "pvpanic", [], "failure"),
            (102, "crash", MACHINE.crash, [], "failure"),
            (103, "missing", "exit", ["--cmdline", "exit=0", "--expect", "never"], "failure"),
            (104, "failed", "flood", ["--fail-on", "flood 3 "], "failure"),
            (124, "timeout", "silent", ["--timeout", "300ms"], "failure"),
            (0, "expected", "hlt_loop", ["--expect", "hlt", "--until-expected"], "")):
        ends(status, ending, lambda reports: tiny(name, *args, *reports, timeout=30), outcome)


@test(KVM)
def a_run_that_never_begins_is_reported():
    said = ends(125, "error", lambda reports: run("--kernel", scratch("text", b"no kernel\n"), *reports),
                "error")
    check(said["timeline_ns"]["first_instruction"] is None and said["boots"] == 0, f"{said}")


@test(HOST)
def without_kvm_there_is_a_report_too():
    if os.path.exists("/dev/kvm"):
        return  # the other tests are about what comes then
    said = ends(125, "error", lambda reports: run(*reports), "error")
    check("/dev/kvm" in said["reason"], said["reason"])


@test(KVM)
def a_report_has_what_the_run_was():
    reports = Reports()
    run("--cpus", "2", "--memory", "32M", "--cmdline", "hello", *reports.args, "--expect", "^CPUs: 2",
        "--expect", "^RAM: <&>\"'", "--fail-on", "never").expect(103)
    said = reports.read()
    check(said["guest"]["cpus"] == 2 and said["guest"]["memory_bytes"] == 32 << 20, f"{said['guest']}")
    check(said["guest"]["cmdline"] == "hello" and said["guest"]["kernel"]["file"] is None, f"{said['guest']}")
    seen, unseen = said["expectations"]
    end = said["timeline_ns"]["end"]
    check(seen["seen"] and 0 < seen["time_ns"] and not unseen["seen"] and unseen["time_ns"] is None,
          f"{said['expectations']}, end {end}")
    check(said["fail_on"] == ["never"] and said["failed_on"] is None and said["warnings"] == [], f"{said}")
    check(said["exits"][MACHINE.uart_exit] > 100 and said["console"]["bytes"] > 100, f"{said['exits']}")
    check("minivmm embedded guest\n" in said["console"]["tail"], said["console"]["tail"])
    check(said["host"]["release"] == os.uname().release and said["host"]["virtualization"], f"{said['host']}")
    check(abs(time.time() - time.mktime(time.strptime(said["started"], "%Y-%m-%dT%H:%M:%SZ"))
              + time.timezone) < 300, said["started"])
    check(reports.cases() == {("minivmm", "run"): "failure", ("minivmm.expect", "^CPUs: 2"): "",
                              ("minivmm.expect", "^RAM: <&>\"'"): "failure"}, f"{reports.cases()}")


@test(KVM)
def bytes_that_are_no_text_do_not_break_a_report():
    reports = Reports()
    p = start("--kernel", guest_path("bytes"), "--cmdline", "lines=20 width=256", *reports.args)
    p.communicate(timeout=60)
    check(p.returncode == 0, f"status {p.returncode}")
    tail = reports.read()["console"]["tail"]
    check("\ufffd" in tail and "ABC" in tail, repr(tail[:300]))


@test(KVM)
def results_of_tests_are_cases():
    reports = Reports()
    results = "TAP version 13\n1..3\nok 1 one\nnot ok 2 two\nok 3 three # SKIP none\n"
    tiny("echo", "--ktap", *reports.args, input=results.encode() + b"q").expect(104)
    said = reports.read()["ktap"]
    check((said["tests"], said["failures"]) == (3, 1), f"{said}")
    check([c["result"] for c in said["cases"]] == ["pass", "fail", "skip"], f"{said['cases']}")
    check(reports.cases() == {("minivmm", "run"): "failure", ("ktap", "one"): "", ("ktap", "two"): "failure",
                              ("ktap", "three"): "skipped"}, f"{reports.cases()}")


@test(KVM)
def a_report_at_any_time_that_a_signal_comes():
    chance = random.Random(20)
    began = time.monotonic()
    tiny("exit").expect(0)
    whole = time.monotonic() - began  # of a run that nobody ends
    reported = 0
    for _ in range(40):
        reports = Reports()
        for path in (reports.json, reports.xml):
            with open(path, "w", encoding="utf-8") as f:
                f.write("of an earlier run")
        p = start("--kernel", guest_path("flood"), *reports.args, "--quiet", "--memory", "16M")
        time.sleep(chance.uniform(0, 2 * whole))
        p.send_signal(signal.SIGTERM)
        r = finish(p, 30)
        if r.status == -signal.SIGTERM:  # before it could hear it, hence before it touched a file
            with open(reports.json, encoding="utf-8") as f:
                check(f.read() == "of an earlier run", "a file was touched" + r.describe())
            continue
        r.expect(128 + signal.SIGTERM)
        said = reports.read(may_be_short=True)
        check((said["status"], said["ending"]) == (143, "signal"), f"{said['status']} {said['ending']}")
        reported += len(said) > len(FEW)
    check(reported >= 10, f"only {reported} of 40 signals came late enough for a whole report")


@test(KVM)
def a_bug_of_ours_is_reported_too():
    reports = Reports()
    p = start("--kernel", guest_path("spin"), *reports.args)
    time.sleep(1)
    p.send_signal(signal.SIGSEGV)
    finish(p, 20).expect(-signal.SIGSEGV, err="^minivmm: a bug in minivmm: signal 11")
    with open(reports.json, encoding="utf-8") as f:
        said = json.load(f)
    check((said["ending"], said["status"]) == ("died", 128 + signal.SIGSEGV), f"{said}")
    check(subprocess.run(["xmllint", "--noout", reports.xml], check=False).returncode == 0, "xmllint")


def temporary_files():
    return [f for f in os.listdir(Setup.work) if f.startswith(".minivmm-")]


@test(KVM)
def nothing_half_written_stays():
    """Nobody can report a SIGKILL; what was begun is removed all the same."""
    reports = Reports("killed")
    p = start("--kernel", guest_path("spin"), *reports.args, start_new_session=True)
    until = time.monotonic() + 20
    while len(temporary_files()) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    check(len(temporary_files()) == 2, f"{temporary_files()}")
    os.killpg(p.pid, signal.SIGKILL)
    finish(p, 20).expect(-signal.SIGKILL)
    while temporary_files() and time.monotonic() < until:
        time.sleep(0.01)
    check(not temporary_files(), f"{temporary_files()}")
    check(not os.path.exists(reports.json) and not os.path.exists(reports.xml), "a report of nothing")


@test(HOST)
def a_report_to_a_fifo_that_nobody_reads():
    fifo = os.path.join(Setup.work, "report.fifo")
    os.mkfifo(fifo)
    for option in "--report", "--junit", "--log":
        run(option, fifo, timeout=20).expect(
            125, err=f"^minivmm: {option}: {fifo}: a FIFO that nobody reads; its reader must be there first$")


@test(KVM)
def reports_and_logs_to_fifos():
    """Both ends are opened at the same time, as a shell does it."""
    fifo = os.path.join(Setup.work, "read.fifo")
    os.mkfifo(fifo)
    for option, want in ("--report", '"schema": "minivmm-report"'), ("--log", "embedded guest"):
        with subprocess.Popen(["cat", fifo], stdout=subprocess.PIPE) as reader:
            run(option, fifo, timeout=30).expect(0)
            said = reader.communicate(timeout=20)[0].decode()
        check(want in said, f"{option}: {said[:500]}")


def on_a_full_disk(name, size, *args):
    """A tiny guest, its report on a file system with no room for it."""
    script = (f'mount -t tmpfs -o size={size} none /mnt && head -c 1M /dev/zero >/mnt/full 2>/dev/null; '
              'shift; "$@"; s=$?; ls -A /mnt >&2; exit $s')
    p = subprocess.run(["unshare", "--mount", "sh", "-c", script, "sh", "", Setup.minivmm, "--kernel",
                        guest_path(name), "--report", "/mnt/r.json", *args],
                       stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
    return p.returncode, p.stderr.decode()


@test(KVM)
def a_full_disk_is_said_and_no_success():
    if os.geteuid() != 0:
        return  # only root mounts a small file system
    for name, args, status in (("exit", ("--cmdline", "exit=0"), 125), ("exit", ("--cmdline", "exit=3"), 125),
                               (MACHINE.crash, (), 102)):
        got, err = on_a_full_disk(name, "16k", *args)
        check(got == status and "minivmm: --report: /mnt/r.json: No space left on device\n" in err,
              f"status {got}: {err}")
        check(err.endswith("\nfull\n"), f"something was left: {err}")
    run("--report", "/nonexistent/r").expect(125, err="^minivmm: --report: /nonexistent/r: No such file")


@test(KVM)
def a_report_on_stderr():
    r = run("--report", "/dev/stderr").expect(0, "embedded guest")
    check(json.loads(r.err)["status"] == 0, r.describe())


@test(KERNEL)
def a_stock_kernels_boot_has_every_moment():
    reports = Reports()
    line = "console=ttyS0 panic=-1 printk.devkmsg=on"
    image = Setup.kernels["debian-6.1-cloud"][0]
    command = "echo '<4>WARNING: CPU: 0 PID: 1 at test/test.c:1 test+0x1/0x2' >/dev/kmsg"
    script = scratch("script", f"#!/bin/busybox sh\n{command}\nexit 5\n".encode())
    run("--kernel", image, "--cmdline", line, "--init", program(), *reports.args, "--", "5").expect(5)
    said = reports.read()
    check(None not in said["timeline_ns"].values(), f"{said['timeline_ns']}")
    kernel = said["guest"]["kernel"]
    # An Image's header has no version.
    version = kernel["version"].split()[0] if ARCH == "x86_64" else "Linux version 6.1."
    check(kernel["format"] == MACHINE.kernel_format and version in kernel["banner"], f"{kernel}")
    check(said["guest"]["boot"] == "linux64" and said["guest"]["init"] == program(), f"{said['guest']}")

    run("--kernel", image, "--cmdline", line, "--init", script, "--initrd", Setup.initramfs,
        *reports.args).expect(5)
    warnings = reports.read()["warnings"]
    check([(w["kind"], w["count"]) for w in warnings] == [("WARNING", 1)], f"{warnings}")
    check(re.match("WARNING: CPU: 0 PID: 1 at test/test.c:1", warnings[0]["first"]), f"{warnings}")
    check(("minivmm.warnings", "WARNING") in reports.cases(), f"{reports.cases()}")


@test(KERNEL)
def a_stock_kernels_endings_are_reported():
    for status, ending, command, args, outcome in (
            (0, "power-off", "poweroff -f", [], ""),
            (0, "reboot", "reboot -f", [], ""),
            (0, "halt", "halt -f", [], ""),
            (7, "exit", "exit 7", [], "failure"),
            (101, "panic", "echo c > /proc/sysrq-trigger", [], "failure"),
            (103, "missing", "poweroff -f", ["--expect", "^no such line"], "failure"),
            (104, "failed", "echo hello; sleep 1000", ["--fail-on", "^hello"], "failure"),
            (124, "timeout", "sleep 1000", ["--idle-timeout", "15s"], "failure")):
        ends(status, ending, lambda reports: guest(command, *args, *reports), outcome)

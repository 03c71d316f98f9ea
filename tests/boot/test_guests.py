# SPDX-License-Identifier: BSD-3-Clause
"""Tiny guests: one subject each, also on a software /dev/kvm."""
import os
import re
import signal
import subprocess
import time

from harness import (KVM, Setup, check, finish, guest_path, read_until, run, scratch, start, test,
                     tiny)
from machine import MACHINE


def by_all(name, *args):
    """Runs a guest through each entry that there is."""
    return [tiny(name, "--boot", protocol, *args) for protocol in MACHINE.protocols]


@test(KVM)
def check_says_that_guests_can_run():
    run("--check").expect(0, r"\Aok   device .*\n(.*\n)*This host can run guests\.$", no_err=True)


@test(KVM, only="x86_64")
def the_embedded_guest_tells_how_it_was_booted():
    r = run("--boot", "pvh", "--cpus", "3", "--memory", "4G", "--overcommit", "--cmdline", "hello world")
    r.expect(0, "^protocol: PVH, start_info version 1$", no_err=True)
    r.expect(out="^command line: hello world$").expect(out="^RAM: 4096 MiB$")
    r.expect(out="^CPUs: 3 ").expect(out="0x000100000000-0x00013fffffff usable$")
    r = run("--boot", "linux64").expect(0, r"^protocol: 64-bit Linux boot protocol 2\.\d+$")
    r.expect(out="^RAM: 512 MiB$").expect(out="^CPUs: 1 ")


@test(KVM)
def a_small_initrd_and_little_memory():
    path = scratch("tiny-initrd", b"x" * 5000)
    run("--memory", MACHINE.min_memory, "--initrd", path).expect(0, r"^initrd: .*5000")


@test(KVM, only="x86_64")
def the_entry_states_are_the_protocols():
    tiny("pvh_regs", "--boot", "pvh").expect(0, "^SUCCESS$")
    tiny("linux64_regs", "--boot", "linux64").expect(0, "^SUCCESS$")


@test(KVM, only="x86_64")
def each_guest_gets_a_random_seed_of_its_own():
    runs = [tiny("linux64_regs", "--boot", "linux64").expect(0, r"^seed \d{5,}$") for _ in range(3)]
    seeds = {re.search(r"^seed (\d+)$", r.out, re.M).group(1) for r in runs}
    check(len(seeds) == 3, f"seeds: {seeds}")


@test(KVM, only="x86_64")
def the_uart_behaves_as_a_driver_expects():
    for r in by_all("uart"):
        r.expect(0, "^SUCCESS$")


@test(KVM, only="x86_64")
def the_pics_mask_everything_until_they_are_programmed():
    for r in by_all("pic"):
        r.expect(0, "^SUCCESS$")


@test(KVM, only="x86_64")
def the_pci_bus_has_a_host_bridge_alone():
    for r in by_all("pci"):
        r.expect(0, "^SUCCESS$")


@test(KVM)
def a_running_guest_keeps_no_file_mapped():
    with open(guest_path("spin"), "rb") as f:
        path = scratch("spin", f.read() + b"\0" * 65536)  # of a page alone, nothing is mapped
    for args, again in (([], False), (["--on-reboot", "restart"], True)):
        kept = again and MACHINE.guest_format == "ELF"  # others are read
        p = start("--kernel", path, *args)
        read_until(p, "^spin$")
        with open(f"/proc/{p.pid}/maps", encoding="utf-8") as f:
            check((path in f.read()) == kept, f"kernel file mapped: expected {kept}")
        p.send_signal(signal.SIGTERM)
        finish(p, 20).expect(128 + signal.SIGTERM)


@test(KVM)
def what_nobody_claims_reads_all_ones():
    for r in by_all("unmapped"):
        r.expect(0, "^SUCCESS$")


@test(KVM)
def the_exit_devices_value_is_the_status():
    for value, status in ((0, 0), (1, 1), (42, 42), (99, 99), (100, 99), (255, 99)):
        tiny("exit", "--cmdline", f"exit={value}").expect(status, f"^exit {value}$", no_err=True)


@test(KVM)
def power_off_and_reset():
    for name in MACHINE.power_off + MACHINE.resets:
        for r in by_all(name):
            r.expect(0, f"^{name}$", no_err=True)


@test(KVM)
def a_crash_is_102_with_the_last_exits():
    for r in by_all(MACHINE.crash):
        r.expect(102, f"^{MACHINE.crash}$", MACHINE.crash_err)
        r.expect(err="^minivmm: the last exits of vCPU 0, oldest first:\n(  .*\n)+  " + MACHINE.crash_exit)


@test(KVM)
def pvpanic_and_a_panic_line_are_101():
    tiny("pvpanic").expect(101, err="pvpanic")
    tiny("panic_line").expect(101, "Kernel panic", "^minivmm: the guest's kernel panicked: test$")


@test(KVM)
def cpus_start_when_they_are_told():
    for n in (1, 2, 4):
        tiny("smp", "--cpus", str(n)).expect(0, f"^CPUs: {n}$")


@test(KVM)
def input_is_echoed():
    r = tiny("echo", input=b"hello, 123\nq")
    r.expect(0, "hello, 123")


@test(KVM)
def a_flood_arrives_complete():
    lines = MACHINE.flood_lines
    r = tiny("flood", "--cmdline", f"lines={lines}")
    numbers = [int(n) for n in re.findall(r"^flood (\d+) abc", r.expect(0).out, re.M)]
    check(numbers == list(range(lines)), f"{len(numbers)} of {lines} lines")


@test(KVM)
def a_reader_that_leaves_ends_a_flood():
    p = start("--kernel", guest_path("flood"), "--cmdline", "lines=100000000")
    read_until(p, "^flood 10 ")
    p.stdout.close()
    p.stdout = None
    finish(p, 30).expect(128 + signal.SIGPIPE, err="^minivmm: stdout was closed by its reader$")


@test(KVM)
def a_guest_that_nobody_reads_is_held_back_and_can_be_ended():
    p = start("--kernel", guest_path("flood"), "--cmdline", "lines=100000000")
    time.sleep(3)  # the pipe is full
    p.send_signal(signal.SIGTERM)
    p.wait(20)  # nobody reads now either
    check(p.returncode == 128 + signal.SIGTERM, f"status {p.returncode}")


@test(KVM)
def guests_that_never_end_are_ended_by_a_signal():
    for name in ("hlt_loop", "spin", "silent"):
        p = start("--kernel", guest_path(name), "--cpus", "2")
        time.sleep(0.5)
        p.send_signal(signal.SIGINT)
        finish(p, 20).expect(128 + signal.SIGINT)


HALTED = r"^minivmm: vCPU 0: halted with interrupts off at 0x10[0-9a-f]{4}, and nothing can wake it"


@test(KVM, only="x86_64")
def a_guest_that_halted_for_good_is_102():
    """All its CPUs wait with interrupts off, or never ran. One that an interrupt can wake is enough to go on."""
    runs = (("halted", 1, "", 60, HALTED + "$"),
            ("halted", 4, "", 60, HALTED + "; 3 never started$"),
            ("smp", 1, "first=0", 60, HALTED + "$"),
            ("smp", 4, "first=0 others=0", 60, HALTED + "; 3 more likewise$"),
            ("smp", 4, "first=0 others=1", 7, None),
            ("smp", 4, "first=1 others=0", 7, None),
            ("smp", 4, "first=1 others=1", 7, None),
            ("smp", 2, "first=0 others=2", 7, None))
    started = [start("--kernel", guest_path(name), "--cpus", str(cpus), "--cmdline", cmdline, "--timeout", str(limit))
               for name, cpus, cmdline, limit, _ in runs]
    for p, (_, _, _, limit, err) in zip(started, runs):
        finish(p).expect(102 if err else 124, err=err or f"the guest still ran after {limit}.000 s$")


@test(KVM, only="x86_64")
def a_guest_that_halted_for_good_says_where():
    r = tiny("halted", "--boot", "linux64", "--timeout", "60s").expect(102, "^halted$", HALTED)
    check("IO             write 0x3f8" in r.err and re.search(r"^rip 000000000010", r.err, re.M), r.describe())


@test(KVM)
def a_signal_ends_a_guest_that_reboots_all_the_time():
    reset = MACHINE.resets[-1]
    for _ in range(5):
        p = start("--kernel", guest_path(reset), "--cpus", "4", "--on-reboot", "restart")
        read_until(p, f"^{reset}$", times=2)
        p.send_signal(signal.SIGTERM)
        # Nobody reads its stdout now: that must not keep it, either.
        p.wait(20)
        check(p.returncode == 128 + signal.SIGTERM, f"status {p.returncode}")


@test(KVM)
def output_that_nobody_takes_waits_for_a_signal():
    p = start("--kernel", guest_path("flood"), "--cmdline", "lines=2500")
    time.sleep(8)  # the guest has ended; what the pipe does not take is in the ring
    check(p.poll() is None, f"it ended with {p.returncode} and output unread")
    p.send_signal(signal.SIGTERM)
    p.wait(20)
    err = p.stderr.read()
    check(p.returncode == 128 + signal.SIGTERM and b"ended by signal 15" in err, f"{p.returncode}: {err}")


@test(KVM)
def output_that_cannot_be_written_is_no_success():
    for _ in range(5):
        with open("/dev/full", "wb") as full:
            run(stdout=full).expect(125, err="^minivmm: stdout: No space left on device$")


@test(KVM)
def a_signal_ignored_from_the_start_stays_ignored():
    p = start("--kernel", guest_path("silent"),
              preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    time.sleep(1)
    p.send_signal(signal.SIGHUP)
    time.sleep(0.5)
    check(p.poll() is None, f"it ended with {p.returncode} by an ignored SIGHUP")
    p.send_signal(signal.SIGTERM)
    finish(p, 20).expect(128 + signal.SIGTERM)


@test(KVM)
def closed_standard_descriptors():
    for close in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        p = subprocess.run(["sh", "-c", f'"$1" {close}', "sh", Setup.minivmm],
                           capture_output=True, timeout=60, check=False)
        check(p.returncode == 0, f"{close}: status {p.returncode}, {p.stderr!r}")


@test(KVM)
def seccomp_modes_run():
    for mode in ("on", "log", "off"):
        run("--seccomp", mode).expect(0, "embedded guest", no_err=True)

# SPDX-License-Identifier: BSD-3-Clause
"""Many boots in a row: nothing leaks."""
import signal

from harness import (KERNEL, KVM, check, count, finish, initrd, kernel_args, read_until, rss_kib, run,
                     start, test)


class Sample:
    """What a process holds."""

    def __init__(self, pid):
        self.fds = count(f"/proc/{pid}/fd")
        self.threads = count(f"/proc/{pid}/task")
        self.rss_kib = rss_kib(pid)


def restarts(args, banner, early, late):
    """Boots LATE times in one process; compares what it holds with what it held after EARLY."""
    p = start(*args, "--on-reboot", "restart")
    read_until(p, banner, times=early)
    before = Sample(p.pid)
    read_until(p, banner, times=late - early, timeout=600)
    after = Sample(p.pid)
    p.send_signal(signal.SIGTERM)
    finish(p, 30).expect(128 + signal.SIGTERM)
    check(after.fds <= before.fds + 2, f"file descriptors: {before.fds}, then {after.fds}")
    check(after.threads <= before.threads + 1, f"threads: {before.threads}, then {after.threads}")
    return before, after


@test(KVM)
def the_embedded_guest_100_times_in_one_process():
    before, after = restarts(["--cmdline", "reset", "--memory", "16M", "--cpus", "2"],
                             "minivmm embedded guest", 10, 100)
    check(after.rss_kib < before.rss_kib + 1024, f"memory: {before.rss_kib} KiB, then {after.rss_kib}")


@test(KVM)
def the_embedded_guest_100_times():
    for _ in range(100):
        run("--memory", "16M").expect(0, "minivmm embedded guest", no_err=True)


@test(KERNEL)
def a_real_kernel_20_times():
    restarts([*kernel_args(), "--memory", "256M", "--initrd", initrd("reboot -f")],
             "init reached", 3, 20)

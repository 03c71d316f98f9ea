# SPDX-License-Identifier: BSD-3-Clause
"""Many boots in a row: nothing leaks."""
import os
import signal
import subprocess

from harness import (KERNEL, KVM, Setup, Skipped, check, count, finish, initrd, kernel_args, read_until, rss_kib, run,
                     scratch, start, test)


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


# KVM, but for the MSRs: it takes none.
REFUSES_MSRS = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <linux/kvm.h>
#include <stdarg.h>

int ioctl(int fd, unsigned long request, ...)
{
	static int (*next)(int, unsigned long, ...);
	va_list ap;
	va_start(ap, request);
	void *arg = va_arg(ap, void *);
	if (!next)
		next = dlsym(RTLD_NEXT, "ioctl");
	return request == KVM_SET_MSRS ? 0 : next(fd, request, arg);
}
"""


def is_dynamic(path):
    with open(path, "rb") as f:
        return b"/ld-linux" in f.read(4096)


@test(KVM, only="x86_64")
def a_warning_is_not_said_again_at_each_boot():
    if not is_dynamic(Setup.minivmm):
        raise Skipped("nothing can stand between a static executable and KVM")
    library = scratch("refuses.so", b"")
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, "-x", "c", "-"], input=REFUSES_MSRS.encode(), check=True)
    p = start("--cmdline", "reset", "--memory", "16M", "--cpus", "2", "--on-reboot", "restart",
              env=dict(os.environ, LD_PRELOAD=library))
    read_until(p, "minivmm embedded guest", times=5)
    p.send_signal(signal.SIGTERM)
    r = finish(p, 30).expect(128 + signal.SIGTERM)
    for name in "IA32_MISC_ENABLE", "IA32_MTRR_DEF_TYPE":
        warning = f"minivmm: warning: this host's KVM does not let {name} be set; left as it is\n"
        check(r.err.count(warning) == 1, r.describe())

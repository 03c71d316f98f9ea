# SPDX-License-Identifier: BSD-3-Clause
"""More lines of baseline.py's table: what the start costs beside the first guest instruction, how
fast the console is, and how many exits a boot takes, which is the same on every machine."""
import glob
import os
import sys

from baseline import (FIRST_STATUS, INIT_REACHED, Child, Line, floor, measure_in_turn, minivmm,
                      print_head, print_lines, print_row, qemu, until_exit, until_output)

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../tests/boot"))
from harness import cpio_entry, pad4  # noqa: E402

CONSOLE_BYTES = 65536
CPUS = 16
# That never come; every line of the console is looked at for each of them.
PATTERNS = [f"^\\[ *[0-9.]+\\] (unit|service) {i}: .*(ready|started)$" for i in range(20)]
KVM_STATISTICS = "/sys/kernel/debug/kvm"
COUNTERS = ("exits", "io_exits", "mmio_exits", "irq_exits", "halt_exits", "pf_fixed")


def compare(o, *commands):
    """Lines that are compared with the first of them: (what, whose, command)."""
    lines = [Line(f"exec to exit, {name}", vmm, lambda c=command: until_exit(c, FIRST_STATUS))
             for name, vmm, command in commands]
    measure_in_turn(lines, o.runs)
    print_lines(lines, lines[0])


def bench_start(o):
    """RAM, the kernel's size, vCPUs: each beside the same without it."""
    compare(o, ("1 GiB of RAM", "minivmm", minivmm(o.minivmm, o.first, memory="1G")),
            ("64 GiB of RAM", "minivmm", minivmm(o.minivmm, o.first, memory="64G", options=("--overcommit",))))
    compare(o, ("a vmlinux of 1 MiB", "minivmm", minivmm(o.minivmm, o.first_1m)),
            ("a vmlinux of 60 MiB", "minivmm", minivmm(o.minivmm, o.first_60m)))
    compare(o, ("1 vCPU", "bare KVM calls", floor(o.floor, 1)),
            (f"{CPUS} vCPUs", "bare KVM calls", floor(o.floor, CPUS)))
    compare(o, ("1 vCPU", "minivmm", minivmm(o.minivmm, o.first)),
            (f"{CPUS} vCPUs", "minivmm", minivmm(o.minivmm, o.first, cpus=CPUS)))


# --- the console -----------------------------------------------------------------------------

def console_initrd(o):
    """The initramfs with a program that writes CONSOLE_BYTES in lines of 64, between two marks."""
    script = (f"yes {'x' * 63} | head -c {CONSOLE_BYTES} >/tmp/text; echo BEGIN; cat /tmp/text; "
              "echo THE END\n")
    with open(o.initramfs, "rb") as f:
        base = f.read()
    extra = b"".join(cpio_entry(*entry) for entry in (
        ("etc", b"", 0o040755), ("etc/minivmm", b"", 0o040755),
        ("etc/minivmm/cmd", script.encode(), 0o100755), ("TRAILER!!!", b"", 0)))
    path = os.path.join(os.environ.get("TMPDIR", "/tmp"), "minivmm-bench-console")
    with open(path, "wb") as f:
        f.write(pad4(base) + extra)
    return path


def between_marks(command):
    with Child(command) as child:
        begin = child.wait_for(b"BEGIN\r\n")
        return child.wait_for(b"THE END") - begin


def bench_console(o, name, bzimage, _):
    initrd = console_initrd(o)
    what = f"console, 64 KiB, {name}"
    ours = minivmm(o.minivmm, bzimage, initrd)
    lines = [Line(what, "minivmm", lambda: between_marks(ours)),
             Line(what + f", {len(PATTERNS)} patterns", "minivmm", lambda: between_marks(
                 ours + [f"--expect={pattern}" for pattern in PATTERNS])),
             Line(what, "QEMU", lambda: between_marks(qemu(o.qemu, bzimage, initrd)))]
    measure_in_turn(lines, o.boots)
    print_lines(lines, lines[-1])
    os.unlink(initrd)


# --- what a boot is made of ------------------------------------------------------------------

def counters(pid):
    """KVM's own counts of a process's VM, or None where they cannot be had."""
    folders = glob.glob(f"{KVM_STATISTICS}/{pid}-*")
    if not folders:
        return None

    def read(name):
        try:
            with open(f"{folders[0]}/{name}", encoding="ascii") as f:
                return int(f.read())
        except OSError:
            return "-"
    return [read(name) for name in COUNTERS]


def processor_times(pid):
    """Seconds that a process's threads have run: the guest, the host's kernel (KVM most of all), the
    VMM itself. Linux counts them by ticks. Source: proc(5), /proc/pid/stat."""
    guest = kernel = user = 0
    for path in glob.glob(f"/proc/{pid}/task/*/stat"):
        with open(path, encoding="utf-8", errors="replace") as f:
            fields = f.read().rpartition(")")[2].split()  # from the third on: the name may have spaces
        utime, stime, guest_time = (int(fields[i - 3]) for i in (14, 15, 43))
        guest, kernel, user = guest + guest_time, kernel + stime, user + utime - guest_time
    return [ticks / os.sysconf("SC_CLK_TCK") for ticks in (guest, kernel, user)]


def boot_once(o, kernels):
    """(what, whose, counters, processor times) up to the initramfs' first words."""
    for name, bzimage, vmlinux in kernels:
        for form, vmm, command in (
                ("bzImage", "minivmm", minivmm(o.minivmm, bzimage, o.initramfs)),
                ("vmlinux linux64", "minivmm", minivmm(o.minivmm, vmlinux, o.initramfs, "linux64")),
                ("vmlinux pvh", "minivmm", minivmm(o.minivmm, vmlinux, o.initramfs, "pvh")),
                ("bzImage", "QEMU", qemu(o.qemu, bzimage, o.initramfs))):
            until_output(command, INIT_REACHED)  # the files, and the cache
            with Child(command) as child:
                child.wait_for(INIT_REACHED)
                pid = child.process.pid
                yield f"{name}, {form}", vmm, counters(pid), processor_times(pid)


def print_boots(o, kernels):
    if not os.path.isdir(KVM_STATISTICS):
        os.system("mount -t debugfs none /sys/kernel/debug 2>/dev/null")
    boots = list(boot_once(o, kernels))
    print_head("exits up to init", "of", *COUNTERS)
    for what, vmm, found, _ in boots:
        print_row(what, vmm, *(found or ["-"] * len(COUNTERS)))
    print_head("processor time up to init, in ms", "of", "guest", "kernel", "VMM")
    for what, vmm, _, times in boots:
        print_row(what, vmm, *(f"{seconds * 1000:.0f}" for seconds in times))

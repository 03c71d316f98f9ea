# SPDX-License-Identifier: BSD-3-Clause
"""Files that another program changes or cuts while minivmm reads them."""
import mmap
import os
import re
import signal
import struct
import threading
import time
from contextlib import contextmanager

from harness import HOST, KVM, Setup, check, finish, guest_path, run, scratch, start, test

PAGE = os.sysconf("SC_PAGESIZE")
LARGE = 128 << 20
SYSFS = "/sys/devices/system/cpu/online"  # says that it has a page, and gives fewer bytes
OFFSET, PADDR, FILESZ, MEMSZ = 8, 24, 32, 40  # in a program header


def elf(segments):
    """An x86_64 ELF file's head; a segment is (offset, address, size in file)."""
    ident = b"\x7fELF" + bytes([2, 1, 1]) + b"\0" * 9
    head = ident + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, segments[0][1], 64, 0, 0, 64, 56,
                               len(segments), 0, 0, 0)
    for offset, address, size in segments:
        head += struct.pack("<IIQQQQQQ", 1, 5, offset, address, address, size, size, 4096)
    return head


def large_vmlinux(name):
    """One segment that takes long to copy: a hole in the file."""
    path = scratch(name, elf([(2 * PAGE, 1 << 20, LARGE)]))
    os.truncate(path, LARGE + 2 * PAGE)
    return path


@contextmanager
def meanwhile(function):
    """Calls it again and again in another thread."""
    done = threading.Event()

    def work():
        while not done.is_set():
            function()
    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def uses(process, path):
    """The process has the file open or mapped."""
    try:
        with open(f"/proc/{process.pid}/maps", encoding="utf-8") as f:
            if path in f.read():
                return True
        fds = f"/proc/{process.pid}/fd"
        return any(os.readlink(f"{fds}/{fd}") == path for fd in os.listdir(fds))
    except OSError:  # it ended, or the descriptor was closed meanwhile
        return False


def cut_while_used(path, *args):
    """Starts minivmm and cuts the file once it is in use; until then it is whole."""
    whole = os.path.getsize(path)
    p = start(*args)
    while p.poll() is None and not uses(p, path):
        pass
    p.send_signal(signal.SIGSTOP)
    os.truncate(path, PAGE)
    p.send_signal(signal.SIGCONT)
    r = finish(p)
    os.truncate(path, whole)
    return r


def dies_of_a_cut_file(line, path, *args):
    """Nothing but a status of 0 or 125, and at least once in twenty runs the line."""
    for _ in range(20):
        r = cut_while_used(path, *args)
        check(r.status in (0, 125), "a signal" + r.describe())
        if r.status == 125:
            r.expect(125, r"\A\Z", rf"\Aminivmm: (--kernel: )?{path}: the file shrank while it was [^\n]*\n\Z")
            if re.search(line, r.err):
                return
    check(False, "it was never cut in time")


@test(HOST, only="x86_64")
def a_vmlinux_shrinks():
    path = large_vmlinux("shrinks")
    # What is read after the kernel is mapped leaves time for the cut.
    initrd = scratch("large-initrd", b"")
    os.truncate(initrd, LARGE)
    dies_of_a_cut_file("the file shrank while it was in use", path, "--dry-run", "--memory", "1G", "--initrd", initrd,
                       "--kernel", path)


@test(KVM, only="x86_64")
def a_vmlinux_shrinks_in_a_run():
    path = large_vmlinux("shrinks-in-a-run")
    dies_of_a_cut_file("the file shrank while it was in use", path, "--memory", "1G", "--timeout", "20", "--kernel",
                       path)


@test(HOST)
def an_inspected_file_shrinks():
    path = large_vmlinux("inspected")
    dies_of_a_cut_file("the file shrank while it was read: [0-9]+ of [0-9]+ bytes", path, "inspect", path)


@test(HOST)
def other_files_shrink():
    shrank = f"{SYSFS}: the file shrank while it was read: [0-9]+ of [0-9]+ bytes"
    kernel = guest_path("exit")
    for args, option in ((["--kernel", SYSFS], "--kernel: "), (["--initrd", SYSFS], "--initrd: "),
                         (["--kernel", kernel, "--init", SYSFS], "--init: ")):
        run("--dry-run", *args).expect(125, r"\A\Z", rf"\Aminivmm: {option}{shrank}\n\Z")
    run("inspect", SYSFS).expect(125, r"\A\Z", rf"\Aminivmm: {shrank}\n\Z")


@test(HOST)
def a_file_larger_than_it_may_be():
    """Neither is read: both are holes."""
    path = scratch("huge", b"MZ")
    os.truncate(path, 1 << 40)
    for args, most in ((["--dry-run", "--kernel", path], 1 << 30), (["inspect", path], 4 << 30),
                       (["--dry-run", "--memory", "64M", "--initrd", path], 64 << 20)):
        run(*args).expect(125, r"\A\Z", f"the file has {1 << 40} bytes, expected at most {most}\n\\Z")


@test(HOST, only="x86_64")
def headers_change():
    """A writer flips fields of the last program header while the first one's segment is copied."""
    size = 32 << 20
    path = scratch("flips", elf([(2 * PAGE, 1 << 20, size), (PAGE, 256 << 20, PAGE)]))
    os.truncate(path, 2 * PAGE + size)
    seen = set()
    for field, wrong in ((PADDR, 1 << 46), (OFFSET, 1 << 62), (FILESZ, 1 << 40), (MEMSZ, 1 << 50)):
        at = 64 + 56 + field
        with open(path, "r+b") as f, mmap.mmap(f.fileno(), 0) as bytes_:
            good = bytes_[at:at + 8]

            def flip():
                for value in (struct.pack("<Q", wrong), good):
                    bytes_[at:at + 8] = value
                    time.sleep(0.002)
            with meanwhile(flip):
                for _ in range(15):
                    r = run("--dry-run", "--kernel", path)
                    check(r.status in (0, 125), f"a signal, by the field at {field}" + r.describe())
                    seen.add(r.status)
    check(seen == {0, 125}, f"only {seen} were seen: nothing was flipped in time")

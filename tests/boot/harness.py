# SPDX-License-Identifier: BSD-3-Clause
"""What the end-to-end tests share: running minivmm, initramfs with a command, a terminal.

A test is a function with @test(NEEDS), or @test(NEEDS, only=ARCHITECTURE) where the others have
nothing of the kind (machine.py has what they all have). NEEDS is what must be there, else it says
SKIP and why:
  HOST    nothing: no KVM is touched
  UNPACK  the same, and a minivmm that was built with the libraries for compression
  SHELL   as HOST; the shells that it asks are slow in a lab machine
  FILES   as HOST, and stock kernels as files
  KVM     a /dev/kvm, also a software one: tiny guests
  KERNEL  a /dev/kvm with hardware behind it: stock kernels
  CI      a /dev/kvm, also a software one, and the tools of docs/ci.md
  SSHD    the same, and an ssh server's program
  SMALL   as KERNEL, and the kernel that tests/kernel/build makes
  MATRIX  as KERNEL: many boots, which run only in a stage of their own
"""
import os
import pty
import re
import select
import signal
import struct
import subprocess
import tempfile
import time

from machine import ARCH, MACHINE

HOST, UNPACK, FILES, KVM, KERNEL = "host", "unpack", "files", "kvm", "kernel"
CI, SSHD, SMALL, MATRIX, SHELL = "ci", "sshd", "small", "matrix", "shell"
NEEDS = (HOST, SHELL, UNPACK, FILES, KVM, KERNEL, CI, SSHD, SMALL, MATRIX)
TOOLS = {CI: ("git", "gcc", "make", "parallel"),
         SSHD: ("gcc", "parallel", "rsync", "ssh", "/usr/sbin/sshd")}
TIMEOUT = 120  # seconds: a run that takes longer hangs

tests = []  # (name, needs, function)


class Setup:
    """Paths that the runner fills in."""
    minivmm = ""
    guests = ""     # folder of the tiny guests
    initramfs = ""  # the base initramfs
    stub = ""       # systemd's for unified kernel images, or none
    kernels = {}    # name -> (bzImage, vmlinux); on aarch64 (Image,)
    images = {}     # name -> arm64 Image
    foreign = {}    # name -> a kernel that is not Linux
    work = ""       # scratch folder


def test(needs, only=ARCH):
    def register(function):
        name = function.__module__.removeprefix("test_") + "." + function.__name__
        if only == ARCH:
            tests.append((name, needs, function))
        return function
    return register


class Failed(Exception):
    pass


class Skipped(Exception):
    """What a test needs is not there; it is found out on the way."""


def check(condition, message):
    if not condition:
        raise Failed(message)


class Run:
    """A finished minivmm."""

    def __init__(self, args, status, out, err, seconds):
        self.args, self.status, self.out, self.err, self.seconds = args, status, out, err, seconds

    def expect(self, status=None, out=None, err=None, no_err=False):
        """Fails with everything that helps unless status and the regular expressions fit."""
        wrong = []
        if status is not None and self.status != status:
            wrong.append(f"status {self.status}, expected {status}")
        if out is not None and not re.search(out, self.out, re.M):
            wrong.append(f"stdout lacks {out!r}")
        if err is not None and not re.search(err, self.err, re.M):
            wrong.append(f"stderr lacks {err!r}")
        if no_err and self.err:
            wrong.append("stderr is not empty")
        if wrong:
            raise Failed("; ".join(wrong) + self.describe())
        return self

    def describe(self):
        def tail(text):
            return "".join(f"\n      {line}" for line in text.splitlines()[-12:])
        return (f"\n    command: {' '.join(self.args)}\n    status: {self.status}"
                f"\n    stdout:{tail(self.out)}\n    stderr:{tail(self.err)}")


def text(data):
    return data.decode("utf-8", "replace").replace("\r", "")


def start(*args, **popen):
    """minivmm as a subprocess; binary pipes unless said otherwise."""
    for name in ("stdin", "stdout", "stderr"):
        popen.setdefault(name, subprocess.DEVNULL if name == "stdin" else subprocess.PIPE)
    return subprocess.Popen([Setup.minivmm, *args], **popen)


def finish(process, timeout=TIMEOUT, input=None):
    """Waits for it; a process that hangs is killed and fails the test."""
    began = time.monotonic()
    try:
        out, err = process.communicate(input=input, timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        raise Failed(f"hangs: killed after {timeout} s" + Run(
            process.args, None, text(out or b""), text(err or b""), timeout).describe())
    return Run(process.args, process.returncode, text(out or b""), text(err or b""),
               time.monotonic() - began)


def run(*args, timeout=TIMEOUT, input=None, **popen):
    if input is not None:
        popen["stdin"] = subprocess.PIPE
    return finish(start(*args, **popen), timeout, input)


def read_until(process, pattern, times=1, timeout=TIMEOUT):
    """Reads a started process's stdout until the pattern has appeared TIMES times."""
    deadline = time.monotonic() + timeout
    seen = b""
    while len(re.findall(pattern, text(seen), re.M)) < times:
        left = deadline - time.monotonic()
        ready = left > 0 and select.select([process.stdout], [], [], left)[0]
        data = os.read(process.stdout.fileno(), 65536) if ready else b""
        if not data:
            process.kill()
            raise Failed(f"{pattern!r} never came; got:\n" + text(seen)[-2000:])
        seen += data
    return seen


# --- kernels and their initramfs -------------------------------------------------------------

def scratch(name, data):
    path = os.path.join(Setup.work, name)
    with open(path, "wb") as f:
        f.write(data)
    return path


def cpio_entry(name, data, mode):
    """One file of a cpio in newc format (Linux Documentation, early-userspace/buffer-format)."""
    fields = (0, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
    head = b"070701" + b"".join(b"%08x" % f for f in fields) + name.encode() + b"\0"
    return pad4(head) + pad4(data)


def pad4(data):
    return data + b"\0" * (-len(data) % 4)


def initrd(command, files=(), name="initrd"):
    """The base initramfs with COMMAND as what init runs; its status becomes minivmm's."""
    with open(Setup.initramfs, "rb") as f:
        base = f.read()
    extra = cpio_entry("etc", b"", 0o040755) + cpio_entry("etc/minivmm", b"", 0o040755)
    for path, data in (("etc/minivmm/cmd", command.encode() + b"\n"), *files):
        extra += cpio_entry(path, data, 0o100755)
    extra += cpio_entry("TRAILER!!!", b"", 0)
    return scratch(name, pad4(base) + extra)


def kernel_args(kernel="debian-6.1-cloud", cmdline="", vmlinux=False):
    line = f"console=ttyS0 panic=-1 quiet {cmdline}".rstrip()
    return ["--kernel", Setup.kernels[kernel][1 if vmlinux else 0], "--cmdline", line]


def guest(command, *args, files=(), timeout=TIMEOUT, kernel="debian-6.1-cloud", cmdline="",
          **popen):
    """Boots a stock kernel and runs a shell command in it."""
    return run(*kernel_args(kernel, cmdline), "--initrd", initrd(command, files), *args,
               timeout=timeout, **popen)


def guest_path(name):
    return os.path.join(Setup.guests, name + MACHINE.guest_suffix)


def tiny(name, *args, **kwargs):
    """Runs one of the tiny guests."""
    return run("--kernel", guest_path(name), *args, **kwargs)


# --- a terminal ------------------------------------------------------------------------------

class Terminal:
    """minivmm on a pseudo-terminal of its own, as a person uses it."""

    def __init__(self, *args):
        self.seen = b""
        self.master, self.slave = pty.openpty()
        self.before = self.modes()
        self.process = subprocess.Popen(
            [Setup.minivmm, *args], stdin=self.slave, stdout=self.slave, stderr=self.slave,
            start_new_session=True, preexec_fn=self.take_terminal)

    def take_terminal(self):
        import fcntl
        import termios
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def modes(self):
        """The terminal's settings, but for the speed and the like."""
        import termios
        return termios.tcgetattr(self.slave)

    def is_raw(self):
        import termios
        return not self.modes()[3] & termios.ICANON

    def send(self, data):
        """Types; keeps reading, since a terminal's buffers are small."""
        data = data.encode() if isinstance(data, str) else data
        deadline = time.monotonic() + TIMEOUT
        while data:
            check(time.monotonic() < deadline, "the terminal takes no more input")
            readable, writable, _ = select.select([self.master], [self.master], [], 1)
            if readable:
                self.seen += os.read(self.master, 65536)
            if writable:
                data = data[os.write(self.master, data[:512]):]

    def wait(self, pattern, timeout=TIMEOUT, since=0):
        """Reads until the pattern has come after byte SINCE; returns where it ended."""
        deadline = time.monotonic() + timeout
        while True:
            found = re.search(pattern.encode(), self.seen[since:], re.M)
            if found:
                return since + found.end()
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.master], [], [], left)[0]:
                raise Failed(f"{pattern!r} never came; the screen ends with:\n"
                             + text(self.seen)[-1500:])
            self.seen += os.read(self.master, 65536)

    def end(self, timeout=30):
        """Waits for the end; returns the status. The terminal must be as it was."""
        deadline = time.monotonic() + timeout
        while self.process.poll() is None:
            if time.monotonic() > deadline:
                self.process.kill()
                raise Failed("minivmm did not end; the screen ends with:\n" + text(self.seen)[-1500:])
            if select.select([self.master], [], [], 0.05)[0]:
                self.seen += os.read(self.master, 65536)
        while select.select([self.master], [], [], 0.1)[0]:
            self.seen += os.read(self.master, 65536)
        check(self.modes() == self.before, f"the terminal was not restored: {self.modes()}")
        return self.process.returncode

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


# --- processes -------------------------------------------------------------------------------

def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss_kib(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as f:
        return int(re.search(r"^Rss:\s+(\d+)", f.read(), re.M).group(1))


def count(path):
    return len(os.listdir(path))

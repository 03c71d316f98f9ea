# SPDX-License-Identifier: BSD-3-Clause
"""How things are measured, and the lines that minivmm has beside QEMU's microvm.

The commands that a part of the table compares run in turn, after one run each to warm the page
cache.
"""
import os
import re
import select
import statistics
import subprocess
import sys
import tempfile
import time

TIMEOUT = 120  # seconds: a run that takes longer hangs
MEMORY_MIB = 256
FIRST_STATUS = 42  # first.S: what it writes to the exit port
INIT_REACHED = b"minivmm-initramfs: init reached"
PROMPT = b"minivmm:/root# "
SETTLE_SECONDS = 2  # from the prompt to an idle guest
CMDLINE = "console=ttyS0 quiet panic=-1 reboot=t"


# --- the commands ----------------------------------------------------------------------------

def minivmm(executable, kernel, initrd=None, boot="auto", memory=f"{MEMORY_MIB}M", cpus=1,
            options=()):
    command = [executable, "--memory", memory, "--cpus", str(cpus), "--boot", boot,
               "--cmdline", CMDLINE, "--kernel", kernel, *options]
    return command + (["--initrd", initrd] if initrd else [])


def floor(executable, *cpus):
    return [executable, *map(str, cpus)]


def qemu(executable, kernel, initrd=None):
    command = [executable, "-M", "microvm,pit=off,pic=off,rtc=off,isa-serial=on", "-accel", "kvm",
               "-cpu", "host", "-smp", "1", "-m", str(MEMORY_MIB), "-nodefaults",
               "-no-user-config", "-nographic", "-no-reboot", "-serial", "stdio",
               "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04",
               "-append", CMDLINE, "-kernel", kernel]
    return command + (["-initrd", initrd] if initrd else [])


# --- one run ---------------------------------------------------------------------------------

class Failed(Exception):
    pass


class Child:
    """A started command: stdin is silent, stdout a pipe, stderr kept for when it fails."""

    def __init__(self, command):
        self.command, self.seen, self.errors = command, b"", tempfile.TemporaryFile()
        self.began = time.monotonic()
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.errors)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.errors):
            stream.close()

    def fail(self, what):
        self.errors.seek(0)
        said = self.errors.read().decode("utf-8", "replace")
        printed = self.seen[-2000:].decode("utf-8", "replace")
        raise Failed(f"{what}\ncommand: {' '.join(self.command)}\nstderr:\n{said}\n"
                     f"the end of its stdout:\n{printed}")

    def wait_for(self, marker):
        """Returns the seconds from the start until the marker had come on stdout."""
        while marker not in self.seen:
            left = self.began + TIMEOUT - time.monotonic()
            ready = left > 0 and select.select([self.process.stdout], [], [], left)[0]
            data = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not data:
                self.fail(f"{marker!r} never came: " + ("the output ended" if ready else "timeout"))
            self.seen += data
        return time.monotonic() - self.began

    def wait_end(self, status):
        """Returns the seconds from the start until it had ended with that status."""
        # Not wait(TIMEOUT), which looks for the end every 50 ms at last.
        pidfd = os.pidfd_open(self.process.pid)
        ended = select.select([pidfd], [], [], TIMEOUT)[0]
        seconds = time.monotonic() - self.began
        os.close(pidfd)
        if not ended:
            self.fail("it does not end")
        if self.process.wait() != status:
            self.fail(f"status {self.process.returncode}, expected {status}")
        return seconds


def until_exit(command, status):
    with Child(command) as child:
        return child.wait_end(status)


def until_output(command, marker):
    with Child(command) as child:
        return child.wait_for(marker)


# --- many runs, in turn ----------------------------------------------------------------------

class Line:
    """One line of the table: a name, whose it is, and a function that measures once, in seconds."""

    def __init__(self, what, vmm, measure):
        self.what, self.vmm, self.measure, self.seconds = what, vmm, measure, []


def measure_in_turn(lines, runs):
    for line in lines:
        line.measure()
    for _ in range(runs):
        for line in lines:
            line.seconds.append(line.measure())


def print_row(what, vmm, *cells):
    print(f"| {what:<40} | {vmm:<16} |" + "".join(f" {cell:>10} |" for cell in cells), flush=True)


def print_head(*cells):
    print()
    print_row(*cells)
    print(f"| {'-' * 40} | {'-' * 16} |" + f" {'-' * 9}: |" * (len(cells) - 2))


def print_lines(lines, reference):
    """The ratio is that of the medians, to the line REFERENCE."""
    base = statistics.median(reference.seconds)
    for line in lines:
        median = statistics.median(line.seconds)
        print_row(line.what, line.vmm, len(line.seconds), f"{min(line.seconds) * 1000:.1f}",
                  f"{median * 1000:.1f}", f"{median / base:.3f}")


def bench_first(o):
    """A guest of two instructions, and one whose first act is a byte on the serial port."""
    def ends(what, vmm, command, status):
        return Line(what, vmm, lambda: until_exit(command, status))

    def writes(vmm, command):
        return Line("exec to the guest's first byte", vmm, lambda: until_output(command, b"!"))

    what = "exec to exit, two instructions"
    exits = [ends("exec to exit, nothing at all", "busybox true", [o.busybox, "true"], 0),
             ends(what, "bare KVM calls", floor(o.floor), FIRST_STATUS),
             ends(what, "bare, irqchip", floor(o.floor, 1), FIRST_STATUS),
             ends(what, "minivmm", minivmm(o.minivmm, o.first), FIRST_STATUS),
             ends(what, "minivmm, dynamic", minivmm(o.minivmm_dynamic, o.first), FIRST_STATUS),
             ends(what, "QEMU", qemu(o.qemu, o.first), FIRST_STATUS << 1 | 1)]
    bytes_ = [writes("bare KVM calls", floor(o.floor)),
              writes("bare, irqchip", floor(o.floor, 1)),
              writes("minivmm", minivmm(o.minivmm, o.first_byte)),
              writes("QEMU", qemu(o.qemu, o.first_byte))]
    measure_in_turn(exits + bytes_, o.runs)
    print_lines(exits, exits[-1])
    print_lines(bytes_, bytes_[-1])


def bench_boots(o, name, bzimage, vmlinux):
    """A stock kernel up to the initramfs' first words."""
    def boots(form, vmm, command):
        return Line(f"exec to init, {name}, {form}", vmm,
                    lambda: until_output(command, INIT_REACHED))

    lines = [boots("bzImage", "minivmm", minivmm(o.minivmm, bzimage, o.initramfs)),
             boots("bzImage", "QEMU", qemu(o.qemu, bzimage, o.initramfs)),
             boots("bzImage, no KASLR", "minivmm",
                   minivmm(o.minivmm, bzimage, o.initramfs, options=("--kaslr", "off"))),
             boots("bzImage, no cache", "minivmm",
                   minivmm(o.minivmm, bzimage, o.initramfs, options=("--no-cache",))),
             boots("vmlinux linux64", "minivmm",
                   minivmm(o.minivmm, vmlinux, o.initramfs, "linux64")),
             boots("vmlinux pvh", "minivmm", minivmm(o.minivmm, vmlinux, o.initramfs, "pvh")),
             boots("vmlinux pvh", "QEMU", qemu(o.qemu, vmlinux, o.initramfs))]
    measure_in_turn(lines, o.boots)
    print_lines(lines, lines[1])


# --- memory ----------------------------------------------------------------------------------

def mappings(pid):
    """(name, size, Pss, anonymous) of each mapping of a process; the numbers in KiB."""
    with open(f"/proc/{pid}/smaps", encoding="utf-8") as f:
        parts = re.split(r"^(?=[0-9a-f]+-[0-9a-f]+ )", f.read(), flags=re.M)[1:]
    for part in parts:
        def field(name):
            return int(re.search(rf"^{name}:\s+(\d+) kB", part, re.M).group(1))
        words = part.splitlines()[0].split(maxsplit=5)
        yield (words[5] if len(words) > 5 else "", field("Size"), field("Pss"), field("Anonymous"))


def threads(pid):
    names = []
    for tid in sorted(os.listdir(f"/proc/{pid}/task"), key=int):
        with open(f"/proc/{pid}/task/{tid}/comm", encoding="utf-8") as f:
            names.append(f.read().strip())
    return names


def memory_beside_ram(child):
    """(name, size, Pss, anonymous) of all mappings but guest RAM's, which its size gives away."""
    found = list(mappings(child.process.pid))
    ram = [m for m in found if m[1] == MEMORY_MIB << 10]
    if len(ram) != 1:
        child.fail(f"{len(ram)} mappings of {MEMORY_MIB} MiB, expected one, the guest's RAM; "
                   f"mapped are {sorted(m[1] for m in found)[-5:]} KiB")
    return [m for m in found if m is not ram[0]]


def print_memory(o, what, vmm, command, kernel):
    """An idle guest: all Pss; of it what is anonymous, and the kernel's and the initrd's files."""
    with Child(command) as child:
        child.wait_for(PROMPT)
        time.sleep(SETTLE_SECONDS)
        found, names = memory_beside_ram(child), threads(child.process.pid)
    print_row(what, vmm, sum(m[2] for m in found), sum(m[3] for m in found),
              sum(m[2] for m in found if m[0] in (kernel, o.initramfs)), len(names))
    if o.verbose:
        print(f"{what}, {vmm}: threads {', '.join(names)}; "
              "the largest mappings (name, size, Pss, anonymous):", file=sys.stderr)
        for m in sorted(found, key=lambda m: -m[2])[:15]:
            print("  ", *m, file=sys.stderr)


def bench_memory(o, name, bzimage, vmlinux):
    for form, kernel in (("bzImage", bzimage), ("vmlinux", vmlinux)):
        what = f"idle, {name}, {form}"
        for vmm, command in (("minivmm", minivmm(o.minivmm, kernel, o.initramfs)),
                             ("minivmm, musl", minivmm(o.minivmm_musl, kernel, o.initramfs)),
                             ("minivmm, dynamic", minivmm(o.minivmm_dynamic, kernel, o.initramfs)),
                             ("QEMU", qemu(o.qemu, kernel, o.initramfs))):
            print_memory(o, what, vmm, command, kernel)

# SPDX-License-Identifier: BSD-3-Clause
"""Time limits and signals hold whatever the guest, the patterns, the readers and the files do.

The bounds in here are some ten times of what is measured on a machine with nothing else to do.
"""
import fcntl
import json
import os
import pty
import resource
import signal
import socket
import struct
import termios
import time
import zlib

from harness import (HOST, KERNEL, KVM, UNPACK, Setup, Skipped, check, finish, guest_path, initrd, kernel_args,
                     read_until, rss_kib, run, scratch, start, test, text)
from machine import ARCH
from test_errors import elf
from test_inspect import bzimage_around

SOON = 8  # seconds

def flood(*args, **popen):
    return start("--kernel", guest_path("bytes"), "--cmdline", "lines=1000000 width=1048576",
                 "--memory", "16M", *args, **popen)


def ends_soon(process, seconds, status, **expected):
    """After its limit of @seconds it has SOON to end."""
    r = finish(process, seconds + SOON + 60)
    r.expect(status, **expected)
    check(r.seconds < seconds + SOON, f"it took {r.seconds:.1f} s" + r.describe())
    return r


# A matcher that begins anew at each byte reads a line of 8 KiB thousands of times.
PATTERNS = [f"[!-~].*Z{c}" for c in "ABCDEFGHIJ"]


@test(KVM)
def patterns_do_not_hold_a_limit_up():
    patterns = [word for p in PATTERNS for word in ("--fail-on", p)]
    ends_soon(flood("--quiet", "--timeout", "1s", *patterns), 1, 124,
              err="^minivmm: --timeout: the guest still ran after 1.000 s$")


@test(KVM)
def patterns_do_not_hold_a_signal_up():
    patterns = [word for p in PATTERNS for word in ("--expect", p)]
    p = flood("--quiet", *patterns)
    time.sleep(1)
    p.send_signal(signal.SIGTERM)
    ends_soon(p, 1, 128 + signal.SIGTERM, err=r"^minivmm: ended by signal 15 \(Terminated\)$")


@test(KVM, only="x86_64")  # elsewhere too little comes in that time
def a_pattern_that_takes_minutes_for_a_line_is_left_behind():
    """Linear, but a thousand times the line: nobody waits for it, and what it missed is said."""
    r = ends_soon(flood("--quiet", "--timeout", "4s", "--fail-on", "(.?.?.?.?){99}ZZ"), 4, 124,
                  err=r"^minivmm: warning: in the last \d+ bytes of console output --expect and "
                      r"--fail-on were not looked for$")
    check("--timeout: the guest still ran" in r.err, r.describe())


@test(KVM, only="x86_64")
def many_busy_cpus_do_not_hold_a_limit_up():
    """A hundred vCPU threads for each processor, and none of them leaves its guest by itself."""
    p = start("--kernel", guest_path("smp"), "--cmdline", "first=2 others=2", "--cpus", "200",
              "--memory", "16M", "--timeout", "3s")
    ends_soon(p, 3, 124, err="^minivmm: --timeout: the guest still ran after 3.000 s$")


def stop_and_go_on(processes, seconds, ways=(signal.SIGSTOP,)):
    """Stops all of them for that long, in turn in the ways that there are."""
    for i, p in enumerate(processes):
        p.send_signal(ways[i % len(ways)])
    time.sleep(seconds)
    for p in processes:
        p.send_signal(signal.SIGCONT)


@test(KVM)
def stopped_time_counts_for_no_limit():
    """A run that was stopped for longer than its limit goes on, and ends by that limit later."""
    started = [start("--kernel", guest_path("hlt_loop"), limit, "5s")
               for limit in ("--timeout", "--timeout", "--idle-timeout", "--idle-timeout")]
    for p in started:
        read_until(p, "^hlt_loop$")
    stop_and_go_on(started, 6, (signal.SIGSTOP, signal.SIGTSTP))
    time.sleep(1)
    check([p.poll() for p in started] == [None] * 4, f"it counted: {[p.poll() for p in started]}")
    for p in started:
        ends_soon(p, 4, 124, err="^minivmm: --(idle-)?timeout: .* 5.000 s$")


@test(KVM, only="x86_64")
def a_guest_is_told_that_it_was_stopped():
    """Whether its vCPUs run, wait, or are on their way out of KVM_RUN at that moment."""
    for cmdline in "exits=0", "exits=1":
        p = start("--kernel", guest_path("stopped"), "--cmdline", cmdline, "--timeout", "60s")
        if "no kvmclock" in text(read_until(p, "^(runs|FAIL: .*)$")):
            raise Skipped("this KVM has no kvmclock")
        stop_and_go_on([p], 3)
        ends_soon(p, 3, 0, out="^was stopped$", no_err=True)


BUSY = "dd if=/dev/zero of=/dev/null bs=64k & dd if=/dev/zero of=/dev/null bs=64k & "


@test(KERNEL, only="x86_64")
def a_kernel_that_was_stopped_reports_no_lockup():
    """Its watchdog takes 10 s without a turn for a lockup, but for those in which nobody had one. (6.1 does not
    see them where its clock counts as unstable, as in the lab.)"""
    p = start(*kernel_args("debian-6.12-cloud", "watchdog_thresh=5"), "--cpus", "2",
              "--initrd", initrd(BUSY + "echo up; sleep 5"), "--fail-on-warning", "--timeout", "100s")
    read_until(p, "^up$")
    stop_and_go_on([p], 15)
    finish(p).expect(0, no_err=True)


@test(HOST)
def patterns_without_a_bound_are_refused():
    for option in "--expect", "--fail-on":
        run(option, r"(a+)(b*)\1\2c").expect(
            125, err=rf"^minivmm: {option}: '\(a\+\)\(b\*\)\\1\\2c': back-references would take a time "
                     r"without bounds, and are not supported; look for them in a --log afterwards$")
        run(option, "((a{100}){100}){100}").expect(125, err=rf"^minivmm: {option}: .* is too large: more than 500")


def wait_until(condition, what):
    until = time.monotonic() + 60
    while not condition():
        check(time.monotonic() < until, f"it never comes that {what}")
        time.sleep(0.01)


def has_vcpu(pid):
    for task in os.scandir(f"/proc/{pid}/task"):
        with open(task.path + "/comm", encoding="ascii") as f:
            if f.read().startswith("vcpu"):
                return True
    return False


def wait_until_full(reader):
    """The small pipe has what it takes: whoever writes more waits."""
    wait_until(lambda: struct.unpack("i", fcntl.ioctl(reader, termios.FIONREAD, bytes(4)))[0] > 0, "the guest prints")
    time.sleep(3)


def unread():
    """A small pipe that nobody reads: its two ends."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
    return reader, writer


@test(KVM, only="x86_64")  # elsewhere too little comes in that time
def nobody_reads_stdout():
    """The limit ends it, the output has a second more, the rest is said to be lost."""
    for args, seconds, status in (["--timeout", "3s"], 3, 124), ([], 0, 143):
        reader, writer = unread()
        p = flood(*args, stdout=writer)
        os.close(writer)
        if not args:
            wait_until_full(reader)
            p.send_signal(signal.SIGTERM)
        ends_soon(p, seconds, status, err=r"^minivmm: warning: the last \d+ bytes of console output were "
                                          "lost: they could not be written before the end$")
        os.close(reader)


@test(KVM, only="x86_64")  # elsewhere too little comes in that time
def nobody_reads_what_a_guest_that_powered_off_had_printed():
    reader, writer = unread()
    p = start("--kernel", guest_path("bytes"), "--cmdline", "lines=20 width=256", "--timeout", "5s",
              stdout=writer)
    os.close(writer)
    ends_soon(p, 5, 124, err="^minivmm: --timeout: the guest had ended, but what it printed was not written")
    os.close(reader)


@test(KVM, only="x86_64")  # elsewhere too little comes in that time
def nobody_reads_what_a_user_leaves():
    """Ctrl-a x ends a run with 0, as ever; what is lost is said."""
    reader, writer = unread()
    keys, terminal = pty.openpty()
    p = flood(stdout=writer, stdin=terminal)
    os.close(writer)
    wait_until_full(reader)
    os.write(keys, b"\x01x")
    ends_soon(p, 0, 0, err="bytes of console output were lost: they could not be written before the end$")
    for fd in reader, keys, terminal:
        os.close(fd)


@test(KVM, only="x86_64")  # elsewhere too little comes in that time
def nobody_reads_the_log():
    fifo = os.path.join(Setup.work, "log.fifo")
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    fcntl.fcntl(reader, fcntl.F_SETPIPE_SZ, 4096)
    ends_soon(flood("--quiet", "--timeout", "3s", "--log", fifo), 3, 124, err="bytes of console output were lost")
    os.close(reader)


@test(KVM)
def nobody_reads_stderr():
    """What there is to say is given up after a second."""
    reader, writer = unread()
    os.set_blocking(writer, False)
    try:
        while True:
            os.write(writer, b"x")
    except BlockingIOError:
        os.set_blocking(writer, True)
    for args, status in (["--timeout", "500ms"], 124), ([], 128 + signal.SIGTERM):
        p = flood(*args, stdout=writer, stderr=writer)
        if not args:
            time.sleep(1)
            p.send_signal(signal.SIGTERM)
        began = time.monotonic()
        check(p.wait(60) == status and time.monotonic() - began < SOON, f"status {p.returncode}")
    os.close(writer)
    os.close(reader)


@test(KVM)
def a_stdin_that_others_read_too():
    """Who sees that there is something to read and comes too late must not wait for more."""
    reader, writer = os.pipe()
    started = [start("--kernel", guest_path("silent"), "--memory", "16M", stdin=reader) for _ in range(4)]
    for _ in range(700):
        os.write(writer, b"x")
        time.sleep(0.002)
    for p in started:
        p.send_signal(signal.SIGTERM)
    for p in started:
        ends_soon(p, 0, 128 + signal.SIGTERM)
    os.close(reader)
    os.close(writer)


@test(KVM)
def a_stdin_that_is_for_writing():
    """The other side of what stdout writes to is not read: its reader would be missed by nobody."""
    reader, writer = os.pipe()
    p = start("--kernel", guest_path("flood"), stdin=writer, stdout=writer)
    os.close(writer)
    os.read(reader, 10)
    os.close(reader)
    ends_soon(p, 0, 128 + signal.SIGPIPE, err="^minivmm: stdout was closed by its reader$")


@test(KVM)
def a_stdin_that_is_a_socket():
    ours, theirs = socket.socketpair()
    p = start("--kernel", guest_path("echo"), stdin=theirs)
    theirs.close()
    ours.sendall(b"abcq")
    ends_soon(p, 0, 0, out="^abcq")
    ours.close()


@test(KVM, only="x86_64")
def lost_output_may_have_had_what_must_not_be_seen():
    """The guest does not wait for the UART, and its last words find no room."""
    reader, writer = unread()
    p = start("--kernel", guest_path("rude"), "--fail-on", "too much", stdout=writer)
    os.close(writer)
    wait_until(lambda: has_vcpu(p.pid), "there is a vCPU")
    until = time.monotonic() + 25
    while has_vcpu(p.pid):
        if time.monotonic() > until:
            p.kill()
            raise Skipped("a megabyte on the console takes too long here")
        time.sleep(0.01)
    while os.read(reader, 1 << 20):
        pass
    ends_soon(p, 0, 125, err=r"^minivmm: \d+ bytes of console output were lost, and nobody knows whether what "
                             "must not be seen was in them$")
    os.close(reader)


@test(HOST)
def what_is_written_is_another_file():
    kernel, new = scratch("the-kernel", b"a kernel"), os.path.join(Setup.work, "new-report")
    link = os.path.join(Setup.work, "link-to-the-kernel")
    os.symlink(kernel, link)
    inside = os.path.join(Setup.work, "..", os.path.basename(Setup.work), "new-report")
    for args, said in ((["--kernel", kernel, "--report", link], "--report: this is the file of --kernel"),
                       (["--initrd", kernel, "--log", kernel], "--log: this is the file of --initrd"),
                       (["--kernel", link, "--init", new, "--junit", kernel], "--junit: this is the file of --kernel"),
                       (["--report", new, "--junit", inside], "--junit: this is the file of --report"),
                       (["--report", new, "--junit", new], "--junit: this is the file of --report")):
        run(*args).expect(125, err=f"^minivmm: {said}, too; expected another$")
    run("--quiet", "--dry-run", "--log", "/dev/null", "--report", "/dev/null").expect(0)
    with open(scratch("stderr", b""), "w", encoding="utf-8") as f:
        check(start("--report", "/dev/stderr", stderr=f).wait(60) == 125, "the report takes stderr's place")
    with open(f.name, encoding="utf-8") as f:
        check(f.read() == "minivmm: --report: this is the file of stderr, too; expected another\n", "the line is lost")
    with open(kernel, encoding="utf-8") as f:
        check(f.read() == "a kernel", "it is not what it was")


@test(UNPACK)
def a_limit_of_file_sizes():
    """The cache does without, a report that does not fit is said, and nothing stays."""
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512))
    cache, report = os.path.join(Setup.work, "small-cache"), os.path.join(Setup.work, "small.json")
    run("--report", report, preexec_fn=limit).expect(125, err="^minivmm: --report: .*small.json: File too large$")
    payload = zlib.compress(bytes(1 << 20))
    packed = b"\x1f\x8b\x08" + bytes(7) + payload[2:-4] + struct.pack("<II", zlib.crc32(bytes(1 << 20)), 1 << 20)
    kernel = scratch("small-packed", bzimage_around(packed) if ARCH == "x86_64" else packed)
    r = run("--dry-run", "--kernel", kernel, preexec_fn=limit, env=dict(os.environ, XDG_CACHE_HOME=cache))
    check(r.status in (0, 125), r.describe())
    check(not os.listdir(cache + "/minivmm/unpacked"), "something is kept")


@test(HOST)
def a_small_stack_is_said():
    """Handlers have a stack of their own; what the process began does not stay."""
    report = os.path.join(Setup.work, "stack.json")
    for args in ([], ["--dry-run"], ["--report", report]):
        r = run(*args, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_STACK, (32 << 10, 32 << 10)))
        r.expect(125, err="^minivmm: the stack is full: `ulimit -s` allows 32 KiB of it")
    check(not [f for f in os.listdir(Setup.work) if f.startswith(".minivmm-")], "temporary files")
    with open(report, encoding="utf-8") as f:
        check(json.load(f)["ending"] == "died", "the report")


def make_bomb():
    """A kernel file of a megabyte that unpacks to a gigabyte. (Its check sum is wrong: all is unpacked first.)"""
    deflate = zlib.compressobj(1, zlib.DEFLATED, -15)
    piece = deflate.compress(bytes(1 << 24)) + deflate.flush(zlib.Z_FULL_FLUSH)
    packed = b"\x1f\x8b\x08" + bytes(7) + piece * 63 + deflate.flush() + bytes(8)
    if ARCH == "x86_64":
        packed = bzimage_around(packed)
    return packed


def bomb():
    """It as a file."""
    path = os.path.join(Setup.work, "bomb")
    return path if os.path.exists(path) else scratch("bomb", make_bomb())


def ignore_alarms():
    signal.signal(signal.SIGALRM, signal.SIG_IGN)


@test(UNPACK)
def what_takes_long_to_unpack_holds_neither_a_signal_nor_a_limit_up():
    report = os.path.join(Setup.work, "bomb.json")
    for args, before, status, ending, said in (
            ([], None, 143, "signal", "ended by signal 15"),
            ([], ignore_alarms, 143, "signal", "ended by signal 15"),
            (["--timeout", "50ms"], None, 124, "timeout", "--timeout: the guest was still being loaded"),
            (["--timeout", "50ms"], ignore_alarms, 124, "timeout", "--timeout: the guest was still being loaded")):
        p = start("--no-cache", "--kernel", bomb(), "--report", report, *args, preexec_fn=before)
        if not args:
            wait_until(lambda: rss_kib(p.pid) > 64 << 10, "it unpacks")
            p.send_signal(signal.SIGTERM)
        ends_soon(p, 1, status, err=f"^minivmm: {said}$")
        with open(report, encoding="utf-8") as f:
            r = json.load(f)
        check((r["ending"], r["status"], r["reason"]) == (ending, status, said), f"{r}")


@test(KVM, only="x86_64")
def what_takes_long_to_copy_does_not_hold_a_limit_up():
    """A vmlinux of a gigabyte, of which the disk has nothing."""
    path = scratch("large", elf())
    size, at = 1 << 30, 0x100000
    with open(path, "r+b") as f:
        f.truncate(size)
        f.seek(64)
        f.write(struct.pack("<IIQQQQQQ", 1, 5, 0, at, at, size, size, 4096))
        f.seek(24)
        f.write(struct.pack("<Q", at + 0x1000))
    ends_soon(start("--kernel", path, "--boot", "linux64", "--memory", "1200M",
                    "--timeout", "1ms"), 1, 124,
              err="^minivmm: --timeout: the guest was still being loaded$")


@test(KVM)
def an_alarm_of_the_callers_is_a_signal():
    p = start("--kernel", guest_path("spin"), preexec_fn=lambda: signal.setitimer(signal.ITIMER_REAL, 1))
    ends_soon(p, 1, 128 + signal.SIGALRM, err=r"^minivmm: ended by signal 14 \(Alarm clock\)$")

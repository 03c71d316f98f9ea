# SPDX-License-Identifier: BSD-3-Clause
"""Much output, long lines, bytes that are no text: nothing is lost, memory stays bounded."""
import json
import os
import re
import time

from harness import KERNEL, KVM, TIMEOUT, check, finish, guest, guest_path, scratch, start, test

# One period of what the guest "bytes" sends.
PATTERN = bytes(0x2e if b in (0x0a, 0x1b) else b for b in [*range(1, 256), 0])
MEMORY_MIB = 16


def peak_kib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        return int(re.search(r"^VmHWM:\s+(\d+)", f.read(), re.M).group(1))


def ten_seconds_of(guest_name, name):
    """Ends it with --timeout; returns its log and its report. Memory is bounded meanwhile."""
    log, report = scratch(name + ".log", b""), scratch(name + ".json", b"")
    p = start("--kernel", guest_path(guest_name), "--cmdline", "width=256", "--memory", f"{MEMORY_MIB}M",
              "--quiet", "--log", log, "--report", report, "--timeout", "10s", "--fail-on", "never this")
    while os.waitid(os.P_PID, p.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        try:
            peak = peak_kib(p.pid)
        except (AttributeError, OSError):  # it has just ended: no memory any more
            pass
        time.sleep(0.1)
    finish(p).expect(124, err="^minivmm: --timeout: the guest still ran after 10.000 s$")
    check(peak < (MEMORY_MIB + 8) * 1024, f"{peak} KiB at the peak")
    with open(log, "rb") as f, open(report, encoding="utf-8") as g:
        return f.read(), json.load(g)


@test(KVM)
def ten_seconds_of_numbered_lines_are_logged_complete():
    log, said = ten_seconds_of("flood", "numbered")
    whole = log.splitlines()[:-1]  # the last one was cut by the end
    wrong = [i for i, line in enumerate(whole) if not line.startswith(b"flood %d abc" % i)]
    check(len(whole) > 20 and not wrong, f"{len(whole)} lines, the first wrong one {wrong[:1]}")
    check(said["console"]["bytes"] == len(log), f"{said['console']['bytes']} sent, {len(log)} logged")


@test(KVM)
def ten_seconds_at_full_speed_are_logged_complete():
    log, said = ten_seconds_of("bytes", "full-speed")
    check(said["console"]["bytes"] == len(log), f"{said['console']['bytes']} sent, {len(log)} logged")
    check(len(log) > 4096, f"only {len(log)} bytes")
    whole = log[:len(log) - len(log) % 257]
    check(whole == (PATTERN + b"\n") * (len(whole) // 257), "other bytes than were sent")


@test(KVM, only="x86_64")  # elsewhere a million exits: an instruction sends one byte
def a_line_of_1_MiB_and_every_byte_arrive_unchanged():
    """What is matched stands after the first of the pieces that long lines are matched in."""
    path = scratch("bytes.log", b"")
    width = 1 << 20
    sent = PATTERN * (width // 256) + b"\nall sent\n"
    p = start("--kernel", guest_path("bytes"), "--cmdline", f"lines=1 width={width}", "--log", path,
              "--expect", "XYZ\\[", "--expect", "^all sent$", "--expect-ordered", "--fail-on", "never this")
    out, err = p.communicate(timeout=5 * TIMEOUT)  # a million exits
    check(p.returncode == 0 and err == b"", f"status {p.returncode}: {err!r}")
    with open(path, "rb") as f:
        logged = f.read()
    check(out == sent, f"{len(out)} of {len(sent)} bytes on stdout, or other ones")
    check(logged == sent, f"{len(logged)} of {len(sent)} bytes in the log, or other ones")


@test(KERNEL)
def UTF_8_passes_and_matches():
    text = "žluťoučký kůň, 北京, \U0001f427"
    # A dot is one byte, as in the C locale.
    guest(f"echo '{text}'", "--expect", f"^{text}$", "--expect", "^..lu.*北京").expect(0, f"^{text}$")

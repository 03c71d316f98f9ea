# SPDX-License-Identifier: BSD-3-Clause
"""--dry-run: all of a run but the guest, on any host."""
import os
import re

from harness import HOST, Setup, check, guest_path, run, scratch, test
from machine import MACHINE


@test(HOST)
def the_embedded_guest_is_described():
    r = run("--dry-run", "--memory", "4G", "--cpus", "3").expect(
        0, f"^kernel +embedded guest: {MACHINE.guest_format}", no_err=True)
    for line in (f"  entry +{MACHINE.protocols[0]}, at 0x", "CPUs +3$", "cmdline +console=ttyS0 panic=-1$"):
        r.expect(out=f"^{line}")
    r.expect(out="\n".join(f"^RAM +{piece}$" for piece in MACHINE.ram["4G"]))


@test(HOST)
def files_are_loaded():
    r = run("--dry-run", "--kernel", guest_path("exit"), "--boot", "linux64", "--initrd",
            scratch("initrd", b"x" * 5001)).expect(
                0, f"^kernel +.*/exit{MACHINE.guest_suffix}: {MACHINE.guest_format}, [0-9]+ bytes$")
    r.expect(out="^  entry +linux64, at 0x").expect(out="^initrd +5001 bytes$")
    first, last = re.search("^  occupies +0x([0-9a-f]+)-0x([0-9a-f]+)$", r.out, re.M).groups()
    entry = re.search("at 0x([0-9a-f]+)$", r.out, re.M).group(1)
    check(int(first, 16) <= int(entry, 16) <= int(last, 16), r.describe())


@test(HOST)
def the_errors_are_a_runs():
    for args, err in ((["--kernel", scratch("text", b"no kernel\n")], "text: this is a script or text file"),
                      (["--initrd", "/nonexistent"], "--initrd: /nonexistent: No such file"),
                      (["--expect", "("], "--expect: '\\(' is not a regular expression"),
                      (["--cmdline", "x" * 5000], "--cmdline: 5000 bytes long"),
                      (["--init", scratch("program", b"x")], "--init needs a --kernel")):
        r = run("--dry-run", *args).expect(125, r"\A\Z", rf"\Aminivmm: .*{err}.*\n\Z")
        check(r.err.count("\n") == 1, "not one line" + r.describe())


@test(HOST)
def nothing_is_written():
    before = sorted(os.listdir(Setup.work))
    paths = [os.path.join(Setup.work, name) for name in ("log", "r.json", "r.xml")]
    run("--dry-run", "--log", paths[0], "--report", paths[1], "--junit", paths[2]).expect(0)
    check(sorted(os.listdir(Setup.work)) == before, f"{os.listdir(Setup.work)}")


@test(HOST)
def a_full_disk_is_an_error():
    with open("/dev/full", "wb") as full:
        run("--dry-run", stdout=full).expect(125, err="^minivmm: stdout: No space left on device$")

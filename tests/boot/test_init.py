# SPDX-License-Identifier: BSD-3-Clause
"""--init: a program of the user's as the guest's only one, and several initrds."""
import os

from harness import HOST, KERNEL, Setup, check, guest_path, initrd, kernel_args, run, scratch, test
from machine import MACHINE


def program(name="program"):
    """tests/guests/linux/program.c, static, or as program_dynamic."""
    return os.path.join(Setup.guests, "..", "linux", name)


def init(path, arguments="", *args):
    return run(*kernel_args(), "--init", path, *args, "--", *arguments.split())


@test(KERNEL)
def a_static_binary_and_its_status():
    r = init(program()).expect(7, "^pid 1, proc 1, sys 1, dev 1$")
    r.expect(out="^last line without its end")
    r = init(program(), "42 two three").expect(42, "^argument 2: two$")
    r.expect(out="^argument 3: three$")
    init(program(), "0").expect(0, no_err=True)
    init(program(), "200").expect(99)


@test(KERNEL)
def arguments_are_any_bytes():
    """Those after "--" come first, then the kernel's own, which may have no blanks."""
    r = run(*kernel_args(cmdline="-- four"), "--init", program(), "--", "3", 'two "words" \'or\' so',
            "", "-k").expect(3, "^argument 2: two \"words\" 'or' so$")
    r.expect(out="^argument 3: $").expect(out="^argument 4: -k$").expect(out="^argument 5: four$")


@test(KERNEL)
def death_by_a_signal_is_named():
    init(program(), "abort").expect(
        99, r"minivmm-init: killed by signal 6 \(SIGABRT\)",
        r"^minivmm: the guest ended with status 99: killed by signal 6 \(SIGABRT\)$")
    init(program(), "term").expect(99, r"minivmm-init: killed by signal 15 \(SIGTERM\)")


@test(KERNEL)
def a_script_with_its_interpreter_in_an_initrd():
    script = scratch("script", b"#!/bin/busybox sh\necho script $0 $@\nexit 23\n")
    init(script, "one", "--initrd", Setup.initramfs).expect(23, "^script /minivmm/init one$")
    init(script).expect(99, "minivmm-init: cannot run: No such file or directory")


@test(KERNEL)
def a_dynamic_binary_is_named():
    init(program("program_dynamic")).expect(99, "cannot run: .*is it a static binary")


@test(KERNEL)
def initrds_are_put_together():
    extra = initrd("cat /extra", files=[("extra", b"from the second archive")], name="second")
    # The base of both is the same; what the second has is there only if it was unpacked, too.
    run(*kernel_args(), "--initrd", Setup.initramfs, "--initrd", extra).expect(
        0, "^from the second archive")


@test(HOST)
def what_cannot_be_an_init():
    kernel = scratch("kernel", b"x")
    for path, err in ((scratch("text", b"hello"), "neither an ELF"), ("/nonexistent", "No such file"),
                      (Setup.work, "this is a directory")):
        r = run("--kernel", kernel, "--init", path).expect(125, err="^minivmm: --init: " + path)
        check(r.err.count("\n") == 1 and err in r.err, r.describe())
    run("--init", program()).expect(125, err="--init needs a --kernel")


@test(HOST)
def a_dry_run_says_what_would_run():
    script = scratch("script", b"#!/bin/sh\n")
    r = run("--dry-run").expect(0, f"^kernel +embedded guest: {MACHINE.guest_format}, ", no_err=True)
    r.expect(out=f"^RAM +{MACHINE.ram['512M'][-1]}$")
    run("--dry-run", "--kernel", guest_path("silent"), "--init", script, "-m", "5G", "-s", "3",
        "--", "x").expect(0, "^CPUs +3$").expect(out=r"^initrd +[1-9][0-9]+ bytes$").expect(
            out=f"^RAM +{MACHINE.ram['5G'][-1]}$")
    run("--dry-run", "--boot", "linux64", "--kernel", guest_path("silent")).expect(0)
    run("--dry-run", "--kernel", script).expect(125, err="^minivmm: .*script or text file")
    run("--dry-run", "--expect", "(").expect(125, err="^minivmm: --expect: '\\(' is not")

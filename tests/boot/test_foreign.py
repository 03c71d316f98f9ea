# SPDX-License-Identifier: BSD-3-Clause
"""Kernels that are not Linux, as their packages have them: memtest86+, GRUB, Xen."""
from harness import MATRIX, Setup, Skipped, check, run, test
from test_errors import refused
from test_inspect import boots, inspect


def file_of(name):
    if name not in Setup.foreign:
        raise Skipped(f"no {name} was given")
    return Setup.foreign[name]


@test(MATRIX, only="x86_64")
def memtest86_tests_the_memory():
    """It moves the cursor between the parts of its screen, and never ends a line."""
    screen = (r"Memtest86\+ v[0-9]", r"Memory *: *64MB", r"\[Moving inversions")
    run("--kernel", file_of("memtest86+"), "--cmdline", "console=ttyS0,115200", "--memory", "64M",
        *(arg for pattern in screen for arg in ("--expect", pattern)), "--expect-ordered",
        "--until-expected", "--fail-on", "Errors: *[1-9]", "--timeout", "100s").expect(0, no_err=True)


@test(MATRIX, only="x86_64")
def grub_halts_without_xens_hypercalls():
    for cpus, others in ((1, ""), (4, "; 3 never started")):
        r = run("--kernel", file_of("grub"), "--cpus", str(cpus), "--timeout", "60s")
        r.expect(102, r"\A\Z", "^minivmm: vCPU 0: halted with interrupts off at 0x10[0-9a-f]{4}, and nothing "
                               f"can wake it{others}$")


@test(MATRIX, only="x86_64")
def xen_is_refused():
    """As it is packaged, it is for multiboot alone."""
    refused(run("--kernel", file_of("xen")), "inside this gzip file: ELF: a 32-bit kernel needs a PVH entry: "
                                             "there is no PVH note$")


@test(MATRIX, only="x86_64")
def grub_and_xen_are_inspected():
    grub = inspect(file_of("grub"))
    check(grub["architecture"] == "i386" and boots(grub)[("x86_64", "pvh", False)], str(grub))
    xen = inspect(file_of("xen"))
    check(xen["architecture"] == "i386" and not any(boots(xen).values()), str(xen))
    for name in ("grub", "xen"):
        run("inspect", file_of(name)).expect(0, "^architecture +i386$", no_err=True)
    run("inspect", file_of("xen")).expect(0, r"^multiboot header \(inside\)$")

# SPDX-License-Identifier: BSD-3-Clause
"""examples/vmm.c, as the build makes it: a program for x86_64."""
import os
import subprocess

from harness import KERNEL, KVM, Run, Setup, initrd, test, text

BUILD = "../../.."  # from the tiny guests' folder


def example(*args):
    command = [os.path.join(Setup.guests, BUILD, "examples/vmm"), *args]
    p = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=120,
                       check=False)
    return Run(command, p.returncode, text(p.stdout), text(p.stderr), 0)


@test(KVM, only="x86_64")
def the_embedded_guest():
    guest = os.path.join(Setup.guests, BUILD, "guest/hello/x86_64/guest.elf")
    r = example(guest).expect(0, "^protocol: PVH, start_info version 1$", no_err=True)
    r.expect(out="^command line: console=ttyS0$").expect(out="^power off: ACPI")


@test(KVM, only="x86_64")
def bad_files():
    example("/etc/passwd").expect(1, err="^vmm: this is a script or text file; expected an x86_64")
    example("/nonexistent").expect(1, err="^vmm: /nonexistent: No such file")
    example().expect(1, err="^vmm: usage: vmm KERNEL")


@test(KERNEL, only="x86_64")
def stock_kernels_to_their_init():
    rd = initrd("uname -s; cat /proc/cmdline")
    for kernel in Setup.kernels["debian-6.1-cloud"]:  # bzImage and vmlinux: linux64 and PVH
        r = example(kernel, rd, "panic=-1 quiet").expect(0, "^Linux$")
        r.expect(out="^console=ttyS0 panic=-1 quiet$")

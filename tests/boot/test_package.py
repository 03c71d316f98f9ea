# SPDX-License-Identifier: BSD-3-Clause
"""The tests that the Debian package brings, debian/tests, with the minivmm that was just built.

scripts/package runs them with the one that is installed from it.
"""
import os
import shutil
import subprocess

from harness import KERNEL, KVM, TIMEOUT, Setup, Skipped, check, test

TREE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
SKIPPED = 77


def packaged(name, *args):
    path = os.path.dirname(os.path.abspath(Setup.minivmm)) + ":" + os.environ["PATH"]
    return subprocess.run([os.path.join(TREE, "debian/tests", name), *args], cwd=TREE, stdin=subprocess.DEVNULL,
                          env=dict(os.environ, PATH=path, AUTOPKGTEST_TMP=Setup.work), text=True, timeout=TIMEOUT,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)


@test(KVM)
def the_embedded_guest():
    p = packaged("embedded-guest")
    check(p.returncode == 0 and "This host can run guests." in p.stdout, p.stdout)


@test(KERNEL, only="x86_64")  # a lab machine for aarch64 has no compiler
def a_stock_kernel():
    if not shutil.which("cc"):
        raise Skipped("there is no cc")
    p = packaged("stock-kernel", Setup.kernels["debian-6.1-cloud"][0])
    check(p.returncode == 0 and "in the guest: Linux on " in p.stdout, p.stdout)


@test(KVM, only="x86_64")
def a_kvm_without_hardware_boots_no_stock_kernel():
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        if set(f.read().split()) & {"svm", "vmx"}:
            raise Skipped("there is hardware behind /dev/kvm")
    p = packaged("stock-kernel", "/nonexistent")
    check(p.returncode == SKIPPED and p.stdout == "SKIP: /dev/kvm has no hardware behind it\n", p.stdout)

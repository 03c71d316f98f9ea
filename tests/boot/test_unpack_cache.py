# SPDX-License-Identifier: BSD-3-Clause
"""The cache of unpacked kernels."""
import glob
import gzip
import os

from harness import KERNEL, Setup, check, run, scratch, test
from machine import ARCH


def packed_kernel():
    """A bzImage has its kernel packed; arm64's Image.gz is made once."""
    kernel = Setup.kernels["debian-6.1-cloud"][0]
    if ARCH == "x86_64":
        return kernel
    path = os.path.join(Setup.work, "packed.gz")
    if not os.path.exists(path):
        with open(kernel, "rb") as f:
            scratch("packed.gz", gzip.compress(f.read(), 1))
    return path


def dry_run(base, *args):
    return run("--dry-run", "--kernel", packed_kernel(), *args,
               env=dict(os.environ, XDG_CACHE_HOME=base))


def new_base(name):
    return os.path.join(Setup.work, name)


@test(KERNEL)
def unpacked_once():
    folder = new_base("cache")
    dry_run(folder, "--no-cache").expect(0, "^  unpacked by minivmm$", no_err=True)
    check(not os.path.exists(folder), "--no-cache makes a folder")
    dry_run(folder).expect(0, "^  unpacked by minivmm$", no_err=True)
    dry_run(folder).expect(0, "^  unpacked from the cache$", no_err=True)
    dry_run(folder, "--no-cache").expect(0, "^  unpacked by minivmm$", no_err=True)


@test(KERNEL)
def a_damaged_cache_is_made_anew():
    folder = new_base("damaged")
    dry_run(folder).expect(0)
    file, = glob.glob(folder + "/minivmm/unpacked/*")
    with open(file, "r+b") as f:
        f.seek(12345678)
        f.write(b"damage")
    dry_run(folder).expect(0, "^  unpacked by minivmm$", no_err=True)
    dry_run(folder).expect(0, "^  unpacked from the cache$", no_err=True)


@test(KERNEL)
def a_cache_that_cannot_be():
    dry_run("/proc/nowhere").expect(0, "^  unpacked by minivmm$", no_err=True)
    dry_run(scratch("file", b"no folder")).expect(0, "^  unpacked by minivmm$", no_err=True)

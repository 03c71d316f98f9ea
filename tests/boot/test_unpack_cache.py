# SPDX-License-Identifier: BSD-3-Clause
"""The cache of unpacked kernels."""
import glob
import os
from concurrent.futures import ThreadPoolExecutor

from harness import KERNEL, Setup, check, run, scratch, test
from machine import ARCH
from test_arm64 import form_of


def packed_kernel():
    """A bzImage has its kernel packed."""
    if ARCH == "x86_64":
        return Setup.kernels["debian-6.1-cloud"][0]
    return form_of("debian-6.1-cloud", "Image.gz")


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
def many_at_once():
    """Each makes the file or finds it, and one whole file is what they leave."""
    folder = new_base("many")
    with ThreadPoolExecutor(6) as pool:
        for r in pool.map(lambda _: dry_run(folder), range(12)):
            r.expect(0, "^  unpacked (by minivmm|from the cache)$", no_err=True)
    left = glob.glob(folder + "/minivmm/unpacked/*")
    check(len(left) == 1, f"left are {left}")
    dry_run(folder).expect(0, "^  unpacked from the cache$", no_err=True)


@test(KERNEL)
def a_cache_that_cannot_be():
    dry_run("/proc/nowhere").expect(0, "^  unpacked by minivmm$", no_err=True)
    dry_run(scratch("file", b"no folder")).expect(0, "^  unpacked by minivmm$", no_err=True)

#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs the end-to-end tests and ends with a line "N passed, N failed, N skipped".

Status 0 when none failed. scripts/test calls it, on this machine and in the lab.
"""
import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback

import harness
import test_arm64
import test_ci
import test_completions
import test_console
import test_docs
import test_dryrun
import test_endings
import test_errors
import test_examples
import test_extras
import test_files
import test_flood
import test_foreign
import test_formats
import test_guests
import test_hardware
import test_init
import test_initrd
import test_inspect
import test_kaslr
import test_kernels
import test_ktap
import test_limits
import test_package
import test_repeat
import test_report
import test_rtc
import test_small_kernel
import test_uki
import test_unpack_cache
import test_watch
from harness import (FILES, HOST, KERNEL, MATRIX, NEEDS, SHELL, SMALL, TOOLS, UNPACK, Failed, Setup,
                     Skipped)
from machine import ARCH


def why_not(needs):
    """Why a test with these needs cannot run here, or None."""
    if needs in TOOLS and ARCH != "x86_64":
        return "the kernels of docs/ci.md are x86_64's"
    if needs in (HOST, SHELL, UNPACK):
        return None
    if needs == FILES:
        return None if Setup.kernels else "no kernels were given"
    if not os.path.exists("/dev/kvm"):
        return "there is no /dev/kvm"
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "no permission to use /dev/kvm"
    if needs in (KERNEL, SMALL, MATRIX):
        with open("/proc/cpuinfo", encoding="utf-8") as f:
            flags = set(f.read().split())
        if ARCH == "x86_64" and not flags & {"svm", "vmx"}:
            return "/dev/kvm has no hardware behind it"
        if not Setup.kernels:
            return "no kernels were given"
    if needs == SMALL and "small" not in Setup.kernels:
        return "no kernel with KUnit and LKDTM was given"
    for tool in TOOLS.get(needs, ()):
        if not shutil.which(tool):
            return f"there is no {tool}"
    return None


def run_one(name, needs, function):
    """Returns "ok", "FAIL" or "SKIP", after printing it."""
    reason = why_not(needs)
    if reason:
        print(f"SKIP {name}: {reason}", flush=True)
        return "SKIP"
    began = time.monotonic()
    try:
        function()
    except Failed as e:
        print(f"FAIL {name}: {e}", flush=True)
        return "FAIL"
    except Skipped as e:
        print(f"SKIP {name}: {e}", flush=True)
        return "SKIP"
    except Exception:  # a broken test is a failed test
        print(f"FAIL {name}:\n{traceback.format_exc()}", flush=True)
        return "FAIL"
    print(f"ok   {name} ({time.monotonic() - began:.1f} s)", flush=True)
    return "ok"


def hear_signals():
    """A background shell hands SIGINT and the like down as ignored; the tests send them."""
    for sig in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM, signal.SIGTSTP):
        if signal.getsignal(sig) == signal.SIG_IGN:
            signal.signal(sig, signal.SIG_DFL)


def parse():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--minivmm", required=True, help="the executable")
    p.add_argument("--guests", required=True, help="folder of the tiny guests")
    p.add_argument("--initramfs", default="", help="the base initramfs")
    p.add_argument("--kernel", action="append", default=[], metavar="NAME=FILE[,VMLINUX]",
                   help="a bzImage and its vmlinux, or an arm64 Image")
    p.add_argument("--image", action="append", default=[], metavar="NAME=FILE", help="an arm64 Image")
    p.add_argument("--foreign", action="append", default=[], metavar="NAME=FILE",
                   help="a kernel that is not Linux: memtest86+, grub, xen")
    p.add_argument("--stub", default="", metavar="FILE", help="systemd's stub for unified kernel images")
    p.add_argument("--needs", action="append", choices=NEEDS,
                   help="only tests with these needs (default: all)")
    p.add_argument("--shard", default="0/1", metavar="I/N", help="every Nth test, from the Ith on")
    p.add_argument("--only", action="append", metavar="TEXT",
                   help="only tests with TEXT in their name; repeatable")
    return p.parse_args()


def selected(args):
    index, shards = (int(n) for n in args.shard.split("/"))
    chosen = [t for t in harness.tests
              if any(text in t[0] for text in args.only or [""])
              and (not args.needs or t[1] in args.needs)]
    return chosen[index::shards]


def main():
    args = parse()
    hear_signals()
    Setup.minivmm = os.path.abspath(args.minivmm)
    Setup.guests = os.path.abspath(args.guests)
    Setup.initramfs = args.initramfs
    Setup.stub = args.stub
    for kernel in args.kernel:
        name, paths = kernel.split("=", 1)
        Setup.kernels[name] = tuple(paths.split(","))
    Setup.images = dict(image.split("=", 1) for image in args.image)
    Setup.foreign = dict(kernel.split("=", 1) for kernel in args.foreign)
    counts = {"ok": 0, "FAIL": 0, "SKIP": 0}
    with tempfile.TemporaryDirectory(prefix="minivmm-test.") as Setup.work:
        for name, needs, function in selected(args):
            counts[run_one(name, needs, function)] += 1
    print(f"{counts['ok']} passed, {counts['FAIL']} failed, {counts['SKIP']} skipped", flush=True)
    return 1 if counts["FAIL"] else 0


if __name__ == "__main__":
    sys.exit(main())

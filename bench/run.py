#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Times minivmm beside QEMU's microvm on this machine's /dev/kvm and prints a table.

scripts/bench calls it with what it needs; README.md tells what each line means. A command that
fails or hangs ends everything with status 1 and what it printed.
"""
import argparse
import os
import re
import subprocess
import sys

import baseline
import targets
from baseline import TIMEOUT, Failed, print_head, print_row


def machine(where):
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        model = re.search(r"^model name\s*:\s*(.*)$", f.read(), re.M)
    return (f"{where}: {model.group(1) if model else os.uname().machine}, "
            f"{os.cpu_count()} CPU(s), Linux {os.uname().release}")


def qemu_version(executable):
    out = subprocess.run([executable, "--version"], check=True, text=True, stdout=subprocess.PIPE,
                         timeout=TIMEOUT)
    return out.stdout.splitlines()[0]


def positive(text):
    if int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text}: expected at least 1")
    return int(text)


def options():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--where", required=True, help="what this machine is, in words")
    p.add_argument("--runs", type=positive, default=20, help="of each tiny guest")
    p.add_argument("--boots", type=positive, default=5, help="of each kernel")
    p.add_argument("--minivmm", required=True, help="the static executable, stripped: it is timed")
    p.add_argument("--minivmm-dynamic", required=True, help="the dynamic one, stripped")
    p.add_argument("--qemu", required=True)
    p.add_argument("--busybox", required=True)
    p.add_argument("--floor", required=True, help="floor.c, static")
    p.add_argument("--first", required=True, help="first.S as an ELF file")
    p.add_argument("--first-byte", required=True, help="first.S with -DBYTE")
    p.add_argument("--first-1m", required=True, help="first.S with -DPAD=1048576")
    p.add_argument("--first-60m", required=True, help="first.S with -DPAD=62914560")
    p.add_argument("--initramfs", required=True)
    p.add_argument("--minivmm-musl", required=True, help="stripped, musl, without decompressors")
    p.add_argument("--kernel", action="append", required=True, metavar="NAME,BZIMAGE,VMLINUX")
    p.add_argument("--part", action="append", choices=PARTS, help="only this (repeatable)")
    p.add_argument("--verbose", action="store_true", help="threads and largest mappings, on stderr")
    return p.parse_args()


def kernels(o):
    return [kernel.split(",") for kernel in o.kernel]


def print_times_head():
    print_head("time, in ms", "of", "runs", "min", "median", "ratio")


def start(o):
    print_times_head()
    baseline.bench_first(o)
    targets.bench_start(o)


def boots(o):
    print_times_head()
    for kernel in kernels(o):
        baseline.bench_boots(o, *kernel)


def console(o):
    print_times_head()
    targets.bench_console(o, *kernels(o)[0])


def counts(o):
    targets.print_boots(o, kernels(o))


def memory(o):
    print_head("memory beside guest RAM, in KiB", "of", "Pss", "anonymous", "input", "threads")
    baseline.bench_memory(o, *kernels(o)[0])


def sizes(o):
    print_head("executable, stripped", "of", "bytes")
    print_row("static, glibc", "minivmm", os.path.getsize(o.minivmm))
    print_row("static, musl, no decompressors", "minivmm", os.path.getsize(o.minivmm_musl))
    print_row("dynamic, without its libraries", "minivmm", os.path.getsize(o.minivmm_dynamic))
    print_row("dynamic, without its libraries", "QEMU", os.path.getsize(o.qemu))


PARTS = {part.__name__: part for part in (start, boots, console, counts, memory, sizes)}


def main():
    try:
        o = options()
        print(f"machine: {machine(o.where)}\nbeside: {qemu_version(o.qemu)}")
        for part in o.part or PARTS:
            PARTS[part](o)
    except (Failed, OSError, subprocess.SubprocessError) as e:
        print(f"bench/run.py: {e}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

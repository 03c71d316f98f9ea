#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Boots bzImages many times, each time at random addresses, and counts the addresses.

Not part of scripts/test: 200 boots take about 20 minutes in the lab machine,
    tests/lab/lab --timeout 0 -- tests/boot/kaslr_boots.py --minivmm EXE --initramfs FILE BZIMAGE...
Status 0 when every boot reached its init and the kernel lay at more than one address.
"""
import argparse
import re
import sys
import tempfile

from harness import Setup, initrd, run

COMMAND = ("echo 0 >/proc/sys/kernel/kptr_restrict; grep ' _text$' /proc/kallsyms; "
           "grep 'Kernel code' /proc/iomem")
SEEN = r"^([0-9a-f]+) . _text[^$]*?^ *([0-9a-f]+)-[0-9a-f]+ : Kernel code"


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--minivmm", required=True)
    p.add_argument("--initramfs", required=True)
    p.add_argument("--boots", type=int, default=200)
    p.add_argument("--cmdline", default="", help="more of it, say pti=on")
    p.add_argument("bzimage", nargs="+")
    o = p.parse_args()
    virtual, physical, failed = set(), set(), 0
    with tempfile.TemporaryDirectory() as work:
        Setup.minivmm, Setup.initramfs, Setup.work = o.minivmm, o.initramfs, work
        rd = initrd(COMMAND)
        for i in range(o.boots):
            r = run("--kernel", o.bzimage[i % len(o.bzimage)], "--initrd", rd, "--memory", "256M",
                    "--timeout", "2m", "--cmdline", f"console=ttyS0 panic=-1 quiet {o.cmdline}")
            found = re.search(SEEN, r.out, re.M | re.S)
            if r.status or not found:
                failed += 1
                print(f"boot {i}:{r.describe()}", flush=True)
                continue
            virtual.add(found.group(1))
            physical.add(found.group(2))
    print(f"{o.boots} boots, {failed} failed, {len(virtual)} virtual and {len(physical)} physical "
          "addresses")
    return 0 if not failed and len(virtual) > 1 and len(physical) > 1 else 1


if __name__ == "__main__":
    sys.exit(main())

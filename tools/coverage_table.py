#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The table of scripts/coverage, from llvm-cov's JSON on stdin.

coverage_table.py [--uncovered] TREE LINES BRANCHES: status 1 when less per cent are reached.
"""
import fnmatch
import json
import os
import sys

# The loader, the pure builders and the boards: see check-includes.py.
MEASURED = ["loader/*", "arch/devdesc.c", "arch/*/board.c", "arch/x86_64/acpi*.c", "arch/x86_64/aml.c",
            "arch/x86_64/e820.c", "arch/x86_64/firmware.c", "arch/x86_64/mptable.c", "arch/x86_64/paging.c", "arch/x86_64/pvh.c",
            "arch/x86_64/zeropage.c", "arch/aarch64/dtb*.c"]


def percent(covered, count):
    return 100 * covered / count if count else 100


def print_row(name, *pairs):
    print(f"{name:24}" + "".join(f"{c:6}/{n:<5}{percent(c, n):5.1f} %" for c, n in pairs))


def print_uncovered(name, file):
    """Regions that no test enters; then the sides of branches that none takes."""
    for line, column, count, has_count, is_entry, is_gap in file["segments"]:
        if has_count and is_entry and not is_gap and count == 0:
            print(f"{name}:{line}:{column}: not reached")
    for line, column, _, _, true, false, *_ in file["branches"]:
        if not true or not false:
            print(f"{name}:{line}:{column}: never {'true' if not true else 'false'}")


def main():
    arguments = sys.argv[1:]
    uncovered = arguments[0] == "--uncovered" and bool(arguments.pop(0))
    tree, limits = arguments[0], [int(n) for n in arguments[1:3]]
    files = {os.path.relpath(f["filename"], tree): f for f in json.load(sys.stdin)["data"][0]["files"]}
    totals = [[0, 0], [0, 0]]
    print(f"{'':24}{'lines':>12}{'branches':>19}")
    for name, file in sorted(files.items()):
        pairs = [(file["summary"][k]["covered"], file["summary"][k]["count"]) for k in ("lines", "branches")]
        if not any(fnmatch.fnmatch(name, p) for p in MEASURED) or not pairs[0][1]:
            continue
        print_row(name, *pairs)
        for total, (covered, count) in zip(totals, pairs):
            total[0] += covered
            total[1] += count
        if uncovered and name.endswith(".c"):  # what a header has is counted once for each that includes it
            print_uncovered(name, file)
    print_row("all", *totals)
    for what, total, limit in zip(("lines", "branches"), totals, limits):
        if percent(*total) < limit:
            print(f"less than {limit} % of the {what}")
            return 1
    return 0 if totals[0][1] else 1


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Checks who includes whom, and who may name what: vmm -> arch -> loader, downwards only.

The tables below are the rules; a file is judged by the last row whose pattern fits it. Prints a
line for each include or name that breaks them; status 1 when there is one.
"""
import fnmatch
import re
import subprocess
import sys

# (files, prefixes of our own headers that they may include)
ALLOWED = [
    ("loader/*", ["loader/"]),
    ("arch/*", ["arch/", "loader/"]),
    ("arch/init/*", ["machine.h"]),
    ("vmm/*", ["vmm/", "arch/", "loader/"]),
    ("vmm/watch/*", ["vmm/watch/", "vmm/clock.h", "loader/err.h"]),
    ("vmm/devices/*", ["vmm/devices/"]),
]

# Only these may name KVM's interface (KVM_..., struct kvm_..., <linux/kvm.h>).
KVM = ["arch/kvm.[ch]", "arch/*/vcpu*.c", "arch/*/cpuid.[ch]", "arch/*/gic.c", "arch/*/pic.c", "vmm/run.c"]

# The loader, the builders and the boards are pure: no printing, no exit, no threads, no descriptors.
PURE = ["loader/*.[ch]", "arch/devdesc.[ch]", "arch/board.h", "arch/*/board.c", "arch/*/layout.h",
        "arch/x86_64/acpi*", "arch/x86_64/aml*",
        "arch/x86_64/e820*", "arch/x86_64/firmware*", "arch/x86_64/mptable*",
        "arch/x86_64/paging*", "arch/x86_64/place*", "arch/x86_64/pvh*", "arch/x86_64/zeropage*",
        "arch/aarch64/dtb*", "arch/aarch64/mpidr.h"]
IMPURE = re.compile(r"\b(f?printf|puts|fputs|perror|exit|_exit|abort|malloc|calloc|pthread_\w+|ioctl|"
                    r"realloc|mmap|open|read|write|getrandom)\s*\(|#include <(unistd|pthread|sys/ioctl|sys/mman|fcntl)\.h>")

# Options are vmm/'s: what lies below it states a fact, and the VMM adds the option.
NO_OPTIONS = ["loader/*", "arch/*"]
OPTION = re.compile(r"--[a-z][a-z0-9=-]*")
OTHERS_OPTIONS = ["--device", "--check=crc32"]  # of container managers; of xz

# What is unpacked has no room before: the one place of the loader that allocates.
ALLOCATES = ["loader/decompress.c", "loader/codec_*.c"]
ALLOCATION = re.compile(r"\b(m|c|re)alloc\s*\(")


def fits(path, patterns):
    return any(fnmatch.fnmatch(path, p) for p in patterns)


def without_comments(text):
    """Keeps the line numbers."""
    return re.sub(r"/\*.*?\*/|\"(\\.|[^\"\\\n])*\"", lambda m: re.sub(r"[^\n]", " ", m.group()) if
                  m.group().startswith("/*") else m.group(), text, flags=re.S)


def complaints(path, lines):
    allowed = [prefixes for pattern, prefixes in ALLOWED if fnmatch.fnmatch(path, pattern)][-1]
    for number, line in enumerate(lines, 1):
        own = re.match(r'\s*#include "([^"]+)"', line)
        if own and not any(own.group(1).startswith(prefix) for prefix in allowed):
            yield f"{path}:{number}: may not include {own.group(1)}"
        code = re.sub(r'"(\\.|[^"\\])*"', '""', line)
        if not fits(path, KVM) and re.search(r"\bKVM_[A-Z]|<linux/kvm\.h>", code):
            yield f"{path}:{number}: names KVM's interface, which is for {' '.join(KVM)}"
        for literal in re.findall(r'"((?:\\.|[^"\\])*)"', line):
            for option in OPTION.findall(literal):
                if fits(path, NO_OPTIONS) and option not in OTHERS_OPTIONS:
                    yield f"{path}:{number}: names the option {option}, which is for vmm/"
        if fits(path, ALLOCATES):
            code = ALLOCATION.sub("(", code)
        if fits(path, PURE) and IMPURE.search(code):
            yield f"{path}:{number}: is not pure: {code.strip()}"


def main():
    files = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "loader", "arch", "vmm"],
                           check=True, text=True, stdout=subprocess.PIPE).stdout.split()
    bad = 0
    for path in files:
        if path.endswith((".c", ".h")) and "/guest/" not in path:
            with open(path, encoding="utf-8") as f:
                for complaint in complaints(path, without_comments(f.read()).splitlines()):
                    print(complaint)
                    bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

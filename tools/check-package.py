#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Checks what packaging says against meson.build and scripts/lib.sh, without building anything.

The version in CHANGELOG.md and debian/changelog; the library's package, named by its SONAME; what
a build needs. Prints a line for each that differs; status 1 when there is one.
"""
import os
import re
import sys

TREE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")

# Of what scripts/lib.sh installs for a build, Debian has these wherever packages are built, or meson
# brings them.
IMPLIED = {"gcc", "libc6-dev", "ninja-build"}


def find(pattern, path):
    """The pattern's group, as it is first found in the file."""
    with open(os.path.join(TREE, path), encoding="utf-8") as f:
        found = re.search(pattern, f.read(), re.M | re.S)
    if not found:
        sys.exit(f"{path}: nothing fits {pattern!r}")
    return found.group(1)


def complaints():
    version = find(r"^ +version: '([^']*)'", "meson.build")
    for path, pattern in (("CHANGELOG.md", r"^## (\S+)$"), ("debian/changelog", r"\Aminivmm \((.*?)\)")):
        other = find(pattern, path)
        if other != version:
            yield f"{path}: begins with version {other}, meson.build has {version}"
    if find(r'^\.TH [^"]*"minivmm ([^"]*)"', "docs/minivmm.1") != "@VERSION@":
        yield "docs/minivmm.1: has a version of its own, expected @VERSION@"
    soversion = find(r"soversion: '(\d+)'", "arch/meson.build")
    packaged = find(r"^Package: libminivmm-loader(\d+)$", "debian/control")
    if packaged != soversion:
        yield f"debian/control: libminivmm-loader{packaged}, arch/meson.build has the soversion {soversion}"
    needs = set(find(r"^build_packages='(.*?)'", "scripts/lib.sh").split()) - IMPLIED
    declared = set(re.findall(r"[a-z0-9.+-]+(?= *[(,\n<])", find(r"^Build-Depends:(.*?)^\S", "debian/control")))
    for name in sorted(needs - declared):
        yield f"debian/control: Build-Depends lacks {name}, which scripts/lib.sh has"


def main():
    found = list(complaints())
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Makes the headers that are installed of the tree's own.

usage: gen-headers.py TREE FOLDER HEADER...

loader/x.h and arch/x.h become FOLDER/x.h, arch/ARCH/x.h becomes FOLDER/ARCH/x.h; what they
include of each other follows, as <minivmm/...>. A header that includes one that is not in the list
is refused.
"""
import os
import re
import shutil
import sys


def installed(path):
    return path.split("/", 1)[1]


def convert(path, text, public):
    def include(match):
        if match.group(1) not in public:
            sys.exit(f"{path} is public and includes {match.group(1)}, which is not")
        return f"#include <minivmm/{installed(match.group(1))}>"

    text = re.sub(r'^#include "([^"]+)"', include, text, flags=re.M)
    return re.sub(r"\b(LOADER|ARCH)_(\w+_H)\b", r"MINIVMM_\2", text)


def main(tree, folder, *headers):
    public = [os.path.relpath(h, tree) for h in headers]
    shutil.rmtree(folder, ignore_errors=True)
    for path in public:
        with open(os.path.join(tree, path), encoding="utf-8") as f:
            text = convert(path, f.read(), public)
        target = os.path.join(folder, installed(path))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w", encoding="utf-8") as f:
            f.write(text)


if __name__ == "__main__":
    main(*sys.argv[1:])

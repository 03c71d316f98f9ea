#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Compares the documents with the tree: check-docs.py [TREE]

- Every file that docs/reading.md lists exists, and so does every function that it names; the files
  are at most 30, of 6,000 lines together.
- README.md and docs/reading.md state the number of these lines, and that of all sources of the
  program, and are wrong by at most 2 %.
- CONTRIBUTING.md has a row for each room of vmm/; the header that it names as the room's front
  door says so itself.
- Every path of the tree in backquotes, and every file that a link names, exists.

Prints the sums and a line for each mistake; status 1 when there is one.
"""
import glob
import os
import re
import sys

READING = "docs/reading.md"
MOST_FILES, MOST_LINES = 30, 6000
MOST_DEVIATION = 0.02

DOCUMENTS = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "bench/README.md", "docs/*.md"]
PROGRAM = ["loader", "arch", "guest", "vmm"]
TREE = PROGRAM + ["bench", "debian", "docs", "examples", "scripts", "tests", "tools"]

# Paths of other projects that look like ours.
FOREIGN = {"docs/misc/pvh.pandoc",       # Xen
           "scripts/extract-vmlinux"}    # Linux

CLAIM = re.compile(r"the core is about ([\d,]+) lines, and the whole program about ([\d,]+)", re.I)
PATH = re.compile(r"`((?:%s)/[\w./*-]*|[\w-]+\.(?:c|h|S|py))(?:[ `])" % "|".join(TREE))
LINK = re.compile(r"\]\(([^):#\s]+)(?:#[^)\s]*)?\)")


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def lines_of(paths):
    return sum(read(path).count("\n") for path in paths if os.path.isfile(path))


def sources():
    """The program's files, by path."""
    return [os.path.join(folder, name) for top in PROGRAM for folder, _, names in os.walk(top)
            for name in names if name.endswith((".c", ".h", ".S"))]


def check_reading(files):
    if not files:
        yield f"{READING}: lists no files"
    for path in files:
        if not os.path.isfile(path):
            yield f"{READING}: there is no {path}"
    for path in sorted({path for path in files if files.count(path) > 1}):
        yield f"{READING}: lists {path} twice"
    if len(files) > MOST_FILES:
        yield f"{READING}: {len(files)} files, expected at most {MOST_FILES}"
    if lines_of(files) > MOST_LINES:
        yield f"{READING}: {lines_of(files)} lines, expected at most {MOST_LINES}"


def check_functions():
    words = set(re.findall(r"\b\w+(?=\()", "".join(map(read, sources()))))
    for name in re.findall(r"`(\w+)\(\)`", read(READING)):
        if name not in words:
            yield f"{READING}: no source has {name}()"


def check_claim(path, counted):
    claim = CLAIM.search(" ".join(read(path).split()))
    if not claim:
        yield f"{path}: does not say \"The core is about N lines, and the whole program about M\""
        return
    for said, count in zip(claim.groups(), counted):
        if abs(int(said.replace(",", "")) - count) > MOST_DEVIATION * count:
            yield f"{path}: says {said} lines, but there are {count}"


def rooms():
    return {folder for folder, _, names in os.walk("vmm") if folder != "vmm"
            and any(name.endswith(".h") for name in names)}


def check_rooms():
    rows = dict(re.findall(r"^\| `(vmm/[\w/]+)/` \|.*\| `([^`]+\.h)` \|$", read("CONTRIBUTING.md"), re.M))
    for room in sorted(rooms() - rows.keys()):
        yield f"CONTRIBUTING.md: the table of rooms lacks {room}"
    for door in sorted(rows.values()):
        if os.path.isfile(door) and not re.search(r"front[\s*]+door", read(door)):
            yield f"{door}: does not say that it is the front door of its room"


def known_names():
    """The names of all files, for paths that are given without their folder."""
    return {name for top in TREE for _, _, names in os.walk(top) for name in names}


def check_paths(document, names):
    text = read(document)
    for path in PATH.findall(text):
        placeholder = re.search(r"/[A-Z]+/?$", path)
        known = path in names if "/" not in path else path in FOREIGN or glob.glob(path)
        if not known and not placeholder:
            yield f"{document}: there is no {path}"
    for path in LINK.findall(text):
        if not os.path.exists(os.path.join(os.path.dirname(document), path)):
            yield f"{document}: a link leads to {path}, which does not exist"


def main():
    os.chdir(sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), ".."))
    files = re.findall(r"^\d+\. \[`([^`]+)`\]", read(READING), re.M)
    counted = lines_of(files), lines_of(sources())
    names = known_names()
    print(f"the core: {len(files)} files, {counted[0]} lines; the whole program: {counted[1]} lines")
    mistakes = [*check_reading(files), *check_functions(), *check_rooms()]
    for document in ("README.md", READING):
        mistakes += check_claim(document, counted)
    for document in sorted(path for pattern in DOCUMENTS for path in glob.glob(pattern)):
        mistakes += check_paths(document, names)
    for mistake in mistakes:
        print(mistake)
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Compares what the library's files define with what its public headers declare.

usage: symbols.py ARCHIVE SHARED-LIBRARY HEADERS-FOLDER COMPILER...

Complains about a global symbol without the prefix, a function that is declared and not exported,
one that is exported and declared nowhere, a library that the shared one should not need, a function
of libc that prints, exits, or has to do with descriptors or threads, and data that can be written.
"""
import glob
import os
import re
import subprocess
import sys

PREFIX = "minivmm_"
NEEDS = re.compile(r"(libc|libc\.musl.*|ld-linux.*|libfdt|libz|libzstd|liblz4|liblzma)\.so")

IMPURE = re.compile(r"(__)?(v?f?printf|puts|fputs|putchar|fwrite|perror|assert_fail|abort|_?exit|open|read|"
                    r"write|ioctl|mmap|getenv|pthread_\w+|stdout|stderr)(_chk)?")


def run(*command, text=""):
    return subprocess.run(command, input=text, check=True, text=True, stdout=subprocess.PIPE).stdout


def defined(*nm):
    """The global names that a library defines."""
    rows = [line.split() for line in run("nm", *nm).splitlines()]
    return {row[2] for row in rows if len(row) == 3 and row[1] not in "Ua"}


def own_lines(preprocessed, folder):
    """Those that come from our headers and not from the system's."""
    ours = False
    for line in preprocessed.splitlines():
        marker = re.match(r'# \d+ "([^"]*)"', line)
        if marker:
            ours = marker.group(1).startswith(folder)
        elif ours and not line.startswith("#"):
            yield line


def declared(folder, compiler):
    """The names of functions and objects that all headers together declare."""
    folder = os.path.abspath(folder)
    headers = sorted(glob.glob(folder + "/**/*.h", recursive=True))
    text = "".join(f'#include "{h}"\n' for h in headers)
    text = run(*compiler, "-E", "-x", "c", "-I", os.path.dirname(folder), "-", text=text)
    text = "\n".join(own_lines(text, folder))
    text = re.sub(r'"(\\.|[^"\\])*"', '""', text)
    while re.search(r"\{[^{}]*\}", text):  # bodies, of functions too
        text = re.sub(r"\{[^{}]*\}", "@", text)
    statements = [s.split("@")[-1] for s in re.split(r";", text)]
    names = set()
    for statement in statements:
        statement = re.sub(r"__attribute__\s*\(\(.*?\)\)+", "", statement, flags=re.S).strip()
        if re.match(r"_Static_assert\b|static\b|typedef\b", statement):
            continue
        name = re.search(r"(\w+)\s*\(", statement) or re.match(r"extern\b.*?(\w+)(\[.*)?$", statement)
        if name:
            names.add(name.group(1))
    return names


def undefined(archive):
    return set(re.findall(r" U (\w+)", run("nm", "-u", archive)))


def writable(archive):
    """Sections with data that can be written: where there are none, all functions are re-entrant."""
    return {name for name, size in re.findall(r"^\.(data|bss|tdata|tbss)\s+(\d+)",
                                              run("size", "-A", archive), flags=re.M) if size != "0"}


def needed(shared):
    """The libraries that it needs."""
    return set(re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "-d", shared)))


def main(archive, shared, folder, *compiler):
    exported, public = defined("-D", "--defined-only", shared), declared(folder, compiler)
    unprefixed = {n for n in defined("-g", "--defined-only", archive) | exported | public
                  if not n.startswith(PREFIX)}
    bad = 0
    for what, names in (("without the prefix " + PREFIX, unprefixed),
                        ("declared in a public header, but not exported", public - exported),
                        ("exported, but declared in no public header", exported - public),
                        ("not among the libraries that it may need",
                         {n for n in needed(shared) if not NEEDS.match(n)}),
                        ("prints, exits, or worse", set(filter(IMPURE.fullmatch, undefined(archive)))),
                        ("a section of data that can be written", writable(archive))):
        for name in sorted(names):
            print(f"{name}: {what}")
            bad += 1
    print(f"{len(exported)} exported, {len(public)} declared")
    return 1 if bad or not public else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

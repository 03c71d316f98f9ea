#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Checks who includes whom: vmm -> arch -> loader, downwards only, and nowhere in a circle.

usage: check-includes.py [TREE]

The tables below are the rules. Prints a line for each include or name that breaks them, and for
each circle of modules; status 1 when there is one.
"""
import fnmatch
import os
import re
import sys

# The rooms from the bottom to the top. A room is a folder without those below it, and may include
# its own headers and what its row names: a header, or a folder and all that is below it. A folder
# that has no row is a complaint.
ROOMS = {
    "loader": [],
    "arch": ["arch/aarch64/vm.h", "arch/x86_64/vm.h", "loader/"],  # arch.h: struct arch_vm
    "arch/aarch64": ["arch/acpi_pm.h", "arch/arch.h", "arch/board.h", "arch/devdesc.h", "arch/kvm.h", "loader/"],
    "arch/x86_64": ["arch/acpi_pm.h", "arch/arch.h", "arch/board.h", "arch/devdesc.h", "arch/kvm.h", "loader/"],
    "guest": ["loader/blob.h"],
    "guest/hello/aarch64": ["arch/aarch64/"],
    "guest/hello/x86_64": ["arch/x86_64/"],
    "guest/init/aarch64": ["arch/aarch64/layout.h"],
    "guest/init/x86_64": ["arch/x86_64/layout.h"],
    "guest/init": ["machine.h"],  # the architecture's, by the compiler's -I
    "guest/vmexit": ["arch/aarch64/layout.h", "arch/x86_64/layout.h"],
    "vmm/base": ["loader/blob.h", "loader/err.h"],
    "vmm/watch": ["vmm/base/", "loader/banner.h", "loader/err.h"],
    "vmm/machine/devices": [],
    "vmm/console": ["vmm/base/", "vmm/watch/", "vmm/machine/devices/device.h", "loader/err.h"],
    "vmm/sandbox": ["vmm/base/", "vmm/console/tty.h", "arch/arch.h", "loader/err.h"],
    "vmm/payload": ["vmm/base/", "vmm/watch/cause.h", "guest/embedded.h", "arch/", "loader/"],
    "vmm/machine": ["vmm/base/", "vmm/machine/devices/", "vmm/payload/payload.h", "arch/", "loader/"],
    "vmm/run": ["vmm/base/", "vmm/watch/", "vmm/console/", "vmm/sandbox/", "vmm/machine/", "arch/kvm.h", "loader/"],
    "vmm/report": ["vmm/base/", "vmm/watch/", "vmm/console/console.h", "vmm/sandbox/", "vmm/payload/",
                   "vmm/machine/", "vmm/run/result.h", "arch/", "loader/"],
    "vmm/inspect": ["vmm/base/", "vmm/payload/infile.h", "vmm/report/json.h", "arch/", "loader/"],
    "vmm/cli": ["vmm/", "arch/", "loader/"],
    "vmm": ["vmm/"],
}

# Only these may name KVM's interface (KVM_..., struct kvm_..., <linux/kvm.h>).
KVM = ["arch/kvm.[ch]", "arch/*/vcpu*.c", "arch/*/cpuid.[ch]", "arch/*/gic.c", "arch/*/pic.c", "vmm/machine/vcpu.c"]

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


def includes(text):
    """Yields (line number, name) of each #include "name"."""
    for number, line in enumerate(text.splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
        if found:
            yield number, found.group(1)


def resolve(path, name, files):
    """The file of the tree that path's #include "name" finds, or the name where there is none."""
    beside = os.path.normpath(os.path.join(os.path.dirname(path), name))
    return beside if beside in files else name


def may_include(room, header):
    if os.path.dirname(header) == room:
        return True
    return any(header == entry or entry.endswith("/") and header.startswith(entry) for entry in ROOMS[room])


def include_complaints(path, files):
    room = os.path.dirname(path)
    if room not in ROOMS:
        yield f"{path}: {room} has no row in ROOMS"
        return
    for number, name in includes(files[path]):
        header = resolve(path, name, files)
        if not may_include(room, header):
            yield f"{path}:{number}: {room} may not include {header}"


def name_complaints(path, files):
    for number, line in enumerate(files[path].splitlines(), 1):
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


def module(path):
    """A .c and its .h are one module."""
    return os.path.splitext(path)[0]


def module_graph(files):
    """{module: modules that its files include}."""
    graph = {module(path): set() for path in files}
    for path, text in files.items():
        for _, name in includes(text):
            header = resolve(path, name, files)
            if header in files and module(header) != module(path):
                graph[module(path)].add(module(header))
    return graph


def way_back(graph, start):
    """The shortest circle through start, as a list of modules that begins and ends with it, or None."""
    came_from, queue = {}, [start]
    for node in queue:
        for target in sorted(graph[node]):
            if target == start:
                way = [start, node]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if target not in came_from:
                came_from[target] = node
                queue.append(target)
    return None


def reachable(graph, start):
    found, queue = {start}, [start]
    for node in queue:
        new = graph[node] - found
        found |= new
        queue += new
    return found


def circle_complaints(graph):
    """A line for each set of modules that all reach each other, with the shortest circle among them."""
    reach = {node: reachable(graph, node) for node in graph}
    left = set(graph)
    while left:
        node = min(left)
        knot = {other for other in reach[node] if node in reach[other]}
        left -= knot
        if len(knot) == 1:
            continue
        circle = min((way_back(graph, other) for other in sorted(knot)), key=len)
        more = f" (of {len(knot)} modules that reach each other: {', '.join(sorted(knot))})"
        yield f"circle: {' -> '.join(circle)}{more if len(knot) > len(circle) - 1 else ''}"


def read_tree(tree):
    """{path: text without comments} of the .c and .h files that the rules are for."""
    files = {}
    for top in ("loader", "arch", "guest", "vmm"):
        for folder, _, names in os.walk(os.path.join(tree, top)):
            for name in names:
                if name.endswith((".c", ".h")):
                    path = os.path.join(folder, name)
                    with open(path, encoding="utf-8") as f:
                        files[os.path.relpath(path, tree)] = without_comments(f.read())
    return files


def main():
    files = read_tree(sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), ".."))
    found = []
    for path in sorted(files):
        found += [*include_complaints(path, files), *name_complaints(path, files)]
    found += circle_complaints(module_graph(files))
    for complaint in found:
        print(complaint)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

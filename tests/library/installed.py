#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Installs the library into a scratch folder and uses it as another project would.

usage: installed.py BUILD PAGE KERNEL COMPILER...

Each header is compiled alone, as C and, where there is a C++ compiler, as C++. The program in PAGE
(docs/library.md) is built with the command that stands there, and once more with the archive; it
is run on KERNEL, an ELF, and on its own source.
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

# As strict as a project may be that is no friend of GNU's extensions.
LANGUAGES = {"c": ["-std=c11", "-Wpedantic"], "c++": ["-std=c++17"]}


def run(*command, **kwargs):
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, **kwargs).stdout


class Installed:
    """What `meson install` wrote, found by pkg-config alone."""

    def __init__(self, build, root):
        run("meson", "install", "-C", build, "--no-rebuild", "--quiet", "--destdir", root)
        self.root = root
        pc = glob.glob(root + "/**/minivmm-loader.pc", recursive=True)[0]
        self.env = dict(os.environ, PKG_CONFIG_PATH=os.path.dirname(pc),
                        PKG_CONFIG_SYSROOT_DIR=root)

    def flags(self, *options):
        return run("pkg-config", *options, "minivmm-loader", env=self.env).split()

    def headers(self):
        folder = run("pkg-config", "--variable=includedir", "minivmm-loader", env=self.env).strip()
        folder = folder if folder.startswith(self.root) else self.root + folder
        paths = glob.glob(folder + "/minivmm/**/*.h", recursive=True)
        return sorted(os.path.relpath(p, folder) for p in paths)


def compile_headers(installed, compiler, language):
    """Returns how many."""
    for header in installed.headers():
        run(*compiler, "-x", language, *LANGUAGES[language], "-Wall", "-Wextra", "-Werror",
            "-fsyntax-only", *installed.flags("--cflags"), "-",
            input=f"#include <{header}>\nextern int only_a_header;\n")
    return len(installed.headers())


def page_program(page, folder):
    """Writes the program to FOLDER; returns the name of its source, and the command."""
    with open(page, encoding="utf-8") as f:
        blocks = dict(re.findall(r"^```(c|sh)\n(.*?)^```$", f.read(), flags=re.M | re.S))
    name = re.match(r"/\* (\S+\.c):", blocks["c"]).group(1)
    with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
        f.write(blocks["c"])
    return name, blocks["sh"].strip()


def try_program(installed, folder, source, kernel):
    """Runs what was built: a kernel, and a file that is none."""
    libs = glob.glob(installed.root + "/**/libminivmm-loader.so", recursive=True)
    env = dict(installed.env, LD_LIBRARY_PATH=os.path.dirname(libs[0]))
    program = os.path.join(folder, source.removesuffix(".c"))
    out = run(program, kernel, env=env)
    for line in (r"ELF at 0x\w+ to 0x\w+", r"64-bit entry: 0x\w+", r"PVH entry: 0x\w+"):
        assert re.search(f"^{line}$", out, flags=re.M), f"it says nothing like '{line}':\n{out}"
    bad = subprocess.run([program, source], cwd=folder, env=env, text=True, capture_output=True)
    assert bad.returncode == 1 and "this is a script or text file" in bad.stderr, bad


def compile_page(installed, page, kernel, compiler):
    with tempfile.TemporaryDirectory() as folder:
        source, command = page_program(page, folder)
        archive = command.replace("--libs", "--libs --static").replace(
            "$(pkg-config", "-Wall -Wextra -Werror $(pkg-config").replace(
            " minivmm-loader)", " minivmm-loader | sed s/-lminivmm-loader/-l:libminivmm-loader.a/)")
        for line in (command, archive):
            run("sh", "-ec", line.replace("cc", " ".join(compiler), 1), cwd=folder,
                env=installed.env)
            try_program(installed, folder, source, kernel)
        print(f"the program in {os.path.basename(page)} works, shared and static")


def main(build, page, kernel, *compiler):
    with tempfile.TemporaryDirectory() as root:
        installed = Installed(build, root)
        print(compile_headers(installed, compiler, "c"), "headers compile alone as C")
        cxx = shutil.which("g++") or shutil.which("clang++")
        if cxx:
            print(compile_headers(installed, [cxx], "c++"), "headers compile alone as C++")
        compile_page(installed, page, kernel, compiler)


if __name__ == "__main__":
    main(*sys.argv[1:])

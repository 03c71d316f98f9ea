#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Installs the library into a scratch folder and uses it as another project would.

usage: installed.py BUILD COMPILER...

Each header is compiled alone, as C and, where there is a C++ compiler, as C++.
"""
import glob
import os
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


def main(build, *compiler):
    with tempfile.TemporaryDirectory() as root:
        installed = Installed(build, root)
        print(compile_headers(installed, compiler, "c"), "headers compile alone as C")
        cxx = shutil.which("g++") or shutil.which("clang++")
        if cxx:
            print(compile_headers(installed, [cxx], "c++"), "headers compile alone as C++")


if __name__ == "__main__":
    main(*sys.argv[1:])

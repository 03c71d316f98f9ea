#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes the C table that vmm/sandbox/syscalls.h declares.

Usage: gen-syscalls.py OUTPUT COMPILER [ARG...]: the compiler lists its __NR_ macros.
"""
import re
import subprocess
import sys

output, compiler = sys.argv[1], sys.argv[2:]
macros = subprocess.run(compiler + ["-E", "-dM", "-x", "c", "-"], check=True, text=True,
                        input="#include <sys/syscall.h>\n", stdout=subprocess.PIPE).stdout
names = sorted(set(re.findall(r"^#define __NR_(\w+) ", macros, re.M)))
with open(output, "w", encoding="ascii") as f:
    f.write("/* Made by tools/gen-syscalls.py. */\n"
            '#include "vmm/sandbox/syscalls.h"\n\n#include <stddef.h>\n#include <sys/syscall.h>\n\n'
            "static const char *const names[] = {\n")
    for name in names:
        if name not in ("syscalls", "arch_specific_syscall"):
            f.write(f'\t[__NR_{name}] = "{name}",\n')
    f.write("};\n\nconst char *syscall_name(int nr)\n{\n"
            "\treturn nr >= 0 && (size_t)nr < sizeof(names) / sizeof(names[0]) ? names[nr] : NULL;\n"
            "}\n")

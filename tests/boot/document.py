#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Reads docs/ci.md: the files and the commands in its fenced blocks.

A block whose first comment is "PATH: ..." (after a #! line, if there is one) is the file PATH.
Every other block in sh is a command of its section.

As a program: document.py files FOLDER writes the files there; document.py commands SECTION prints
the section's commands, one block after the other.
"""
import os
import re
import sys

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/ci.md")

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
FILE_NAME = re.compile(r"(?:#!.*\n)?(?:#|/\*) (\S*[./]\S*): ")


def page():
    with open(PAGE, encoding="utf-8") as f:
        return f.read()


def files():
    """Path -> text."""
    found = {}
    for _, text in BLOCK.findall(page()):
        name = FILE_NAME.match(text)
        if name:
            found[name.group(1)] = text
    return found


def commands(section):
    """The sh blocks of the section with that heading that are no files."""
    parts = re.split(r"^## (.*)\n", page(), flags=re.M)
    text = dict(zip(parts[1::2], parts[2::2]))[section]
    return [block for language, block in BLOCK.findall(text)
            if language == "sh" and not FILE_NAME.match(block)]


def write_files(folder):
    for name, text in files().items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        if text.startswith("#!"):
            os.chmod(path, 0o755)


if __name__ == "__main__":
    if sys.argv[1] == "files":
        write_files(sys.argv[2])
    else:
        print("".join(commands(sys.argv[2])), end="")

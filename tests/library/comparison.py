#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Checks docs/linux-loader.md: each function and each test that it names exists.

usage: comparison.py TREE
"""
import os
import re
import sys

PAGE, API = "docs/linux-loader.md", "loader/api.h"


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as f:
        return f.read()


def runs(tree, suite, test):
    """The suite has the test, and adds it to a test case."""
    path = os.path.join(tree, f"tests/unit/test_{suite}.c")
    text = read(path) if os.path.exists(path) else ""
    return (re.search(rf"^START_TEST\({test}\)", text, re.M) and
            re.search(rf"tcase_add_(loop_)?test\(\w+, {test}\b", text))


def ours(page):
    """Our half of the page: the second last column of each row, and all that is not in a table."""
    for line in page.splitlines():
        cells = line.split("|")[1:-1]
        yield cells[-2] if cells else line


def main(tree):
    page, api = read(tree, PAGE), read(tree, API)
    functions = {name for part in ours(page) for name in re.findall(r"`(\w+)\(\)`", part)}
    tests = set(re.findall(r"`(\w+)/(\w+)`", page)) - {("tests", "unit")}
    wrong = [f"{name}() is no function of the library" for name in functions
             if f"#define {name} " not in re.sub(r" +", " ", api)]
    wrong += [f"{suite}/{test} is no test" for suite, test in tests if not runs(tree, suite, test)]
    print("\n".join(sorted(wrong)) or f"{len(functions)} functions, {len(tests)} tests")
    return 1 if wrong or not functions or not tests else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

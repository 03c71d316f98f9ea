#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Shows doxygen the comments of a header as its own: doxygen-filter.py HEADER prints it.

A comment of its own line documents what follows, one after code what stands before it. @name is a
parameter in code font, NAME() a link, and nothing else in them means anything to doxygen.
"""
import re
import sys


def text(comment):
    comment = re.sub(r'[\\<>#%&$"]', lambda m: f"&#{ord(m.group())};", comment)
    return re.sub(r"@(\w+)", r"\\p \1", comment)


def convert(source):
    def comment(match):
        before, body = match.group(1), text(match.group(2))
        if "SPDX-License-Identifier" in body:
            return match.group()
        if before.strip():
            return f"{before}/**<{body}*/"
        # The first comment after the licence is the file's.
        first = "" if convert.seen_file else " @file\n *\n *"
        convert.seen_file = True
        return f"{before}/**{first}{body}*/"

    convert.seen_file = False
    return re.sub(r"^([^\n]*?)/\*(.*?)\*/", comment, source, flags=re.M | re.S)


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as f:
        sys.stdout.write(convert(f.read()))

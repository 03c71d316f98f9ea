#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""tools/faults.py: what tools/mutate plants, and where it plants nothing."""
import os
import sys
import unittest

sys.dont_write_bytecode = True  # not into the source tree, which may be read-only
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools"))
from faults import faults, planted  # noqa: E402


def lines(text):
    """{(kind, the changed line)} of all faults in a text; each changes one line and only what it says."""
    found = set()
    for fault in faults("x.c", text):
        old, new = text.splitlines(), planted(text, fault).splitlines()
        changed = [i for i, line in enumerate(old) if new[i] != line]
        assert len(old) == len(new) and changed == [fault.line - 1], fault
        assert new[changed[0]].strip() == fault.after and old[changed[0]].strip() == fault.before, fault
        found.add((fault.kind, fault.after))
    return found


class Faults(unittest.TestCase):
    def test_each_kind(self):
        for text, expected in (
                ("a = b < c;", {("relational", "a = b <= c;")}),
                ("a = b == c;", {("relational", "a = b != c;")}),
                ("a = b + c;", {("arithmetic", "a = b - c;")}),
                ("a++;", {("arithmetic", "a--;")}),
                ("a -= b;", {("arithmetic", "a += b;")}),
                ("a = b >> c;", {("bitwise", "a = b << c;")}),
                ("a |= b & c;", {("bitwise", "a &= b & c;"), ("bitwise", "a |= b | c;")}),
                ("a = b && c;", {("logical", "a = b || c;")}),
                ("a = !b;", {("negation", "a = b;")}),
                ('if (f("x", g(b)))', {("negation", 'if (!(f("x", g(b))))')}),
                ("a = 15;", {("constant", "a = 16;")}),
                ("a = 0xffUL;", {("constant", "a = 0x100UL;")}),
                ("a = 0177;", {("constant", "a = 128;")}),
                ("return -1;", {("statement", "return 0;")}),
                ("return false;", {("statement", "return true;")}),
                ("break;", {("statement", ";")})):
            with self.subTest(text=text):
                self.assertEqual(lines("\t" + text + "\n"), expected)

    def test_what_is_no_operator(self):
        for text in ("struct x *p = &q;", "a = -b;", "a = b->c;", "f(*p, &q);", "a = x2;", "a = 1.5;"):
            with self.subTest(text=text):
                self.assertEqual(lines(text + "\n"), set())

    def test_what_is_no_code(self):
        for text in ("/* a < b\n * c + 1 */", "// a < b", 'f("a < 1 && b", \'1\');', "#define A (1 + 2)",
                     "#define A \\\n\t(1 + 2)", "\tassert(a < b && f(c + 1));", "_Static_assert(A == 1, B);"):
            with self.subTest(text=text):
                self.assertEqual(lines(text + "\n"), set())

    def test_the_definition_around(self):
        text = ("static const int table[] = {\n\t1,\n};\n\nint f(void)\n{\n\treturn a < b;\n}\n\n"
                "static struct row *rows_of(int n,\n\t\t\t   int m)\n{\n\tn++;\n}\n")
        self.assertEqual([(f.kind, f.within) for f in faults("x.c", text)],
                         [("relational", "f"), ("arithmetic", "rows_of"), ("constant", "table")])

    def test_an_arrays_size(self):
        self.assertEqual(lines("\tuint8_t reg[N * 16], *end;\n"), set())
        self.assertEqual(lines("\tchar text[64];\n"), set())
        self.assertEqual(lines("\tstruct row *rows[4];\n"), set())
        self.assertEqual(lines("\treturn text[64];\n"), {("constant", "return text[65];")})
        self.assertEqual(lines("\ttext[64] = c;\n"), {("constant", "text[65] = c;")})


if __name__ == "__main__":
    unittest.main()

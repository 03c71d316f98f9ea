#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""tools/check-includes.py, on made-up trees: each rule is broken in turn, and it must say so."""
import os
import subprocess
import sys
import tempfile
import unittest

CHECKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "check-includes.py")

# {path: text} of a tree that breaks no rule.
GOOD = {
    "loader/cup.h": "",
    "loader/cup.c": '#include "loader/cup.h"\n#include "loader/err.h"\n',
    "loader/err.h": "",
    "arch/arch.h": '#include "loader/cup.h"\n',
    "vmm/base/clock.h": "#include <time.h>\n",
    "vmm/watch/lamp.h": '#include "vmm/base/clock.h"\n#include "loader/err.h"\n',
    "vmm/watch/lamp.c": '#include "vmm/watch/lamp.h"\n',
    "vmm/machine/devices/device.h": "",
    "vmm/machine/devices/bell.c": '#include "vmm/machine/devices/device.h"\n',
    "vmm/console/tube.c": '#include "vmm/machine/devices/device.h"\n#include "vmm/watch/lamp.h"\n',
    "vmm/machine/box.h": '#include "vmm/machine/devices/device.h"\n#include "arch/arch.h"\n',
    "vmm/cli/words.h": '#include "vmm/machine/box.h"\n',
    "vmm/main.c": '#include "vmm/cli/words.h"\n#include "vmm/watch/lamp.h"\n',
}


class CheckIncludes(unittest.TestCase):
    def check(self, changes):
        """What the checker prints, line by line, of the good tree with files changed or added."""
        with tempfile.TemporaryDirectory() as tree:
            for path, text in {**GOOD, **changes}.items():
                os.makedirs(os.path.join(tree, os.path.dirname(path)), exist_ok=True)
                with open(os.path.join(tree, path), "w", encoding="utf-8") as f:
                    f.write(text)
            done = subprocess.run([sys.executable, CHECKER, tree], stdout=subprocess.PIPE, text=True, check=False)
        lines = done.stdout.splitlines()
        self.assertEqual(done.returncode, 1 if lines else 0)
        return lines

    def test_a_tree_that_keeps_the_rules(self):
        self.assertEqual(self.check({}), [])

    def test_upward_includes(self):
        for path, header in (("loader/cup.c", "arch/arch.h"),
                             ("arch/arch.h", "vmm/base/clock.h"),
                             ("vmm/base/clock.h", "vmm/watch/lamp.h"),
                             ("vmm/watch/lamp.c", "vmm/machine/box.h"),
                             ("vmm/machine/devices/bell.c", "vmm/machine/box.h"),
                             ("vmm/machine/box.h", "vmm/cli/words.h"),
                             ("vmm/console/tube.c", "vmm/machine/box.h")):
            with self.subTest(path=path):
                lines = self.check({path: f'/* Up. */\n#include "{header}"\n'})
                self.assertIn(f"{path}:2: {os.path.dirname(path)} may not include {header}", lines)

    def test_options_below_vmm(self):
        for path in ("loader/cup.c", "arch/arch.h"):
            lines = self.check({path: 'const char *e = "--cmdline: too long";\n'})
            self.assertEqual(lines, [f"{path}:1: names the option --cmdline, which is for vmm/"])
        self.assertEqual(self.check({"vmm/cli/words.h": 'const char *e = "--cmdline: too long";\n',
                                     "arch/arch.h": '/* Not "--cmdline" alone. */\n'}), [])

    def test_one_header_of_a_folder_lets_in_no_other(self):
        lines = self.check({"vmm/machine/devices/bell.h": "",
                            "vmm/console/tube.c": '#include "vmm/machine/devices/bell.h"\n'})
        self.assertEqual(lines, ["vmm/console/tube.c:1: vmm/console may not include vmm/machine/devices/bell.h"])

    def test_an_include_beside_the_file_is_the_same_include(self):
        lines = self.check({"vmm/base/clock.h": '#include "../watch/lamp.h"\n'})
        self.assertIn("vmm/base/clock.h:1: vmm/base may not include vmm/watch/lamp.h", lines)
        self.assertEqual(self.check({"vmm/cli/words.c": '# include "words.h"\n'}), [])

    def test_a_folder_without_a_row(self):
        self.assertEqual(self.check({"vmm/attic/box.c": ""}), ["vmm/attic/box.c: vmm/attic has no row in ROOMS"])

    def test_a_circle_of_two(self):
        lines = self.check({"loader/err.h": '#include "loader/cup.h"\n'})
        self.assertEqual(lines, ["circle: loader/cup -> loader/err -> loader/cup"])

    def test_a_circle_of_three_headers(self):
        lines = self.check({"vmm/watch/one.h": '#include "vmm/watch/two.h"\n',
                            "vmm/watch/two.h": '#include "vmm/watch/three.h"\n',
                            "vmm/watch/three.h": '#include "vmm/watch/one.h"\n'})
        self.assertEqual(lines, ["circle: vmm/watch/one -> vmm/watch/two -> vmm/watch/three -> vmm/watch/one"])

    def test_a_circle_through_a_source_and_a_header(self):
        lines = self.check({"arch/x86_64/map.h": "",
                            "arch/x86_64/map.c": '#include "arch/x86_64/page.h"\n',
                            "arch/x86_64/page.h": "",
                            "arch/x86_64/page.c": '#include "arch/x86_64/map.h"\n'})
        self.assertEqual(lines, ["circle: arch/x86_64/map -> arch/x86_64/page -> arch/x86_64/map"])

    def test_circles_that_share_a_module_are_one_line(self):
        lines = self.check({"loader/hub.h": '#include "loader/near.h"\n#include "loader/far.h"\n',
                            "loader/near.h": '#include "loader/hub.h"\n',
                            "loader/far.h": '#include "loader/end.h"\n',
                            "loader/end.h": '#include "loader/hub.h"\n'})
        self.assertEqual(lines, ["circle: loader/hub -> loader/near -> loader/hub (of 4 modules that reach "
                                 "each other: loader/end, loader/far, loader/hub, loader/near)"])

    def test_a_comment_includes_nothing(self):
        self.assertEqual(self.check({"loader/err.h": '/*\n#include "loader/cup.h"\n*/\n'}), [])

    def test_names_that_are_for_others(self):
        lines = self.check({"vmm/cli/words.c": "int a = KVM_RUN;\n",
                            "loader/cup.c": '\nvoid f(void) { puts("KVM_RUN"); }\n'})
        self.assertEqual(len(lines), 2)
        self.assertTrue(lines[0].startswith("loader/cup.c:2: is not pure: "))
        self.assertTrue(lines[1].startswith("vmm/cli/words.c:1: names KVM's interface"))


if __name__ == "__main__":
    unittest.main()

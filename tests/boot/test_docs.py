# SPDX-License-Identifier: BSD-3-Clause
"""The documents agree with the tree, and tools/check-docs.py finds it when they do not."""
import os
import shutil
import subprocess

from harness import SHELL, Setup, check, test

TREE = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
CHECKER = os.path.join(TREE, "tools/check-docs.py")
COPIED = ("README.md", "CONTRIBUTING.md", "docs")


def check_docs(tree):
    return subprocess.run([CHECKER, tree], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)


def other_tree(name):
    """The same tree, but its documents are copies."""
    folder = os.path.join(Setup.work, name)
    os.mkdir(folder)
    for entry in os.listdir(TREE):
        if entry not in COPIED:
            os.symlink(os.path.join(TREE, entry), os.path.join(folder, entry))
    for entry in COPIED:
        copy = shutil.copytree if os.path.isdir(os.path.join(TREE, entry)) else shutil.copyfile
        copy(os.path.join(TREE, entry), os.path.join(folder, entry))
    return folder


def plant(name, document, old, new, complaint):
    tree = other_tree(name)
    path = os.path.join(tree, document)
    with open(path, encoding="utf-8") as f:
        text = f.read()
    check(old in text, f"{document} lacks {old!r}")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace(old, new, 1))
    p = check_docs(tree)
    check(p.returncode == 1 and complaint in p.stdout.splitlines()[1:], f"{name}: {p.returncode}\n{p.stdout}")


@test(SHELL)
def they_agree_with_the_tree():
    for tree in (TREE, other_tree("docs-unchanged")):
        p = check_docs(tree)
        check(p.returncode == 0 and p.stdout.startswith("the core: "), f"{p.returncode}\n{p.stdout}")


@test(SHELL)
def a_wrong_path_is_found():
    reading = "docs/reading.md"
    plant("docs-missing", reading, "[`vmm/main.c`]", "[`vmm/none.c`]", f"{reading}: there is no vmm/none.c")
    plant("docs-function", reading, "`run_stages()`", "`run_stage()`", f"{reading}: no source has run_stage()")
    plant("docs-path", "docs/boot.md", "`arch/kvm.c`", "`arch/kvn.c`", "docs/boot.md: there is no arch/kvn.c")
    plant("docs-name", "docs/boot.md", "`mptable.c`", "`nptable.c`", "docs/boot.md: there is no nptable.c")
    plant("docs-link", "README.md", "(docs/boot.md)", "(docs/boots.md)",
          "README.md: a link leads to docs/boots.md, which does not exist")
    plant("docs-room", "CONTRIBUTING.md", "| `vmm/watch/` | what the", "| what the",
          "CONTRIBUTING.md: the table of rooms lacks vmm/watch")
    plant("docs-door", "CONTRIBUTING.md", "`vmm/watch/watch.h`", "`vmm/watch/tail.h`",
          "vmm/watch/tail.h: does not say that it is the front door of its room")


@test(SHELL)
def a_wrong_number_is_found():
    said = "The core is about "
    for document in ("README.md", "docs/reading.md"):
        name = "docs-number-" + os.path.basename(document)
        tree = other_tree(name)
        lines = check_docs(tree).stdout.split(", ")[1].split()[0]
        plant(name + "-planted", document, said, said + "1", f"{document}: says 1{stated(tree, document)} lines, "
              f"but there are {lines}")
    plant("docs-claim", "README.md", said, "It has ",
          'README.md: does not say "The core is about N lines, and the whole program about M"')


def stated(tree, document):
    with open(os.path.join(tree, document), encoding="utf-8") as f:
        return f.read().split("The core is about ")[1].split()[0]


@test(SHELL)
def a_reading_that_is_too_long_is_found():
    tree = other_tree("docs-long")
    with open(os.path.join(tree, "docs/reading.md"), "a", encoding="utf-8") as f:
        for folder, _, names in os.walk(os.path.join(TREE, "vmm")):
            f.writelines(f"1. [`{os.path.relpath(os.path.join(folder, name), TREE)}`]\n" for name in names)
    p = check_docs(tree)
    check(p.returncode == 1 and "expected at most 30\n" in p.stdout and "expected at most 6000\n" in p.stdout and
          "docs/reading.md: lists vmm/main.c twice\n" in p.stdout, p.stdout)

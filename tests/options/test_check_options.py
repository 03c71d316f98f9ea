#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""test_check_options.py LIST TREE: check_options.py finds each difference that is planted.

The documents are changed in memory, one place at a time.
"""
import re
import sys

from check_options import complaints, read_documents, read_list

README, MANUAL = "README.md", "docs/minivmm.1"
BASH, ZSH, FISH = (f"tools/completions/{name}" for name in ("minivmm.bash", "_minivmm", "minivmm.fish"))
LIST = "the list"

# (document, what it says, what is planted, a pattern for the complaint; None: there is none)
PLANTED = [
    (README, "| `--ktap` |", "| `--ktab` |", "README.md: has --ktab, which is no option"),
    (README, "| `--pmu` |", "| PMU |", "README.md: lacks --pmu"),
    (README, "| `--pmu` |", "| `--nested` |", "README.md: has --nested twice"),
    (README, "`-i`, `--initrd FILE`", "`--initrd FILE`", "README.md: --initrd: letter: '', the table has 'i'"),
    (README, "`--init FILE [", "`--init PROGRAM [", "README.md: --init: argument: 'PROGRAM', the table has 'FILE'"),
    (README, "| 512M |", "| 256M |", "README.md: --memory: default: '256M', the table has '512M'"),
    (README, "`.cmdline`, else", "`.cmdline`, or", "README.md: --cmdline: default: .* or console"),
    (README, "(POSIX extended); repeatable", "(POSIX extended)", "README.md: --expect: repeatable: False"),
    (README, "| RAM: a number", "| RAM, repeatable: a number", "README.md: --memory: repeatable: True"),
    (README, "`on`, `log`, `off`: the filter", "`on`, `off`: the filter", r"README.md: --seccomp: words: \('on', 'off'\)"),
    (README, "| arm64: write the device tree", "| write the device tree", "README.md: --dump-dtb: architecture: ''"),
    (README, "`inspect FILE [--json]`", "`inspect FILE [--xml]`", "README.md: lacks inspect --json"),
    (MANUAL, r".B \-\-quiet", r".B \-\-silent", "docs/minivmm.1: has --silent, which is no option"),
    (MANUAL, r".B \-\-quiet", ".B quiet", "docs/minivmm.1: lacks --quiet"),
    (MANUAL, r"\fITIME\fR, " '" ', r"\fIN\fR, " '" ', "docs/minivmm.1: --timeout: argument: 'N'"),
    (MANUAL, r".BR \-s ", r".BR \-n ", "docs/minivmm.1: --cpus: letter: 'n', the table has 's'"),
    (MANUAL, "The default is 1.", "", "docs/minivmm.1: --cpus: default: '', the table has '1'"),
    (MANUAL, "image's\n.IR .cmdline ,", "image's\n.IR .osrel ,", "docs/minivmm.1: --cmdline: default: .*osrel"),
    (MANUAL, "Show the help.", "Show the help.  The default is no.", "docs/minivmm.1: --help: default: 'no'"),
    (MANUAL, "May be given several times.\n", "", "docs/minivmm.1: --ignore-warning: repeatable: False"),
    (MANUAL, "(x86_64) Let the guest", "(aarch64) Let the guest", "docs/minivmm.1: --nested: architecture: 'arm64'"),
    (MANUAL, "(the 32-bit PVH entry)", "", None),
    (MANUAL, r".RB [ \-\-json ]", r".RB [ \-\-xml ]", "docs/minivmm.1: has inspect --xml, which is no option"),
    (BASH, "--timestamps --quiet", "--timestamps", "minivmm.bash: lacks --quiet"),
    (BASH, " -k -i -c ", " -k -c ", "minivmm.bash: --initrd: letter: ''"),
    (BASH, " -k -i -c ", " -k -i -x -c ", "minivmm.bash: has -x, which is no option"),
    (BASH, "exit restart", "exit reboot", "minivmm.bash: --on-reboot: completes: 'one of exit reboot'"),
    (BASH, "--dtb | --dump-dtb | --log", "--dtb | --dump-dtb", "minivmm.bash: --log: completes: 'nothing'"),
    (BASH, "-k | --kernel |", "--kernel |", "minivmm.bash: --kernel: letter: ''"),
    (BASH, "words --json --help", "words --help", "minivmm.bash: lacks inspect --json"),
    (ZSH, "'--pmu[", "'--pmc[", "_minivmm: has --pmc, which is no option"),
    (ZSH, "'--ktap[judge", "'[judge", "_minivmm: lacks --ktap"),
    (ZSH, "'*--expect=", "'--expect=", "_minivmm: --expect: repeatable: False"),
    (ZSH, "'--log=[", "'*--log=[", "_minivmm: --log: repeatable: True"),
    (ZSH, "(auto linux64 pvh)", "(auto linux64)", "_minivmm: --boot: completes: 'one of auto linux64'"),
    (ZSH, "'--quiet[", "'--quiet=[", "_minivmm: --quiet: completes: 'a text'"),
    (ZSH, "{-m,--memory=}", "{-r,--memory=}", "_minivmm: --memory: letter: 'r, which does not exclude"),
    (FISH, " -l quiet ", " -l silent ", "minivmm.fish: lacks --quiet"),
    (FISH, " -s k -l kernel", " -l kernel", "minivmm.fish: --kernel: letter: ''"),
    (FISH, "'on log off'", "'on off'", "minivmm.fish: --seccomp: completes: 'one of on off'"),
    (FISH, "-l report -r -F", "-l report -x", "minivmm.fish: --report: completes: 'a text'"),
    (FISH, "-n __minivmm_inspects -l json", "-n __minivmm_boots -l json", "minivmm.fish: has --json, which is no option"),
    (LIST, "matches; repeatable", "matches", "option_table.c: --fail-on: repeatable: False"),
    (LIST, "\tquiet\t", "\tsilent\t", "_minivmm: lacks --silent"),
    (LIST, "\tquiet\t", "\tsilent\t", "docs/minivmm.1: lacks --silent"),
]


def plant(texts, document, old, new):
    if old not in texts[document]:
        return None
    changed = {**texts, document: texts[document].replace(old, new, 1)}
    return list(complaints(read_list(changed[LIST]), changed))


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        texts = {LIST: f.read(), **read_documents(sys.argv[2])}
    bad = 0
    for document, old, new, want in PLANTED:
        found = plant(texts, document, old, new)
        if found is None:
            bad += 1
            print(f"{document}: {old!r} is not there: nothing was planted")
        elif not any(re.search(want, line) for line in found) if want else found:
            bad += 1
            print(f"{document}: {new!r} for {old!r}: expected {want!r}, got {found}")
    print(f"{len(PLANTED) - bad} of {len(PLANTED)} are as expected")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: BSD-3-Clause
"""Shell completions: the shells themselves are asked, and compared with what minivmm says of itself.

The options are those of --help; the words that one takes come from its error message.
"""
import os
import pty
import re
import select
import shutil
import subprocess
import time

from harness import SHELL, TIMEOUT, Failed, Setup, Skipped, check, run, test

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tools/completions")


def options():
    """Each option of --help, long and short, -> the kind of its value, or ""."""
    found = {}
    for short, long, kind in re.findall(r"^ +(?:(-\w), )?(--[a-z0-9-]+)(?: ([A-Z]+))?", run("--help").out, re.M):
        found[long] = kind
        if short:
            found[short] = kind
    check(len(found) > 30, f"--help lists only {sorted(found)}")
    return found


def words_of(option):
    """The words that it takes."""
    said = re.search(r"expected ([a-z0-9]+(?:, [a-z0-9]+)* or [a-z0-9]+)$", run(option, "?").err, re.M)
    check(said, f"{option}: no list of words")
    return set(re.split(", | or ", said.group(1)))


def compare(line, got, want):
    check(set(got) == set(want), f"{line!r}: lacks {sorted(set(want) - set(got))}, "
                                 f"has also {sorted(set(got) - set(want))}")


def check_shell(complete):
    """COMPLETE gives the words that the shell offers for the end of a command line."""
    os.makedirs(os.path.join(Setup.work, "completed"), exist_ok=True)
    for name in ("a-kernel", "other"):
        with open(os.path.join(Setup.work, "completed", name), "wb"):
            pass
    table = options()
    compare("--", complete("minivmm --"), [o for o in table if o.startswith("--")])
    compare("after a word", complete("minivmm a-kernel --"), [o for o in table if o.startswith("--")])
    compare("inspect", complete("minivmm insp"), ["inspect"])
    compare("--json", complete("minivmm inspect --j"), ["--json"])
    compare("no --json", complete("minivmm --js"), [])
    for option in (o for o, kind in table.items() if kind in ("MODE", "WHAT", "PROTOCOL")):
        compare(option, complete(f"minivmm {option} "), words_of(option))
    for option in (o for o, kind in table.items() if kind == "FILE"):
        compare(option, complete(f"minivmm {option} a"), ["a-kernel"])
    for option in (o for o, kind in table.items() if kind in ("N", "SIZE", "TIME", "REGEX", "STRING")):
        compare(option, complete(f"minivmm {option} a"), [])
    compare("a kernel", complete("minivmm a"), ["a-kernel"])
    compare("a file to inspect", complete("minivmm inspect a"), ["a-kernel"])
    compare("=", complete("minivmm --boot=p"), ["pvh"])


def output_of(shell, *args):
    if not shutil.which(shell):
        raise Skipped(f"there is no {shell}")
    p = subprocess.run([shell, *args], cwd=os.path.join(Setup.work, "completed"), stdin=subprocess.DEVNULL,
                       capture_output=True, text=True, timeout=TIMEOUT, check=False)
    if p.returncode or p.stderr:
        raise Failed(f"{shell}: status {p.returncode}: {p.stderr}")
    return p.stdout.splitlines()


@test(SHELL)
def bash_completes_every_option():
    script = ('. "$1"/minivmm.bash; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _minivmm; '
              'printf "%s\\n" "${COMPREPLY[@]}"')

    def complete(line):
        words = re.findall(r"=|[^ =]+|(?<= )$", line)  # as COMP_WORDBREAKS has it
        return [w for w in output_of("bash", "-c", script, "bash", FOLDER, *words) if w]
    check_shell(complete)


@test(SHELL)
def fish_completes_every_option():
    if not shutil.which("fish"):
        raise Skipped("there is no fish")

    def complete(line):
        lines = output_of("fish", "--no-config", "-c", 'source $argv[1]/minivmm.fish; complete -C $argv[2]', FOLDER, line)
        words = [text.split("\t")[0] for text in lines]
        return [re.sub("^--[a-z]+=", "", w) for w in words]
    check_shell(complete)


class Zsh:
    """An interactive zsh, whose completions come one a line between two marks."""

    def __init__(self):
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.chdir(os.path.join(Setup.work, "completed"))
            os.execvp("zsh", ["zsh", "-f", "-i"])
        self.seen = b""
        self.send("PS1= PS2= RPS1= ; unsetopt zle prompt_cr prompt_sp; stty -echo; setopt zle\n"
                  f"fpath=({FOLDER} $fpath); autoload -Uz compinit; compinit -u -D\n"
                  # What would be offered is printed, and nothing is inserted.
                  "compadd() { local -a found; builtin compadd -O found \"$@\"; print -rl -- $found; "
                  "builtin compadd \"$@\" }\n"
                  "offered() { print; print BEGIN; _main_complete; print END; compstate[insert]= ; compstate[list]= }\n"
                  "zle -C offered complete-word offered; bindkey '^T' offered; print READY-$((1 + 1))\n")
        self.read("READY-2")

    def send(self, text):
        os.write(self.master, text.encode())

    def read(self, end):
        deadline = time.monotonic() + TIMEOUT
        while end.encode() not in self.seen:
            if not select.select([self.master], [], [], max(0, deadline - time.monotonic()))[0]:
                raise Failed(f"zsh never said {end!r}: {self.seen[-2000:]!r}")
            self.seen += os.read(self.master, 65536)
        text, _, self.seen = self.seen.partition(end.encode())
        return text.decode()

    def complete(self, line):
        self.send(line + "\x14")
        text = self.read("\r\nEND").replace("\r", "").partition("BEGIN\n")[2]
        self.send("\x15")  # an empty line again
        return [w.rstrip("=") for w in text.splitlines() if w]

    def close(self):
        os.close(self.master)
        os.waitpid(self.pid, 0)


@test(SHELL)
def zsh_completes_every_option():
    if not shutil.which("zsh"):
        raise Skipped("there is no zsh")
    os.makedirs(os.path.join(Setup.work, "completed"), exist_ok=True)
    zsh = Zsh()
    try:
        check_shell(zsh.complete)
    finally:
        zsh.close()

#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""check_options.py LIST TREE: compares the documents with the table of options.

LIST is what list_options prints of vmm/cli/option_table.c. The documents are the table in README.md,
the manual page, the completions, and the texts of --help themselves. Each must have every option and
no other; what it says of an option's letter, value, default, repetition and architecture must be what
the table says. Prints a line for each difference; status 1 when there is one.
"""
import collections
import os
import re
import sys

DOCUMENTS = ["README.md", "docs/minivmm.1", "tools/completions/minivmm.bash", "tools/completions/_minivmm",
             "tools/completions/minivmm.fish"]

# The documents, and what the manual page calls an architecture.
ARCHITECTURES = {"arm64": "arm64", "aarch64": "arm64", "x86_64": "x86_64"}

Option = collections.namedtuple(
    "Option", "command name letter argument repeatable architecture default note help words")


def read_list(text):
    """The options by what stands before their values: "--kernel", or "inspect --json"."""
    options = {}
    for line in text.splitlines():
        row = Option(*line.split("\t"))
        row = row._replace(repeatable=bool(row.repeatable), words=tuple(row.words.split()))
        key = f"{row.command} --{row.name}".lstrip()
        if f"--{row.name}" not in options:  # one that both have is documented once
            options[key] = row
    return options


def facts_of(option):
    """All that a document can say of an option."""
    if not option.argument:
        kind = "nothing"
    elif option.words:
        kind = "one of " + " ".join(option.words)
    else:
        kind = "a file" if option.argument == "FILE" else "a text"
    return {"letter": option.letter, "argument": option.argument, "repeatable": option.repeatable,
            "architecture": option.architecture, "default": option.default or option.note,
            "words": option.words, "completes": kind}


# --- The readers. Each yields (key, facts) for the options that it finds; of facts, those that the
# --- document states.

def facts_in(text, option):
    """What a text says of its option in words."""
    architecture = re.match(rf"\(?({'|'.join(ARCHITECTURES)})[:)] ", text)
    return {"repeatable": bool(re.search(r"\b(repeatable|several)\b", text)),
            "architecture": ARCHITECTURES[architecture.group(1)] if architecture else "",
            "words": tuple(w for w in option.words if re.search(rf"\b{w}\b", text)) if option else ()}


def read_help(options):
    for key, option in options.items():
        facts = facts_in(option.help, option)
        del facts["architecture"]  # --help adds it
        yield key, facts


def read_readme(text, options):
    table = text.partition("\n## Options\n")[2].partition("\n## ")[0]
    for names, meaning, default in re.findall(r"^\| (`.*?) \| (.*?) \| ?(.*?) ?\|$", table, re.M):
        letter = ""
        for span in re.findall(r"`([^`]*)`", names):
            inspect = re.fullmatch(r"inspect FILE \[(--[a-z-]+)\]", span)
            long = re.fullmatch(r"(--[a-z-]+)(?: ([A-Z]+))?(?: \[-- ARG\.\.\.\])?", span)
            if inspect:
                yield f"inspect {inspect.group(1)}", {}
            elif long:
                option = options.get(long.group(1))
                facts = facts_in(meaning, option)
                if option and facts_of(option)["default"]:  # else the column says what happens without it
                    facts["default"] = default.replace("`", "")
                yield long.group(1), {"letter": letter, "argument": long.group(2) or "", **facts}
                letter = ""
            elif re.fullmatch("-[A-Za-z]", span):
                letter = span[1]


def without_macros(roff):
    """The text of a manual page's lines, without fonts."""
    lines = []
    for line in roff.splitlines():
        line = re.sub(r"\\f[A-Z]", "", line).replace("\\-", "-")
        macro = re.match(r"\.([A-Z]+) (.*)", line)
        if macro:
            words = re.findall(r'"([^"]*)"|(\S+)', macro.group(2))
            joint = "" if macro.group(1) in ("BR", "RB", "IR", "RI") else " "
            line = joint.join(quoted or word for quoted, word in words)
        lines.append(line)
    return "\n".join(lines)


def read_manual(text, options):
    synopsis = without_macros(text.partition("\n.SH SYNOPSIS\n")[2].partition("\n.SH ")[0])
    for name in re.findall(r"inspect\nFILE\n\[(--[a-z-]+)\]", synopsis):
        yield f"inspect {name}", {}
    section = text.partition("\n.SH OPTIONS\n")[2].partition("\n.PP\n")[0]
    for part in re.split(r"^\.TP\n", section, flags=re.M)[1:]:
        tag, meaning = without_macros(part).split("\n", 1)
        meaning = meaning.replace("\n", " ")
        default = re.search(r"The default is (.*?)\.( |$)", meaning)
        for letter, name, argument in re.findall(r"(?:-([A-Za-z]), )?(--[a-z-]+)(?: ([A-Z]+))?", tag):
            yield name, {"letter": letter, "argument": argument,
                         "default": default.group(1) if default else "",
                         **facts_in(meaning, options.get(name))}


def read_bash(text, options):
    inspects, runs = re.findall(r"_minivmm_words (-[^;]*);;", text)
    offered = runs.replace("\\", "").split()
    completes = collections.defaultdict(lambda: "nothing")
    for names, action in re.findall(r"^\t(-.*?)\) (.*?) ?;;$", text, re.M):
        words = action.partition("_minivmm_words ")[2]
        kind = "one of " + words if words else "a file" if action == "_minivmm_files" else "a text"
        completes.update((name, kind) for name in names.split(" | "))
    letters = {f"-{option.letter}": name for name, option in options.items() if option.letter}
    unknown = [word for word in completes if word not in options and word not in letters]
    for word in [word for word in offered if word not in letters] + unknown:
        same = [s[1:] for s in letters if letters[s] == word and s in offered and completes[s] == completes[word]]
        yield word, {"letter": "".join(same), "completes": completes[word]}
    for word in inspects.split():
        if word.startswith("--") and word not in options:
            yield f"inspect {word}", {"completes": "nothing"}


ZSH = re.compile(r"(\*?)(?:\((-\w) (--[a-z-]+)\))?(?:\{-(\w),(--[a-z-]+)(=?)\}|(--[a-z-]+)(=?))\[[^]]*\]"
                 r"(?::[^:]*:(_files|\((.*)\)|))?")


def read_zsh(text, options):
    inspect = text.partition("== inspect ]]")[2].partition("fi\n")[0]
    for name in re.findall(r"'(--[a-z-]+)\[", inspect):
        yield f"inspect {name}", {"completes": "nothing"}
    table = text.partition("options=(\n")[2].partition("\n\t)\n")[0]
    for line in table.splitlines():
        found = ZSH.fullmatch(re.sub("[\"']", "", line.strip()))
        if not found:
            yield line.strip(), {}
            continue
        star, *excluded, letter, lettered, equals, name, name_equals, action, words = found.groups()
        name, letter = name or lettered, letter or ""
        kind = "nothing"
        if equals or name_equals:
            kind = "a file" if action == "_files" else f"one of {words}" if words else "a text"
        if letter and not star and excluded != [f"-{letter}", name]:
            letter = f"{letter}, which does not exclude {name}"
        yield name, {"letter": letter, "repeatable": bool(star), "completes": kind}


def read_fish(text, options):
    for line in re.findall(r"^complete .*(?: -l ).*$", text, re.M):
        found = re.fullmatch(r"complete -c minivmm(?: -n (\w+))?(?: -s (\w))? -l ([a-z-]+)"
                             r"( -r -F| -x(?: -a '([^']*)')?)?(?: -d '.*')", line)
        if not found:
            yield line, {}
            continue
        condition, letter, name, value, words = found.groups()
        kind = "nothing" if not value else "a file" if "-F" in value else f"one of {words}" if words else "a text"
        prefix = "inspect " if condition == "__minivmm_inspects" else ""
        yield f"{prefix}--{name}", {"letter": letter or "", "completes": kind}


READERS = dict(zip(DOCUMENTS, (read_readme, read_manual, read_bash, read_zsh, read_fish)))


def differences(document, found, options):
    seen = set()
    for key, facts in found:
        if key not in options:
            yield f"{document}: has {key}, which is no option"
            continue
        if key in seen:
            yield f"{document}: has {key} twice"
        seen.add(key)
        want = facts_of(options[key])
        for fact, value in facts.items():
            if value != want[fact]:
                yield f"{document}: {key}: {fact}: {value!r}, the table has {want[fact]!r}"
    for key in options:
        if key not in seen:
            yield f"{document}: lacks {key}"


def complaints(options, texts):
    """TEXTS: the contents of the documents, by their names."""
    yield from differences("vmm/cli/option_table.c", read_help(options), options)
    for document, read in READERS.items():
        yield from differences(document, read(texts[document], options), options)


def read_documents(tree):
    texts = {}
    for document in DOCUMENTS:
        with open(os.path.join(tree, document), encoding="utf-8") as f:
            texts[document] = f.read()
    return texts


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        options = read_list(f.read())
    if "--kernel" not in options:
        sys.exit(f"{sys.argv[1]}: this is no list of the options")
    found = list(complaints(options, read_documents(sys.argv[2])))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

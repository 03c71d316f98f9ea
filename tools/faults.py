# SPDX-License-Identifier: BSD-3-Clause
"""The faults that tools/mutate plants: where in a C file one is possible, and what it changes.

Comments, strings, preprocessor lines and assertions are left alone: a change there is no fault, or
one that the compiler sees. So are the sizes of arrays: one more is no fault, and less is for the
sanitizers to see. Binary operators are known by the blanks around them, which clang-format
sees to.
"""
import collections
import re

# A change of one place: text[start:end] becomes new. line is the number of the place's line, within
# the function or the table around it; before and after are that line without indentation, unchanged
# and changed.
Fault = collections.namedtuple("Fault", "path kind start end new line within before after")

NO_CODE = re.compile(r"""/\*.*?\*/ | //[^\n]* | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'
                         | ^[ \t]*\#(?:\\\n|[^\n])*""", re.S | re.M | re.X)
ARRAY = re.compile(r"^([ \t]*(?!return\b|else\b|case\b)(?:\w+[ \t]+)+\**\w+)((?:\[[^\]\n]*\])+)", re.M)
ASSERTION = re.compile(r"\b(?:assert|static_assert|_Static_assert)\s*(?=\()")

SWAPS = {
    "relational": {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="},
    "arithmetic": {"+": "-", "-": "+", "*": "/", "/": "*", "%": "/", "+=": "-=", "-=": "+="},
    "bitwise": {"&": "|", "|": "&", "&=": "|=", "|=": "&=", "<<": ">>", ">>": "<<"},
    "logical": {"&&": "||", "||": "&&"},
}
STATEMENTS = {"return -1;": "return 0;", "return 0;": "return -1;", "return true;": "return false;",
              "return false;": "return true;", "break;": ";", "continue;": ";"}
KINDS = [*SWAPS, "negation", "constant", "statement"]

OPERATOR = re.compile(r"(?<=\s)[-+*/%<>=!&|]{1,2}(?=\s)")
STEP = re.compile(r"\+\+|--")
NOT = re.compile(r"!(?=[\w(*])")
CONDITION = re.compile(r"\bif (?=\()")
NUMBER = re.compile(r"(?<![\w.])(0[xX][0-9a-fA-F]+|[0-9]+)([uUlL]*)(?![\w.])")
STATEMENT = re.compile(r"\b(?:return (?:-1|0|true|false)|break|continue);")
# A definition begins at the left margin.
DEFINITION = re.compile(r"^[A-Za-z_}][^\n;]*?(\w+)(?= ?[\[(=])", re.M)
RESULT = re.compile(r"\breturn -?$")


def blank(text):
    return re.sub(r"[^\n]", " ", text)


def closing(code, start):
    """Where the parenthesis at start is closed: the offset after it."""
    depth = 0
    for i in range(start, len(code)):
        depth += (code[i] == "(") - (code[i] == ")")
        if not depth:
            return i + 1
    return len(code)


def code_of(text):
    """The text with blanks for all that is no code; every offset stays."""
    code = NO_CODE.sub(lambda m: blank(m.group()), text)
    code = ARRAY.sub(lambda m: m.group(1) + blank(m.group(2)), code)
    for found in list(ASSERTION.finditer(code)):
        end = closing(code, found.end())
        code = code[:found.start()] + blank(code[found.start():end]) + code[end:]
    return code


def one_more(digits):
    if digits[:2] in ("0x", "0X"):
        return hex(int(digits, 16) + 1)
    return str(int(digits, 8 if digits.startswith("0") else 10) + 1)


def changes(text):
    """Yields (kind, start, end, new) for each change of one place."""
    code = code_of(text)
    for found in OPERATOR.finditer(code):
        for kind, swaps in SWAPS.items():
            if found.group() in swaps:
                yield kind, *found.span(), swaps[found.group()]
    for found in STEP.finditer(code):
        yield "arithmetic", *found.span(), "--" if found.group() == "++" else "++"
    for found in NOT.finditer(code):
        yield "negation", *found.span(), ""
    for found in CONDITION.finditer(code):
        end = closing(code, found.end())
        yield "negation", found.end(), end, f"(!{text[found.end():end]})"
    for found in NUMBER.finditer(code):
        if not RESULT.search(code[code.rfind("\n", 0, found.start()) + 1:found.start()]):
            yield "constant", *found.span(), one_more(found.group(1)) + found.group(2)
    for found in STATEMENT.finditer(code):
        yield "statement", *found.span(), STATEMENTS[found.group()]


def planted(text, fault):
    return text[:fault.start] + fault.new + text[fault.end:]


def faults(path, text):
    """All faults that can be planted in a file, in the order of their kinds."""
    found = []
    names = [(m.start(), m.group(1)) for m in DEFINITION.finditer(text)]
    for kind, start, end, new in changes(text):
        first = text.rfind("\n", 0, start) + 1
        last = text.find("\n", end)
        after = text[first:start] + new + text[end:last]
        within = next((name for at, name in reversed(names) if at <= start), "")
        found.append(Fault(path, kind, start, end, new, text.count("\n", 0, start) + 1, within,
                           " ".join(text[first:last].split()), " ".join(after.split())))
    return found

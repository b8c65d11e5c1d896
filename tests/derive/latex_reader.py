"""Reads the mathematics of a derivation back from its Markdown, and evaluates it with numbers for the symbols.

It shares no code with what wrote it: a parser by hand of the subset of LaTeX in which derivations are written.
"""

from __future__ import annotations

import math
import re
from collections import ChainMap
from collections.abc import Callable, Mapping
from fractions import Fraction

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:\{,\}\d{3})*|[A-Za-z]|\S")
_IGNORED = {r"\,", r"\quad", r"\ "}
_OPENING = {"(", r"\bigl(", r"\left("}
_GREEK_START = {r"\times", r"\cdot", r"\bmod", r"\right", r"\bigr", r"\ge", r"\le", r"\ne", r"\mid", r"\nmid", r"\land"}
_FONTS = {r"\mathrm", r"\mathbf", r"\mathcal", r"\hat"}
_MARKS = {r"\prime", "*"}


Function = Callable[[list[Fraction]], Fraction]


class Unknown(Exception):
    """A symbol that has no value here."""


class Parser:
    def __init__(self, text: str, values: Mapping[str, Fraction], functions: Mapping[str, Function] | None = None):
        self.functions = functions or {}
        text = re.sub(r"\\(left|right|bigl|bigr)\s*(\\[lr](?:floor|ceil)|\\vert|[()])", r"\2", text)
        text = text.replace("{}", "")
        self.tokens = [t for t in _TOKEN.findall(text) if t not in _IGNORED]
        self.place = 0
        self.values = ChainMap({}, values)  # type: ignore[arg-type]

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, expected: str | None = None) -> str:
        token = self.peek()
        assert token and (expected is None or token == expected), (expected, self.tokens[self.place :])
        self.place += 1
        return token

    def whole(self) -> Fraction:
        value = self.sum()
        assert not self.peek(), self.tokens[self.place :]
        return value

    def sum(self) -> Fraction:
        sign = -1 if self.peek() == "-" else 1
        if self.peek() in ("-", "+"):
            self.take()
        value = sign * self.product()
        while self.peek() in ("+", "-"):
            sign = 1 if self.take() == "+" else -1
            value += sign * self.product()
        return value

    def product(self) -> Fraction:
        value = self.factor()
        while True:
            token = self.peek()
            if token in (r"\times", r"\cdot"):
                self.take()
                value *= self.factor()
            elif token == r"\bmod":
                self.take()
                value %= self.factor()
            elif token and (token[0].isalnum() or token == "(" or (token[0] == "\\" and self.starts_factor(token))):
                value *= self.factor()
            else:
                return value

    def starts_factor(self, token: str) -> bool:
        return token not in _GREEK_START and token not in (r"\rfloor", r"\rceil", r"\vert", r"\\")

    def factor(self) -> Fraction:
        value = self.atom()
        if self.peek() == "^":
            self.take()
            exponent = self.group()
            assert exponent.denominator == 1
            value = Fraction(value) ** int(exponent)
        return value

    def group(self) -> Fraction:
        self.take("{")
        value = self.sum()
        self.take("}")
        return value

    def atom(self) -> Fraction:
        token = self.take()
        if token[0].isdigit():
            return Fraction(int(token.replace("{,}", "")))
        if token == "(":
            value = self.sum()
            self.take(")")
            return value
        if token == r"\underbrace":
            value = self.group()
            self.take("_"), self.braces()
            return value
        if token == r"\frac":
            return self.group() / self.group()
        if token == r"\lfloor":
            value = self.sum()
            self.take(r"\rfloor")
            return Fraction(math.floor(value))
        if token == r"\lceil":
            value = self.sum()
            self.take(r"\rceil")
            return Fraction(math.ceil(value))
        if token == r"\vert":
            value = self.sum()
            self.take(r"\vert")
            return abs(value)
        if token in (r"\max", r"\min"):
            return (max if token == r"\max" else min)(self.listed())
        if token == r"\sum":
            return self.series()
        assert token[0].isalpha() or token[0] == "\\", (token, self.tokens)
        self.place -= 1
        name = self.name()
        if name in self.functions and self.peek() == "(":
            return self.functions[name](self.listed())
        if name not in self.values:
            raise Unknown(name)
        return Fraction(self.values[name])

    def listed(self) -> list[Fraction]:
        """What stands in brackets, with commas between."""
        self.take("(")
        found = [self.sum()]
        while self.peek() == ",":
            self.take()
            found.append(self.sum())
        self.take(")")
        return found

    def series(self) -> Fraction:
        self.take("_"), self.take("{")
        index = self.name()
        self.take("="), self.take("0"), self.take("}"), self.take("^")
        last = self.group()
        start, value = self.place, Fraction(0)
        for turn in range(int(last) + 1):
            self.place = start
            self.values[index] = Fraction(turn)
            value += self.product()
        if last < 0:
            self.values[index] = Fraction(0)
            self.product()
        return value

    def name(self) -> str:
        """A letter or a word in a font, under accents, with an index and a mark."""
        parts = [self.take()]
        if self.peek() == "{" and parts[0] in _FONTS:
            parts.append(self.braces())
        if self.peek() == "_":
            parts += [self.take(), self.braces()]
        if self.peek() == "^" and self.tokens[self.place + 2] in _MARKS:
            parts += [self.take(), self.braces()]
        return "".join(parts)

    def braces(self) -> str:
        self.take("{")
        depth, parts = 1, ["{"]
        while depth:
            token = self.take()
            depth += {"{": 1, "}": -1}.get(token, 0)
            parts.append(token)
        return "".join(parts)


def value_of(text: str, values: Mapping[str, Fraction], functions: Mapping[str, Function] | None = None) -> Fraction:
    return Parser(text, values, functions).whole()


def rows_of(display: str) -> tuple[list[str], list[str]]:
    """What a display derives, and its rows, with broken rows joined."""
    lines = [line.removesuffix(r"\\").strip() for line in display.strip().split("\n")]
    assert lines[0] == r"\begin{aligned}" and lines[-1] == r"\end{aligned}", display
    targets, rows = [], []
    for line in lines[1:-1]:
        if line.startswith(r"&\quad"):
            rows[-1] += " " + line.removeprefix(r"&\quad").strip()
            continue
        left, _, right = line.partition("&=")
        if left.strip():
            targets = [side.strip() for side in left.split(" = ")]
        rows.append(right.strip())
    return targets, rows


def blocks_of(markdown: str) -> list[tuple[str, str]]:
    """(kind, text) of each block: "display" for a formula, "table" for a table, "text" for the others."""
    blocks: list[tuple[str, str]] = []
    for block in markdown.split("\n\n"):
        if block.startswith("$$"):
            blocks.append(("display", block.strip().removeprefix("$$").removesuffix("$$")))
        elif block.startswith("|"):
            blocks.append(("table", block))
        else:
            blocks.append(("text", block))
    return blocks


def inline_formulas(text: str) -> list[str]:
    return re.findall(r"(?<!\\)\$([^$]+)\$", text)


def symbol_name(text: str) -> str:
    """The name as the parser knows it."""
    parser = Parser(text, {})
    return parser.name()


def table_of(block: str) -> list[list[str]]:
    """The cells of a table, without the line below its header."""
    rows = [[cell.strip() for cell in line.strip().strip("|").split(" | ")] for line in block.strip().split("\n")]
    return [rows[0], *rows[2:]]


def parts_of_tuple(text: str) -> list[str]:
    """The parts of a shape in brackets."""
    inner = re.sub(r"^(\\left)?\(|(\\right)?\)$", "", text.strip())
    parts, depth = [""], 0
    for character in inner:
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(character, 0)
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts if part.strip()]


_COMMANDS = re.compile(r"\\(?!mathrm)(?:left|right|bigl|bigr|begin\{\w+\}(?:\[t\])?|end\{\w+\}|frac|times|cdot|quad)")


def without_labels(text: str) -> str:
    """The formula without the braces under its terms and what is written there."""
    opening = r"\underbrace{"
    while opening in text:
        before, _, rest = text.partition(opening)
        end = _closing("{" + rest, 0) - 1
        text = before + rest[: end - 1] + rest[_closing(rest, end + 1) :]
    return text


def _closing(text: str, start: int) -> int:
    """The place behind the group that opens there."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if not depth:
            return place + 1
    raise AssertionError(text)


def names_in(text: str) -> set[str]:
    """The names in a formula; of a figure with an index also the letter alone."""
    parser = Parser(_COMMANDS.sub(" ", without_labels(text).replace("&", " ")), {})
    found: set[str] = set()
    while parser.peek():
        if parser.peek()[0].isalpha() or re.match(r"\\[A-Za-z]", parser.peek()):
            name = parser.name()
            found |= {name, re.sub(r"_\{.*", "", name)}
        else:
            parser.take()
    return found

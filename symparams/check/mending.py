"""A text with its false numbers made right, and with the delimiters that GitHub and Jupyter render."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from ..errors import LimitError, SymparamsError
from .amounts import Arithmetic, amount
from .consequences import wrong_numbers
from .findings import Equality, Findings, Used
from .numerals import NUMBER, digits_of, read, written_like
from .reading import Literal, Tree, literals, parts_of
from .tokens import Mark
from .web_pages import is_page

MAX_TEXT = 200_000
_MOST_ROUNDS = 200


class Replacement(NamedTuple):
    """A number of a text, and what it becomes."""

    start: int
    end: int
    before: str
    after: str


class Mended(NamedTuple):
    """A text after its numbers were put right, with how many were, and what is still false in it."""

    text: str
    changes: int
    left: Findings


def mended(text: str, check: Callable[[str], Findings]) -> Mended:
    """The text with only its false numbers changed: first each where it arises, then wherever it was used again."""
    if is_page(text):
        raise SymparamsError("a page of the web is not mended", None, "mend the text that it was made from")
    if len(text) > MAX_TEXT:
        raise LimitError(f"the text has {len(text):,} characters; at most {MAX_TEXT:,} are mended")
    changes = 0
    replaced: dict[Fraction, Fraction] = {}
    findings = check(text)
    for _ in range(_MOST_ROUNDS):
        change = next(filter(None, (_change(text, false) for false in findings.false)), None)
        if change is None:
            break
        old, new = read(change.before).value, read(change.after).value
        rest = text[change.end :]
        text, changes = text[: change.start] + change.after + rest, changes + 1
        if old not in replaced or replaced[old] == new:
            replaced[old] = new
            carried = _carried_on(text, change.start + len(change.after), findings, change, old, new)
            text, changes = carried[0], changes + carried[1]
        findings = check(text)
    return Mended(text, changes, findings)


def _change(text: str, false: Equality) -> Replacement | None:
    """The one number of the right side that is wrong, as it should be; None where that is not sure."""
    if false.is_total:
        return _written(text, false.results[0], Fraction(false.left_value)) if false.results else None
    if (
        not isinstance(false.left_value, (int, Fraction))
        or not isinstance(false.right_value, (int, Fraction))
        or not false.sides
    ):
        return None
    left, right = false.sides
    value = Fraction(false.left_value)
    if len(false.results) == 1 and isinstance(right, Literal):
        return _written(text, false.results[0], value)
    known = set(_values_inside(left))
    fitting = []
    for number in literals(right):
        wanted = _solved(right, number, value)
        if wanted is not None and wanted >= 0 and wanted.denominator == 1:
            fitting.append((number, wanted))
    sure = [(number, wanted) for number, wanted in fitting if wanted in known]
    if len(sure) != 1:
        return None
    number, wanted = sure[0]
    return _written(text, Used(number.sign.start, number.sign.end, wanted), wanted)


def _written(text: str, used: Used, value: Fraction) -> Replacement | None:
    before = text[used.start : used.end]
    digits = re.match(NUMBER, before)
    if not digits:
        return None
    factor = read(before).value / read(digits.group()).value if read(digits.group()).value else Fraction(1)
    after = written_like(value / (factor or 1), digits_of(digits.group()))
    if after is None or after == digits.group():
        return None
    return Replacement(used.start, used.start + len(digits.group()), digits.group(), after)


def _values_inside(tree: Tree) -> Iterator[Fraction]:
    """What the parts of a side come to, runs of factors among them."""
    try:
        value = amount(tree, Arithmetic())
    except SymparamsError:
        return
    if isinstance(value, (int, Fraction)):
        yield Fraction(value)
    for part in parts_of(tree):
        yield from _values_inside(part)


def _solved(tree: Tree, number: Literal, value: Fraction) -> Fraction | None:
    """What a number of a side has to be for the side to come to a value, where it enters to the first power."""

    def at(replacement: Fraction) -> Any:
        return amount(tree, _Replacing(number.sign, replacement))

    try:
        zero, one, two = (Fraction(at(Fraction(n))) for n in (0, 1, 2))
    except SymparamsError:
        return None
    if two - one != one - zero or one == zero:
        return None
    return (value - zero) / (one - zero)


class _Replacing(Arithmetic):
    """Exact numbers, with another value for one of them."""

    def __init__(self, sign: Mark, value: Fraction):
        super().__init__()
        self.sign, self.value = sign, value

    def literal(self, tree: Literal) -> Any:
        return self.value if tree.sign is self.sign else super().literal(tree)


def _carried_on(
    text: str, start: int, findings: Findings, change: Replacement, old: Fraction, new: Fraction
) -> tuple[str, int]:
    """The text with a wrong number replaced on the lines where it was used again."""
    lines = {line for false in findings.false if old in wrong_numbers(false) for line in false.follows}
    if not lines or old < 100:
        return text, 0
    offsets = _line_starts(text)
    made, at, count = [text[:start]], start, 0
    for match in _NUMBERS.finditer(text, start):
        line = bisect_right(offsets, match.start())
        try:
            same = line in lines and read(match.group()).value == old
        except SymparamsError:
            same = False
        after = written_like(new, match.group()) if same else None
        if after is not None:
            made += [text[at : match.start()], after]
            at, count = match.end(), count + 1
    return "".join([*made, text[at:]]), count


_NUMBERS = re.compile(rf"(?<![\w.])(?:{NUMBER})")


def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer("\n", text))]


# Delimiters


_DISPLAYED = re.compile(r"(?P<indent>^[ \t]*)?\\\[(?P<inside>.*?)\\\]", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"\\\(\s*(?P<inside>(?:(?!\\\)|\n\s*\n).)*?)\s*\\\)", re.DOTALL)
_BARE = re.compile(
    r"^(?P<indent>[ \t]*)\[[ \t]*\n(?P<inside>(?:(?![ \t]*[\[\]][ \t]*$)[^\n]*\n){1,20}?)[ \t]*\][ \t]*$", re.MULTILINE
)
_FENCED = re.compile(
    r"(^[ \t>]*(?P<mark>`{3,}|~{3,})[^\n]*\n.*?^[ \t>]*(?P=mark)[ \t]*$|`[^`\n]+`)", re.DOTALL | re.MULTILINE
)


def with_rendered_delimiters(text: str) -> str:
    """Markdown with \\[ \\] and \\( \\) as $$ on lines of their own and as $; code is left alone."""
    pieces = _FENCED.split(text)
    return "".join(_delimited(piece) if at % 3 == 0 else piece for at, piece in enumerate(pieces) if at % 3 < 2)


def _delimited(text: str) -> str:
    text = _BARE.sub(lambda found: _display(found) if "\\" in found["inside"] else found.group(), text)
    text = _DISPLAYED.sub(_display, text)
    return _INLINE.sub(lambda found: f"${found['inside']}$", text)


def _display(found: re.Match[str]) -> str:
    indent = found["indent"] or ""
    lines = [line.strip() for line in found["inside"].strip("\n").split("\n") if line.strip()]
    before = found.string[: found.start()]
    behind = found.string[found.end() :]
    head = "" if not before.strip() or before.endswith("\n\n") else "\n" if before.endswith("\n") else "\n\n"
    tail = "" if not behind.strip() or behind.startswith("\n\n") else "\n" if behind.startswith("\n") else "\n\n"
    body = "\n".join(indent + line for line in lines)
    return f"{head}{indent}$$\n{body}\n{indent}$$" + tail

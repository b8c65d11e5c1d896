"""Where a wrong number is used again, and what is worked out from it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from fractions import Fraction

from ..errors import LimitError
from .findings import Equality
from .numerals import NUMBER, read
from .passages import Note

# Numbers below this are met by chance, so that only a calculation uses them again; those below the other say nothing.
_TELLING, _SMALL = 100, 10
_NUMBERS = re.compile(rf"(?<![\w.])(?:{NUMBER})")


def follow(document: Note, equalities: list[Equality]) -> None:
    """Note for each false equality the lines that use its wrong number, or what was calculated from that."""
    false = [equality for equality in equalities if not equality.holds]
    if not false:
        return
    mentioned = _mentions(document)
    for equality in false:
        equality.follows = sorted(set(_lines(document, equality, equalities, mentioned)) - {equality.line})


def _mentions(document: Note) -> dict[Fraction, list[int]]:
    """The offsets at which each telling number stands."""
    found: dict[Fraction, list[int]] = {}
    for match in _NUMBERS.finditer(document.text):
        try:
            value = read(match.group()).value
        except LimitError:
            continue
        if value >= _TELLING:
            found.setdefault(value, []).append(match.start())
    return found


def _lines(
    document: Note, false: Equality, equalities: list[Equality], mentioned: dict[Fraction, list[int]]
) -> Iterator[int]:
    wrong = {value for value in wrong_numbers(false) if value >= _SMALL}
    start = false.end if not false.is_total else false.start + 1
    for later in equalities:
        if later.start < false.start or later is false:
            continue
        used = {number.value for number in later.inputs} | {
            n.value for n in later.results if later.start >= start or later.is_total
        }
        if wrong & used:
            yield later.line
            given = {number.value for number in later.inputs}
            wrong |= {n.value for n in later.results if n.value not in given and n.value >= _SMALL and wrong & given}
    for value in wrong:
        places = mentioned.get(value, [])
        for place in places[bisect_right(places, start) :]:
            yield document.line_of(place)


def wrong_numbers(false: Equality) -> set[Fraction]:
    """The numbers of the right side that are not given on the left, and what it comes to."""
    given = {number.value for number in false.inputs}
    values = {number.value for number in false.results if number.value not in given}
    if isinstance(false.right_value, (int, Fraction)) and len(false.results) > 0:
        values.add(Fraction(false.right_value))
    return values

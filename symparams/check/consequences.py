"""Where a wrong number is used again, and what is worked out from it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from fractions import Fraction
from heapq import heappop, heappush

from ..errors import LimitError
from .findings import Equality
from .numerals import NUMBER, read
from .passages import Note

# Numbers below this are met by chance, so that only a calculation uses them again; those below the other say nothing.
_TELLING, _SMALL = 100, 10
_MOST_FOLLOWED, _MOST_USES = 200, 1_000
_NUMBERS = re.compile(rf"(?<![\w.])(?:{NUMBER})")


def follow(document: Note, equalities: list[Equality]) -> None:
    """Note for each false equality the lines that use its wrong number, or what was calculated from that."""
    false = [equality for equality in equalities if not equality.holds]
    if not false:
        return
    mentioned = _mentions(document)
    users: dict[Fraction, list[int]] = {}
    for place, equality in enumerate(equalities):
        for value in {number.value for number in (*equality.inputs, *equality.results)}:
            users.setdefault(value, []).append(place)
    for equality in false[:_MOST_FOLLOWED]:
        lines = set(_lines(document, equality, equalities, users, mentioned))
        equality.follows = sorted(lines - {equality.line})


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
    document: Note,
    false: Equality,
    equalities: list[Equality],
    users: dict[Fraction, list[int]],
    mentioned: dict[Fraction, list[int]],
) -> Iterator[int]:
    wrong = {value for value in wrong_numbers(false) if value >= _SMALL}
    start = false.end if not false.is_total else false.start + 1
    waiting, seen = sorted(place for value in wrong for place in users.get(value, ())[:_MOST_USES]), {id(false)}
    while waiting:
        later = equalities[heappop(waiting)]
        given = {number.value for number in later.inputs}
        shown = {n.value for n in later.results} if later.start >= start or later.is_total else set()
        if id(later) in seen or later.start < false.start or not wrong & (given | shown):
            continue
        seen.add(id(later))
        yield later.line
        if wrong & given:
            made = {n.value for n in later.results if n.value not in given and n.value >= _SMALL} - wrong
            wrong |= made
            for value in made:
                for place in users.get(value, ())[:_MOST_USES]:
                    heappush(waiting, place)
    for value in wrong:
        places = mentioned.get(value, [])
        first = bisect_right(places, start)
        for place in places[first : first + _MOST_USES]:
            yield document.line_of(place)


def wrong_numbers(false: Equality) -> set[Fraction]:
    """The numbers of the right side that are not given on the left, and what it comes to."""
    given = {number.value for number in false.inputs}
    values = {number.value for number in false.results if number.value not in given}
    if isinstance(false.right_value, (int, Fraction)) and len(false.results) > 0:
        values.add(Fraction(false.right_value))
    return values

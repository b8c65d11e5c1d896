"""Configurations drawn at random from a grid, each at the most once; the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from math import prod

from ..errors import LimitError, SymparamsError
from ..questions.ranges import Numbers

MOST_DRAWN = 5_000_000


def drawn(over: Mapping[str, range | Numbers], number: int, seed: int) -> list[tuple[int, ...]]:
    """So many configurations in the order of the grid; all of them where there are no more."""
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise SymparamsError(f"a sample has a positive whole number of configurations, not {number!r}")
    if number > MOST_DRAWN:
        raise LimitError(f"a sample has {MOST_DRAWN:,} configurations at the most")
    size = prod(map(len, over.values()))
    choice = random.Random(seed)
    if number * 2 >= size:
        places = sorted(choice.sample(range(size), min(number, size)))
    else:
        found: set[int] = set()
        while len(found) < number:
            found.add(choice.randrange(size))
        places = sorted(found)
    return [_at(list(over.values()), place) for place in places]


def _at(axes: list[range | Numbers], place: int) -> tuple[int, ...]:
    """The configuration at a place, the last axis fastest."""
    found = []
    for numbers in reversed(axes):
        place, rest = divmod(place, len(numbers))
        found.append(numbers[rest])
    return tuple(reversed(found))

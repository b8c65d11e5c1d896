"""A grid in pieces of few enough configurations each, so that work can be shared out, shown and stopped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod

from ..questions.ranges import Numbers

LEAST = 4_000_000
PIECES = 400


def pieces(axes: Mapping[str, range | Numbers], most: int) -> Iterator[dict[str, range | Numbers]]:
    """Parts of a grid with at the most so many configurations each, in the order of the grid."""
    if prod(map(len, axes.values())) <= most:
        yield dict(axes)
        return
    name, numbers = next(iter(axes.items()))
    rest = {other: own for other, own in axes.items() if other != name}
    beside = prod(map(len, rest.values()))
    if beside > most:
        for i in range(len(numbers)):
            yield from ({name: numbers[i : i + 1], **piece} for piece in pieces(rest, most))
        return
    step = most // beside
    for start in range(0, len(numbers), step):
        yield {name: numbers[start : start + step], **rest}


def piece_size(size: int) -> int:
    return max(LEAST, -(-size // PIECES))

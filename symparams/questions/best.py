"""What answers are sorted by: how near they are to the bound, or figures of which there is to be the least or most."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ..closed_forms.polynomial import Quantity
from ..core.network import CoreNetwork
from ..errors import SymparamsError
from .asking import Asked, quantity_asked

LEAST, MOST = "least", "most"
MOST_COSTS = 3
MOST_WAITING = 1_000_000

# The numbers of a point, and the values there: first what it is sorted by, then what is shown.
Row = tuple[tuple[int, ...], tuple[Any, ...]]


class Aim(NamedTuple):
    """A figure, and whether there is to be the least or the most of it."""

    name: str
    direction: str
    quantity: Quantity

    @property
    def cost(self) -> Quantity:
        """What is to be small."""
        return self.quantity if self.direction == LEAST else -self.quantity


def aims(best: str, asked: Asked, net: CoreNetwork) -> list[Aim]:
    """The aims in a text like `macs` or `most:params,least:macs`. Raises SymparamsError for another figure."""
    found = []
    parts = [part.strip() for part in best.split(",") if part.strip()]
    for part in parts:
        direction, colon, name = part.rpartition(":")
        name = name.strip()
        direction = direction.strip() if colon else _usual(name, asked, len(parts) == 1)
        if direction not in (LEAST, MOST):
            raise SymparamsError(f"a figure is wanted {LEAST} or {MOST}, not {direction!r}", None, f"{MOST}:{name}")
        found.append(Aim(name, direction, quantity_asked(name, net)))
    if not found:
        raise SymparamsError("there is no figure to be best by", None, "--best macs")
    return found


def _usual(name: str, asked: Asked, is_alone: bool) -> str:
    """A budget is used up: of the figure that it bounds there is to be the most, of the others beside it the least."""
    bounded = is_alone or name in (compared.left_text for compared in asked.compared)
    return MOST if asked.asks_for_less() and bounded else LEAST


class Nearest:
    """Keeps the rows with the smallest costs, so many of them; of equal ones those that come first."""

    def __init__(self, most: int):
        self.most = most
        self.rows: list[Row] = []

    def take(self, points: Sequence[Any], values: Sequence[Any]) -> None:
        import numpy

        first = values[0]
        if len(first) > self.most:
            bound = numpy.partition(first, self.most - 1)[self.most - 1]
            kept = numpy.flatnonzero(first <= bound)
            if len(kept) > 4 * self.most:
                kept = kept[numpy.argsort(first[kept], kind="stable")[: self.most]]
        else:
            kept = numpy.arange(len(first))
        rows = [*self.rows, *_rows(points, values, kept)]
        self.rows = sorted(rows, key=lambda row: (row[1][0], row[0]))[: self.most]


class Front:
    """Keeps the points than which no other is better in one figure and as good in the others: two figures or three."""

    def __init__(self, costs: int):
        if costs > MOST_COSTS:
            raise SymparamsError(f"a front is one of {MOST_COSTS} figures at the most", None, "--best params,macs")
        self.costs = costs
        self.blocks: list[tuple[tuple[Any, ...], tuple[Any, ...]]] = []
        self.size = 0

    def take(self, points: Sequence[Any], values: Sequence[Any]) -> None:
        self.blocks.append(_front(tuple(points), tuple(values[: self.costs])))
        self.size += len(points[0])
        if self.size > MOST_WAITING:
            self._join()

    def _join(self) -> None:
        """Make one block of those that wait."""
        import numpy

        points, costs = (tuple(map(numpy.concatenate, zip(*parts))) for parts in zip(*self.blocks))
        self.blocks = [_front(points, costs)]
        self.size = 0

    @property
    def rows(self) -> list[Row]:
        """The points of the front with their costs, in the order of the costs."""
        if not self.blocks:
            return []
        self._join()
        ((points, costs),) = self.blocks
        return list(_rows(points, costs, slice(None)))


def _front(points: tuple[Any, ...], costs: tuple[Any, ...]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """The points that no other of them beats, in the order of their costs."""
    import numpy

    order = numpy.lexsort((*reversed(points), *reversed(costs)))
    points, costs = tuple(p[order] for p in points), tuple(c[order] for c in costs)
    is_new: Any = numpy.ones(len(order), dtype=bool)
    is_new[1:] = numpy.any([c[1:] != c[:-1] for c in costs], axis=0)
    firsts = tuple(c[is_new] for c in costs)
    kept = _beaten_by_none(firsts)[numpy.cumsum(is_new) - 1]
    return tuple(p[kept] for p in points), tuple(c[kept] for c in costs)


def _beaten_by_none(costs: tuple[Any, ...]) -> Any:
    """For different costs in order, which of them no other is as good as in all: it would stand before."""
    import numpy

    if len(costs) == 2:
        least = numpy.minimum.accumulate(costs[1])
        kept: Any = numpy.ones(len(least), dtype=bool)
        kept[1:] = costs[1][1:] < least[:-1]
        return kept
    # Of those before: their second costs in order, each with a third one that is less than those of the ones before it.
    seconds: list[Any] = []
    thirds: list[Any] = []
    found = []
    for second, third in zip(costs[1].tolist(), costs[2].tolist()):
        place = bisect_right(seconds, second)
        found.append(place == 0 or thirds[place - 1] > third)
        if found[-1]:
            start = place - 1 if place and seconds[place - 1] == second else place
            end = start
            while end < len(thirds) and thirds[end] >= third:
                end += 1
            seconds[start:end], thirds[start:end] = [second], [third]
    return numpy.array(found, dtype=bool)


def _rows(points: Sequence[Any], values: Sequence[Any], kept: Any) -> Iterable[Row]:
    numbers = zip(*(column[kept].tolist() for column in points))
    return zip(((*map(int, point),) for point in numbers), zip(*(column[kept].tolist() for column in values)))

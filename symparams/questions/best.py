"""What answers are sorted by: how near they are to the bound, or figures of which there is to be the least or most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ..closed_forms.polynomial import Quantity
from ..core.network import CoreNetwork
from ..errors import SymparamsError
from .asking import Asked, quantity_asked

LEAST, MOST = "least", "most"

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
    """Keeps the rows that no other is better than, in one figure and as good in the others."""

    def __init__(self, costs: int):
        self.costs = costs
        self.rows: list[Row] = []

    def take(self, points: Sequence[Any], values: Sequence[Any]) -> None:
        kept = self._not_beaten_here(values)
        self.rows = _front([*self.rows, *_rows(points, values, kept)], self.costs)

    def _not_beaten_here(self, values: Sequence[Any]) -> Any:
        """The places of those that may be on the front: with two costs, those with less of the second than before."""
        import numpy

        order = numpy.lexsort([v.astype(float) if v.dtype == object else v for v in reversed(values[: self.costs])])
        if self.costs != 2 or values[1].dtype == object or values[0].dtype == object:
            return order
        second = values[1][order]
        return order[second <= numpy.minimum.accumulate(second)]


def _rows(points: Sequence[Any], values: Sequence[Any], kept: Any) -> Iterable[Row]:
    numbers = zip(*(column[kept].tolist() for column in points))
    return zip(((*map(int, point),) for point in numbers), zip(*(column[kept].tolist() for column in values)))


def _front(rows: list[Row], costs: int) -> list[Row]:
    """Those that no other beats; one can be beaten only by one before it in their order."""
    found: list[Row] = []
    for row in sorted(rows, key=lambda row: (row[1][:costs], row[0])):
        own = row[1][:costs]
        rivals = found[-1:] if costs == 2 else found
        if not any(other[1][:costs] != own and _is_as_good(other[1][:costs], own) for other in rivals):
            found.append(row)
    return found


def _is_as_good(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return all(a <= b for a, b in zip(one, other))

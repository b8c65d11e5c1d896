"""Several unknowns: the answers in a box, the nearest to the bound or the best by other figures, and how many more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..cached import cached_property
from ..closed_forms.conditions import all_of, symbols_in, with_values
from ..closed_forms.floors import absolute
from ..closed_forms.polynomial import Quantity, Symbol, expression, symbols_of
from ..closed_forms.powers import substitute
from ..core.network import CoreNetwork
from ..errors import SymparamsError
from ..formula import python, text
from .asking import Asked, Compared, asked_of
from .best import Front, Nearest, aims
from .left_open import LeftOpen
from .ranges import Numbers
from .search_box import box_of


class SeveralUnknowns:
    """The answers: pairs of the numbers and the figures there, the best first; `count` tells how many there are."""

    def __init__(
        self,
        net: CoreNetwork,
        symbols: tuple[Symbol, ...],
        asked: Asked,
        over: Mapping[str, range | Numbers],
        multiple_of: int = 1,
        best: str | None = None,
        limit: int = 20,
    ):
        self.net = net
        self.symbols = symbols
        self.asked = asked
        self.notes = asked.notes
        self.limit = limit
        guards = asked_of(asked, net)
        held = frozenset(symbols)
        about = [c for c in guards if symbols_in([c]) and symbols_in([c]) <= held]
        self.where = [c for c in guards if symbols_in([c]) & held and not symbols_in([c]) <= held]
        self.condition = all_of([*about, *asked.premises, asked.condition])
        self.aims = aims(best, asked, net) if best else []
        self._check_open()
        self.box, self.parts = box_of(self.condition, symbols, over, multiple_of)

    def _check_open(self) -> None:
        """Raises SymparamsError where other symbols than the unknowns are left open."""
        values = [aim.quantity for aim in self.aims]
        open_ = symbols_in([self.condition]).union(*map(symbols_of, values)) - set(self.symbols)
        if open_:
            raise LeftOpen("this has no answer", self.asked, self.symbols, open_)

    # Figures

    @property
    def measured(self) -> Compared | None:
        """The first comparison with a bound that is a number, on its right side."""
        for compared in self.asked.compared:
            for left, right in ((compared.left, compared.right), (compared.right, compared.left)):
                plain = not isinstance(left, (tuple, bool)) and not isinstance(right, (tuple, bool))
                if plain and symbols_of(left) and not symbols_of(right) and compared.operator != "!=":
                    return compared._replace(left=left, right=right)
        return None

    @cached_property
    def shown(self) -> dict[str, Quantity]:
        """The figures that stand beside the numbers, by what they are called."""
        found: dict[str, Quantity] = {}
        if self.measured and self.measured.left not in map(expression, self.symbols):
            found[self.measured.left_text] = self.measured.left
        return {**found, **{aim.name: aim.quantity for aim in self.aims}}

    @property
    def costs(self) -> list[Quantity]:
        """What is to be small, the first in the first place."""
        if self.aims:
            return [aim.cost for aim in self.aims]
        if self.measured is None:
            return [0]
        difference = self.measured.left - self.measured.right
        return [absolute(difference)]

    # Answers

    @cached_property
    def _found(self) -> tuple[list[tuple[int, ...]], int]:
        costs = self.costs
        kept: Nearest | Front = Front(len(costs)) if len(self.aims) > 1 else Nearest(self.limit)
        number = 0
        for part in self.parts:
            for block in part.blocks(self.condition, costs):
                number += len(block.points[0])
                kept.take(block.points, block.values)
        points = [point for point, _ in kept.rows]
        for point in points[: self.limit]:
            if with_values(self.condition, dict(zip(self.symbols, point))) is not True:
                raise SymparamsError(f"an answer was not confirmed: {point}")
        return points, number

    @property
    def points(self) -> list[tuple[int, ...]]:
        """The numbers of the unknowns in their order, the best first, `limit` of them."""
        return self._found[0][: self.limit]

    @property
    def count(self) -> int:
        """How many answers there are in the box."""
        return self._found[1]

    @property
    def on_front(self) -> int | None:
        """How many of them are on the front, where several figures are to be best."""
        return len(self._found[0]) if len(self.aims) > 1 else None

    def figures(self, point: tuple[int, ...]) -> dict[str, Quantity]:
        """The figures that are shown, at a point."""
        at: dict[Symbol, Quantity] = dict(zip(self.symbols, point))
        return {name: substitute(value, at) for name, value in self.shown.items()}

    def __iter__(self) -> Iterator[dict[str, Quantity]]:
        """The answers as dicts of numbers and figures."""
        for point in self.points:
            yield {**dict(zip((s.name for s in self.symbols), point)), **self.figures(point)}

    def __len__(self) -> int:
        return len(self.points)

    def record(self) -> dict[str, Any]:
        return {
            "question": self.asked.text,
            "for": [symbol.name for symbol in self.symbols],
            "box": {s.name: {"first": r[0], "last": r[-1], "numbers": len(r)} for s, r in self.box.ranges.items() if r},
            "count": self.count,
            **({"on_front": self.on_front} if self.on_front is not None else {}),
            "best": [f"{aim.direction}:{aim.name}" for aim in self.aims],
            "solutions": [{k: python.jsonable(v) for k, v in row.items()} for row in self],
            "conditions": [python.condition(c, self.net.order) for c in self.where],
        }

    def __str__(self) -> str:
        if not self.count:
            return f"none, with {self._box()}"
        names = [*(s.name for s in self.symbols), *self.shown]
        rows = [names, *([text.number(row[name]) for name in names] for row in self)]
        widths = [max(map(len, column)) for column in zip(*rows)]
        lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths)) for row in rows]
        where = [text.condition(c, self.net.order) for c in self.where]
        return "\n".join([*lines, "", self._rest(), *([f"where {' and '.join(where)}"] if where else [])])

    __repr__ = __str__

    def _rest(self) -> str:
        shown, order = len(self), self._order()
        if self.on_front is not None:
            return (
                f"{shown:,} of {self.on_front:,} on the front ({order}) of {self.count:,} answers, with {self._box()}"
            )
        return f"{shown:,} of {self.count:,} answers, {order}, with {self._box()}"

    def _order(self) -> str:
        if self.aims:
            return ", ".join(f"{aim.direction} {aim.name}" for aim in self.aims)
        return "the nearest to the bound first" if self.measured else "the least first"

    def _box(self) -> str:
        return " and ".join(_range(symbol.name, numbers) for symbol, numbers in self.box.ranges.items())


def _range(name: str, numbers: range | Numbers) -> str:
    if not numbers:
        return f"no {name}"
    if isinstance(numbers, range) and numbers.step == 1:
        return f"{name} from {numbers[0]:,} to {numbers[-1]:,}"
    return f"{len(numbers):,} numbers for {name} from {numbers[0]:,} to {numbers[-1]:,}"

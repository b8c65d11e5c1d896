"""Two designs side by side: their figures, the difference, the ratio and where it tends to, where they cross."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from ..cached import cached_property
from ..closed_forms.conditions import Condition, compare, symbols_in
from ..closed_forms.leading import leading, limit_of_ratio
from ..closed_forms.polynomial import Quantity, Symbol, expression, symbols_of
from ..closed_forms.powers import opened, shortest, substitute
from ..closed_forms.quotients import divide
from ..core.layer import CoreLayer
from ..core.network import CoreNetwork
from ..errors import LimitError, SymparamsError
from ..evaluate.figures import COMPARED, PARAMS
from ..formula import python, text
from .asking import Asked
from .left_open import LeftOpen
from .shown_numbers import OneUnknown
from .symbolic_answer import SymbolicAnswer

MOST_TEXT = 120

# A row that differs: whether it is in the first or in the second, and the layer.
FIRST, SECOND = "-", "+"


class Faster(NamedTuple):
    """Which of two figures grows faster with a symbol, "first", "second" or none; the limit of second/first.

    The conditions are those under which the terms lead.
    """

    symbol: Symbol
    winner: str | None
    limit: Quantity | str | None
    conditions: tuple[Condition, ...] = ()


class Pair(NamedTuple):
    """A figure of the two designs, the conditions under which both stand, and what they are about."""

    name: str
    first: Quantity
    second: Quantity

    @property
    def symbols(self) -> list[Symbol]:
        return sorted(symbols_of(self.first) | symbols_of(self.second), key=lambda symbol: symbol.name)

    @property
    def gap(self) -> Quantity:
        return shortest(opened(self.second) - opened(self.first))

    @property
    def ratio(self) -> Quantity | None:
        """second/first as one quantity, None where the first is 0 or the quotient is no shorter than the two."""
        if self.first == 0:
            return None
        try:
            return divide(opened(self.second), opened(self.first))
        except SymparamsError:
            return None

    @property
    def trends(self) -> list[Faster]:
        return [self._faster(symbol) for symbol in self.symbols if symbol.integer]

    def _faster(self, symbol: Symbol) -> Faster:
        first, second = leading(self.first, symbol), leading(self.second, symbol)
        limit = limit_of_ratio(self.second, self.first, symbol)
        winner = None
        if first and second and first.order != second.order:
            winner = "first" if first.order > second.order else "second"
        needed = tuple(dict.fromkeys(lead.condition for lead in (first, second) if lead))
        return Faster(symbol, winner, limit, tuple(c for c in needed if c is not True))


class SideBySide:
    """Two designs side by side."""

    def __init__(self, first: CoreNetwork, second: CoreNetwork):
        self.first, self.second = first.closed, second.closed
        shown = (first.name or "first", second.name or "second")
        self.names = shown if shown[0] != shown[1] else (f"{shown[0]} (1)", f"{shown[1]} (2)")
        self.shared = _as_one(self.first, self.second)

    @property
    def order(self) -> dict[str, int]:
        order = dict(self.first.order)
        for name in self.second.order:
            order.setdefault(name, len(order))
        return order

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        return tuple(self._pairs())

    def _pairs(self) -> Iterator[Pair]:
        for name, figure in COMPARED.items():
            repeated = figure.repeats and all(
                net.quantity(name) == net.quantity(figure.repeats) for net in (self.first, self.second)
            )
            if repeated:
                continue
            pair = Pair(name, *(substitute(net.quantity(name), {**self.shared}) for net in (self.first, self.second)))
            if pair.first != 0 or pair.second != 0:
                yield pair

    # Where they cross

    def crossing(self, pair: Pair) -> list[str]:
        """Where the second has less than the first, as much, and more; as sentences."""
        symbols = [symbol for symbol in pair.symbols if symbol.integer]
        if len(symbols) != 1 or len(pair.symbols) != 1:
            return self._borders(pair)
        (symbol,) = symbols
        found = []
        for word, operator in (("less", "<"), ("the same", "=="), ("more", ">")):
            answer = OneUnknown(self.first, symbol, self._asked(pair, operator))
            if answer:
                found.append(f"{word}: {answer.named()}")
        return found

    def _asked(self, pair: Pair, operator: str) -> Asked:
        condition = compare(operator, pair.second, pair.first)
        return Asked(f"second {operator} first", condition, self._guards(pair), (), (), ())

    def _guards(self, pair: Pair) -> tuple[Condition, ...]:
        """What the second network asks of the symbols that are compared."""
        held = frozenset(pair.symbols)
        return tuple(c for c in self.second.guards if symbols_in([c]) and symbols_in([c]) <= held)

    def _borders(self, pair: Pair) -> list[str]:
        """Formulas for where the second has no less, in each symbol for which one is known."""
        found = []
        for symbol in pair.symbols:
            asked = self._asked(pair, ">=")
            if isinstance(asked.condition, bool) or symbol not in asked.condition.symbols or not symbol.integer:
                continue
            try:
                shown = str(SymbolicAnswer(self.first, symbol, asked))
            except (LeftOpen, LimitError):
                continue
            if len(shown) <= MOST_TEXT:
                found.append(f"no less: {shown}")
        return found

    # Layers

    @cached_property
    def layers(self) -> tuple[tuple[str, CoreLayer], ...]:
        """The layers in which the two differ, in order: those of the first alone, and of the second."""
        one, other = list(self.first.rows(0)), list(self.second.rows(0))
        found: list[tuple[str, CoreLayer]] = []
        matcher = SequenceMatcher(None, [*map(_content, one)], [*map(_content, other)], autojunk=False)
        for tag, start, stop, begin, end in matcher.get_opcodes():
            if tag != "equal":
                found += [(FIRST, row) for row in one[start:stop]]
                found += [(SECOND, row) for row in other[begin:end]]
        return tuple(found)

    def record(self) -> dict[str, Any]:
        order = self.order
        return {
            "names": list(self.names),
            "output": [
                [python.jsonable(size, order) for size in net.output_shape] for net in (self.first, self.second)
            ],
            "figures": [
                {
                    "figure": pair.name,
                    "first": python.jsonable(pair.first, order),
                    "second": python.jsonable(pair.second, order),
                    "difference": python.jsonable(pair.gap, order),
                    "ratio": None if pair.ratio is None else python.jsonable(pair.ratio, order),
                    "limits": [
                        {
                            "symbol": faster.symbol.name,
                            "ratio": _limit(faster.limit, order),
                            "faster": faster.winner,
                        }
                        for faster in pair.trends
                    ],
                    "crossing": self.crossing(pair),
                }
                for pair in self.pairs
            ],
            "layers": [
                {"in": "first" if side == FIRST else "second", "name": row.name, "layer": row.layer}
                for side, row in self.layers
            ],
        }


def _limit(limit: Quantity | str | None, order: Any) -> Any:
    return "oo" if limit == "∞" else None if limit is None or isinstance(limit, str) else python.jsonable(limit, order)


def _content(row: CoreLayer) -> tuple[str, str, str, str]:
    return row.layer, text.shape(row.output_shape), text.total(row.in_all(PARAMS.name)), text.inline(row.count_quantity)


def _as_one(first: CoreNetwork, second: CoreNetwork) -> dict[Symbol, Quantity]:
    """For symbols of one name of which the two assume different things, the one of which more is known."""
    found: dict[Symbol, Quantity] = {}
    mine, other = first.symbols._symbols, second.symbols._symbols
    for name in mine.keys() & other.keys():
        a, b = mine[name], other[name]
        if a is not b:
            kept = max(a, b, key=lambda symbol: (symbol.integer, symbol.lower or 0))
            found.update({symbol: expression(kept) for symbol in (a, b) if symbol is not kept})
    return found

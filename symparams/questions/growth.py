"""What doubling each symbol does to the figures of a network, and which terms lead in the end."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from ..cached import cached_property
from ..closed_forms.leading import Leading, leading
from ..closed_forms.polynomial import Quantity, Symbol, expression, symbols_of
from ..closed_forms.powers import opened, substitute
from ..core.network import CoreNetwork
from ..errors import LimitError
from ..evaluate.figures import PLOTTED
from ..formula import python
from .freedom import as_free_as_possible

POLYNOMIAL, EXPONENTIAL, BOUNDED = "polynomial", "exponential", "bounded"


class Growth(NamedTuple):
    """How one figure grows with one symbol; `share` and `doubled` are at the values that the symbols have."""

    figure: str
    symbol: Symbol
    value: Quantity
    lead: Leading | None
    share: Fraction | None
    doubled: Fraction | None

    @property
    def kind(self) -> str | None:
        if self.lead is None:
            return None
        return EXPONENTIAL if self.lead.ratio > 1 else BOUNDED if self.lead.is_bounded else POLYNOMIAL

    @property
    def in_the_end(self) -> Fraction | None:
        """By what doubling the symbol multiplies the figure in the end; None for what grows exponentially."""
        if self.lead is None or self.lead.ratio != 1:
            return None
        return Fraction(2) ** self.lead.degree


class Growing:
    """How the figures of a network grow with its symbols and parameters."""

    def __init__(self, net: CoreNetwork):
        self.free = as_free_as_possible(net.closed)
        self.net = self.free.net

    @cached_property
    def rows(self) -> tuple[Growth, ...]:
        return tuple(self._rows())

    def _rows(self) -> Iterator[Growth]:
        for name in PLOTTED:
            value = self.net.quantity(name)
            held = symbols_of(value)
            for symbol in (s for s in self.net.symbols._symbols.values() if s in held):
                lead = leading(value, symbol)
                yield Growth(name, symbol, value, lead, self._share(value, lead, symbol), self._doubled(value, symbol))

    def _share(self, value: Quantity, lead: Leading | None, symbol: Symbol) -> Fraction | None:
        if lead is None:
            return None
        whole, part = self.free.number_at_point(value), self._number(lead.term(symbol))
        return Fraction(part) / Fraction(whole) if whole and part is not None else None

    def _number(self, value: Quantity) -> int | Fraction | None:
        try:
            return self.free.number_at_point(value)
        except LimitError:
            return None

    def _doubled(self, value: Quantity, symbol: Symbol) -> Fraction | None:
        try:
            after = self._number(substitute(value, {symbol: 2 * expression(symbol)}))
        except LimitError:
            return None
        before = self._number(value)
        return Fraction(after) / Fraction(before) if before and after is not None else None

    def record(self) -> dict[str, Any]:
        order = self.net.order
        return {
            "at": {symbol.name: value for symbol, value in self.free.point.items()},
            "growth": [
                {
                    "figure": row.figure,
                    "symbol": row.symbol.name,
                    "kind": row.kind,
                    "degree": row.lead.degree if row.lead and row.lead.ratio == 1 else None,
                    "leading": python.jsonable(opened(row.lead.term(row.symbol)), order) if row.lead else None,
                    "doubled": None if row.doubled is None else float(row.doubled),
                    "doubled_in_the_end": None if row.in_the_end is None else float(row.in_the_end),
                    "share": None if row.share is None else float(row.share),
                }
                for row in self.rows
            ],
        }

    def __iter__(self) -> Iterator[Growth]:
        return iter(self.rows)

"""A parameter that decides which layers there are: the answers region by region, by the formulas that hold there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import merge
from typing import Any

from ..closed_forms.conditions import Condition, all_of, compare, negate
from ..closed_forms.polynomial import Symbol, expression
from ..closed_forms.whole_solutions import whole_solutions
from ..compiled.scanning import meeting
from ..core.network import CoreNetwork
from ..errors import SymparamsError
from ..language import syntax
from .asking import Asked
from .left_open import LeftOpen
from .shown_numbers import OneUnknown
from .unknowns import decisions_on

MOST_TRIED = 200

# The question, read again for the formulas of another region.
Ask = Callable[[CoreNetwork], Asked]


class ByRegion:
    """The answers in all regions; beyond `tried_to` there may be others, where that is no None; printed, it is text."""

    def __init__(self, net: CoreNetwork, symbol: Symbol, ask: Ask, multiple_of: int = 1):
        self.symbol = symbol
        self.notes = ask(net).notes
        self.pieces: list[OneUnknown] = []
        self.tried_to: int | None = None
        known: list[Condition] = []
        for turn in range(MOST_TRIED):
            if turn:
                number = self._outside(known)
                if number is None:
                    return
                found = _with_default(net, symbol.name, number)
                if found is None:
                    known.append(compare("!=", expression(symbol), number))
                    continue
                net = found
            region = all_of(decisions_on(net, symbol))
            known.append(negate(region))
            asked = ask(net)
            if asked.symbols - {symbol}:
                raise LeftOpen(f"no closed form is known for {symbol.name}", asked, (symbol,))
            self.pieces.append(OneUnknown(net, symbol, asked, multiple_of))
        left = self._outside(known)
        self.tried_to = None if left is None else left - 1

    @property
    def ordered(self) -> list[OneUnknown]:
        """The regions in which there are answers, by the least of them."""
        return sorted(filter(None, self.pieces), key=lambda piece: piece.least or 0)

    def _outside(self, known: list[Condition]) -> int | None:
        """The least number that is in no region so far."""
        found = whole_solutions(all_of(known), self.symbol, (self.symbol.lower or 0, None), meeting)
        return next(found.up(), found.decided_below)

    @property
    def is_proved(self) -> bool:
        return self.tried_to is None and all(piece.is_proved for piece in self.pieces)

    @property
    def count(self) -> int | None:
        counts = [piece.count for piece in self.pieces]
        return None if None in counts else sum(count or 0 for count in counts)

    def __contains__(self, number: object) -> bool:
        return any(number in piece for piece in self.pieces)

    def __iter__(self) -> Iterator[int]:
        return merge(*self.pieces)

    def __bool__(self) -> bool:
        return any(self.pieces)

    def record(self) -> dict[str, Any]:
        return {
            "question": self.pieces[0].asked.text,
            "for": [self.symbol.name],
            "count": self.count,
            "proved": self.is_proved,
            "regions": [piece.record() for piece in self.ordered],
            **({} if self.tried_to is None else {"tried_up_to": self.tried_to}),
        }

    def __str__(self) -> str:
        shown = "; ".join(piece.named() for piece in self.ordered)
        beyond = "" if self.tried_to is None else f", of the whole numbers up to {self.tried_to:,}"
        if not shown:
            return f"none{beyond or f': no whole {self.symbol.name} does it'}"
        return f"{shown}{beyond}"

    __repr__ = __str__


def _with_default(net: CoreNetwork, name: str, number: int) -> CoreNetwork | None:
    """The network with another default for the parameter that is free; None where it is not allowed."""
    parameters = tuple(
        p.replaced(default=syntax.Number(number, False, span=p.span)) if p.name == name else p
        for p in net.program.parameters
    )
    try:
        return type(net)(net.program.replaced(parameters=parameters), net.values, net.freed, tool=net.tool)
    except SymparamsError:
        return None

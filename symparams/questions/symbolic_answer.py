"""One unknown among other symbols: the answer as a formula, `H ∈ {2m − 1, 2m}`, with the conditions it needs."""

from __future__ import annotations

from typing import Any

from ..cached import cached_property
from ..closed_forms.conditions import Condition, all_of, compare, conjuncts, is_whole, with_values
from ..closed_forms.isolation import Isolated, isolated
from ..closed_forms.polynomial import Quantity, Symbol
from ..core.network import CoreNetwork
from ..errors import listing
from ..formula import python, text
from .asking import Asked, asked_of
from .left_open import LeftOpen

MOST_LISTED = 8
LONGEST = 400


class SymbolicAnswer:
    """The numbers from `least` to `greatest`, quantities of other symbols; printed, it is text.

    Raises SymparamsError where no closed form is known.
    """

    def __init__(self, net: CoreNetwork, symbol: Symbol, asked: Asked):
        self.net = net
        self.symbol = symbol
        self.asked = asked
        self.notes = asked.notes
        self.found = _solved(asked, symbol, net)
        if len(str(self)) > LONGEST:
            raise LeftOpen(f"the formula for {symbol.name} is too long to be of use", asked, (symbol,))

    @property
    def least(self) -> Quantity | None:
        return self.found.least

    @property
    def greatest(self) -> Quantity | None:
        return self.found.greatest

    @property
    def is_exact(self) -> bool:
        """Whether the unknown is one quantity."""
        return self.least is not None and self.least == self.greatest

    @cached_property
    def members(self) -> tuple[Quantity, ...]:
        """The answers one by one, where their number is known and small."""
        if self.least is None or self.greatest is None:
            return ()
        width = self.greatest - self.least
        if not isinstance(width, int) or not 0 <= width < MOST_LISTED:
            return ()
        return tuple(self.least + i for i in range(width + 1))

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """What the formulas need, and what the network asks of the unknown."""
        lowest = self.symbol.lower or 0
        guards: list[Condition]
        further: list[Condition] = []
        if self.is_exact:
            assert self.least is not None
            further = [is_whole(self.least), compare(">=", self.least, lowest)]
        elif self.greatest is not None:
            further = [compare(">=", self.greatest, lowest)]
            if self.least is not None and not self.members:
                further.append(compare(">=", self.greatest, self.least))
        guards = [c for c in asked_of(self.asked, self.net) if not isinstance(c, bool) and self.symbol in c.symbols]
        if self.is_exact:
            guards = [with_values(c, {self.symbol: self.least}) for c in guards]  # type: ignore[dict-item]
        elif self.members:
            further.append(compare(">=", self.members[0], lowest))
            guards = [c for c in guards if any(with_values(c, {self.symbol: m}) is not True for m in self.members)]
        return conjuncts(all_of([*further, *self.asked.premises, *guards]))

    def record(self) -> dict[str, Any]:
        order = self.net.order
        return {
            "question": self.asked.text,
            "for": [self.symbol.name],
            "least": None if self.least is None else python.jsonable(self.least, order),
            "greatest": None if self.greatest is None else python.jsonable(self.greatest, order),
            "conditions": [python.condition(c, order) for c in self.conditions if c is not True],
        }

    def __str__(self) -> str:
        conditions = [c for c in self.conditions if c is not True]
        if False in conditions:
            return f"none: no whole {self.symbol.name} does it"
        where = listing(text.condition(c, self.net.order) for c in conditions)
        return f"{self._numbers()}, where {where}" if conditions else self._numbers()

    __repr__ = __str__

    def named(self) -> str:
        return str(self)

    def _numbers(self) -> str:
        name, order = self.symbol.name, self.net.order
        if self.is_exact:
            assert self.least is not None
            return f"{name} = {text.inline(self.least, order)}"
        if self.members:
            return f"{name} ∈ {{{', '.join(text.inline(m, order) for m in self.members)}}}"
        from_ = "" if self.least is None or self.greatest is None else f"{text.inline(self.least, order)} ≤ "
        if self.greatest is None:
            assert self.least is not None
            return f"{name} ≥ {text.inline(self.least, order)}"
        return f"{from_}{name} ≤ {text.inline(self.greatest, order)}"


def _solved(asked: Asked, symbol: Symbol, net: CoreNetwork) -> Isolated:
    parts = conjuncts(asked.condition)
    found = [isolated(part, symbol) for part in parts]
    if len(found) == 1 and found[0] is not None:
        return found[0]
    if len(found) == 2 and all(found):
        one, other = found
        assert one is not None and other is not None
        if one.least is None and other.greatest is None:
            one, other = other, one
        if one.greatest is None and other.least is None:
            return Isolated(one.least, other.greatest)
    raise LeftOpen(f"no closed form is known for {symbol.name}", asked, (symbol,))


def is_among_others(asked: Asked, symbol: Symbol) -> bool:
    """Whether a question leaves other symbols than the unknown open."""
    return bool(asked.symbols - {symbol})

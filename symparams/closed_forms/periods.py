"""With which period floors and remainders come back to what they were, and a symbol as a multiple and a remainder."""

from __future__ import annotations

from math import lcm

from .conditions import Condition, relations
from .floors import Floor, Remainder
from .polynomial import Atom, Number, Quantity, Symbol, terms_of


def period(condition: Condition, symbol: Symbol) -> int:
    """A number m so that floors by numbers are none any more where the symbol is m*q + r, for every r below m."""
    return lcm(*(_of_quantity(relation.difference, symbol) for relation in relations([condition])))


def _of_quantity(value: Quantity, symbol: Symbol) -> int:
    return lcm(*(_of_atom(atom, symbol) for monomial, _ in terms_of(value) for atom, _ in monomial))


def _of_atom(atom: Atom, symbol: Symbol) -> int:
    if symbol not in atom.symbols or isinstance(atom, Symbol):
        return 1
    inside = lcm(*(_of_quantity(part, symbol) for part in atom.parts()))
    under = atom.parts()[1] if isinstance(atom, (Floor, Remainder)) else 1
    scale = lcm(*(c.denominator for c in _coefficients(atom.parts()[0])))
    return inside * scale * (abs(under) if isinstance(under, int) else 1)


def _coefficients(value: Quantity) -> list[Number]:
    return [coefficient for _, coefficient in terms_of(value)]

"""With which period floors and remainders come back to what they were, and a symbol as a multiple and a remainder."""

from __future__ import annotations

from math import lcm

from .conditions import Relation
from .floors import Floor, Function, Remainder
from .polynomial import Atom, Quantity, Sum, Symbol, terms_of

CHOOSING = ("max", "min", "abs")


def period(relation: Relation, symbol: Symbol) -> int | None:
    """A number m so that floors by numbers are none any more where the symbol is m*q + r, for every r below m.

    None where the symbol is in anything else than sums, products, maxima, and floors and remainders by numbers.
    """
    return _of_quantity(relation.difference, symbol)


def _of_quantity(value: Quantity, symbol: Symbol) -> int | None:
    found = 1
    for monomial, _ in terms_of(value):
        for atom, exponent in monomial:
            own = _of_atom(atom, symbol) if exponent > 0 or symbol not in atom.symbols else None
            if own is None:
                return None
            found = lcm(found, own)
    return found


def _of_atom(atom: Atom, symbol: Symbol) -> int | None:
    if symbol not in atom.symbols or isinstance(atom, Symbol):
        return 1
    if isinstance(atom, Sum):
        return _of_quantity(atom.parts()[0], symbol)
    if isinstance(atom, Function) and atom.name in CHOOSING:
        parts = [_of_quantity(part, symbol) for part in atom.parts()]
        return None if None in parts else lcm(*(part or 1 for part in parts))
    if not isinstance(atom, (Floor, Remainder)):
        return None
    over, under = atom.parts()
    inside = _of_quantity(over, symbol)
    if inside is None or not isinstance(under, int):
        return None
    scale = lcm(*(coefficient.denominator for _, coefficient in terms_of(over)))
    return inside * scale * abs(under)

"""How a closed form depends on a symbol: with which degree, through what, and how much one more of it adds."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import LimitError
from .floors import Floor, Function, Remainder
from .polynomial import Atom, Expr, Quantity, Symbol, collected, expression, symbols_of, times
from .powers import Power, opened, shortest, substitute
from .sums import Series

POLYNOMIAL = "polynomial"
DIVISOR = "as a divisor"
EXPONENT = "as an exponent"


class Dependence(NamedTuple):
    """How a formula depends on a symbol.

    `manner` is "polynomial", with its `degree`, or says through what the formula depends on the symbol. `derivative`
    is None where the symbol is rounded or stands in an exponent, `one_more`, what the formula grows by when the symbol
    does by 1, where it is rounded or a divisor.
    """

    symbol: Symbol
    manner: str
    degree: int | None
    derivative: Quantity | None
    one_more: Quantity | None


def dependence(value: Quantity, name: str) -> Dependence | None:
    """How a formula depends on the symbol with this name, None where it does not hold it."""
    symbol = next((s for s in symbols_of(value) if s.name == name), None)
    value = opened(value, symbol) if symbol else value
    if symbol is None or not isinstance(value, Expr) or symbol not in value.symbols:
        return None
    exponents = {exponent for monomial in value.terms for atom, exponent in monomial if atom is symbol}
    manners = {
        _manner(atom, symbol, exponent)
        for monomial in value.terms
        for atom, exponent in monomial
        if atom is not symbol and symbol in atom.symbols
    }
    if not manners and min(exponents) < 0:
        manner = DIVISOR if max(exponents) <= 0 else f"as a factor and {DIVISOR}"
        return Dependence(symbol, manner, None, shortest(_derivative(value, symbol)), None)
    if not manners:
        return Dependence(
            symbol, POLYNOMIAL, max(exponents), shortest(_derivative(value, symbol)), _one_more(value, symbol)
        )
    more = _one_more(value, symbol) if manners == {EXPONENT} else None
    return Dependence(symbol, " and ".join(sorted(manners)), None, None, more)


def _manner(atom: Atom, symbol: Symbol, exponent: int) -> str:
    if isinstance(atom, Power):
        return EXPONENT if symbol in symbols_of(atom.parts()[1]) else "as the base of a power"
    if isinstance(atom, Function):
        return f"through {atom.name}()"
    kinds = ((Floor, "in steps, through a floor"), (Remainder, "through a remainder"), (Series, "through a sum"))
    return next((manner for kind, manner in kinds if isinstance(atom, kind)), DIVISOR)


def _derivative(value: Expr, symbol: Symbol) -> Quantity:
    slopes = {
        times(monomial, ((symbol, -1),)): coefficient * exponent
        for monomial, coefficient in value.terms.items()
        for atom, exponent in monomial
        if atom is symbol
    }
    return collected(slopes)


def _one_more(value: Expr, symbol: Symbol) -> Quantity | None:
    if not symbol.integer:
        return None
    try:
        return shortest(substitute(value, {symbol: expression(symbol) + 1}) - value)
    except LimitError:
        return None

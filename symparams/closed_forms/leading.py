"""How a quantity grows in the end with one symbol: its leading term, coefficient * ratio**x * x**degree."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import reduce
from typing import NamedTuple

from ..errors import SymparamsError
from .conditions import Condition, compare
from .floors import Floor, Function
from .polynomial import (
    Atom,
    Expr,
    Monomial,
    Number,
    Quantity,
    Sum,
    Symbol,
    expression,
    multiply,
    symbols_of,
    terms_of,
    whole,
)
from .powers import Power, opened, power
from .quotients import divide


class Leading(NamedTuple):
    """The leading term: a coefficient without the symbol, times ratio**x, times x**degree."""

    coefficient: Quantity
    ratio: Number
    degree: int

    @property
    def order(self) -> tuple[Number, int]:
        """What tells which of two grows faster, whatever the coefficients."""
        return self.ratio, self.degree

    @property
    def is_bounded(self) -> bool:
        return self.order <= (1, 0)

    @property
    def condition(self) -> Condition:
        """That the coefficient is not 0: then the term leads."""
        return compare("!=", self.coefficient, 0)

    def times(self, other: Leading) -> Leading:
        return Leading(
            multiply(self.coefficient, other.coefficient),
            whole(Fraction(self.ratio) * Fraction(other.ratio)),
            self.degree + other.degree,
        )

    def to_the(self, exponent: int) -> Leading:
        ratio = whole(Fraction(self.ratio) ** exponent)
        return Leading(power(self.coefficient, exponent), ratio, self.degree * exponent)

    def term(self, symbol: Symbol) -> Quantity:
        """The leading term itself."""
        x = expression(symbol)
        grown = power(x, self.degree) if self.degree >= 0 else divide(1, power(x, -self.degree))
        return multiply(multiply(self.coefficient, power(self.ratio, x)), grown)


def leading(value: Quantity, symbol: Symbol) -> Leading | None:
    """The leading term of a quantity as the symbol grows; None where it has none of this form, or it is not seen."""
    try:
        return _of_sum(opened(value, symbol), symbol)
    except SymparamsError:
        return None


def _of_sum(value: Quantity, symbol: Symbol) -> Leading | None:
    if symbol not in symbols_of(value):
        return Leading(value, 1, 0)
    found: Leading | None = None
    lost: tuple[Number, int] | None = None
    for monomial, coefficient in terms_of(value):
        term = _of_monomial(monomial, coefficient, symbol)
        if term is None:
            return None
        if found is None or term.order > found.order:
            found = term
        elif term.order == found.order:
            found = found._replace(coefficient=found.coefficient + term.coefficient)
            lost = term.order
    # Where what leads cancels, as in x - 2*floor(x/2), that which is left of the floors would have to be known.
    if found is None or (found.coefficient == 0 and lost is not None):
        return None
    return found


def _of_monomial(monomial: Monomial, coefficient: Number, symbol: Symbol) -> Leading | None:
    result = Leading(coefficient, 1, 0)
    for atom, exponent in monomial:
        own = _of_atom(atom, symbol)
        if own is None:
            return None
        result = result.times(own.to_the(exponent))
    return result


def _of_atom(atom: Atom, symbol: Symbol) -> Leading | None:
    if symbol not in atom.symbols:
        return Leading(expression(atom), 1, 0)
    if atom is symbol:
        return Leading(1, 1, 1)
    if isinstance(atom, Sum):
        return _of_sum(atom.parts()[0], symbol)
    if isinstance(atom, Floor):
        return _of_floor(atom, symbol)
    if isinstance(atom, Power):
        return _of_power(atom, symbol)
    if isinstance(atom, Function) and atom.name in ("max", "min"):
        return _of_extreme(atom.name, [_of_sum(part, symbol) for part in atom.parts()])
    return None


def _of_floor(atom: Floor, symbol: Symbol) -> Leading | None:
    """A floor grows as what is in it does, where that has no bound."""
    over, under = (_of_sum(part, symbol) for part in atom.parts())
    if over is None or under is None:
        return None
    inside = Leading(
        divide(over.coefficient, under.coefficient),
        whole(Fraction(over.ratio) / Fraction(under.ratio)),
        over.degree - under.degree,
    )
    return inside if inside.order > (1, 0) else None


def _of_power(atom: Power, symbol: Symbol) -> Leading | None:
    """base**(a*x + b) with numbers for the base and a."""
    base, exponent = atom.parts()
    exponents = {sum(e for a, e in m if a is symbol): (m, c) for m, c in terms_of(exponent)}
    if isinstance(base, Expr) or set(exponents) - {0, 1} or any(len(m) > 1 for m, _ in exponents.values()):
        return None
    slope, start = exponents.get(1, ((), 0))[1], exponents.get(0, ((), 0))[1]
    if not isinstance(slope, int) or not isinstance(start, int) or exponents.get(0, ((), 0))[0]:
        return None
    return Leading(power(base, start), whole(Fraction(base) ** slope), 0)


def _of_extreme(name: str, parts: Iterable[Leading | None]) -> Leading | None:
    def better(a: Leading | None, b: Leading | None) -> Leading | None:
        if a is None or b is None:
            return None
        if a.order != b.order:
            return max(a, b, key=lambda one: one.order) if name == "max" else min(a, b, key=lambda one: one.order)
        greater = compare(">=", a.coefficient, b.coefficient)
        return None if not isinstance(greater, bool) else a if greater == (name == "max") else b

    return reduce(better, parts)


def limit_of_ratio(over: Quantity, under: Quantity, symbol: Symbol) -> Quantity | str | None:
    """What a ratio of two quantities tends to as the symbol grows: a quantity, "∞", or None where it is not seen."""
    a, b = leading(over, symbol), leading(under, symbol)
    if a is None or b is None or b.coefficient == 0:
        return None
    if a.order != b.order:
        return "∞" if a.order > b.order else 0
    return divide(a.coefficient, b.coefficient)

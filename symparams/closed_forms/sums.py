"""Sums over the turns of a repeat, in closed form."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import comb

from .polynomial import (
    Atom,
    Expr,
    Monomial,
    Number,
    Quantity,
    Sum,
    Symbol,
    collected,
    expression,
    is_at_least,
    is_integer,
    multiply,
    symbols_of,
    total,
)
from .powers import Power, opened, power, substitute
from .quotients import divide


class NoClosedForm(Exception):
    """The sum or sequence has none of the forms known here; the message says what stands in the way."""


MAX_ADDED = 2_000


class Series(Atom):
    """The sum of a term over the turns 0, ..., turns - 1 of an index, where no closed form is known."""

    __slots__ = ()

    def describe(self, term: Expr, index: Symbol, turns: Quantity) -> None:
        self.integer = is_integer(term)
        self.lower = 0 if is_at_least(term, 0) else None
        self.symbols = (term.symbols - {index}) | symbols_of(turns)

    @property
    def index(self) -> Symbol:
        return self.key[1]

    def parts(self) -> tuple[Quantity, ...]:
        return self.key[0], self.key[2]

    def rebuild(self, parts: tuple[Quantity, ...]) -> Quantity:
        return sum_over(parts[0], self.index, parts[1])


def sum_over(value: Quantity, index: Symbol, turns: Quantity) -> Quantity:
    """The sum of `value` for index = 0, ..., turns - 1: in closed form, added up for a small number, else a Series."""
    if not isinstance(value, Expr) or index not in value.symbols:
        return multiply(value, turns)
    value = opened(value, index)
    if not isinstance(value, Expr):
        return multiply(value, turns)
    if isinstance(turns, int) and turns <= MAX_ADDED:
        return total(substitute(value, {index: i}) for i in range(turns))
    sums: list[Quantity] = []
    left: dict[Monomial, Number] = {}
    for monomial, coefficient in value.terms.items():
        try:
            sums.append(multiply(coefficient, _sum_monomial(monomial, index, turns)))
        except NoClosedForm:
            left[monomial] = coefficient
    rest = collected(left)
    return total([*sums, expression(Series(rest, index, turns))] if isinstance(rest, Expr) else sums)


def closed_sum(value: Quantity, index: Symbol, turns: Quantity) -> Quantity:
    """The sum in closed form, also up to the index itself. Raises NoClosedForm."""
    summed = sum_over(value, index, turns)
    if isinstance(summed, Expr) and any(isinstance(atom, Series) for atom in summed.atoms()):
        raise NoClosedForm("the sizes add up to no closed form")
    return summed


def _sum_monomial(monomial: Monomial, index: Symbol, turns: Quantity) -> Quantity:
    constant: list[tuple[Atom, int]] = []
    degree, ratio = 0, 1
    for atom, exponent in monomial:
        if atom is index:
            degree = exponent
        elif index not in atom.symbols:
            constant.append((atom, exponent))
        elif isinstance(atom, Power) and atom.parts()[1] == expression(index):
            ratio = multiply(ratio, power(atom.parts()[0], exponent))  # type: ignore[assignment]
        else:
            raise NoClosedForm("a rounded size that changes with every turn is part of the count")
    if degree < 0:
        raise NoClosedForm("the count is divided by the number of the turn")
    return multiply(collected({tuple(constant): 1}), _power_sum(degree, ratio, turns))


def _power_sum(degree: int, ratio: Quantity, turns: Quantity) -> Quantity:
    """The sum of i**degree * ratio**i for i < turns, as ratio**turns * q(turns) - q(0) with a polynomial q.

    q solves ratio*q(i + 1) - q(i) = i**degree, coefficient by coefficient from the highest.
    """
    if isinstance(ratio, Expr):
        if degree:
            raise NoClosedForm("a power of the turn's number multiplies a symbolic ratio")
        return divide(power(ratio, turns) - 1, ratio - 1)
    ratio = Fraction(ratio)
    highest = degree + (ratio == 1)
    q = [Fraction(0)] * (highest + 1)
    for row in range(degree, -1, -1):
        column = row + 1 if ratio == 1 else row
        known = sum((ratio * q[j] * comb(j, row) for j in range(column + 1, highest + 1)), Fraction(0))
        pivot = Fraction(column) if ratio == 1 else ratio - 1
        q[column] = (Fraction(row == degree) - known) / pivot
    at_turns = total(multiply(c, power(turns, j)) for j, c in enumerate(q) if c)
    return multiply(power(ratio, turns), at_turns) - q[0]


def divisors(sizes: Iterable[Quantity]) -> list[Quantity]:
    """Sums that stand below a fraction bar in the sizes, such as s - 1."""
    found: dict[Quantity, None] = {}
    pending = [size for size in sizes if isinstance(size, Expr)]
    while pending:
        for atom in pending.pop().atoms():
            parts = [part for part in atom.parts() if isinstance(part, Expr)]
            if isinstance(atom, Sum):
                found.update(dict.fromkeys(parts))
            pending += parts
    return list(found)

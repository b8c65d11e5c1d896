"""Closed forms over the turns of a repeat: sums, and sizes that change regularly."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import comb

from .division import Floor, floor_divide
from .polynomial import (
    Atom,
    Expr,
    Monomial,
    Number,
    Quantity,
    Size,
    Symbol,
    collected,
    divide,
    expression,
    is_at_least,
    is_integer,
    multiply,
    numerator_and_denominator,
    product,
    symbols_of,
    terms_of,
    total,
)
from .powers import Power, opened, power, substitute


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


# Sequences


def general_term(values: Sequence[Quantity], index: Symbol) -> Quantity:
    """A guess at the term with this index of a sequence, from its first three or more values; the caller proves it.

    Raises NoClosedForm where the values fit none of the forms: constant, arithmetic, geometric, and floors
    of a linear map, x -> floor((x + a)/b).
    """
    for guess in (_constant, _arithmetic, _geometric, _floors):
        term = guess(values, index)
        if term is not None:
            return term
    raise NoClosedForm("the size changes in no regular way")


def _constant(values: Sequence[Quantity], index: Symbol) -> Quantity | None:
    return values[0] if all(v == values[0] for v in values) else None


def _steps_alike(values: Sequence[Quantity], step: Callable[[Quantity, Quantity], Quantity]) -> Quantity | None:
    steps = {step(a, b) for a, b in itertools.pairwise(values)}
    return steps.pop() if len(steps) == 1 else None


def _arithmetic(values: Sequence[Quantity], index: Symbol) -> Quantity | None:
    step = _steps_alike(values, lambda a, b: b - a)
    return None if step is None else values[0] + multiply(step, expression(index))


def _geometric(values: Sequence[Quantity], index: Symbol) -> Quantity | None:
    if any(v == 0 for v in values):
        return None
    ratio = _steps_alike(values, lambda a, b: divide(b, a))
    if ratio is None or (isinstance(ratio, Expr) and len(ratio.terms) > 1):
        return None
    if not is_integer(ratio) or not is_at_least(ratio, 1):
        return None
    return multiply(values[0], power(ratio, expression(index)))


def _floors(values: Sequence[Quantity], index: Symbol) -> Quantity | None:
    """x(i) = floor((x + a*(b**i - 1)/(b - 1))/b**i), from floor((n + e)/d) at the first two turns."""
    (over, under), (next_over, next_under) = (_as_fraction(v) for v in values[:2])
    if over is None or next_over is None:
        return None
    factor = divide(next_under, under)
    if factor == 1 or not is_integer(factor):
        return None
    shift = divide(next_over - over, under)
    turn = power(factor, expression(index))
    shifted = over + product([shift, under, divide(turn - 1, _at_least_one(factor - 1))])
    return floor_divide(shifted, multiply(under, turn))


def _at_least_one(value: Quantity) -> Quantity:
    """A divisor that is stated to be positive by a condition of its own."""
    return expression(Size(value)) if isinstance(value, Expr) else value


def _as_fraction(value: Quantity) -> tuple[Quantity | None, Quantity]:
    """A size as (n, d) with size = floor(n/d)."""
    floors = [(a, m, c) for m, c in terms_of(value) for a, _ in m if isinstance(a, Floor)]
    if not floors:
        over, under = numerator_and_denominator(value)
        return over, under
    atom, monomial, coefficient = floors[0]
    if len(floors) > 1 or coefficient != 1 or monomial != ((atom, 1),):
        return None, 1
    rest = value - expression(atom)
    return atom.numerator + multiply(atom.denominator, rest), atom.denominator


def next_term(term: Quantity, index: Symbol) -> Quantity:
    return substitute(term, {index: expression(index) + 1})


def same_size(a: Quantity, b: Quantity) -> bool:
    """Whether two sizes are equal, also where sums stand below their fraction bars."""
    if a == b:
        return True
    (over, under), (other_over, other_under) = _as_fraction(a), _as_fraction(b)
    if over is None or other_over is None:
        return False
    return opened(multiply(over, other_under)) == opened(multiply(other_over, under))

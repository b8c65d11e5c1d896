"""Sizes that each turn of a repeat takes to others: their general terms, from what one turn does to them."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import SymparamsError
from .floors import Floor, floor_divide
from .polynomial import (
    Expr,
    Monomial,
    Number,
    Quantity,
    Size,
    Symbol,
    collected,
    expression,
    is_at_least,
    is_integer,
    multiply,
    product,
    symbols_of,
    terms_of,
)
from .powers import opened, power, substitute
from .quotients import divide, numerator_and_denominator
from .sums import NoClosedForm, closed_sum

IRREGULAR = "the size changes in no regular way"


def general_terms(
    starts: Mapping[Symbol, Quantity], steps: Mapping[Symbol, Quantity], index: Symbol
) -> dict[Symbol, Quantity]:
    """What stands for each place before the turn with this number, where a turn takes places to their steps.

    A step may depend on the turn's number, on the place itself and on places whose terms can be found without it.
    Raises NoClosedForm.
    """
    found: dict[Symbol, Quantity] = {}
    waiting = dict(starts)
    while waiting:
        ready = [place for place in waiting if not symbols_of(steps[place]) & (waiting.keys() - {place})]
        if not ready:
            raise NoClosedForm("the sizes that change depend on each other")
        terms = {p: _general_term(p, waiting.pop(p), substitute(steps[p], found), index) for p in ready}
        found.update(terms)
    return found


def _general_term(place: Symbol, start: Quantity, step: Quantity, index: Symbol) -> Quantity:
    if place not in symbols_of(step):
        return _set_anew(start, step, index)
    if not any(place in atom.symbols for atom in step.atoms() if atom is not place):  # type: ignore[union-attr]
        return _scaled(start, *_linear(step, place, index), index)
    over, under = as_fraction(step)
    if over is None or {place, index} & symbols_of(under):
        raise NoClosedForm(IRREGULAR)
    factor, rest = _linear(over, place, index)
    if not is_at_least(factor, 1) or not is_integer(rest) or not is_integer(divide(under, factor)):
        raise NoClosedForm(IRREGULAR)
    added, divisor = floor_divide(rest, factor), divide(under, factor)
    return _scaled(start, 1, added, index) if divisor == 1 else _divided(start, added, divisor, index)


def _set_anew(start: Quantity, step: Quantity, index: Symbol) -> Quantity:
    """A size that the turn before set, whatever it was before that: the first has to be as if set by a turn -1."""
    try:
        term = substitute(step, {index: expression(index) - 1})
        fits = substitute(term, {index: 0}) == start
    except SymparamsError:
        fits = False
    if not fits:
        raise NoClosedForm("the first size does not fit the others")
    return term


def _linear(value: Quantity, place: Symbol, index: Symbol) -> tuple[Quantity, Quantity]:
    """(a, b) with value = a*place + b, where a is the same in every turn. Raises NoClosedForm."""
    factor: dict[Monomial, Number] = {}
    rest: dict[Monomial, Number] = {}
    for monomial, coefficient in terms_of(opened(value, place)):
        exponents = dict(monomial)
        exponent = exponents.pop(place, 0)
        if exponent not in (0, 1) or any(place in atom.symbols for atom in exponents):
            raise NoClosedForm(IRREGULAR)
        (factor if exponent else rest)[tuple(f for f in monomial if f[0] is not place)] = coefficient
    if index in symbols_of(collected(factor)):
        raise NoClosedForm(IRREGULAR)
    return collected(factor), collected(rest)


def _scaled(start: Quantity, factor: Quantity, added: Quantity, index: Symbol) -> Quantity:
    """x(i + 1) = factor*x(i) + added(i): factor**i*x(0) + the sum of factor**(i - 1 - j)*added(j) for j < i."""
    turn = expression(index)
    if factor == 1:
        return start + closed_sum(added, index, turn)
    if not is_integer(factor) or not is_at_least(factor, 1):
        raise NoClosedForm(IRREGULAR)
    grown = power(factor, turn)
    if added == 0:
        return multiply(start, grown)
    if index not in symbols_of(added):
        return multiply(start, grown) + product([added, grown - 1, power(at_least_one(factor - 1), -1)])
    if isinstance(factor, Expr):
        raise NoClosedForm(IRREGULAR)
    summed = closed_sum(multiply(added, power(factor, -turn - 1)), index, turn)
    return multiply(grown, start + summed)


def _divided(start: Quantity, added: Quantity, divisor: Quantity, index: Symbol) -> Quantity:
    """x(i + 1) = floor((x(i) + added(i))/b): floor((x(0) + the sum of b**j*added(j) for j < i)/b**i)."""
    if not is_integer(divisor) or (index in symbols_of(added) and isinstance(divisor, Expr)):
        raise NoClosedForm(IRREGULAR)
    over, under = as_fraction(start)
    if over is None:
        over, under = start, 1
    turn = expression(index)
    grown = power(divisor, turn)
    if index in symbols_of(added):
        summed = closed_sum(multiply(added, grown), index, turn)
    else:
        summed = product([added, grown - 1, power(at_least_one(divisor - 1), -1)])
    return floor_divide(over + multiply(summed, under), multiply(under, grown))


def at_least_one(value: Quantity) -> Quantity:
    """A divisor that is stated to be positive by a condition of its own."""
    return expression(Size(value)) if isinstance(value, Expr) else value


def as_fraction(value: Quantity) -> tuple[Quantity | None, Quantity]:
    """A size as (n, d) with size = floor(n/d), or n/d where there is no floor in it."""
    floors = [(a, m, c) for m, c in terms_of(value) for a, _ in m if isinstance(a, Floor)]
    if not floors:
        over, under = numerator_and_denominator(value)
        return over, under
    atom, monomial, coefficient = floors[0]
    if len(floors) > 1 or coefficient != 1 or monomial != ((atom, 1),) or not is_integer(value):
        return None, 1
    rest = value - expression(atom)
    return atom.numerator + multiply(atom.denominator, rest), atom.denominator


def next_term(term: Quantity, index: Symbol) -> Quantity:
    return substitute(term, {index: expression(index) + 1})


def same_size(a: Quantity, b: Quantity) -> bool:
    """Whether two sizes are equal, also where sums stand below their fraction bars."""
    if a == b:
        return True
    (over, under), (other_over, other_under) = as_fraction(a), as_fraction(b)
    if over is None or other_over is None or is_integer(a) != is_integer(b):
        return False
    return opened(multiply(over, other_under)) == opened(multiply(other_over, under))

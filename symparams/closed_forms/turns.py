"""Conditions that hold in every turn of a repeat, as conditions without the turn's number."""

from __future__ import annotations

from ..errors import SymparamsError
from .bounds import never_negative
from .conditions import AllOf, Condition, Relation, any_of, compare, divides, divisibility, with_values
from .floors import Floor
from .polynomial import (
    Expr,
    Quantity,
    Symbol,
    collected,
    expression,
    is_at_least,
    is_integer,
    multiply,
    symbols_of,
    terms_of,
)
from .powers import opened, substitute
from .quotients import common_monomial, divide, numerator_and_denominator
from .sums import NoClosedForm

MAX_DEGREE = 6


def for_every_turn(condition: Condition, index: Symbol, turns: Quantity) -> tuple[Condition, ...]:
    """Conditions without the index that say just that the condition holds for every index from 0 to turns - 1."""
    if isinstance(condition, bool) or index not in condition.symbols:
        return (unless_fewer(condition, turns, 1),)
    if isinstance(condition, AllOf):
        return tuple(c for part in condition.conditions for c in for_every_turn(part, index, turns))
    held: tuple[Condition, ...] | None = None
    if isinstance(condition, Relation) and condition.operator == ">=":
        held = _at_the_ends(condition, index, turns)
    elif isinstance(condition, Relation) and condition.operator == "==":
        held = _in_all_differences(condition, index, turns)
    if held is None:
        raise NoClosedForm("a condition changes irregularly with the turns")
    return held


def unless_fewer(condition: Condition, turns: Quantity, least: int) -> Condition:
    """The condition, which is asked for only where there are so many turns."""
    if least == 1 and _says_nothing_without(turns, condition):
        return condition
    exact = least == 1 or compare(">=", turns, least - 1) is True
    fewer = compare("==", turns, least - 1) if exact else compare("<", turns, least)
    return any_of((fewer, condition))


def _says_nothing_without(turns: Quantity, condition: Condition) -> bool:
    """Whether a condition holds anyhow where there is no turn, as one on the last of n turns that shrink a size."""
    for symbol in symbols_of(turns):
        for none in (expression(symbol) - turns, expression(symbol) + turns):
            if symbol in symbols_of(none):
                continue
            try:
                return with_values(condition, {symbol: none}) is True
            except SymparamsError:
                return False
    return False


# Bounds


def _at_the_ends(condition: Relation, index: Symbol, turns: Quantity) -> tuple[Condition, ...] | None:
    """What bounds a size in every turn: the bound in the first turn where the size only grows, in the last where it
    only shrinks, in both where it is not known which of the two, or where it grows before it shrinks.
    """
    step = _direction(condition, index)
    if step is None:
        return None
    first = unless_fewer(with_values(condition, {index: 0}), turns, 1)
    last = unless_fewer(with_values(condition, {index: turns - 1}), turns, 1)
    if never_negative(step):
        return (first,)
    if never_negative(-step):
        return (last,)
    if index not in symbols_of(step) or never_negative(step - _next(step, index)):
        return first, last
    return None


def _direction(condition: Relation, index: Symbol) -> Quantity | None:
    """A quantity that is positive where the bounded size grows with the next turn, and negative where it shrinks."""
    step = _next(condition.difference, index) - condition.difference
    held = [(m, c) for m, c in terms_of(condition.left - condition.right) if any(index in a.symbols for a, _ in m)]
    if len(held) == 1:
        ((monomial, coefficient),) = held
        atom, exponent = monomial[0]
        if len(monomial) == exponent == 1 and isinstance(atom, Floor) and is_at_least(atom.denominator, 1):
            over, under = atom.numerator, atom.denominator
            grown = multiply(_next(over, index), under) - multiply(over, _next(under, index))
            step = grown if coefficient > 0 else -grown
    step, under = numerator_and_denominator(opened(step))
    if not is_at_least(under, 1) or not isinstance(step, Expr):
        return step if is_at_least(under, 1) else None
    positive = tuple((atom, exponent) for atom, exponent in common_monomial(step) if is_at_least(expression(atom), 1))
    return divide(step, collected({positive: 1}))


def _next(value: Quantity, index: Symbol) -> Quantity:
    return substitute(value, {index: expression(index) + 1})


# Equalities and divisibilities


def _in_all_differences(condition: Relation, index: Symbol, turns: Quantity) -> tuple[Condition, ...] | None:
    """What makes a polynomial in the index 0, or a multiple of m, in every turn.

    It is so where it is so of the polynomial and its differences at the index 0, as far as there are turns.
    """
    pair = divisibility(condition)
    divisor, value = pair or (0, condition.difference)
    if index in symbols_of(divisor):
        return None

    def holds(value: Quantity) -> Condition:
        return divides(divisor, value) if pair else compare("==", value, 0)

    if pair and is_integer(divide(_next(value, index), value)):
        return (unless_fewer(holds(substitute(value, {index: 0})), turns, 1),)
    found: list[Condition] = []
    while value != 0:
        if len(found) > MAX_DEGREE:
            return None
        found.append(unless_fewer(holds(substitute(value, {index: 0})), turns, len(found) + 1))
        value = _next(value, index) - value
    return tuple(found)

"""Turns of a repeat by sympy: sums, conditions in every turn, and the rules of `closed_forms.recurrences`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sympy

from ..closed_forms.polynomial import Symbol
from ..closed_forms.recurrences import IRREGULAR
from ..closed_forms.sums import NoClosedForm
from ..closed_forms.sympy_bridge import symbol
from ..closed_forms.sympy_functions import ExactFloor, ExactSum
from ..closed_forms.sympy_proofs import is_whole
from .sympy_arithmetic import as_one_fraction, expanded
from .sympy_conditions import any_of, compare, conjuncts
from .sympy_values import SympyValue, as_value, held, never_negative, substitute


def sum_over(value: Any, index: Symbol, turns: Any) -> Any:
    """The sum over the turns 0, ..., turns - 1: sympy's closed form where no rounding is in its terms."""
    term, turn, last = held(value), symbol(*index.key), held(turns)
    if turn not in term.free_symbols:
        return as_value(term * last)
    summed = ExactSum(expanded(term), (turn, 0, last - 1))
    return as_value(summed.doit() if isinstance(summed, sympy.Sum) and not term.has(sympy.floor, sympy.Mod) else summed)


def closed_sum(value: Any, index: Symbol, turns: Any) -> Any:
    """The sum in closed form, also up to the index itself. Raises NoClosedForm."""
    term, turn, last = held(value), symbol(*index.key), held(turns)
    if turn not in term.free_symbols:
        return as_value(term * last)
    number = sympy.Dummy("n", integer=True, nonnegative=True)
    summed = held(sum_over(SympyValue(term), index, SympyValue(number)))
    if summed.has(sympy.Sum, sympy.Piecewise):
        raise NoClosedForm("the sizes add up to no closed form")
    return as_value(summed.xreplace({number: last}))


def unless_fewer(condition: Any, turns: Any, least: int) -> Any:
    return any_of((compare("<", turns, least), condition))


def for_every_turn(condition: Any, index: Symbol, turns: Any) -> tuple[Any, ...]:
    """Conditions without the index that say just that the condition holds for every index from 0 to turns - 1."""
    if isinstance(condition, bool) or index not in condition.symbols:
        return (unless_fewer(condition, turns, 1),)
    if isinstance(condition.held, sympy.And):
        return tuple(c for part in conjuncts(condition) for c in for_every_turn(part, index, turns))
    if not isinstance(condition.held, sympy.Ge):
        raise NoClosedForm("a condition changes irregularly with the turns")
    first = unless_fewer(substitute(condition, {index: 0}), turns, 1)
    last = unless_fewer(substitute(condition, {index: turns - 1}), turns, 1)
    step = _step(condition.held.lhs - condition.held.rhs, symbol(*index.key))
    if never_negative(step):
        return (first,)
    if never_negative(-step):
        return (last,)
    bend = step.xreplace({symbol(*index.key): symbol(*index.key) + 1}) - step
    if never_negative(-bend):
        return first, last
    raise NoClosedForm("a condition changes irregularly with the turns")


def _step(difference: Any, turn: Any) -> Any:
    """What has the sign of the change with the next turn: of the fraction in it where that alone changes, rounded."""
    changing = [term for term in sympy.Add.make_args(difference) if turn in term.free_symbols]
    inside = changing[0] if len(changing) == 1 else difference
    sign, inner = (-1, -inside) if inside.could_extract_minus_sign() else (1, inside)
    if isinstance(inner, ExactFloor):
        inside = sign * inner.args[0]
    over, under = as_one_fraction(inside.xreplace({turn: turn + 1}) - inside)
    return over / under


def divisors(sizes: Iterable[Any]) -> list[Any]:
    """Sums that stand below a fraction bar in the sizes, such as s - 1."""
    below = (
        power.base
        for size in sizes
        if isinstance(size, SympyValue)
        for power in size.held.atoms(sympy.Pow)
        if power.base.is_Add and power.exp.could_extract_minus_sign()
    )
    return list(map(as_value, dict.fromkeys(below)))


# Recurrences


def general_terms(starts: Mapping[Symbol, Any], steps: Mapping[Symbol, Any], index: Symbol) -> dict[Symbol, Any]:
    """What stands for each place before the turn with this number. Raises NoClosedForm."""
    found: dict[Any, Any] = {}
    waiting = {symbol(*place.key): held(start) for place, start in starts.items()}
    following = {symbol(*place.key): held(step) for place, step in steps.items()}
    while waiting:
        ready = [place for place in waiting if not following[place].free_symbols & (waiting.keys() - {place})]
        if not ready:
            raise NoClosedForm("the sizes that change depend on each other")
        terms = {p: _general_term(p, waiting.pop(p), following[p].xreplace(found), index) for p in ready}
        found.update(terms)
    return {place: as_value(found[symbol(*place.key)]) for place in starts}


def _general_term(place: Any, start: Any, step: Any, index: Symbol) -> Any:
    turn = symbol(*index.key)
    if place not in step.free_symbols:
        term = step.xreplace({turn: turn - 1})
        if expanded(term.xreplace({turn: sympy.Integer(0)}) - start) != 0:
            raise NoClosedForm("the first size does not fit the others")
        return term
    linear = _linear(step, place, turn)
    if linear:
        return _scaled(start, *linear, index)
    over, under = _as_fraction(step)
    inner = None if over is None or {place, turn} & under.free_symbols else _linear(over, place, turn)
    if inner is None:
        raise NoClosedForm(IRREGULAR)
    factor, rest = inner
    divisor = sympy.cancel(under / factor)
    if not (never_negative(factor - 1) and is_whole(rest) and is_whole(divisor)):
        raise NoClosedForm(IRREGULAR)
    added = ExactFloor(rest / factor)
    return _scaled(start, sympy.Integer(1), added, index) if divisor == 1 else _divided(start, added, divisor, index)


def _linear(value: Any, place: Any, turn: Any) -> tuple[Any, Any] | None:
    """(a, b) with value = a*place + b, where a is the same in every turn; None for what is no such sum."""
    opened = expanded(value)
    factor = opened.coeff(place, 1)
    rest = expanded(opened - factor * place)
    return None if place in rest.free_symbols or {place, turn} & factor.free_symbols else (factor, rest)


def _scaled(start: Any, factor: Any, added: Any, index: Symbol) -> Any:
    """x(i + 1) = factor*x(i) + added(i): factor**i*x(0) + the sum of factor**(i - 1 - j)*added(j) for j < i."""
    turn = symbol(*index.key)
    if factor == 1:
        return start + _summed(added, index)
    if not is_whole(factor) or not never_negative(factor - 1):
        raise NoClosedForm(IRREGULAR)
    grown = factor**turn
    if turn not in added.free_symbols:
        return start * grown + added * (grown - 1) / (factor - 1)
    if factor.free_symbols:
        raise NoClosedForm(IRREGULAR)
    return grown * (start + _summed(added * factor ** (-turn - 1), index))


def _divided(start: Any, added: Any, divisor: Any, index: Symbol) -> Any:
    """x(i + 1) = floor((x(i) + added(i))/b): floor((x(0) + the sum of b**j*added(j) for j < i)/b**i)."""
    turn = symbol(*index.key)
    if not is_whole(divisor) or (turn in added.free_symbols and divisor.free_symbols):
        raise NoClosedForm(IRREGULAR)
    over, under = _as_fraction(start)
    if over is None:
        over, under = start, sympy.Integer(1)
    grown = divisor**turn
    changes = turn in added.free_symbols
    summed = _summed(added * grown, index) if changes else added * (grown - 1) / (divisor - 1)
    return ExactFloor((over + summed * under) / (under * grown))


def _summed(term: Any, index: Symbol) -> Any:
    return held(closed_sum(SympyValue(term), index, SympyValue(symbol(*index.key))))


def _as_fraction(value: Any) -> tuple[Any, Any]:
    """A size as (n, d) with size = floor(n/d), or n/d where there is no floor in it; n is None for another."""
    floors = [term for term in sympy.Add.make_args(value) if term.has(ExactFloor)]
    if not floors:
        over, under = as_one_fraction(value)
        return over, under
    if len(floors) > 1 or not isinstance(floors[0], ExactFloor) or not is_whole(value - floors[0]):
        return None, sympy.Integer(1)
    over, under = floors[0].args[0].as_numer_denom()
    return over + under * (value - floors[0]), under


def next_term(term: Any, index: Symbol) -> Any:
    turn = symbol(*index.key)
    return as_value(held(term).xreplace({turn: turn + 1}))


def same_size(a: Any, b: Any) -> bool:
    """Whether two sizes are equal, also where they are the floors of equal fractions."""
    left, right = held(a), held(b)
    if left == right or expanded(left - right) == 0:
        return True
    (over, under), (other_over, other_under) = _as_fraction(left), _as_fraction(right)
    if over is None or other_over is None or is_whole(left) != is_whole(right):
        return False
    return bool(sympy.powsimp(expanded(over * other_under - other_over * under)) == 0)

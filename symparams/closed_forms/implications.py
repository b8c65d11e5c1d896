"""Conditions without those that others imply, in near-linear time.

A proof that one bound implies another is dear, and most pairs have none. So each bound is looked at in a few points
first: where a is less than b in one of them, a >= 0 cannot be implied by b >= 0, and only the other pairs are tried,
from the weakest bound to the strongest, so that a chain of n sizes takes n proofs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from ..errors import SymparamsError
from .bounds import never_negative
from .conditions import AllOf, AnyOf, Condition, Relation, all_of, any_of, divisibility, symbols_in
from .floors import Floor
from .polynomial import Atom, Expr, Number, Quantity, Symbol, expression, is_integer, multiply, terms_of
from .powers import power
from .quotients import divide

Pair = tuple[Quantity, Quantity]

WIDTHS = (1, 2, 4, 4, 8, 8, 50, 50, 1_000, 10_000)


def without_implied(conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """Different conditions without those that another implies, in their order; of two that say the same, the first."""
    dropped = {*_implied_bounds(conditions), *_implied_divisibilities(conditions)}
    known = set(conditions)
    dropped.update(c for c in conditions if isinstance(c, AnyOf) and not known.isdisjoint(c.conditions))
    return tuple(c for c in conditions if c not in dropped)


# Bounds


class _Bound(NamedTuple):
    """A quantity that a condition says is never negative, with what it is in each point, None where it is not known."""

    condition: Condition
    difference: Quantity
    place: int
    at: tuple[Number | None, ...]
    is_consequence: bool


def _implied_bounds(conditions: Sequence[Condition]) -> Iterator[Condition]:
    """The bounds that another bound implies, or a divisibility does: G | C says that C >= G."""
    kept: list[_Bound] = []
    for bound in sorted(_bounds(conditions), key=_weakest_first):
        if any(_gives(other, bound) for other in kept):
            yield bound.condition
            continue
        still = [other for other in kept if not _gives(bound, other)]
        if len(still) < len(kept):
            yield from {other.condition for other in kept}.difference(other.condition for other in still)
        kept = [*still, bound]


def _bounds(conditions: Sequence[Condition]) -> Iterator[_Bound]:
    points = _points(symbols_in(conditions))
    for place, condition in enumerate(conditions):
        pair = divisibility(condition)
        if pair and never_negative(pair[1] - 1):
            difference = pair[1] - pair[0]
        elif isinstance(condition, Relation) and condition.operator == ">=":
            difference = condition.difference
        else:
            continue
        at = tuple(_value_at(difference, point) for point in points)
        yield _Bound(condition, difference, place, at, pair is not None)


def _weakest_first(bound: _Bound) -> tuple[Number, ...]:
    return tuple(0 if number is None else -number for number in bound.at)


def _gives(stronger: _Bound, weaker: _Bound) -> bool:
    """Whether the one bound says the other, which is no more than that; of two alike, the first gives the second."""
    if weaker.is_consequence or not _may_give(stronger, weaker):
        return False
    if not never_negative(weaker.difference - stronger.difference):
        return False
    if stronger.is_consequence or stronger.place < weaker.place or not _may_give(weaker, stronger):
        return True
    return not never_negative(stronger.difference - weaker.difference)


def _may_give(stronger: _Bound, weaker: _Bound) -> bool:
    return all(a is None or b is None or a <= b for a, b in zip(stronger.at, weaker.at))


def _points(symbols: Iterable[Symbol]) -> list[dict[Atom, Number | None]]:
    """Values for the symbols: the least ones, then some that follow no pattern, within wider and wider ranges."""
    ranked = sorted(symbols, key=lambda symbol: symbol.name)
    return [
        {
            symbol: (symbol.lower or 0) + pow(11, (2 * point + 3) * (i + 1), 10_007) % width
            for i, symbol in enumerate(ranked)
        }
        for point, width in enumerate(WIDTHS)
    ]


def _value_at(value: Quantity, point: dict[Atom, Number | None]) -> Number | None:
    """The value in a point, which also keeps those of the atoms met; None where it has none that is rational."""
    result: Number = 0
    for monomial, coefficient in terms_of(value):
        for atom, exponent in monomial:
            if atom not in point:
                point[atom] = _atom_at(atom, point)
            base = point[atom]
            factor = None if base is None else _number(power, base, exponent)
            if factor is None:
                return None
            coefficient = coefficient * factor
        result += coefficient
    return result


def _atom_at(atom: Atom, point: dict[Atom, Number | None]) -> Number | None:
    parts = [_value_at(part, point) for part in atom.parts()]
    return None if not parts or None in parts else _number(atom.rebuild, tuple(parts))


def _number(work: Callable[..., Quantity], *arguments: Any) -> Number | None:
    """What some arithmetic gives; None where that is no number, or too long a one."""
    try:
        value = work(*arguments)
    except SymparamsError:
        return None
    return None if isinstance(value, Expr) else value


# Divisibilities


def _implied_divisibilities(conditions: Sequence[Condition]) -> Iterator[Condition]:
    """Those that another implies: G | M*N after G | M, and 2 | floor(H/8) after 16 | H."""
    divisors: dict[Quantity, list[tuple[Condition, Quantity]]] = defaultdict(list)
    dividends: dict[Quantity, list[Quantity]] = defaultdict(list)
    pairs = [(condition, pair) for condition in conditions if (pair := divisibility(condition))]
    for condition, (divisor, dividend) in pairs:
        divisors[divisor].append((condition, dividend))
        dividends[dividend].append(divisor)
    for condition, (divisor, dividend) in pairs:
        multiples = _multiples_before(condition, dividend, divisors[divisor])
        if multiples or _follows_from_numerator(divisor, dividend, dividends):
            yield condition


def _multiples_before(condition: Condition, dividend: Quantity, others: list[tuple[Condition, Quantity]]) -> bool:
    """Whether the dividend is a multiple of another one, or the same up to its sign as one before it."""
    before = True
    for other, part in others:
        if other is condition:
            before = False
        elif is_integer(divide(dividend, part)) and (before or not is_integer(divide(part, dividend))):
            return True
    return False


def _follows_from_numerator(divisor: Quantity, dividend: Quantity, known: dict[Quantity, list[Quantity]]) -> bool:
    atoms = [atom for monomial, _ in terms_of(dividend) for atom, _ in monomial]
    if len(atoms) != 1 or not isinstance(atoms[0], Floor) or dividend != expression(atoms[0]):
        return False
    floor = atoms[0]
    needed = multiply(divisor, floor.denominator)
    return any(is_integer(divide(larger, needed)) for larger in known.get(floor.numerator, ()))


# Facts


def decided_by(facts: Sequence[Condition], condition: Condition) -> Condition:
    """The condition as true or false where one of the facts says so, as it is where none does."""
    if condition in facts:
        return True
    if isinstance(condition, (AllOf, AnyOf)):
        join = all_of if isinstance(condition, AllOf) else any_of
        return join(decided_by(facts, part) for part in condition.conditions)
    if isinstance(condition, Relation):
        opposite = condition.negated()
        for fact in facts:
            if _says(fact, condition):
                return True
            if fact == opposite or _says(fact, opposite):
                return False
    return condition


def _says(fact: Condition, condition: Condition) -> bool:
    """Whether a bound says another one, or that two quantities differ."""
    if not (isinstance(fact, Relation) and isinstance(condition, Relation) and fact.operator == ">="):
        return False
    above = condition.difference - fact.difference
    if condition.operator == ">=":
        return never_negative(above)
    below = -condition.difference - fact.difference
    return condition.operator == "!=" and (never_negative(above - 1) or never_negative(below - 1))

"""Conditions: what must hold for a formula to be true, decided where that is possible.

A condition is a bool where it is decided, and one of the classes below where it still depends on symbols.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import reduce
from math import gcd
from typing import Any, Union

from .division import Floor, Remainder, absorbed, remainder
from .polynomial import (
    Atom,
    Expr,
    Quantity,
    Symbol,
    collected,
    common_monomial,
    divide,
    expression,
    inverse,
    is_at_least,
    is_integer,
    multiply,
    numerator_and_denominator,
    symbols_of,
    terms_of,
    total,
    whole,
)
from .powers import map_atoms, substitute

Condition = Union[bool, "Relation", "AnyOf", "AllOf"]

NEGATED = {">=": "<", "<": ">=", "==": "!=", "!=": "=="}


class Relation:
    """`left operator right`, with an operator out of >=, <, == and !=; `difference` is left - right in lowest terms."""

    __slots__ = ("difference", "left", "operator", "right")

    def __init__(self, operator: str, left: Quantity, right: Quantity, difference: Quantity):
        self.operator = operator
        self.left = left
        self.right = right
        self.difference = difference

    @property
    def symbols(self) -> frozenset[Symbol]:
        return self.difference.symbols if isinstance(self.difference, Expr) else frozenset()

    def with_values(self, values: dict[Symbol, Quantity]) -> Condition:
        return compare(self.operator, substitute(self.left, values), substitute(self.right, values))

    def negated(self) -> Condition:
        return compare(NEGATED[self.operator], self.left, self.right)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Relation) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[Any, ...]:
        return self.operator, self.difference

    def __repr__(self) -> str:
        return f"{self.left} {self.operator} {self.right}"


class _Several:
    __slots__ = ("conditions",)

    def __init__(self, conditions: tuple[Condition, ...]):
        self.conditions = conditions

    @property
    def symbols(self) -> frozenset[Symbol]:
        return frozenset(s for c in self.conditions if not isinstance(c, bool) for s in c.symbols)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.conditions == other.conditions

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.conditions))


class AnyOf(_Several):
    def with_values(self, values: dict[Symbol, Quantity]) -> Condition:
        return any_of(with_values(c, values) for c in self.conditions)

    def negated(self) -> Condition:
        return all_of(negate(c) for c in self.conditions)


class AllOf(_Several):
    def with_values(self, values: dict[Symbol, Quantity]) -> Condition:
        return all_of(with_values(c, values) for c in self.conditions)

    def negated(self) -> Condition:
        return any_of(negate(c) for c in self.conditions)


def with_values(condition: Condition, values: dict[Symbol, Quantity]) -> Condition:
    return condition if isinstance(condition, bool) else condition.with_values(values)


def negate(condition: Condition) -> Condition:
    return not condition if isinstance(condition, bool) else condition.negated()


def all_of(conditions: Iterable[Condition]) -> Condition:
    kept: list[Condition] = []
    for condition in conditions:
        if condition is False:
            return False
        if condition is not True:
            kept += condition.conditions if isinstance(condition, AllOf) else [condition]
    unique = tuple(dict.fromkeys(kept))
    return True if not unique else unique[0] if len(unique) == 1 else AllOf(unique)


def any_of(conditions: Iterable[Condition]) -> Condition:
    kept: list[Condition] = []
    for condition in conditions:
        if condition is True:
            return True
        if condition is not False:
            kept += condition.conditions if isinstance(condition, AnyOf) else [condition]
    unique = tuple(dict.fromkeys(kept))
    return False if not unique else unique[0] if len(unique) == 1 else AnyOf(unique)


def conjuncts(condition: Condition) -> tuple[Condition, ...]:
    return condition.conditions if isinstance(condition, AllOf) else (condition,)


# Deciding


def compare(operator: str, a: Quantity, b: Quantity) -> Condition:
    """The comparison as a bool where it is decided for all admissible values, as a Relation where it is not."""
    if operator in ("<=", ">"):
        operator, a, b = {"<=": ">=", ">": "<"}[operator], b, a
    if not isinstance(a, Expr) and not isinstance(b, Expr):
        return bool(_COMPARISONS[operator](a, b))
    if operator in ("==", "!="):
        equal = _decide_equal(a, b)
        return equal if operator == "==" else negate(equal)
    return _decide_less(a, b) if operator == "<" else _decide_at_least(a, b)


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


def _decide_less(a: Quantity, b: Quantity) -> Condition:
    if is_integer(a) and is_integer(b):
        return _decide_at_least(b, a + 1)
    return False if _decide_at_least(a, b) is True else Relation("<", a, b, a - b)


def _decide_at_least(a: Quantity, b: Quantity) -> Condition:
    difference = _without_floor(numerator_and_denominator(a - b)[0])
    if never_negative(difference):
        return True
    if is_integer(difference) and never_negative(-difference - 1):
        return False
    return Relation(">=", a, b, _primitive(difference))


def _decide_equal(a: Quantity, b: Quantity) -> Condition:
    difference = numerator_and_denominator(absorbed(a) - absorbed(b))[0]
    if not isinstance(difference, Expr):
        return difference == 0
    if is_integer(difference):
        coefficients = [c.numerator for m, c in difference.terms.items() if m]
        whole_terms = all(isinstance(c, int) for c in difference.terms.values())
        if whole_terms and difference.constant % reduce(gcd, coefficients, 0):
            return False
        if never_negative(difference - 1) or never_negative(-difference - 1):
            return False
    monomial = dict(common_monomial(difference))
    if all((atom.lower or 0) >= 1 for atom in monomial):
        difference = multiply(difference, collected({inverse(tuple(monomial.items())): 1}))
        if not isinstance(difference, Expr):
            return False
    leading = next(iter(difference.terms.values()))
    return Relation("==", a, b, difference if leading > 0 else -difference)


def _without_floor(difference: Quantity) -> Quantity:
    """An expression of the same sign: floor(n/d) + e >= 0 where n + d*e >= 0, e >= floor(n/d) where d*(e + 1) > n."""
    floors = [(m, c) for m, c in terms_of(difference) for atom, _ in m if isinstance(atom, Floor)]
    if len(floors) != 1:
        return difference
    ((monomial, coefficient),) = floors
    if coefficient not in (1, -1) or len(monomial) != 1 or monomial[0][1] != 1 or not is_integer(difference):
        return difference
    atom = monomial[0][0]
    assert isinstance(atom, Floor)
    rest = difference - coefficient * expression(atom)
    if coefficient == 1:
        return _without_floor(atom.numerator + multiply(atom.denominator, rest))
    return _without_floor(multiply(atom.denominator, rest + 1) - atom.numerator - 1)


def _primitive(difference: Quantity) -> Quantity:
    """An expression that is >= 0 just where this is, without the positive factor that its terms share."""
    if not isinstance(difference, Expr) or any(isinstance(c, Fraction) for c in difference.terms.values()):
        return difference
    monomial = tuple((a, e) for a, e in common_monomial(difference) if (a.lower or 0) >= 1)
    difference = divide(difference, collected({monomial: 1}))
    if not isinstance(difference, Expr) or not is_integer(difference):
        return difference
    shared = reduce(gcd, (c.numerator for m, c in difference.terms.items() if m), 0)
    terms = {m: c.numerator // shared for m, c in difference.terms.items()}
    return collected(terms)  # type: ignore[arg-type]


def never_negative(value: Quantity) -> bool:
    """Whether the value is seen to be >= 0 for all admissible values of its symbols. False means "not seen"."""
    if not isinstance(value, Expr):
        return value >= 0
    if is_at_least(value, 0):
        return True
    if _shifted_is_positive(value):
        return True
    bounded = _floors_at_their_worst(value)
    return bounded is not None and _shifted_is_positive(numerator_and_denominator(bounded)[0])


def _shifted_is_positive(value: Quantity) -> bool:
    """Whether all coefficients are >= 0 once every atom is written as its lower bound and what it has above it."""
    if not isinstance(value, Expr):
        return value >= 0
    if _degree(value) > 12:
        return False
    shifts: dict[Atom, Quantity] = {}
    for atom in value.atoms():
        if atom.lower is None:
            return False
        shifts[atom] = expression(atom) + atom.lower
    shifted = map_atoms(value, shifts.__getitem__)
    return all(c >= 0 for _, c in terms_of(shifted))


def _degree(value: Expr) -> int:
    return max(sum(abs(e) for _, e in m) for m in value.terms)


def _floors_at_their_worst(value: Expr) -> Quantity | None:
    """The value with each floor(n/d) replaced by (n - d + 1)/d where more would help, by n/d where it would harm."""
    if not any(isinstance(atom, Floor) for atom in value.atoms()):
        return None
    results: list[Quantity] = []
    for monomial, coefficient in value.terms.items():
        floors = [(a, e) for a, e in monomial if isinstance(a, Floor)]
        if not floors:
            results.append(collected({monomial: coefficient}))
            continue
        others = tuple((a, e) for a, e in monomial if not isinstance(a, Floor))
        if len(floors) > 1 or floors[0][1] != 1 or any((a.lower or 0) < 0 or a.lower is None for a, _ in others):
            return None
        atom = floors[0][0]
        assert isinstance(atom, Floor)
        worst = atom.numerator - atom.denominator + 1 if coefficient > 0 else atom.numerator
        results.append(multiply(collected({others: coefficient}), divide(worst, atom.denominator)))
    return total(results)


# Collecting


def simplified(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """The conditions without those that another implies, in the order in which they were met."""
    unique = list(dict.fromkeys(_with_common_divisors([c for c in conditions if c is not True])))
    return tuple(c for c in unique if not any(other is not c and _implies(other, c, unique) for other in unique))


def divisibility(condition: Condition) -> tuple[Quantity, Quantity] | None:
    """Divisor and dividend of a condition that says `divisor | dividend`."""
    if not isinstance(condition, Relation) or condition.operator != "==":
        return None
    terms = list(terms_of(condition.difference))
    if len(terms) != 1 or len(terms[0][0]) != 1:
        return None
    ((atom, exponent),) = terms[0][0]
    return (atom.parts()[1], atom.parts()[0]) if isinstance(atom, Remainder) and exponent == 1 else None


def _with_common_divisors(conditions: list[Condition]) -> list[Condition]:
    """The conditions with G | 6 and G | 4 as one, G | 2; G | 1 is G = 1."""
    found = [(c, divisibility(c)) for c in conditions]
    shared: dict[Quantity, int] = {}
    for _, pair in found:
        if pair and isinstance(pair[1], int):
            shared[pair[0]] = gcd(shared.get(pair[0], 0), pair[1])
    result: list[Condition] = []
    for condition, pair in found:
        if pair and isinstance(pair[1], int):
            divisor, common = pair[0], shared[pair[0]]
            condition = compare("==", divisor, 1) if common == 1 else divides(divisor, common)
        result.append(condition)
    return result


def implied_values(conditions: Iterable[Condition]) -> dict[str, int]:
    """Symbols that simplified conditions leave one value for: G = 1 where G divides both 3 and 64."""
    values: dict[str, int] = {}
    for condition in conditions:
        if isinstance(condition, Relation) and condition.operator == "==" and condition.right == 1:
            names = [s.name for s in condition.symbols if condition.left == expression(s)]
            values.update(dict.fromkeys(names, 1))
    return values


def _implies(stronger: Condition, weaker: Condition, order: list[Condition]) -> bool:
    if not (isinstance(stronger, Relation) and isinstance(weaker, Relation)):
        return isinstance(weaker, AnyOf) and stronger in weaker.conditions
    if stronger.operator != ">=" or weaker.operator != ">=":
        return False
    if not stronger.symbols & weaker.symbols or not never_negative(weaker.difference - stronger.difference):
        return False
    mutual = never_negative(stronger.difference - weaker.difference)
    return not mutual or order.index(stronger) < order.index(weaker)


def for_every_turn(condition: Condition, index: Symbol, turns: Quantity) -> tuple[Condition, ...]:
    """Conditions without the index that make the condition hold for every index from 0 to turns - 1."""
    if isinstance(condition, bool) or index not in condition.symbols:
        return (condition,)
    if isinstance(condition, AllOf):
        return tuple(c for part in condition.conditions for c in for_every_turn(part, index, turns))
    first, last = with_values(condition, {index: 0}), with_values(condition, {index: turns - 1})
    if isinstance(condition, Relation):
        if condition.operator == ">=":
            later = substitute(condition.difference, {index: expression(index) + 1})
            if never_negative(later - condition.difference):
                return (first,)
            if never_negative(condition.difference - later):
                return (last,)
        if condition.operator == "==" and (parts := _divisible_steps(condition, index)) is not None:
            return parts
    return (condition,)


def _divisible_steps(condition: Relation, index: Symbol) -> tuple[Condition, ...] | None:
    """For m | a + b*i at every i: m | a and m | b."""
    pair = divisibility(condition)
    if pair is None:
        return None
    divisor, dividend = pair
    start = substitute(dividend, {index: 0})
    step = substitute(dividend, {index: expression(index) + 1}) - dividend
    if index in symbols_of(step) or index in symbols_of(divisor):
        return None
    return divides(divisor, start), divides(divisor, step)


def divides(divisor: Quantity, dividend: Quantity) -> Condition:
    """`divisor | dividend`."""
    return compare("==", remainder(dividend, divisor), 0)


def is_whole(value: Quantity) -> Condition:
    """The condition under which a quotient is a whole number."""
    if is_integer(value):
        return True
    over, under = numerator_and_denominator(value)
    if not isinstance(over, Expr) and not isinstance(under, Expr):
        return bool(whole(Fraction(over) / under).denominator == 1)
    return divides(under, over)

"""Conditions: what must hold for a formula to be true, decided where that is possible.

A condition is a bool where it is decided, and one of the classes below where it still depends on symbols.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import reduce
from math import gcd
from typing import Any, Union

from .bounds import never_negative
from .floors import Floor, Remainder, absorbed, remainder
from .irrational import rational, sign
from .polynomial import (
    Expr,
    Part,
    Quantity,
    Symbol,
    collected,
    expression,
    inverse,
    is_at_least,
    is_integer,
    multiply,
    symbols_of,
    terms_of,
)
from .powers import opened, substitute
from .quotients import common_monomial, content, divide, numerator_and_denominator
from .signs import divides_positively, is_positive
from .zeros import never_zero

Condition = Union[bool, "Relation", "AnyOf", "AllOf"]

NEGATED = {">=": "<", "<": ">=", "==": "!=", "!=": "=="}


class Relation:
    """`left operator right`, with an operator out of >=, <, == and !=.

    `difference` is left - right or what has its sign, as short as it is known to be; for == and != what is 0 where
    that is. Relations that say the same of one difference, or of its multiples, are equal.
    """

    __slots__ = ("_key", "difference", "left", "operator", "right")

    def __init__(self, operator: str, left: Quantity, right: Quantity, difference: Quantity):
        self.operator = operator
        self.left = left
        self.right = right
        self.difference = difference
        equality = operator in ("==", "!=") and isinstance(difference, Expr)
        self._key = operator, divide(difference, content(difference)) if equality else difference  # type: ignore[arg-type]

    @property
    def symbols(self) -> frozenset[Symbol]:
        return self.difference.symbols if isinstance(self.difference, Expr) else frozenset()

    def with_values(self, values: dict[Symbol, Quantity]) -> Condition:
        return compare(self.operator, substitute(self.left, values), substitute(self.right, values))

    def negated(self) -> Condition:
        return compare(NEGATED[self.operator], self.left, self.right)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Relation) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def __repr__(self) -> str:
        return f"{self.left} {self.operator} {self.right}"


class _Several:
    __slots__ = ("conditions",)

    def __init__(self, conditions: tuple[Condition, ...]):
        self.conditions = conditions

    @property
    def symbols(self) -> frozenset[Symbol]:
        return symbols_in(self.conditions)

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


def as_meant(condition: Condition) -> Condition:
    """The condition in the symbols that a program names."""
    if isinstance(condition, bool):
        return condition
    parts = [s for s in condition.symbols if isinstance(s, Part)]
    return condition.with_values({part: part.meaning for part in parts}) if parts else condition


def negate(condition: Condition) -> Condition:
    return not condition if isinstance(condition, bool) else condition.negated()


def all_of(conditions: Iterable[Condition]) -> Condition:
    return _joined(AllOf, True, conditions)


def any_of(conditions: Iterable[Condition]) -> Condition:
    return _joined(AnyOf, False, conditions)


def _joined(several: type[AllOf] | type[AnyOf], neutral: bool, conditions: Iterable[Condition]) -> Condition:
    """The conditions as one, each once and without those that are `neutral`; the opposite decides all."""
    kept: list[Condition] = []
    for condition in conditions:
        if condition is (not neutral):
            return condition
        if condition is not neutral:
            kept += condition.conditions if isinstance(condition, several) else [condition]
    unique = tuple(dict.fromkeys(kept))
    return neutral if not unique else unique[0] if len(unique) == 1 else several(unique)


def conjuncts(condition: Condition) -> tuple[Condition, ...]:
    return condition.conditions if isinstance(condition, AllOf) else (condition,)


def relations(conditions: Iterable[Condition]) -> Iterator[Relation]:
    """The relations of which conditions are made; those that are decided have none."""
    for condition in conditions:
        if isinstance(condition, Relation):
            yield condition
        elif isinstance(condition, (AllOf, AnyOf)):
            yield from relations(condition.conditions)


def symbols_in(conditions: Iterable[Condition]) -> frozenset[Symbol]:
    """The symbols that conditions are about."""
    return frozenset(symbol for relation in relations(conditions) for symbol in relation.symbols)


# Deciding


def compare(operator: str, a: Quantity, b: Quantity) -> Condition:
    """The comparison as a bool where it is decided for all admissible values, as a Relation where it is not."""
    if operator in ("<=", ">"):
        operator, a, b = {"<=": ">=", ">": "<"}[operator], b, a
    if not isinstance(a, Expr) and not isinstance(b, Expr):
        return bool(_COMPARISONS[operator](a, b))
    if operator in ("==", "!="):
        return _decide_equal(operator, a, b)
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
    not_less = _decide_at_least(a, b)
    return Relation("<", a, b, not_less.difference) if isinstance(not_less, Relation) else negate(not_less)


def _decide_at_least(a: Quantity, b: Quantity) -> Condition:
    over, under = numerator_and_denominator(opened(a) - opened(b))
    signed = divides_positively(under)
    difference = opened(over if signed else multiply(over, under))
    shorter = _without_floor(difference)
    if never_negative(shorter):
        return True
    if isinstance(shorter, Expr) and not shorter.symbols:
        return sign(shorter) >= 0
    if is_positive(-shorter) or (is_integer(difference) and never_negative(_without_floor(-difference - 1))):
        return False
    return Relation(">=", a, b, _primitive(shorter) if signed else a - b)


def _decide_equal(operator: str, a: Quantity, b: Quantity) -> Condition:
    difference = opened(numerator_and_denominator(absorbed(opened(a)) - absorbed(opened(b)))[0])
    if not isinstance(difference, Expr):
        return (difference == 0) == (operator == "==")
    if not difference.symbols:
        return (sign(difference) == 0) == (operator == "==")
    if never_zero(difference):
        return operator != "=="
    difference = _as_remainder(difference)
    shared = tuple((atom, e) for atom, e in common_monomial(difference) if is_positive(expression(atom)))
    difference = multiply(difference, collected({inverse(shared): 1}))
    if not isinstance(difference, Expr):
        return operator != "=="
    leading = next(iter(difference.terms.values()))
    return Relation(operator, a, b, difference if leading > 0 else -difference)


def _as_remainder(difference: Expr) -> Expr:
    """n - d*floor(n/d) as n % d, also where n is a floor itself and floor(n/d) was merged with it."""
    for atom in difference.atoms():
        if not isinstance(atom, Floor):
            continue
        for other in (a for a in difference.atoms() if isinstance(a, Floor) and a.numerator == atom.numerator):
            factor = divide(atom.denominator, other.denominator)
            whole_factor = is_integer(factor) and factor != 1
            if whole_factor and difference in _both_signs(expression(other) - multiply(factor, expression(atom))):
                return expression(Remainder(expression(other), factor))
        if difference in _both_signs(atom.numerator - multiply(atom.denominator, expression(atom))):
            return expression(Remainder(atom.numerator, atom.denominator))
    return difference


def _both_signs(value: Quantity) -> tuple[Quantity, Quantity]:
    return value, -value


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
    if not divides_positively(atom.denominator):
        return difference
    rest = difference - coefficient * expression(atom)
    if coefficient == 1:
        return _without_floor(atom.numerator + multiply(atom.denominator, rest))
    if not (is_integer(atom.numerator) and is_integer(atom.denominator)):
        return difference
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


def divisibility(condition: Condition) -> tuple[Quantity, Quantity] | None:
    """Divisor and dividend of a condition that says `divisor | dividend`."""
    if not isinstance(condition, Relation) or condition.operator != "==":
        return None
    terms = list(terms_of(condition.difference))
    if len(terms) != 1 or len(terms[0][0]) != 1:
        return None
    ((atom, exponent),) = terms[0][0]
    return (atom.parts()[1], atom.parts()[0]) if isinstance(atom, Remainder) and exponent == 1 else None


def lesser_and_greater(relation: Relation) -> tuple[set[Symbol], set[Symbol]]:
    """The symbols that a condition wants small, or that are to divide, and those that it wants large."""
    pair = divisibility(relation)
    if pair:
        return set(symbols_of(pair[0])), set(symbols_of(pair[1]))
    sides: tuple[set[Symbol], set[Symbol]] = set(), set()
    for monomial, coefficient in terms_of(relation.difference):
        sides[coefficient > 0].update(symbol for atom, _ in monomial for symbol in atom.symbols)
    return sides


def is_equation(condition: Condition) -> bool:
    """Whether it says that two quantities are equal, which is more than that one divides the other."""
    return isinstance(condition, Relation) and condition.operator == "==" and divisibility(condition) is None


def is_equation_in(condition: Condition, symbol: Symbol) -> bool:
    """Whether a condition keeps the symbol to few numbers, as an equation or as one that something has to divide."""
    if not isinstance(condition, Relation) or symbol not in condition.symbols:
        return False
    return condition.operator == "==" or divisibility(condition) is not None


def divides(divisor: Quantity, dividend: Quantity) -> Condition:
    """`divisor | dividend`."""
    return compare("==", remainder(dividend, divisor), 0)


def is_not_zero(value: Quantity) -> Condition:
    """The condition under which a quantity can divide: of one that is whole and never negative, that it is from 1."""
    if is_positive(value):
        return True
    countable = is_integer(value) and is_at_least(value, 0)
    return compare(">=", value, 1) if countable else compare("!=", value, 0)


def is_whole(value: Quantity) -> Condition:
    """The condition under which a quotient is a whole number."""
    if is_integer(value):
        return True
    if not symbols_of(value):
        number = rational(value)
        return number is not None and is_integer(number)
    over, under = numerator_and_denominator(value)
    return divides(under, over)


def positive_conditions(size: Quantity) -> tuple[Condition, ...]:
    """The conditions under which a whole size is at least 1: of a product of whole factors, that each of them is.

    Two that are never positive, as ceilings are that are written as floors, are positive together.
    """
    over, under = numerator_and_denominator(size)
    if not divides_positively(under):
        return (compare(">=", size, 1),)
    if isinstance(over, Expr) and len(over.terms) == 1:
        ((monomial, coefficient),) = over.terms.items()
        factors = [expression(atom) for atom, _ in monomial]
        turned = [atom.lower is None and never_negative(-expression(atom)) for atom, _ in monomial]
        sign = (-1) ** sum(exponent for (_, exponent), turns in zip(monomial, turned) if turns)
        if coefficient * sign > 0 and all(atom.integer for atom, _ in monomial):
            return tuple(compare(">=", -f if turns else f, 1) for f, turns in zip(factors, turned))
    return (compare(">=", over if is_whole(size) is not True else size, 1),)

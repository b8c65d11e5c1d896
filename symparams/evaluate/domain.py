"""Domains of values: what the interpreter asks of them, in the one domain as in the other.

Numbers are Python's in every domain. A symbolic value is a closed form, which is the usual domain; or it is one of
another domain, which brings operations of the same names and the types of its values. What a value is decides which
operations work it out, so that rules, blocks and repeats are interpreted in one place for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import wraps
from typing import Any, NamedTuple, TypeGuard, TypeVar

from ..closed_forms import (
    conditions,
    floors,
    implications,
    irrational,
    polynomial,
    powers,
    quotients,
    recurrences,
    reduction,
    signs,
    trends,
)
from ..closed_forms import sums as closed_sums
from ..closed_forms import turns as in_turns
from ..closed_forms.polynomial import Symbol

W = TypeVar("W", bound=Callable[..., Any])


class Domain(NamedTuple):
    """A domain: its name, the symbolic value of a symbol, and the types of its values and of its conditions.

    `with_remainder` is the value of a symbol of which a remainder is known: from the symbol's value, the divisor, the
    remainder and the least quotient. `numbers` are the types of known numbers that are more than Python's.
    """

    name: str
    expression: Callable[[Symbol], Any]
    with_remainder: Callable[..., Any]
    values: frozenset[type]
    conditions: frozenset[type]
    numbers: frozenset[type] = frozenset()


def _multiple(plain: Any, divisor: Any, remainder: int, least: int) -> Any:
    """A symbol that leaves a remainder, as a multiple of another: so every floor of it is exact."""
    part = polynomial.Part(quotients.divide(plain - remainder, divisor), least)
    return polynomial.multiply(polynomial.expression(part), divisor) + remainder


CLOSED_FORMS = Domain(
    "closed forms",
    polynomial.expression,
    _multiple,
    frozenset({polynomial.Expr}),
    frozenset({conditions.Relation, conditions.AnyOf, conditions.AllOf}),
)

_numbers: set[type] = {int, Fraction}
_symbolic: set[type] = set(CLOSED_FORMS.values)
_conditions: set[type] = {bool, *CLOSED_FORMS.conditions}
_others: dict[type, Mapping[str, Callable[..., Any]]] = {}


def add_domain(domain: Domain, operations: Mapping[str, Callable[..., Any]]) -> None:
    """From now on values of these types are worked out by these operations."""
    missing = OPERATIONS - operations.keys()
    assert not missing, missing
    _symbolic.update(domain.values)
    _conditions.update(domain.conditions)
    _numbers.update(domain.numbers)
    _others.update(dict.fromkeys((*domain.values, *domain.conditions, *domain.numbers), operations))


def is_symbolic(value: Any) -> TypeGuard[polynomial.Expr]:
    return type(value) in _symbolic


def is_number(value: Any) -> TypeGuard[polynomial.Quantity]:
    """Whether a value is a number, known or symbolic; a truth value is none."""
    return type(value) in _numbers or type(value) in _symbolic


def is_condition(value: Any) -> TypeGuard[conditions.Condition]:
    """Whether a value is a truth value, known or symbolic."""
    return type(value) in _conditions


def _for_each_axis(value: Any, axes: int) -> tuple[Any, ...]:
    """One value for each axis, of what is one for all of them."""
    return (value,) * axes


def _size_product(sizes: Iterable[Any]) -> Any:
    return polynomial.size_product(map(floors.absorbed, sizes))


def _normal(value: Any) -> Any:
    """A number as an int where it is whole, a symbolic value without symbols as a number where it is rational."""
    return irrational.simplest(value) if isinstance(value, polynomial.Expr) else polynomial.whole(value)


# Operations

OPERATIONS: set[str] = set()


def _operation(closed: W, name: str = "") -> W:
    """The operation for values of all domains: those of another one are among its arguments, or in a dict there."""
    name = name or closed.__name__
    OPERATIONS.add(name)

    @wraps(closed)
    def work(*values: Any) -> Any:
        if _others:
            for value in values:
                for part in value.values() if type(value) is dict else (value,):
                    if type(part) in _others:
                        return _others[type(part)][name](*values)
        return closed(*values)

    return work  # type: ignore[return-value]


def _of_many(closed: W, name: str = "") -> W:
    """The operation for values of all domains, which are in its only argument."""
    name = name or closed.__name__
    OPERATIONS.add(name)

    @wraps(closed)
    def work(values: Iterable[Any]) -> Any:
        if _others:
            values = values if isinstance(values, tuple) else tuple(values)
            for value in values:
                if type(value) in _others:
                    return _others[type(value)][name](values)
        return closed(values)

    return work  # type: ignore[return-value]


normal = _operation(_normal, "normal")
for_each_axis = _operation(_for_each_axis, "for_each_axis")

trend = _operation(trends.trend)

multiply = _operation(polynomial.multiply)
divide = _operation(quotients.divide)
is_at_least = _operation(polynomial.is_at_least)
is_integer = _operation(polynomial.is_integer)
is_positive = _operation(signs.is_positive)
numerator_and_denominator = _operation(quotients.numerator_and_denominator)
symbols_of = _operation(polynomial.symbols_of)

power = _operation(powers.power)
substitute = _operation(powers.substitute)
meant = _operation(powers.meant)
shortest = _operation(powers.shortest)

floor_divide = _operation(floors.floor_divide)
remainder = _operation(floors.remainder)
floor = _operation(floors.floor)
ceiling = _operation(floors.ceiling)
rounded = _operation(floors.rounded)
absolute = _operation(floors.absolute)
square_root = _operation(floors.square_root)
logarithm = _operation(floors.logarithm)
largest = _operation(floors.largest)
smallest = _operation(floors.smallest)
absorbed = _operation(floors.absorbed)

compare = _operation(conditions.compare)
negate = _operation(conditions.negate)
conjuncts = _operation(conditions.conjuncts)
as_meant = _operation(conditions.as_meant)
with_values = _operation(conditions.with_values)
is_whole = _operation(conditions.is_whole)
is_not_zero = _operation(conditions.is_not_zero)
positive_conditions = _operation(conditions.positive_conditions)

decided_by = _operation(implications.decided_by)

for_every_turn = _operation(in_turns.for_every_turn)
unless_fewer = _operation(in_turns.unless_fewer)

sum_over = _operation(closed_sums.sum_over)
closed_sum = _operation(closed_sums.closed_sum)

general_terms = _operation(recurrences.general_terms)
next_term = _operation(recurrences.next_term)
same_size = _operation(recurrences.same_size)

total = _of_many(polynomial.total)
product = _of_many(polynomial.product)
size_product = _of_many(_size_product, "size_product")

all_of = _of_many(conditions.all_of)
any_of = _of_many(conditions.any_of)

divisors = _of_many(closed_sums.divisors)

simplified = _of_many(reduction.simplified)
implied_values = _of_many(reduction.implied_values)


def symbols_in(several: Iterable[Any]) -> frozenset[Symbol]:
    """The symbols that conditions are about."""
    several = tuple(several)
    closed = conditions.symbols_in(c for c in several if type(c) not in _others)
    return closed.union(*(symbols_of(c) for c in several if type(c) in _others))

"""The algebra on any expression: divisors of any sign and 0, real symbols, nested floors, remainders, powers, extremes.

What is decided is so at every point, what is left open is decided rightly by values, and neither depends on which side
of a comparison stands left.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

from hypothesis import assume, given
from hypothesis import strategies as st

from symparams.closed_forms.bounds import never_negative
from symparams.closed_forms.conditions import Condition, Relation, compare, is_whole, negate, with_values
from symparams.closed_forms.equality import equal, normal
from symparams.closed_forms.floors import absolute, ceiling, floor, floor_divide, largest, remainder, smallest
from symparams.closed_forms.polynomial import (
    Expr,
    Quantity,
    Symbol,
    expression,
    is_integer,
    lower_bound,
    multiply,
    symbols_of,
)
from symparams.closed_forms.powers import power, substitute
from symparams.closed_forms.quotients import divide
from symparams.closed_forms.signs import divides_positively, is_positive
from symparams.errors import SymparamsError

SYMBOLS = [Symbol("a"), Symbol("b"), Symbol("p", 0), Symbol("r", 0, integer=False)]
Point = dict[Symbol, Quantity]


class Drawn(NamedTuple):
    """A quantity of the algebra, and what plain numbers make of it at a point."""

    quantity: Quantity
    at: Callable[[Point], Fraction]
    text: str

    def __repr__(self) -> str:
        return self.text


OPERATIONS: dict[str, tuple[Callable[..., Quantity], Callable[..., Any]]] = {
    "+": (operator.add, operator.add),
    "-": (operator.sub, operator.sub),
    "*": (multiply, operator.mul),
    "/": (divide, operator.truediv),
    "//": (floor_divide, operator.floordiv),
    "%": (remainder, operator.mod),
    "max": (largest, max),
    "min": (smallest, min),
}
FUNCTIONS: dict[str, tuple[Callable[..., Quantity], Callable[..., Any]]] = {
    "abs": (absolute, abs),
    "floor": (floor, math.floor),
    "ceil": (ceiling, math.ceil),
    "square": (lambda x: power(x, 2), lambda x: x**2),
    "inverse": (lambda x: power(x, -1), lambda x: 1 / x),
    "2**": (lambda x: power(2, x), lambda x: Fraction(2) ** int(x) if x == int(x) else None),
}


def leaf(value: Quantity) -> Drawn:
    if isinstance(value, Expr):
        (symbol,) = value.symbols
        return Drawn(value, lambda point: Fraction(point[symbol]), symbol.name)  # type: ignore[arg-type]
    return Drawn(value, lambda point: Fraction(value), str(value))


def grown(name: str, *parts: Drawn) -> Drawn:
    ours, plain = (OPERATIONS | FUNCTIONS)[name]
    try:
        quantity = ours(*(part.quantity for part in parts))
    except SymparamsError:
        assume(False)

    def at(point: Point) -> Fraction:
        value = plain(*(part.at(point) for part in parts))
        if value is None or abs(value) > 10**9:
            raise ZeroDivisionError
        return Fraction(value)

    return Drawn(quantity, at, f"{name}({', '.join(map(repr, parts))})")


leaves = st.one_of(st.sampled_from(SYMBOLS).map(expression), st.integers(-4, 9)).map(leaf)
drawn = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(grown, st.sampled_from(sorted(OPERATIONS)), inner, inner),
        st.builds(grown, st.sampled_from(["+", "-", "*", "//"]), inner, inner),
        st.builds(grown, st.sampled_from(sorted(FUNCTIONS)), inner),
    ),
    max_leaves=8,
)
real = st.builds(Fraction, st.integers(1, 30), st.integers(1, 6))
points = st.fixed_dictionaries(
    {s: st.integers(s.lower or 0, 7) if s.integer else real for s in SYMBOLS}  # type: ignore[misc]
)
RELATIONS = {
    **{">=": operator.ge, "<": operator.lt, "==": operator.eq, "!=": operator.ne},
    **{"<=": operator.le, ">": operator.gt},
}
SWAPPED = {">=": "<=", "<=": ">=", ">": "<", "<": ">", "==": "==", "!=": "!="}


def values(point: Point, *parts: Drawn) -> list[Fraction]:
    """The plain values, at a point where all parts have one."""
    try:
        return [part.at(point) for part in parts]
    except ZeroDivisionError:
        assume(False)
        raise


def substituted(value: Quantity, point: Point) -> Quantity:
    return substitute(value, {s: point[s] for s in symbols_of(value)})


def decided(condition: Condition, at: Point) -> Condition:
    return condition if isinstance(condition, bool) else with_values(condition, {s: at[s] for s in condition.symbols})


@given(drawn, st.lists(points, min_size=4, max_size=4))
def test_a_closed_form_has_the_value_of_its_expression(x: Drawn, at: list[Point]) -> None:
    for point in at:
        (value,) = values(point, x)
        assert substituted(x.quantity, point) == value
        assert not is_integer(x.quantity) or value.denominator == 1
        assert not never_negative(x.quantity) or value >= 0
        assert not is_positive(x.quantity) or value > 0
        assert not divides_positively(x.quantity) or value >= 0
        assert (lower_bound(x.quantity) or value) <= value
        assert decided(is_whole(x.quantity), point) == (value.denominator == 1)
        assert substituted(normal(x.quantity), point) == value


@given(drawn, drawn, st.sampled_from(sorted(RELATIONS)), st.lists(points, min_size=4, max_size=4))
def test_a_comparison_says_what_is_so_from_both_sides(x: Drawn, y: Drawn, sign: str, at: list[Point]) -> None:
    condition, mirrored = compare(sign, x.quantity, y.quantity), compare(SWAPPED[sign], y.quantity, x.quantity)
    assert condition == mirrored
    assert equal(x.quantity, y.quantity) == equal(y.quantity, x.quantity)
    for point in at:
        left, right = values(point, x, y)
        expected = RELATIONS[sign](left, right)
        assert decided(condition, point) is expected
        assert decided(negate(condition), point) is not expected
        assert not equal(x.quantity, y.quantity) or left == right
        if isinstance(condition, Relation):
            difference = substituted(condition.difference, point)
            assert RELATIONS[condition.operator](difference, 0) is expected

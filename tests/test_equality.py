"""Sizes that are equal are seen to be equal, and no others."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symparams.closed_forms.equality import equal, normal
from symparams.closed_forms.floors import Floor, floor_divide, remainder
from symparams.closed_forms.polynomial import Expr, Quantity, Symbol, expression, multiply, size_product
from symparams.closed_forms.powers import substitute
from symparams.closed_forms.quotients import divide, numerator_and_denominator
from symparams.errors import SymparamsError

X, Y = Symbol("x"), Symbol("y")
x, y = expression(X), expression(Y)
half = floor_divide(x, 2)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (floor_divide(13 - half, half + 1) + 1, floor_divide(14, half + 1)),
        (expression(Floor(multiply(x, x) - 8, multiply(x, x) - 8)), 1),
        (floor_divide(x + 3, 4), floor_divide(x - 1, 4) + 1),
        (floor_divide(floor_divide(x - 4, 3) + y, half), floor_divide(x - 4 + 3 * y, 3 * half)),
        (floor_divide(floor_divide(x - 2, 2) * y + y, 5), floor_divide(half * y, 5)),
        (floor_divide(5 + y * half, y * half), floor_divide(floor_divide(y + 5, y) + half - 1, half)),
        (floor_divide(floor_divide(x + 1, 2 * y), 3), floor_divide(floor_divide(x + 1, 6), y)),
        (x - 5 * floor_divide(x, 5), remainder(x, 5)),
        (divide(240 * half + 240, half + 1), 240),
        (size_product([x - 1, y + 2]), multiply(x - 1, y + 2)),
    ],
)
def test_equal_sizes_are_proved(a: Quantity, b: Quantity) -> None:
    assert equal(a, b)
    assert not equal(a, b + 1)


numbers = st.integers(1, 9)


@given(numbers, numbers, st.integers(-9, 9), st.fractions(-3, 3, max_denominator=12))
def test_floors_of_what_is_not_whole(scale: int, divisor: int, added: int, factor: Fraction) -> None:
    """A width times a real factor, rounded, whatever the fraction inside is divided by and what stands outside."""
    a = expression(Symbol("a", 0, integer=False))
    inside = multiply(a, factor) + divide(added, divisor)
    plain = floor_divide(inside, 1)
    over, under = numerator_and_denominator(inside)
    widened = expression(Floor(multiply(over, scale), multiply(under, scale))) if isinstance(over, Expr) else plain
    assert equal(widened, plain)
    assert equal(floor_divide(inside + scale, 1), plain + scale)
    assert not equal(floor_divide(inside + scale, 1), plain)


@st.composite
def sizes(draw: st.DrawFn, depth: int = 3) -> Quantity:
    """What comes of additions, products, floors and remainders."""
    if depth == 0:
        return draw(st.sampled_from([x, y, 1, 2, 5]))
    a, b = draw(sizes(depth - 1)), draw(sizes(depth - 1))
    make = draw(st.sampled_from(["+", "-", "*", "//", "%"]))
    divisor = b if draw(st.booleans()) and b != 0 else draw(numbers)
    try:
        return {
            "+": lambda: a + b,
            "-": lambda: a - b,
            "*": lambda: multiply(a, b),
            "//": lambda: floor_divide(a, divisor),
            "%": lambda: remainder(a, divisor),
        }[make]()
    except SymparamsError:
        return a


@given(sizes(), numbers, numbers)
def test_the_normal_form_has_the_same_value(size: Quantity, at_x: int, at_y: int) -> None:
    values: dict[Symbol, Quantity] = {X: at_x, Y: at_y}
    try:
        expected = substitute(size, values)
    except SymparamsError:
        return
    found = normal(size)
    assert (substitute(found, values) if isinstance(found, Expr) else found) == expected

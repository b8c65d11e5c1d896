"""Numbers with roots and logarithms are compared and rounded exactly, against decimals of many digits."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from symparams.closed_forms.conditions import compare, is_whole, with_values
from symparams.closed_forms.floors import (
    absolute,
    ceiling,
    floor,
    largest,
    logarithm,
    remainder,
    rounded,
    smallest,
    square_root,
)
from symparams.closed_forms.irrational import rational, sign
from symparams.closed_forms.polynomial import Quantity, Symbol, expression, multiply, symbols_of
from symparams.closed_forms.powers import substitute
from symparams.closed_forms.quotients import divide
from symparams.errors import SymparamsError

X = Symbol("x")
FUNCTIONS: dict[str, tuple[Callable[..., Quantity], Callable[..., Any]]] = {
    "sqrt": (square_root, lambda x: x.sqrt()),
    "log2": (logarithm, lambda x: x.ln() / Decimal(2).ln()),
    "abs": (absolute, abs),
    "+": (operator.add, operator.add),
    "-": (operator.sub, operator.sub),
    "*": (multiply, operator.mul),
    "/": (divide, operator.truediv),
    "max": (largest, max),
    "min": (smallest, min),
}


@st.composite
def numbers(draw: st.DrawFn, depth: int = 3) -> tuple[Quantity, Decimal]:
    """A number of the algebra, and its first 60 digits."""
    if depth == 0 or draw(st.integers(0, 4)) == 0:
        number = draw(st.integers(1, 60))
        return number, Decimal(number)
    ours, plain = FUNCTIONS[draw(st.sampled_from(sorted(FUNCTIONS)))]
    parts = [draw(numbers(depth - 1)) for _ in range(1 if ours in (square_root, logarithm, absolute) else 2)]
    assume(all(abs(value) < 10**9 for _, value in parts))
    try:
        with localcontext() as context:
            context.prec = 60
            return ours(*(part for part, _ in parts)), plain(*(value for _, value in parts))
    except (SymparamsError, ArithmeticError):
        assume(False)
        raise


@given(numbers(), numbers())
def test_comparisons_are_exact(a: tuple[Quantity, Decimal], b: tuple[Quantity, Decimal]) -> None:
    (x, at_x), (y, at_y) = a, b
    try:
        found = {name: compare(name, x, y) for name in ("==", "<", ">=", "!=")}
    except SymparamsError:
        return
    same = abs(at_x - at_y) < Decimal(10) ** -45
    assert found == {"==": same, "!=": not same, "<": not same and at_x < at_y, ">=": same or at_x > at_y}


@given(numbers())
def test_rounding_is_exact(number: tuple[Quantity, Decimal]) -> None:
    value, digits = number
    nearest = digits.to_integral_value()
    is_near = abs(digits - nearest) < Decimal(10) ** -45
    try:
        found = floor(value), ceiling(value), remainder(value, 1), is_whole(value)
    except SymparamsError:
        return
    exact = int(nearest) if is_near else None
    assert found[:2] == ((exact, exact) if exact is not None else (math.floor(digits), math.ceil(digits)))
    assert found[3] is is_near
    assert sign(found[2]) == (0 if is_near else 1)


@given(st.fractions(-40, 40, max_denominator=12), st.integers(1, 12), st.integers(-9, 9), st.integers(1, 40))
def test_round_is_pythons(factor: Fraction, under: int, offset: int, at: int) -> None:
    """Half to even, of a number and of a formula with a value put in."""
    assert rounded(factor) == round(factor)
    formula = divide(multiply(factor, expression(X)) + offset, under)
    assert substitute(rounded(formula), {X: at}) == round((factor * at + offset) / under)


def test_roots_that_cancel_are_seen() -> None:
    x = expression(X)
    doubled = multiply(square_root(x), square_root(2 * x))
    assert substitute(multiply(doubled, doubled), {X: 3}) == 18
    assert rational(square_root(8) - 2 * square_root(2)) == 0
    assert rational(logarithm(12) - logarithm(3)) == 2
    assert compare("==", multiply(square_root(6), square_root(3)), 3 * square_root(2)) is True
    condition = is_whole(multiply(square_root(x), square_root(2)))
    assert [with_values(condition, {X: n}) for n in (1, 2, 8, 9)] == [False, True, True, False]  # type: ignore[arg-type]
    assert symbols_of(square_root(2)) == frozenset()


@pytest.mark.parametrize("close", [10**12 + 1, 10**30 + 1])
def test_numbers_close_to_whole_ones_are_told_apart(close: int) -> None:
    root = square_root(close * close + 1)
    assert floor(root) == close
    assert ceiling(root) == close + 1
    assert compare(">=", root, close) is True
    assert compare("==", root, close) is False


def test_a_sum_below_the_bar_is_bounded() -> None:
    """1/(1 + log2(3)) is a number like any other."""
    value = divide(1, 1 + logarithm(3))
    assert sign(value - Fraction(38685, 100_000)) == 1
    assert sign(value - Fraction(38686, 100_000)) == -1

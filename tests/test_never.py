"""A condition that can never hold is an error at its place, and no other condition is."""

from __future__ import annotations

from itertools import product

import pytest

from symparams.api import parse
from symparams.closed_forms.conditions import compare, divides
from symparams.closed_forms.floors import remainder
from symparams.closed_forms.polynomial import Symbol, expression, multiply
from symparams.closed_forms.powers import power
from symparams.errors import SymparamsError

N = expression(Symbol("n"))


@pytest.mark.parametrize("degree", [1, 2])
def test_divisors_of_a_number_are_tried(degree: int) -> None:
    """c*n + o divides a number for some n, or it is seen that it never does."""
    for factor, offset, number in product(range(1, 6), range(7), range(1, 25)):
        divisor = multiply(factor, power(N, degree)) + offset
        fits = any(number % (factor * n**degree + offset) == 0 for n in range(1, 30))
        assert (divides(divisor, number) is False) == (not fits), (factor, degree, offset, number)


def test_residues_are_tried() -> None:
    """a*n + b has a rest that some n leaves, or it is seen that none does."""
    for modulus, factor, offset, rest in product(range(2, 8), range(1, 6), range(5), range(-2, 9)):
        leaves = any((factor * n + offset) % modulus == rest for n in range(1, 60))
        found = compare("==", remainder(multiply(factor, N) + offset, modulus), rest)
        assert (found is False) == (not leaves), (factor, offset, modulus, rest)


@pytest.mark.parametrize(
    ("program", "column", "named"),
    [
        ("input(3, 32, 32)\nconv(64, 3, g=2*n)", 15, "3"),
        ("input(64, 32, 32)\nconv(30, 3, g=4*n)", 6, "30"),
        ("input(T, 9)\nattention(2*h)", 11, "9"),
        ("input(T, 6*d + 3)\nattention(2*h)", 11, "6d + 3"),
        ("input(C, 4*a)\nassume C % 6 == 9\nlinear(3)", None, "never"),
        ("input(C)\nassume n*(n + 1) == 2*m + 5\nlinear(C)", 8, "never"),
        ("input(C)\nassume n**2 == 10 - m**2 - 4\nlinear(C)", 8, "never"),
        ("input(8, H)\nadd { id } { conv(2*n + 1, 1) }", None, "8"),
        ("input(C)\nlinear(5/(2*n))", 8, "whole"),
    ],
)
def test_what_never_holds_is_refused_where_it_stands(program: str, column: int | None, named: str) -> None:
    with pytest.raises(SymparamsError) as caught:
        parse(program)
    message = str(caught.value)
    assert named in message
    assert column is None or f":2:{column}:" in message

"""What is assumed decides what follows from it, in whatever form it is said, and nothing else."""

from __future__ import annotations

import re

import pytest

from symparams.api import parse
from symparams.closed_forms.equality import equal
from symparams.closed_forms.floors import floor, remainder
from symparams.closed_forms.polynomial import Symbol, expression
from symparams.closed_forms.quotients import divide
from symparams.errors import SymparamsError

Q, X = expression(Symbol("q", 0)), expression(Symbol("x"))


@pytest.mark.parametrize(
    ("fact", "condition", "holds"),
    [
        ("H - W == 0", "W == H", True),
        ("H != W", "W != H", True),
        ("H != W", "W == H", False),
        ("2*c != 256", "c != 128", True),
        ("c != 128", "256 != 2*c", True),
        ("a > b", "a == b", False),
        ("a > b", "b <= a", True),
        ("a >= b + 3", "a != b", True),
        ("C/(a - b) >= 3", "3 <= C/(a - b)", True),
        ("max(a, b, c) >= 5", "max(c, b, a) >= 5", True),
    ],
)
def test_a_fact_decides(fact: str, condition: str, holds: bool) -> None:
    for program in (
        f"assume {fact}\ninput(3)\nif {condition} {{ linear(8) }} else {{ linear(9) }}",
        f"assume {fact}\ninput(3)\nlinear(8 if {condition} else 9)",
    ):
        assert parse(program).output_shape == (8 if holds else 9,)


@pytest.mark.parametrize(
    ("fact", "condition"), [("a >= b", "a == b"), ("C/(a - b) >= 3", "C >= 3*a - 3*b"), ("a != b", "a > b")]
)
def test_a_fact_that_says_less_does_not(fact: str, condition: str) -> None:
    with pytest.raises(SymparamsError, match="it depends on"):
        parse(f"assume {fact}\ninput(3)\nlinear(8 if {condition} else 9)")


@pytest.mark.parametrize(
    "condition",
    [
        "4*44//m != 44",
        "8 % (2*h) == 0",
        "a % (b*c) != 0",
        "(a//b)**2 >= c",
        "-8*(9*a//5) < b - c*(a//b)",
        "a/(b - c) >= 2",
        "a % b + 1 == c or (a >= b and c//a == 3)",
        "max(a, b//c)*2 == c",
        "sqrt(a*b) < 3",
        "(a - b)//(c - d) >= 0",
    ],
)
def test_a_hint_followed_decides(condition: str) -> None:
    program = f"input(3)\nlinear(8 if {condition} else 9)"
    with pytest.raises(SymparamsError) as caught:
        parse(program)
    stated = re.search(r"'(assume .*)'", caught.value.hint or "")
    assert stated
    assert parse(f"{stated[1]}\n{program}").output_shape == (8,)


def test_a_padding_that_is_assumed_from_0_may_be_0() -> None:
    net = parse("assume p >= 0\ninput(3, H) -> conv(3, 3, p=p)")
    assert net(p=0, H=5).output_shape == (3, 3)
    assert parse("assume p % 2 == 0\ninput(3, H) -> conv(3, 3, p=p)")(p=0, H=5).output_shape == (3, 3)


def test_what_has_no_value_is_equal_to_nothing() -> None:
    nothing = floor(divide(X, remainder(Q, Q)))
    assert not equal(nothing, X)

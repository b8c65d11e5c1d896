"""What the tool prints can be asked back at the prompt, and means the same."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy
from checks import at, holds_at, symbolic
from hypothesis import given
from strategies import Drawn, programs

from symparams.api import Network
from symparams.errors import Source
from symparams.formula import text
from symparams.language.parser import parse_question
from symparams.prompt.arithmetic import as_sympy
from symparams.prompt.questions import Calculator
from symparams.prompt.state import PROMPT, State

PROGRAMS = [
    "input(C, H, W) -> conv(M, k, s, p, g=G)",
    "input(e3, _x, mod) -> conv(2*e3, 3) -> flatten -> linear(3*mod)",
    "input(T, 2*h) -> attention(2*k) -> linear(sqrt(h*h + 3)*2 // 1 + 1)",
    "input(C, H) -> conv(2**n, 3, s=2) -> repeat(n) { conv(C, 3, s=2, p=1) }",
    "input(8, H, H) -> for i in 0..n { conv(8*2**i, 1) -> maxpool(2) }",
    "input(C, H, W) -> repeat(n) { conv(C, 3, s=2, p=1) }",
    "input(H, 8) -> linear(H % (2*k) + 1) -> linear(max(H, 3)*min(k, H) + abs(H - k))",
    "input(C, H) -> maxpool(3, s=2) -> maxpool(k, s=2*a) -> conv(8, 3, s=b)",
    "input(n) -> linear(12 // n + ceil(n/4)) -> dropout",
    "input(3, 224, 224) -> conv(64, 7, 2, 3)",
]


def pasted(net: Network, formula: str) -> Any:
    question = parse_question(Source(PROMPT, formula))
    return as_sympy(Calculator(State(program=net.program, net=net)).value(question))


def worth(value: Any, values: dict[str, int]) -> Any:
    """The value at numbers: sums done, and everything else by sympy's own arithmetic on numbers."""
    found = value.xreplace({symbol: sympy.Integer(values[symbol.name]) for symbol in value.free_symbols})
    return found.doit() if hasattr(found, "doit") else found


def assert_means_the_same(net: Network, values: dict[str, int]) -> None:
    sizes = net.output_shape
    for name in ("params", "macs", "state"):
        quantity = net.quantity(name)
        shown = text.total(quantity, net.order, sizes)
        assert worth(pasted(net, shown), values) == _exact(at(quantity, values)), shown
    shown = text.shape(sizes, net.order)
    expected = [_exact(at(size, values)) for size in sizes]
    found = pasted(net, shown)
    assert [worth(size, values) for size in (found if isinstance(found, tuple) else [found])] == expected, shown
    for condition in net.guards:
        shown = text.condition(condition, net.order)
        assert bool(worth(pasted(net, shown), values)) == holds_at(condition, values), shown


def _exact(number: Any) -> Any:
    return sympy.Rational(number.numerator, number.denominator) if isinstance(number, (int, Fraction)) else number


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_formula_that_is_printed_can_be_asked_back(program: str) -> None:
    net = symbolic(program)
    for turn in range(1, 5):
        values = {name: (turn * (i + 2)) % 7 + turn for i, name in enumerate(net.symbols)}
        assert_means_the_same(net, values)


@given(programs())
def test_a_formula_of_a_random_network_can_be_asked_back(drawn: Drawn) -> None:
    net = symbolic(drawn.text, drawn.defaults or ())
    assert_means_the_same(net, drawn.values)

"""Comparisons and growth, against sympy's limits and against figures worked out anew."""

from __future__ import annotations

from itertools import combinations

import pytest
import sympy

import symparams as sp
from symparams.closed_forms.leading import leading, limit_of_ratio
from symparams.closed_forms.polynomial import expression
from symparams.closed_forms.sympy_bridge import to_sympy
from symparams.questions.growth import Growing
from symparams.questions.shown_numbers import OneUnknown
from symparams.questions.side_by_side import SideBySide

DESIGNS = (
    "input(C, 8, 8) -> conv(C, 3, p=1)",
    "input(C, 8, 8) -> conv(C, 3, p=1, g=C) -> conv(C, 1)",
    "input(C, 8, 8) -> conv(40, 3, p=1) -> conv(C, 1, bias=false)",
    "input(C, 8, 8) -> conv(2*C, 3, s=2) -> flatten -> linear(10)",
    "input(C, 8, 8) -> flatten -> linear(100)",
    "input(C, 8, 8) -> conv(C**2, 1) -> gap -> linear(C)",
)


@pytest.mark.parametrize(("one", "other"), combinations(DESIGNS, 2))
def test_ratios_tend_where_sympy_says(one: str, other: str) -> None:
    found = SideBySide(sp.parse(one), sp.parse(other))
    for pair in found.pairs:
        for faster in pair.trends:
            symbol = to_sympy(expression(faster.symbol))
            wanted = sympy.limit(to_sympy(pair.second) / to_sympy(pair.first), symbol, sympy.oo)
            limit = sympy.oo if faster.limit == "∞" else faster.limit
            assert limit == wanted
            assert faster.winner == {sympy.oo: "second", 0: "first"}.get(wanted)


@pytest.mark.parametrize(("one", "other"), combinations(DESIGNS, 2))
def test_crossings_are_those_of_trying_all(one: str, other: str) -> None:
    first, second = sp.parse(one), sp.parse(other)
    found = SideBySide(first, second)
    for pair in found.pairs:
        if len(pair.symbols) != 1:
            continue
        (symbol,) = pair.symbols
        sets = {operator: OneUnknown(first, symbol, found._asked(pair, operator)) for operator in ("<", "==", ">")}
        for number in range(1, 60):
            a, b = (net(C=number).quantity(pair.name) for net in (first, second))
            holds = {"<": b < a, "==": b == a, ">": b > a}
            assert {operator: number in answer for operator, answer in sets.items()} == holds


@pytest.mark.parametrize("text", [*DESIGNS, "input(3, H, H) -> conv(8, 7, s=2, p=3) -> repeat(n) { conv(8, 3, p=1) }"])
def test_leading_terms_lead(text: str) -> None:
    net = sp.parse(text)
    for row in Growing(net):
        assert row.lead is not None
        symbol = to_sympy(expression(row.symbol))
        at = {symbol: 10**9}
        value, term = (to_sympy(q) for q in (row.value, row.lead.term(row.symbol)))
        others = dict.fromkeys(value.free_symbols - {symbol}, 5)
        ratio = sympy.Rational(value.subs(others).subs(at)) / sympy.Rational(term.subs(others).subs(at))
        assert abs(ratio - 1) < sympy.Rational(1, 10**6)


@pytest.mark.parametrize("name", ["zoo:resnet50", "zoo:gpt2", "zoo:lenet5", "zoo:vit"])
def test_doubling_is_what_the_doubled_network_gives(name: str) -> None:
    net = sp.load(name)
    net = net(**dict.fromkeys(net.symbols, 224))
    for row in Growing(net):
        if row.symbol.name not in {p.name for p in net.program.parameters} or row.doubled is None:
            continue
        value = {s.name: v for s, v in Growing(net).free.point.items()}[row.symbol.name]
        try:
            after = net(**{row.symbol.name: 2 * value}).quantity(row.figure)
        except sp.SymparamsError:
            continue
        assert row.doubled * net.quantity(row.figure) == after


def test_what_leads_and_cancels_is_not_claimed() -> None:
    net = sp.parse("input(3, H, 8) -> conv(8, 1)")
    H = net.symbols._symbols["H"]
    from symparams.closed_forms.floors import floor_divide

    rest = expression(H) - 2 * floor_divide(expression(H), 2)
    assert leading(rest, H) is None and limit_of_ratio(rest, expression(H), H) is None


def test_a_comparison_is_shown() -> None:
    shown = str(sp.compare(sp.parse(DESIGNS[0]), sp.parse(DESIGNS[1])))
    assert "→ 1/9 for C → ∞" in shown and "less: C ≥ 2" in shown and "layers that differ" in shown
    same = str(sp.compare(sp.parse(DESIGNS[0]), sp.parse(DESIGNS[0])))
    assert "the layers are the same" in same and "both" in same


def test_growth_is_shown() -> None:
    shown = str(sp.load("zoo:resnet50")(H=224, W=224).grow())
    assert "5724w²" in shown and "91.7 %" in shown and "× 3.83" in shown
    assert str(sp.parse("input(3, 8, 8) -> conv(8, 3)").grow())

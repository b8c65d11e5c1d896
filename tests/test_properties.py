"""Closed forms against numbers: random programs, evaluated in symbols, in numbers, and by brute force."""

from __future__ import annotations

import re
from itertools import islice

import pytest
from brute_force import Refused, at_the_edge, measure
from checks import (
    assert_alike,
    assert_becomes,
    assert_is,
    at,
    counts_at,
    in_domain,
    put_in,
    shape_at,
    symbolic,
)
from hypothesis import given
from hypothesis import strategies as st
from strategies import Drawn, programs

import symparams as sp
from symparams import SymparamsError


@given(programs())
def test_closed_forms_are_right_at_the_values_drawn(drawn: Drawn) -> None:
    """Formula at the values = program at the values = brute force: every count and size, layer by layer."""
    net = symbolic(drawn.text, drawn.defaults or ())
    expected = measure(drawn.network, drawn.values)
    concrete = put_in(net, drawn.values)
    assert_is(concrete, expected)
    assert_becomes(net, expected, drawn.values)
    assert_alike(net, concrete, drawn.values)


@given(programs())
def test_conditions_hold_at_the_values_drawn(drawn: Drawn) -> None:
    """The domain of the closed forms holds every point at which the network can be built, but for the edge."""
    net = symbolic(drawn.text, drawn.defaults or ())
    assert in_domain(net, drawn.values) or at_the_edge(drawn.network, drawn.values)


@given(programs(), st.data())
def test_other_values_agree_or_are_refused(drawn: Drawn, data: st.DataObject) -> None:
    """At any values: the network is refused just where it cannot be built, and inside the domain the formulas hold."""
    net = symbolic(drawn.text, drawn.defaults or ())
    changed = data.draw(st.sets(st.sampled_from(sorted(drawn.values)))) if drawn.values else set()
    values = {n: data.draw(st.integers(1, 12), n) if n in changed else v for n, v in drawn.values.items()}
    try:
        expected = measure(drawn.network, values)
    except (Refused, ZeroDivisionError):
        assert not in_domain(net, values)
        with pytest.raises(SymparamsError):
            put_in(net, values)
        return
    assert_is(put_in(net, values), expected)
    if in_domain(net, values):
        assert_becomes(net, expected, values)
    else:
        assert at_the_edge(drawn.network, values), "the conditions refuse a network that can be built"


@given(programs(), st.data())
def test_values_may_go_in_one_by_one(drawn: Drawn, data: st.DataObject) -> None:
    """Some values first and the others later, in any order, give what all of them at once give."""
    net = symbolic(drawn.text, drawn.defaults or ())
    names = data.draw(st.permutations(sorted(drawn.values)))
    first = {name: drawn.values[name] for name in names[: len(names) // 2]}
    half = put_in(net, first)
    whole = put_in(half, drawn.values)
    at_once = put_in(net, drawn.values)
    assert_alike(half, whole, drawn.values)
    assert_alike(whole, at_once, {})
    assert counts_at(half, drawn.values) == counts_at(whole, {})
    assert shape_at(half.output_shape, drawn.values) == at_once.output_shape


@given(programs(length=3))
def test_sympy_gives_the_same_numbers(drawn: Drawn) -> None:
    """The sympy expressions, with values put in by `subs`, are the numbers too."""
    net = symbolic(drawn.text, drawn.defaults or ())
    concrete = put_in(net, drawn.values)

    def put(expression: object) -> object:
        free = getattr(expression, "free_symbols", ())
        return expression.subs({s: drawn.values[s.name] for s in free}) if free else expression  # type: ignore[attr-defined]

    assert tuple(map(put, net.output)) == concrete.output
    for name in ("params", "trainable", "non_trainable", "state", "macs"):
        assert put(getattr(net, name)) == getattr(concrete, name)
    for condition in net.conditions:
        assert put(condition) in (True, False)
    if not re.search(r"\b(repeat|for)\b", drawn.text):  # turns that are alike at the values are one row there
        for layer in islice(net.rows(), 4):
            assert put(layer.params) == concrete.layers[layer.name].params


@given(programs())
def test_printed_program_parses_to_the_same_network(drawn: Drawn) -> None:
    """`str(net)` is a program with the same IR, and printing it again changes nothing."""
    net = symbolic(drawn.text, drawn.defaults or ())
    again = symbolic(str(net), drawn.defaults or ())
    assert again.program == net.program
    assert str(again) == str(net)


@given(programs(), st.data())
def test_a_value_that_breaks_the_input_is_refused(drawn: Drawn, data: st.DataObject) -> None:
    """No symbol takes 0 (but a padding), a negative number, a fraction or a truth value."""
    net = symbolic(drawn.text, drawn.defaults or ())
    names = sorted(net.program.names - net.program.paddings - {p.name for p in net.program.parameters})
    if not names:
        return
    name = data.draw(st.sampled_from(names))
    value = data.draw(st.sampled_from([0, -1, -7, 0.5, 2.5, True]))
    with pytest.raises(SymparamsError):
        net(**{name: value})


def test_a_condition_that_a_value_breaks_is_an_error() -> None:
    """The card's first example: G must divide C and M, and the kernel must fit."""
    net = sp.parse("input(C, H, W) -> conv(M, k, s, p, g=G)")
    good = {"C": 4, "H": 9, "W": 9, "M": 6, "k": 3, "s": 2, "p": 0, "G": 2}
    assert at(net.quantity("params"), good) == net(**good).params == 6 * (4 // 2 * 9 + 1)
    for bad in ({"G": 3}, {"G": 4}, {"k": 10}, {"M": 5}, {"H": 2}):
        assert not in_domain(net, {**good, **bad})
        with pytest.raises(SymparamsError):
            net(**{**good, **bad})

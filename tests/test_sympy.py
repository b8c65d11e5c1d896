"""What leaves for sympy gives there what the network gives, however values are put in."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from functools import reduce
from itertools import product
from typing import Any

import pytest
import sympy
from checks import holds_at, symbolic
from hypothesis import given
from hypothesis import strategies as st

import symparams as sp
from symparams import Network, SymparamsError
from symparams.closed_forms.conditions import Condition, symbols_in, with_values
from symparams.formula import python

NAMES = ["a", "b", "c", "n"]
FORMS = [
    *(
        "({} + {})",
        "({} - {})",
        "({}*{})",
        "({}//{})",
        "({} % {})",
        "floor({}/{})",
        "ceil({}/{})",
        "floor({}/4 + {}/6)",
    ),
    *("min({}, {})", "max({}, {}/6)", "max({}, {}/n)", "abs({} - {})", "abs({}/b - {}/6)"),
]
LEAVES = [*NAMES, *"12346", "8**c", "2**n", "6**c", "n**c", "a**2", "floor(sqrt({}))", "ceil(log2({}))"]
PROGRAMS = [
    *("input(a, b) -> linear({})", "input(a, b) -> linear({}) -> linear({})"),
    "input(a, b)\nfor i in 0..n {{ linear({} + i) }}",
    "input(a, 8*b) -> conv(c, 3, s={}, p=1) -> maxpool(2)",
    "input(2, 8*a, c)\nrepeat(n) {{ conv(4, 3, s=2, p=1) }}\nconv({}, 1)",
    "input(c, a, b)\nfor i in 0..n {{ conv(c + i*{}, 3, p=1) -> flatten -> linear(a*b) -> reshape(1, a, b) }}",
]


@st.composite
def formulas(draw: st.DrawFn, depth: int = 2) -> str:
    """A formula of the language."""
    form = draw(st.sampled_from(FORMS if depth and draw(st.integers(0, 3)) else LEAVES))
    return form.format(*(draw(formulas(max(0, depth - 1))) for _ in range(form.count("{}"))))


@st.composite
def points(draw: st.DrawFn) -> tuple[Network, Network, dict[str, int]]:
    """A network with symbols, the same at values, and the values."""
    form = draw(st.sampled_from(PROGRAMS))
    text = form.format(*(draw(formulas()) for _ in range(form.count("{}"))))
    values = {name: draw(st.integers(1, 12)) for name in NAMES if name in text}
    try:
        net = symbolic(text)
        values = {name: value for name, value in values.items() if name in net.program.names}
        return net, net(**values), values
    except SymparamsError:
        return draw(points())


def lambdified(modules: str) -> Callable[[Any, Mapping[Any, int]], Any]:
    return lambda value, at: sympy.lambdify(list(at), value, modules)(*map(int, at.values()))


WAYS: dict[str, Callable[[Any, Mapping[Any, int]], Any]] = {
    "subs": lambda value, at: value.subs(at),
    "one by one": lambda value, at: reduce(lambda left, pair: left.subs(*pair), at.items(), value),
    "the other way": lambda value, at: reduce(lambda left, pair: left.subs(*pair), [*at.items()][::-1], value),
    "xreplace": lambda value, at: value.xreplace(at),
    "pickled": lambda value, at: pickle.loads(pickle.dumps(value)).subs(at),
    "sympy's own": lambda value, at: (
        value.rewrite(sympy.Max).rewrite(sympy.Sum).rewrite(sympy.floor).xreplace(at).doit()
    ),
    "lambdify": lambdified("math"),
    "with NumPy": lambdified("numpy"),
}


def figures(net: Network) -> list[Any]:
    return [sympy.sympify(value) for value in (*net.output, net.params, net.macs)]


def in_symbols(net: Network, values: Mapping[str, int]) -> dict[Any, Any]:
    return {net.symbols[name]: sympy.Integer(value) for name, value in values.items() if name in net.symbols}


def same(found: Any, wanted: Any, value: Any, at: Mapping[Any, Any]) -> bool:
    """Equal; a fraction in a count is a float for Python, and as exact as the terms that it is added to."""
    if isinstance(found, float):
        return abs(found - wanted) < 1e-12 * sum(abs(term.xreplace(at)) for term in sympy.Add.make_args(value))
    return found == wanted


@given(points())
def test_a_figure_at_values_is_the_figure_of_the_network_at_values(
    point: tuple[Network, Network, dict[str, int]],
) -> None:
    net, done, values = point
    at = in_symbols(net, values)
    for value, wanted in zip(figures(net), figures(done)):
        for way, put in WAYS.items():
            if way != "with NumPy" or wanted < 2**31:
                assert same(put(value, at), wanted, value, at), f"{way}: {value}"


@given(points(), st.data())
def test_conditions_hold_in_sympy_where_they_hold(
    point: tuple[Network, Network, dict[str, int]], data: st.DataObject
) -> None:
    net, _, values = point
    others = {name: data.draw(st.integers(1, 12)) for name in values}
    for at in (values, others):
        found = [holds_in_sympy(condition, in_symbols(net, at)) for condition in net.conditions]
        held = [holds_at(guard, at) for guard in net.guards]
        assert all(found) == all(held)
        for guard, one, other in zip(net.guards, found, held):
            assert one == other or not is_defined(guard, at)


def is_defined(guard: Condition, at: dict[str, int]) -> bool:
    """Whether nothing in a condition divides by 0 at values; where it does, another one says that it must not."""
    try:
        return with_values(guard, {symbol: at[symbol.name] for symbol in symbols_in([guard])}) in (True, False)
    except SymparamsError:
        return False


def holds_in_sympy(condition: Any, at: dict[Any, int]) -> bool:
    try:
        return bool(condition.subs(at))
    except (ZeroDivisionError, TypeError, ValueError):
        return False


@given(points())
def test_what_sympy_may_assume_is_true(point: tuple[Network, Network, dict[str, int]]) -> None:
    net, done, _ = point
    for value, wanted in zip(figures(net), figures(done)):
        for name in ("integer", "zero", "nonnegative", "negative", "positive"):
            assert getattr(value, f"is_{name}") in (None, getattr(wanted, f"is_{name}"))


@given(points())
def test_printed_text_is_read_back_by_sympy(point: tuple[Network, Network, dict[str, int]]) -> None:
    net, done, values = point
    at = in_symbols(net, values)
    names = {symbol.name: symbol for symbol in at}
    for quantity, wanted in zip((*net.output_shape, net.quantity("params")), (*done.output, done.params)):
        assert sympy.sympify(str(python.jsonable(quantity)), locals=names).xreplace(at).doit() == wanted


@pytest.mark.parametrize("size", ["floor(5*k/4 + 2**c/6)", "8**c*k // 12 + 1", "8**c*k % 6 + 1", "ceil(k*4**c/20)"])
def test_powers_over_even_numbers_are_read_back_by_sympy_one_value_after_the_other(size: str) -> None:
    net = sp.parse(f"input(a) -> linear({size})")
    text = str(python.jsonable(net.layers["linear1"].output_shape[0]))
    for c, k in product(range(1, 6), range(1, 8)):
        read = sympy.sympify(text, locals={name: net.symbols[name] for name in "ck"})
        wanted = net(c=c, k=k).layers["linear1"].output[0]
        assert read.subs(net.symbols.k, k).subs(net.symbols.c, c) == wanted
        assert read.subs(net.symbols.c, c).subs(net.symbols.k, k) == wanted


# What sympy's own functions get wrong


def test_values_one_by_one_through_a_power_that_sympy_takes_for_whole() -> None:
    net = sp.parse("input(T, d) -> linear(ceil(8**c/b))")
    b, c = net.symbols.b, net.symbols.c
    wanted = -(-(8**29) // 6)
    assert net.output[1].subs(b, 6).subs(c, 29) == net.output[1].subs({c: 29, b: 6}) == wanted
    assert sympy.lambdify([c, b], net.output[1], "math")(29, 6) == wanted
    assert net.output[1].subs(b, 6).is_integer


def test_the_larger_of_two_where_one_is_a_fraction_for_now() -> None:
    net = sp.parse("input(T, d) -> linear(floor(max(2**c*k/b, 1)) + abs(2**c*k//b - 1))")
    b, c, k = (net.symbols[name] for name in "bck")
    assert net.output[1].subs(b, 6).subs({c: 1, k: 1}) == net(T=1, d=1, b=6, c=1, k=1).output[1] == 2


def test_a_sum_is_added_up() -> None:
    net = sp.parse("input(3, H, W)\nfor i in 0..n { conv(8, 3, s=2, p=1) -> bn }\nlinear(7)")
    at = {net.symbols[name]: value for name, value in (("H", 300), ("W", 200), ("n", 6))}
    done = net(H=300, W=200, n=6)
    assert net.macs.has(sympy.Sum)
    assert net.macs.subs(at) == done.macs
    assert net.macs.doit() == net.macs


def test_logarithms_of_powers_of_two_are_exact() -> None:
    net = sp.parse("input(T, d) -> linear(ceil(log2(n)))")
    count = sympy.lambdify([net.symbols.n], net.output[1], "math")
    assert [count(2**e) for e in range(1, 60)] == list(range(1, 60))


@given(st.lists(st.tuples(*[st.integers(1, 5)] * 3), min_size=2, max_size=4))
def test_sizes_put_into_sizes_are_one_floor(windows: list[tuple[int, int, int]]) -> None:
    """A network's output put into the next one's is what both in a chain give."""
    H = sp.parse("input(2, H) -> relu").symbols.H
    size = reduce(
        lambda size, window: sp.parse("input(2, H) -> conv(2, {}, s={}, p={})".format(*window)).output[1].subs(H, size),
        windows,
        H,
    )
    assert len(size.atoms(sympy.floor)) <= 1
    chain = sp.parse(" -> ".join(["input(2, H)", *("conv(2, {}, s={}, p={})".format(*window) for window in windows)]))
    assert [size.subs(H, value) for value in range(900, 912)] == [chain.output[1].subs(H, v) for v in range(900, 912)]


def test_ours_print_and_differentiate_as_sympys_and_are_not_mixed_up_with_them() -> None:
    net = sp.parse("input(C, H) -> linear(H % 32 + H//7 + max(C, H) + abs(C - H))")
    C, H = net.symbols.C, net.symbols.H
    size = net.output[1]
    plain = sympy.Mod(H, 32) + sympy.floor(H / 7) + sympy.Max(C, H) + sympy.Abs(C - H)
    assert str(size) == str(plain)
    assert sympy.latex(size) == sympy.latex(plain)
    assert size.has(sympy.floor) and size != plain
    assert size == pickle.loads(pickle.dumps(size)) and hash(size) == hash(pickle.loads(pickle.dumps(size)))
    (floor,) = size.atoms(sympy.floor)
    assert (C**2 * floor).diff(C) == 2 * C * floor
    assert floor.diff(H) == sympy.Derivative(floor, H)
    rewritten = size.rewrite(sympy.floor).rewrite(sympy.Max).rewrite(sympy.Abs)
    assert not any(type(part).__module__.startswith("symparams") for part in sympy.preorder_traversal(rewritten))

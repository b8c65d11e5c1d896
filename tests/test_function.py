"""Compiled functions give what the network with the values gives: numbers, arrays, and errors."""

from __future__ import annotations

import inspect
import pickle
import subprocess
import sys
from typing import Any

import pytest
from checks import symbolic
from hypothesis import given
from hypothesis import strategies as st
from strategies import Drawn, programs

import symparams as sp
from symparams import Network, SymparamsError
from symparams.evaluate.figures import COMPILED

numpy = pytest.importorskip("numpy")

CONV = "input(C, H, W) -> conv(M, k, s, p, g=G)"
TEXTS = [
    (CONV, {"C": 6, "H": 9, "W": 12, "M": 4, "k": 3, "s": 2, "p": 1, "G": 2}),
    ("input(3, H, W) -> repeat(n) { conv(8, 3, s=2, p=1) }", {"H": 40, "W": 17, "n": 3}),
    ("input(C, 8, 8) -> for i in 0..n { conv(C + i*g, 1) } -> linear(2**n)", {"C": 3, "n": 4, "g": 5}),
    ("input(T, d) -> repeat(L) { residual { attention(h) } }", {"T": 5, "d": 12, "L": 4, "h": 3}),
    ("input(a, b) -> linear(max(a, b)) -> linear(min(a, 2*b) + a % b)", {"a": 7, "b": 3}),
    ("input(n) -> linear(n*(n + 1)//2) -> linear(abs(n - 9))", {"n": 6}),
    ("input(n) -> linear(floor(sqrt(n))) -> linear(ceil(log2(n)))", {"n": 37}),
    ("input(lambda, _x, max) -> linear(ﬁ) -> linear(params)", {"lambda": 2, "_x": 3, "max": 4, "fi": 5, "params": 6}),
    ("dialect keras\ninput(H, W, 3, layout=channels_last) -> conv(8, 3, s=2, p=same) -> bn", {"H": 9, "W": 8}),
    ("input(H, 4)\nassume H % 32 == 0\nlinear(H//32) -> freeze { linear(7) }", {"H": 96}),
]


def expected(net: Network, what: str, values: dict[str, int]) -> Any:
    done = net(**values)
    return done.output if what == "output" else getattr(done, what)


def symbols_in(net: Network, values: dict[str, int]) -> dict[str, int]:
    return {name: value for name, value in values.items() if name in net.symbols}


@pytest.mark.parametrize("what", COMPILED)
@pytest.mark.parametrize(("program", "values"), TEXTS, ids=[text for text, _ in TEXTS])
def test_a_function_is_the_network_with_the_values(program: str, values: dict[str, int], what: str) -> None:
    net = sp.parse(program)
    values = symbols_in(net, values)
    assert net.function(what)(**values) == expected(net, what, values)
    assert net.function(what)(*(values[name] for name in net.symbols)) == expected(net, what, values)


@pytest.mark.parametrize("what", COMPILED)
@pytest.mark.parametrize(("program", "values"), TEXTS, ids=[text for text, _ in TEXTS])
def test_arrays_give_what_their_elements_give(program: str, values: dict[str, int], what: str) -> None:
    net = sp.parse(program)
    function = net.function(what)
    values = symbols_in(net, values)
    for name, factor in ((n, f) for n in values for f in (1, 3, 10**13)):
        column = [values[name], values[name] * factor]
        try:
            singles = [function(**{**values, name: value}) for value in column]
        except SymparamsError:
            with pytest.raises(SymparamsError):
                function(**{**values, name: numpy.array(column)})
            continue
        together = function(**{**values, name: numpy.array(column)})
        if what == "output":
            singles = list(map(list, zip(*singles)))
            assert [list(size) for size in together] == singles
        else:
            assert together.tolist() == singles


@given(programs(), st.data())
def test_random_programs(drawn: Drawn, data: st.DataObject) -> None:
    net = symbolic(drawn.text, drawn.defaults or ())
    values = symbols_in(net, drawn.values)
    # A network takes 0 for a parameter that has a default, and is another one then; the formula is for numbers from 1.
    least = {name: 1 if name in (drawn.defaults or ()) else 0 for name in values}
    near = [{n: max(least[n], v + data.draw(st.integers(-1, 2))) for n, v in values.items()} for _ in range(2)]
    what = data.draw(st.sampled_from([*COMPILED]))
    function = net.function(what)
    points, found = [], []
    for point in (values, *near):
        try:
            wanted = expected(net, what, point)
        except SymparamsError:
            with pytest.raises(SymparamsError):
                function(**point)
            continue
        points.append(point)
        found.append(function(**point))
        assert found[-1] == wanted
    if points and points[0]:
        columns = {name: numpy.array([point[name] for point in points]) for name in values}
        together = function(**columns)
        if what == "output":
            assert [tuple(sizes) for sizes in zip(*together)] == found
        else:
            assert together.tolist() == found


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("resnet50", {"w": 48, "n": 10, "H": 230, "W": 97}),
        ("densenet", {"k": 24, "H": 224, "W": 224, "n": 7}),
        ("gpt2", {"L": 3, "d": 96, "h": 12, "V": 1000, "T": 50}),
        ("mixtral", {"L": 2, "d": 64, "f": 96, "E": 4, "V": 1000}),
    ],
)
def test_networks_of_the_zoo(name: str, values: dict[str, int]) -> None:
    net = sp.load(f"zoo:{name}")
    net = net.free(*(p.name for p in net.program.parameters if p.name in values))
    for what in COMPILED:
        function = net.function(what)
        assert function(**values) == expected(net, what, values)
        together = function(**{n: numpy.array([[v]]) for n, v in values.items()})
        sizes = together if what == "output" else (together,)
        wanted = expected(net, what, values)
        assert [size.tolist() for size in sizes] == [[[v]] for v in (wanted if what == "output" else (wanted,))]


def test_values_stay_exact() -> None:
    function = sp.parse("input(d) -> linear(n)").function()
    assert function(10**5000, 10**40) == 10**40 * (10**5000 + 1)
    large = function(numpy.array([3, 2**40]), 2**40)
    assert large.tolist() == [2**42, 2**40 * (2**40 + 1)]
    assert function(numpy.array([3, 4]), 5).dtype == numpy.int64


def test_arrays_are_broadcast() -> None:
    function = sp.parse("input(d) -> linear(n)").function()
    assert function(numpy.arange(1, 4), numpy.array([[1], [2]])).tolist() == [[2, 3, 4], [4, 6, 8]]
    assert function([1, 2], 3).tolist() == [6, 9]
    assert function(numpy.array([], dtype=int), 3).shape == (0,)
    assert function(numpy.array(4), numpy.array(3)) == 15
    assert sp.parse("input(3, H, W) -> conv(64, 7)").function()(H=numpy.arange(7, 12)).tolist() == [9472] * 5


def test_a_symbol_that_is_not_needed_may_be_left_out() -> None:
    assert sp.parse(CONV).function()(C=3, M=64, k=7, G=1) == 9472


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"C": 3, "M": 64, "k": 7, "G": 2}, "G | C does not hold: C = 3, G = 2"),
        ({"C": 0, "M": 64, "k": 7, "G": 1}, "C is a positive whole number; C = 0 cannot be put in"),
        ({"C": 3, "M": 64, "k": 7}, "the function needs a value for G"),
        ({"C": 3, "m": 64}, "the function has no symbol 'm'"),
        ({"C": True, "M": 1, "k": 1, "G": 1}, "C is a positive whole number; C = True cannot be put in"),
        ({"C": 1.5, "M": 1, "k": 1, "G": 1}, "C is a positive whole number; C = 1.5 cannot be put in"),
        ({"C": "a", "M": 1, "k": 1, "G": 1}, "C is a positive whole number; C = 'a' cannot be put in"),
        (
            {"C": [4, 3, 2], "M": [2, 2, 3], "k": 7, "G": 2},
            "G | C does not hold for 1 of 3 values, first at [1]: C",
        ),
        ({"C": [1, 2], "M": [1, 2, 3], "k": 1, "G": 1}, "the arrays have shapes that do not go together"),
        ({"C": [1, -2], "M": 1, "k": 1, "G": 1}, "C is a positive whole number; C = -2 cannot be put in"),
        ({"C": [[1], [1, 2]], "M": 1, "k": 1, "G": 1}, "C is no array of numbers"),
    ],
)
def test_wrong_values_are_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(SymparamsError) as caught:
        sp.parse(CONV).function()(**values)
    assert caught.value.message.startswith(message)


def test_wrong_calls_are_refused() -> None:
    function = sp.parse("input(d) -> linear(n)").function()
    with pytest.raises(SymparamsError, match="takes 2 values, not 3"):
        function(1, 2, 3)
    with pytest.raises(SymparamsError, match="d is given twice"):
        function(1, d=2)
    with pytest.raises(SymparamsError, match="did you mean 'params'"):
        sp.parse(CONV).function("parms")
    with pytest.raises(SymparamsError, match="digits"):
        sp.parse("input(8) -> linear(2**n)").function()(10**12)
    with pytest.raises(SymparamsError, match="digits"):
        sp.parse("input(8) -> linear(2**n)").function()(numpy.array([10**12]))


def test_a_function_of_one_layer() -> None:
    net = sp.parse("input(3, H, W) -> conv1: conv(M, k) -> conv2: conv(8, 3)")
    assert net.layers.conv1.function()(M=64, k=7) == 9472
    assert net.layers.conv1.function("output")(H=9, W=10, M=4, k=3) == (4, 7, 8)


def test_a_function_shows_itself() -> None:
    function = sp.parse(CONV).function()
    assert repr(function) == "params(C, H, W, M, k, s, p, G) = M·(C·k²/G + 1)"
    assert function.source.startswith("def params(C, H, W, M, k, s, p, G):\n    return over(")
    assert list(inspect.signature(function).parameters) == list(sp.parse(CONV).symbols)
    assert r"\frac{C k^{2}}{G}" in function._repr_markdown_()
    again = pickle.loads(pickle.dumps(function))
    assert again == function and hash(again) == hash(function) and again(C=3, M=64, k=7, G=1) == 9472


def test_numbers_need_no_numpy() -> None:
    code = (
        "import symparams as sp, sys; assert sp.parse('input(d) -> linear(n)').function()(3, 4) == 16; "
        "assert 'numpy' not in sys.modules and 'sympy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
FLOATS = ("float16", "float32", "float64")
PROGRAMS = [
    ("input(d) -> linear(n)", "params", ("d", "n")),
    ("input(C, H, 9) -> conv(M, 3, s=2, g=G)", "params", ("C", "H", "M", "G")),
    ("input(n) -> linear(n*(n + 1)//2 - n + 1) -> linear(2**(n % 7))", "output", ("n",)),
    ("input(H) -> linear(abs(H - 9) + 1) -> linear(max(H, 20)**3)", "macs", ("H",)),
]


@st.composite
def columns(draw: st.DrawFn) -> tuple[str, str, dict[str, Any]]:
    """A program and arrays for its symbols, each of a kind of its own, with values that it may hold or not admit."""
    program, what, names = draw(st.sampled_from(PROGRAMS))
    length = draw(st.integers(1, 4))
    found = {}
    for name in names:
        kind = draw(st.sampled_from((*INTEGERS, *FLOATS, "object")))
        if kind in INTEGERS:
            ends = numpy.iinfo(kind)
            values = st.integers(1, 9) | st.integers(max(-2, ends.min), 12) | st.integers(ends.max // 2, ends.max)
        elif kind in FLOATS:
            wide = [] if kind == "float16" else [2.0**53, 2.0**60, 1e23]
            values = st.sampled_from([1.0, 2.0, 3.0, 8.0, 9.0, 12.0, 0.0, 1.5, -1.0, *wide])
        else:
            values = st.integers(1, 9) | st.integers(1, 2**70)
        column = draw(st.lists(values, min_size=length, max_size=length))
        found[name] = numpy.array(column, dtype=kind)
    return program, what, found


@given(columns())
def test_arrays_of_any_kind_are_exact(drawn: tuple[str, str, dict[str, Any]]) -> None:
    program, what, arrays = drawn
    function = sp.parse(program).function(what)
    rows = [dict(zip(arrays, row)) for row in zip(*(array.tolist() for array in arrays.values()))]
    try:
        singles = [function(**row) for row in rows]
    except SymparamsError:
        with pytest.raises(SymparamsError):
            function(**arrays)
        return
    together = function(**arrays)
    found = list(zip(*(size.tolist() for size in together))) if what == "output" else together.tolist()
    assert found == singles
    assert all(type(number) is int for row in found for number in (row if what == "output" else [row]))


@pytest.mark.parametrize("kind", [*INTEGERS[1:], "float32", "float64", "object"])
@pytest.mark.parametrize("shape", [(), (1,), (7,), (100_003,), (70_000, 2), (3, 40_000), (0, 5)])
def test_arrays_of_any_shape_are_filled_in_every_part(kind: str, shape: tuple[int, ...]) -> None:
    function = sp.parse("input(C, H) -> conv(M, k, s=2)").function("output")
    H = (numpy.arange(numpy.prod(shape, dtype=int)) % 99 + 3).astype(kind).reshape(shape)
    k = numpy.array(3, dtype=kind)
    sizes = function(C=1, M=5, H=H, k=k)
    assert [size.shape for size in sizes] == [shape, shape] and [size.dtype for size in sizes] == ["int64", "int64"]
    assert (sizes[0] == 5).all() and (sizes[1] == (H.astype(object) - 3) // 2 + 1).all()


def test_a_wide_element_is_exact_and_leaves_the_others_as_they_are() -> None:
    function = sp.parse("input(d) -> linear(n)").function()
    d = numpy.ones(100_000, numpy.int64)
    d[70_001] = 2**62
    found = function(d, 2**30)
    assert found.dtype == object and found[70_001] == 2**30 * (2**62 + 1)
    assert (numpy.delete(found, 70_001) == 2**31).all() and type(found[0]) is int


def test_a_refusal_counts_all_elements_and_shows_the_first() -> None:
    function = sp.parse("input(C, H) -> conv(8, k)").function()
    H = numpy.full(100_000, 9)
    H[[50_000, 99_999]] = 2
    with pytest.raises(SymparamsError, match=r"for 2 of 100,000 values, first at \[50000\]: H = 2, k = 3"):
        function(C=1, H=H, k=3)
    with pytest.raises(SymparamsError, match="H = 0 cannot be put in"):
        function(C=1, H=H - 2, k=3)


def test_what_is_given_is_neither_changed_nor_shared() -> None:
    function = sp.parse("input(C, H) -> conv(M, 1)").function("output")
    M = numpy.arange(1, 6)
    found = function(C=1, M=M, H=4)[0]
    found += 1
    assert M.tolist() == [1, 2, 3, 4, 5] and found.tolist() == [2, 3, 4, 5, 6]


@given(
    st.lists(st.integers(-40, 40), min_size=1, max_size=6),
    st.lists(st.integers(1, 9), min_size=6, max_size=6),
    st.sampled_from(
        ["input(C, H) -> conv(M, k, s=2)", "input(C, H) -> conv(M, 3, g=k)", "input(C, H) -> conv(M, H - k)"]
    ),
)
def test_arrays_are_refused_just_where_one_of_their_values_is(sizes: list[int], kernels: list[int], text: str) -> None:
    """A condition that is seen to hold within the ends of a block is not asked of each value: no other is missed."""
    function = sp.parse(text).function("output")

    def outcome(**values: Any) -> bool:
        try:
            function(**values)
        except SymparamsError:
            return False
        return True

    kernels = kernels[: len(sizes)]
    alone = [outcome(C=6, M=12, H=size, k=kernel) for size, kernel in zip(sizes, kernels)]
    assert outcome(C=6, M=12, H=numpy.array(sizes), k=numpy.array(kernels)) == all(alone)


# Programs with loops whose closed form is for so many turns and no fewer, and what goes through them.
LOOPS = [
    ("input(C, 8, 8)\nL: conv(M, 1)\nfor i in 0..C % 4 - 1 { from L\n  conv(M, 1)\n  L: relu }\nfrom L", "C"),
    ("input(1, 16, 12)\nrepeat(d) { conv(4, 3, s=2, p=1) }", "d"),
]


@pytest.mark.parametrize("what", COMPILED)
@pytest.mark.parametrize(("program", "name"), LOOPS)
def test_numbers_are_put_in_where_the_formula_does_not_hold(program: str, name: str, what: str) -> None:
    net = sp.parse(program)
    function = net.function(what)
    others = {symbol: 3 for symbol in net.symbols if symbol != name}
    column, wanted = [], []
    for number in range(1, 13):
        try:
            wanted.append(expected(net, what, {name: number, **others}))
        except SymparamsError:
            with pytest.raises(SymparamsError):
                function(**{name: number}, **others)
            continue
        column.append(number)
        assert function(**{name: number}, **others) == wanted[-1]
    assert len(column) > 1
    together = function(**{name: numpy.array([column, column])}, **others)
    for row in zip(*together) if what == "output" else together:
        assert (list(zip(*row)) if what == "output" else row.tolist()) == wanted


def test_numbers_are_put_in_for_few_values_only() -> None:
    function = sp.parse(LOOPS[0][0]).function()
    multiples = 4 * numpy.arange(1, 5_000)
    assert function(C=numpy.tile(multiples[:5], 1_000), M=2)[:5].tolist() == [
        function(C=4 * i, M=2) for i in range(1, 6)
    ]
    with pytest.raises(SymparamsError, match="C mod 4 ≥ 1 does not hold for 4,999 of 4,999 values"):
        function(C=multiples, M=2)

"""Repeats: n turns in closed form are n turns written out, for every n."""

from __future__ import annotations

import re

import pytest
from checks import COUNTS, at, counts_at, in_domain, put_in, shape_at
from hypothesis import given
from hypothesis import strategies as st

import symparams as sp
from symparams import SymparamsError

VALUES = {"C": 6, "H": 150, "W": 97, "M": 8, "g": 4, "d": 12, "w": 3, "s": 2, "k": 3, "p": 1, "T": 7, "m": 2, "a": 3}
VALUES["h"] = 2

# What flows in and the body of `repeat(n)`.
BODIES = {
    "kept shape": ("input(d)", "residual { linear(4*d) -> relu -> linear(d) }"),
    "kept shape, attention": ("input(T, d)", "residual { attention(h) } -> layernorm"),
    "kept after the first turn": ("input(C, H, W)", "conv(M, 3, p=1) -> bn -> relu"),
    "kept after the second turn": ("input(C, H)", "concat { conv(C, 1) } { id } -> conv(M, 1) -> bn"),
    "dense block": ("input(C, H, W)", "concat { id } { bn -> relu -> conv(g, 3, p=1, bias=false) }"),
    "dense block with a bottleneck": ("input(C, H)", "concat { id } { bn -> conv(4*g, 1) -> bn -> conv(g, 3, p=1) }"),
    "dense vectors": ("input(d)", "concat { id } { linear(g) -> relu }"),
    "dense block that doubles": ("input(C, H)", "concat { id } { id } -> bn"),
    "halving by pooling": ("input(C, H, W)", "maxpool(2)"),
    "halving, rounded up": ("input(C, H)", "maxpool(3, s=2, p=1)"),
    "halving by convolution": ("input(8, H, W)", "conv(8, 3, s=2, p=1)"),
    "halving, channels change at first": ("input(C, H)", "conv(M, 3, s=2, p=1)"),
    "shrinking": ("input(8, H, W)", "conv(8, k)"),
    "growing by padding": ("input(C, H)", "zeropad(p)"),
    "doubling": ("input(C, T)", "convT(C, 2, s=2)"),
    "a stage: half the size, twice the channels": ("input(C, H, W)", "widen -> maxpool(2)"),
    "twice the channels": ("input(d)", "wider"),
    "half the channels": ("input(d)", "narrower"),
    "one more channel": ("input(d)", "next"),
    "two blocks and a pool": ("input(C, H)", "repeat(m) { residual { bn -> dwconv(3, p=1) } } -> maxpool(2)"),
    "a repeat in a repeat": ("input(d)", "repeat(m) { residual { linear(d) } }"),
    "a dense block in a repeat": ("input(d)", "repeat(m) { concat { id } { linear(g) } } -> linear(d)"),
    "frozen": ("input(d)", "freeze { residual { linear(d) -> bn } }"),
    "a name inside": ("input(d)", "e: linear(d) -> relu -> add(e)"),
    "used again": ("input(d)", "e: linear(d) -> relu -> reuse(e)"),
}
DEFINITIONS = """
def widen on (C, H, W) { conv(2*C, 3, p=1) -> bn }
def wider on (C) { linear(2*C) }
def narrower on (C) { linear(C//2) }
def next on (C) { linear(C + 1) }
"""

# What flows in and the body of `for i in 0..n`.
LOOPS = {
    "geometric channels": ("input(C, H)", "conv(w*2**i, 3, p=1) -> bn"),
    "geometric widths": ("input(d)", "linear(w*2**i) -> relu"),
    "widths that grow by one": ("input(d)", "linear(w + i)"),
    "widths that are multiples": ("input(d)", "linear(w*(i + 1)) -> layernorm"),
    "powers of a symbol": ("input(d)", "linear(a**i)"),
    "kernels that grow": ("input(C, H)", "conv(M, 2*i + 1, p=i)"),
    "dilations that grow": ("input(8, H)", "conv(8, 3, p=i + 1, d=i + 1)"),
    "dilations that double": ("input(8, H)", "residual { conv(8, 3, p=2**i, d=2**i) }"),
    "kept shape": ("input(d)", "residual { linear(i + 1) -> linear(d) }"),
    "a pyramid": ("input(C, H)", "conv(w*2**i, 3, s=2, p=1)"),
    "a repeat inside": ("input(d)", "repeat(i + 1) { residual { linear(d) } }"),
    "a choice by the turn": ("input(d)", "linear(w) -> if i >= 0 { relu }"),
}

# Turns that have no closed form: the tool says so, and works them out where it is told how many there are.
DECLINED = {
    "squares": ("input(d)", "for i in 0..n { linear((i + 1)**2) }"),
    "paddings that grow": ("input(C, H)", "for i in 0..n { zeropad(i) }"),
    "a dense block that widens": ("input(d)", "for i in 0..n { concat { id } { linear(i + 1) } }"),
    "a factor that divides": ("input(d)", "def f on (C) { linear(((a + 1)*C + m)//(a + 1)) }\nrepeat(n) { f }"),
    "no less than 1": ("input(d)", "def narrower on (C) { linear(max(1, C//2)) }\nrepeat(n) { narrower }"),
    "squared again and again": ("input(d)", "def squared on (C) { linear(C**2) }\nrepeat(n) { squared }"),
    "a symbolic stride": ("input(8, H)", "repeat(n) { conv(8, k, s, p) }"),
    "more axes": ("input(T)", "repeat(n) { embedding(9, d) }"),
}

TURNS = range(1, 7)


def assert_same(symbolic: sp.Network, written_out: sp.Network, values: dict[str, int], turns: int = 1) -> None:
    """The closed forms and the network written out, at the same values; a domain may leave out that no turn is run."""
    if not in_domain(symbolic, values):
        assert turns == 0, "the conditions refuse a network that can be built"
        return
    assert shape_at(symbolic.output_shape, values) == shape_at(written_out.output_shape, values)
    assert counts_at(symbolic, values) == counts_at(written_out, values)


def written_out(body: str, turns: int, first: int = 0) -> str:
    """The body of a loop, as often as it runs, with the number of the turn for `i`."""
    turns_in_order = range(first, first + turns)
    return "\n".join(re.sub(r"\bi\b", str(turn), body).replace("e:", f"e{turn}:") for turn in turns_in_order)


def named_apart(text: str) -> str:
    """Names inside a turn are its own; written out, each turn gets others."""
    return re.sub(r"e(\d+): (.*?)(add|reuse)\(e\)", r"e\1: \2\3(e\1)", text)


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("count", ["n", "n - 1", "2*n", "n + 1"])
def test_repeat_in_closed_form_is_the_repeat_written_out(name: str, count: str) -> None:
    """For n = 1, ..., 6: the formula at n, the program with n put in, and n copies of the body are one network."""
    start, body = BODIES[name]
    head = f"{DEFINITIONS}{start}\n"
    symbolic = sp.parse(f"{head}repeat({count}) {{ {body} }}\n")
    for n in TURNS if count != "2*n" else range(1, 3):
        turns = eval(count, {"n": n})
        values = {**VALUES, "n": n, "H": 7 * 3**7, "W": 3**8, "d": 3 * 2**13}
        copies = sp.parse(f"{head}{named_apart(written_out(body, turns))}\nid")
        assert_same(put_in(symbolic, values), copies, values)
        assert_same(sp.parse(f"{head}repeat({turns}) {{ {body} }}\n"), copies, values)
        assert_same(symbolic, copies, values, turns)


@pytest.mark.parametrize("name", LOOPS)
@pytest.mark.parametrize("ends", ["0..n", "0..n + 1", "1..n", "1..n + 2", "m..m + n"])
def test_loop_in_closed_form_is_the_loop_written_out(name: str, ends: str) -> None:
    """For n = 1, ..., 6: the formula at n, the program with n put in, and each turn written out are one network."""
    start, body = LOOPS[name]
    symbolic = sp.parse(f"{start}\nfor i in {ends} {{ {body} }}\n")
    for n in TURNS:
        values = {**VALUES, "n": n, "H": 7 * 3**7}
        first, stop = (eval(end, dict(values)) for end in ends.split(".."))
        copies = sp.parse(f"{start}\n{written_out(body, stop - first, first)}\nid")
        assert_same(put_in(symbolic, values), copies, values)
        assert_same(symbolic, copies, values, stop - first)


sizes = st.dictionaries(st.sampled_from("CHWMgdwskpTm"), st.integers(1, 40))


@given(st.sampled_from(sorted(BODIES)), st.integers(1, 6), sizes)
def test_repeats_agree_at_random_sizes(name: str, n: int, changed: dict[str, int]) -> None:
    """Inside the domain the formula is right at any values; what is refused when written out is refused here too."""
    start, body = BODIES[name]
    values = {**VALUES, **changed, "n": n}
    symbolic = sp.parse(f"{DEFINITIONS}{start}\nrepeat(n) {{ {body} }}\n")
    try:
        copies = put_in(sp.parse(f"{DEFINITIONS}{start}\n{named_apart(written_out(body, values['n']))}\nid"), values)
    except SymparamsError:
        assert not in_domain(symbolic, values)
        with pytest.raises(SymparamsError):
            put_in(symbolic, values)
        return
    assert_same(put_in(symbolic, values), copies, values)
    assert_same(symbolic, copies, values)


@pytest.mark.parametrize("name", BODIES)
def test_a_repeat_may_be_enormous(name: str) -> None:
    """10**9 turns are not unrolled where n turns have a closed form: the figures are those of the formula."""
    start, body = BODIES[name]
    if any(word in name for word in ("shrinking", "twice", "halving", "half", "pool", "stride", "doubl")):
        pytest.skip("the sizes run out, or have a billion digits")
    symbolic = sp.parse(f"{DEFINITIONS}{start}\nrepeat(n) {{ {body} }}\n")
    enormous = sp.parse(f"{DEFINITIONS}{start}\nrepeat(10**9) {{ {body} }}\n")
    values = {**VALUES, "n": 10**9}
    for name in COUNTS:
        assert at(symbolic.quantity(name), values) == at(enormous.quantity(name), values)


@pytest.mark.parametrize("name", DECLINED)
def test_without_a_closed_form_a_number_is_asked_for(name: str) -> None:
    """What has no closed form is an error that says so, or its formula is right; with a number it works."""
    start, body = DECLINED[name]
    for n in TURNS:
        numbers = {**VALUES, "d": 3, "n": n}
        concrete = put_in(sp.parse(f"{start}\n{body}".replace("n)", f"{n})").replace("..n", f"..{n}")), numbers)
        assert isinstance(concrete.params, int)
        try:
            symbolic = sp.parse(f"{start}\n{body}")
        except SymparamsError as error:
            assert "no closed form" in error.message
        else:
            assert_same(symbolic, concrete, numbers)


def test_no_turn_at_all() -> None:
    """A repeat of no turn, and a loop over nothing, change nothing, also where the count becomes 0 by a value."""
    assert sp.parse("input(d)\nrepeat(0) { linear(9) }").output == sp.parse("input(d)").output
    assert sp.parse("input(d)\nfor i in 3..3 { linear(9) }").params == 0
    net = sp.parse("input(d)\nrepeat(n - 1) { residual { linear(d) } }")
    assert net(n=1).params == 0

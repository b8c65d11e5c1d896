"""Loops whose arguments grow with the turn: the closed form holds just where the turns written out can be built."""

from __future__ import annotations

import re

from checks import assert_values, in_domain
from hypothesis import example, given
from hypothesis import strategies as st

import symparams as sp
from symparams import SymparamsError

TERMS = ("1", "2", "i", "2*i", "i*i", "2**i", "3**i", "w", "w*i", "i*2**i", "2**(i + 1)", "(i + 1)*(i + 2)", "w*2**i")
STARTS = ("0", "1", "2", "m")
ENDS = ("n", "n + 1", "m + n", "2*n", "n - 1")

terms = st.lists(st.sampled_from(TERMS), min_size=1, max_size=2).map(" + ".join)
growing = st.builds("({} + 1)".format, terms)
bodies = st.one_of(
    st.builds("linear({})".format, growing),
    st.builds("concat {{ id }} {{ linear({}) }}".format, growing),
    st.builds("concat {{ from e }} {{ linear({}) }} -> linear({})".format, growing, growing),
    st.builds("e: concat {{ from e }} {{ linear({}) }}".format, growing),
    st.builds("let c = c + {}\nlinear(c)".format, terms),
    st.builds("let c = 2*c + {}\nlinear(c)".format, terms),
)
spatial = st.one_of(
    st.builds("conv(3, {})".format, growing),
    st.builds("conv(3, 3, d={})".format, growing),
    st.builds("conv({}, 3, d={}, p=1)".format, growing, growing),
    st.builds("conv(3, 2, s=2, d={})".format, growing),
    st.builds("conv(3, 3, p={})".format, terms),
    st.builds("zeropad({})".format, terms),
    st.builds("maxpool({}, s=2)".format, growing),
    st.builds("concat {{ id }} {{ conv({}, 1) }} -> conv(2, 3, d={})".format, growing, growing),
    st.builds("e: concat {{ from e }} {{ conv({}, 1) }}".format, growing),
)

# Where the first turns are apart from the others, that there are any of those is a condition.
FEWEST = 2
BEFORE = {True: "input(d)\nlet c = w\ne: id\n", False: "input(2, H)\nlet c = w\ne: id\n"}


def written_out(before: str, body: str, first: int, stop: int, values: dict[str, int]) -> sp.Network | None:
    """The network of the turns one after the other, None where it cannot be built."""
    text, c = before, "w"
    for i in range(first, stop):
        turn = re.sub(r"\bi\b", str(i), body)
        if match := re.match(r"let c = (.*)\n", turn):
            c = "(" + re.sub(r"\bc\b", c, match[1]) + ")"
            turn = re.sub(r"\bc\b", c, turn[match.end() :])
        text += turn + "\n"
    try:
        net = sp.parse(text)
        return net(**{name: value for name, value in values.items() if name in net.symbols})
    except SymparamsError:
        return None


def check(vectors: bool, body: str, start: str, end: str, values: dict[str, int]) -> None:
    before = BEFORE[vectors]
    try:
        net = sp.parse(f"{before}for i in {start}..{end} {{ {body} }}")
    except SymparamsError as error:
        assert "no closed form" in error.message
        return
    first, stop = (eval(text, dict(values)) for text in (start, end))
    if stop < first:
        assert not in_domain(net, values)
        return
    copies = written_out(before, body, first, stop, values)
    holds = in_domain(net, values)
    if stop - first >= FEWEST or holds:
        assert holds == (copies is not None)
    if holds and copies is not None:
        assert_values(net, copies, values)


numbers = st.fixed_dictionaries(
    {"n": st.sampled_from([1, 2, 3, 4]), "m": st.integers(1, 3), "w": st.integers(1, 3), "d": st.integers(1, 5)}
)


@given(bodies, st.sampled_from(STARTS), st.sampled_from(ENDS), numbers)
@example("linear((2**i + 1))", "0", "n - 1", {"n": 1, "m": 1, "w": 1, "d": 2})
def test_widths_that_grow(body: str, start: str, end: str, values: dict[str, int]) -> None:
    check(True, body, start, end, values)


@given(spatial, st.sampled_from(STARTS), st.sampled_from(ENDS), numbers, st.integers(1, 120))
@example("conv(3, 3, d=(2**i))", "0", "n", {"n": 3, "m": 1, "w": 1, "d": 1}, 15)
@example("conv(3, 3, d=(2**i))", "0", "n", {"n": 3, "m": 1, "w": 1, "d": 1}, 14)
def test_kernels_and_dilations_that_grow(body: str, start: str, end: str, values: dict[str, int], height: int) -> None:
    check(False, body, start, end, {**values, "H": height})

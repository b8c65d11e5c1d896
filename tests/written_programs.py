"""Random programs as text, with expressions of every kind in every place: what trees of layers never draw.

Divisors of either sign, parameters that are no whole numbers, fractions where they fit and where they do not, names
that are set again, defaults that refer to each other, conditions in both directions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Union

from hypothesis import strategies as st

Number = Union[int, Fraction]

WHOLE = ("a", "b", "c")
PADDING = "pad"
REAL = "r"
# What each name may stand for, from the least value on.
DOMAINS: dict[str, tuple[Number, ...]] = {
    **dict.fromkeys(WHOLE, (1, 2, 3, 4, 5, 6, 7, 8, 12, 16)),
    PADDING: (0, 1, 2, 3),
    REAL: (Fraction(1, 8), Fraction(1, 4), Fraction(1, 3), Fraction(1, 2), 1, Fraction(7, 5), 2, Fraction(9, 4), 3),
}


def _binary(operators: tuple[str, ...]) -> Callable[..., st.SearchStrategy[str]]:
    return lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(operators), inner)


def numbers(*names: str) -> st.SearchStrategy[str]:
    """Expressions in these names: sums, differences, quotients and remainders of any sign, extremes, roots."""
    atoms = st.sampled_from([*names, *names, "1", "2", "3", "4", "8"])
    calls = st.sampled_from(["floor", "ceil", "abs", "round"])
    extremes = st.sampled_from(["min", "max"])
    return st.recursive(
        atoms,
        lambda inner: st.one_of(
            _binary(("+", "-", "*", "+", "*"))(inner),
            _binary(("//", "%", "/"))(inner),
            st.builds("{}({})".format, calls, inner),
            st.builds("{}({}, {})".format, extremes, inner, inner),
            st.builds("({})**{}".format, inner, st.sampled_from(["2", "3", "a"])),
            st.builds("sqrt({})".format, inner),
            st.builds("({} if {} {} {} else {})".format, inner, inner, st.sampled_from(RELATIONS), inner, inner),
        ),
        max_leaves=5,
    )


RELATIONS = ("==", "!=", "<", ">=")

# Programs with places for expressions; most give a network for some values of the names.
PLACES = (
    "input({0}) -> linear({1})",
    "input({0}, 9) -> linear({1}) -> layernorm",
    "input(c, 9, 12) -> conv({0}, {1}, s={2}, p={3})",
    "input({0}, 12) -> conv({1}, 2, d={2}) -> bn",
    "input(c, 16) -> conv({0}, 1, g={1})",
    "input(c, 9, 12) -> conv(a, 3, p=({0}, {1}))",
    "input(c, 9, 12) -> zeropad((({0}, {1}), ({2}, pad)))",
    "input(c, 16) -> maxpool({0}, s={1}, ceil_mode=true)",
    "input(c, 16) -> maxpool({0}, s={1}, p=((pad, {2}),), ceil_mode=true)",
    "input(c, 16) -> upsample({0}) -> conv(2, {1})",
    "input(c, 12) -> convT({0}, {1}, s={2})",
    "input(9, {0}) -> attention({1})",
    "input(9, 12) -> attention({0}, kv_heads={1}, key_dim={2})",
    "input(9, {0}) -> lstm({1}, {2})",
    "input({0}, 4) -> reshape({1}, -1)",
    "input({0}, {1}) -> reshape({2}, b)",
    'input({0}, 4) -> rearrange("(n m) c -> n (m c)", m={1})',
    "input(5)\nrepeat({0}) {{ linear({1}) }}",
    "input(5)\nrepeat({0}) {{ residual {{ linear({1}) -> linear(5) }} }}",
    "input(c, 40) -> repeat({0}) {{ conv(c, {1}, s=2, p=1) }}",
    "input(5)\nfor i in {0}..{1} {{ linear(i + {2}) }}",
    "input(5)\nfor i in ({0}, {1}, b) {{ linear(i) }}",
    "input(c, 9)\nlet e = {0}\nassume {1} >= {2}\nif e == {3} {{ conv(8, 3) }} else {{ conv(e, 1) }}",
    "input(c, 9)\nassume {0} != {1}\nif {2} >= {3} {{ conv(8, 3) }} else {{ relu }}",
    "x: input({0}, 6)\ny: input({1}, 6)\nconcat {{ from x }} {{ from y }} -> add {{ id }} {{ linear({2}) }}",
    "fn f(u, v={0}) = u*v\ninput(c) -> linear(f({1}))",
    "def f(u={0}, v=u + 1) on (d) {{ linear(u) -> linear(v) }}\ninput(c)\nf -> f({1}) -> f(v={2})",
    "layer mine(u={0}, v=u) on (d) {{ weight w(u, d)  weight bias(v) if {1} > 1  output ({2},) }}\ninput(c) -> mine",
    "input(9, {0}) -> groupnorm({1}) -> dropout({2}/9)",
    "input(4, 9)\nlast: linear({0})\nfor i in 0..3 {{ last: concat(axis=1) {{ from last }} {{ linear({1}) }} }}",
)


@dataclass
class Written:
    """A program, and the names that it is about, with what they may stand for."""

    text: str
    domains: dict[str, tuple[Number, ...]]


@st.composite
def written_programs(draw: st.DrawFn) -> Written:
    names = draw(st.lists(st.sampled_from([*WHOLE, PADDING, REAL]), min_size=1, max_size=2, unique=True))
    place = draw(st.sampled_from(PLACES))
    parts = [draw(numbers(*names)) for _ in range(4)]
    body = place.format(*parts)
    used = {name: DOMAINS[name] for name in DOMAINS if name in _words(body)}
    head = "net drawn(r=0.5)\n" if REAL in used else ""
    return Written(head + body, used)


def _words(text: str) -> set[str]:
    letters = "".join(c if c.isalnum() or c == "_" else " " for c in text)
    return set(letters.split())

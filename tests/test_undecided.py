"""Rules that choose between formulas: where nothing decides, the closed form is right both ways, or it is refused."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symparams.api import Network, parse
from symparams.closed_forms.conditions import with_values
from symparams.closed_forms.polynomial import symbols_of
from symparams.closed_forms.powers import substitute
from symparams.errors import SymparamsError

POOLS = [
    f"{assumed}input(3, L) -> {pool}(k, s, p=((a, b),){mode})"
    for assumed in ("", "assume a != b\n", "assume a > b\n", "assume s + b <= k\n")
    for pool in ("maxpool", "avgpool")
    for mode in ("", ", ceil_mode=true")
]
OTHERS = [
    "input(2, L, s) -> maxpool(k, p=((a, b), (b, a)))",
    "input(2, L, k, k) -> avgpool(2, s, p=((a, b), 0, 0))",
    "input(2, L) -> conv(4, k, s, p=((a, b),), d=2)",
    "input(k, L) -> slice(1, a - b, s + 2)",
    "input(L, k*s) -> attention(k, kv_heads=a)",
    "m: input(L, a)\ninput(s, b)\nattention(k, memory=m)",
    "input(s, k) -> lstm(a, proj=b)",
]
VALUES = {"L": (1, 5, 8), "k": (1, 2, 3), "s": (1, 2, 4), "a": (1, 2), "b": (1, 2)}


def figures(net: Network, values: dict[str, int]) -> object:
    """The sizes put out and the counts at values; None where a condition does not hold there, or has no value."""
    try:
        if not all(with_values(c, {s: values[s.name] for s in c.symbols}) is True for c in net.guards):  # type: ignore[union-attr]
            return None
    except SymparamsError:
        return None
    found = [*net.output_shape, net.quantity("params"), net.quantity("macs")]
    return [substitute(value, {s: values[s.name] for s in symbols_of(value)}) for value in found]


@pytest.mark.parametrize("program", [*POOLS, *OTHERS])
def test_a_closed_form_is_right_wherever_it_is_not_refused(program: str) -> None:
    try:
        net = parse(program)
    except SymparamsError as error:
        assert "it depends on" in error.message
        return
    assert_right_on_the_grid(net)


def assert_right_on_the_grid(net: Network) -> None:
    """The closed form at values is what the program is with them, and conditions fail just where that is refused."""
    names = [name for name in VALUES if name in net.symbols or name in net.program.names]
    for numbers in product(*(VALUES[name] for name in names)):
        values = dict(zip(names, numbers))
        try:
            expected: object = figures(net(**values), {})
        except SymparamsError:
            expected = None
        assert figures(net, values) == expected, values


sources = st.recursive(
    st.sampled_from(["L", "k", "s", "a", "b", "2", "3", "6"]),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "/", "//", "%", "-"]), inner),
        st.builds("{}({})".format, st.sampled_from(["sqrt", "log2", "abs", "floor"]), inner),
        st.builds("max({}, {})".format, inner, inner),
        st.builds("abs(prod(({}, 2)))".format, inner),
        st.builds("({})**({})".format, inner, st.sampled_from(["2", "-1", "s - 2", "a - b"])),
    ),
    max_leaves=5,
)


@given(sources, sources)
def test_a_value_that_is_not_there_is_a_condition(width: str, divisor: str) -> None:
    """Divisors that may be 0, roots of what may be negative: where the value is not there, a condition fails."""
    try:
        net = parse(f"input(k, 6)\nlinear(({width})*{divisor}/({divisor}))")
    except SymparamsError:
        return
    assert_right_on_the_grid(net)

"""Sweeps over small grids, with an oracle: each configuration put in, one after the other, in Python's numbers."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any, NamedTuple

from symparams import SymparamsError, parse

Values = dict[str, Any]


class SweepCase(NamedTuple):
    """A program, ranges, a filter as text and as Python, columns with what they are."""

    program: str
    over: dict[str, Any]
    where: str
    holds: Callable[[Values], bool]
    columns: tuple[str, ...]


# The figures that columns name, of a network with all its values.
FIGURES: dict[str, Callable[[Any], int]] = {
    "params": lambda net: net.quantity("params"),
    "macs": lambda net: net.quantity("macs"),
    "activations": lambda net: net.quantity("activations"),
    "output[1]": lambda net: net.output_shapes[0][1],
    "conv1.params": lambda net: net.layers["conv1"].quantity("params"),
}

STRIDED = "input(3, H, 20)\nconv1: conv(M, k, s=s, p=p)\nmaxpool(2, s=3)\nconv(4, 3, p=1)"
GROUPS = "input(C, 9, 9)\nconv1: conv(M, 3, g=G)\nbn"
DEEP = "input(d)\nrepeat(L) { linear(2*d) }"
HALVED = "input(1, H, 8)\nrepeat(n) { conv(4, 3, s=2, p=1) }"
SETTLED = "input(1, 16, 12)\nrepeat(d) { conv(M, 3, s=2, p=1) }"
BRANCH = "net b(c=2, w=4)\ninput(3, 8, 8)\nif c > 3 { conv1: conv(w, 3) } else { conv1: conv(2*w, 1) -> conv(w, 3) }"
EXTREME = "input(3, H, W)\nconv1: conv(max(M, 9 - M), 3)\nlinear(min(H, 5) + abs(M - 4))"
CASES = {
    "strides": SweepCase(
        STRIDED,
        {"H": range(5, 30, 3), "M": (1, 7), "k": range(1, 6), "s": (1, 2, 3), "p": (0, 1, 2)},
        "params <= 600 and output[1] != 4",
        lambda v: v["params"] <= 600 and v["output[1]"] != 4,
        ("params", "macs", "output[1]", "conv1.params"),
    ),
    "groups": SweepCase(
        GROUPS,
        {"C": range(1, 13), "M": range(1, 13), "G": range(1, 7)},
        "params * 2 > macs / 7 or M == C",
        lambda v: v["params"] * 14 > v["macs"] or v["M"] == v["C"],
        ("params", "macs"),
    ),
    "depth": SweepCase(
        DEEP,
        {"d": range(1, 6), "L": range(1, 9)},
        "params < 40_000",
        lambda v: v["params"] < 40_000,
        ("params", "macs"),
    ),
    "wide": SweepCase(
        DEEP,
        {"d": (1, 10**9, 2**31, 10**12), "L": (1, 2, 10, 15)},
        "params >= 2**62",
        lambda v: v["params"] >= 2**62,
        ("params",),
    ),
    "halved": SweepCase(
        HALVED,
        {"H": range(1, 70, 7), "n": range(1, 8)},
        "macs % 3 == 0",
        lambda v: v["macs"] % 3 == 0,
        ("params", "macs", "activations"),
    ),
    # Its closed form holds from the fourth turn on, the network from the first.
    "settled": SweepCase(
        SETTLED, {"d": range(1, 9), "M": (1, 4)}, "macs > 300", lambda v: v["macs"] > 300, ("params", "macs")
    ),
    "branches": SweepCase(
        BRANCH, {"c": range(1, 7), "w": range(1, 9)}, "params > 100", lambda v: v["params"] > 100, ("params",)
    ),
    "extremes": SweepCase(
        EXTREME,
        {"H": range(3, 9), "W": (7,), "M": range(1, 9)},
        "params != 252 and (M - 5)//3 >= -1",
        lambda v: v["params"] != 252 and (v["M"] - 5) // 3 >= -1,
        ("params", "macs"),
    ),
}


def expected_rows(case: SweepCase) -> list[tuple[int, ...]]:
    """The rows in the order of the grid, each by a network of its own; what it refuses is no row."""
    net = parse(case.program)
    found = []
    for numbers in product(*case.over.values()):
        values: Values = dict(zip(case.over, numbers))
        try:
            put = net(**values)
            values.update({name: FIGURES[name](put) for name in case.columns})
        except SymparamsError:
            continue
        if case.holds(values):
            found.append(tuple(values[name] for name in (*case.over, *case.columns)))
    return found

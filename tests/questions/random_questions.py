"""Random small networks and questions about them, with an oracle of its own: plain arithmetic over whole arrays."""

from __future__ import annotations

import random
from typing import Any, NamedTuple

import numpy

Figures = dict[str, Any]


class Asked(NamedTuple):
    """A program, a question, and for each unknown the numbers that are tried."""

    program: str
    question: str
    unknowns: dict[str, range]


class Drawn:
    """Sizes of a random network: numbers, or unknowns out of a few."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.names = self.random.sample(["C", "M", "H", "k", "s", "p", "g", "q"], self.random.choice([1, 1, 2, 3]))

    def size(self, name: str, *numbers: int) -> str:
        return name if name in self.names else str(self.random.choice(numbers))

    def asked(self) -> Asked:
        channels = self.size("C", *([6, 8, 24] if "g" in self.names else [1, 3, 8]))
        layers = [f"input({channels}, {self.size('H', 16, 27, 32)}, 20)", self.conv("M", "k", "s", "p")]
        if self.random.random() < 0.5:
            layers.append(f"maxpool({self.random.choice([2, 3])}, s={self.random.choice([2, 3])})")
        if self.random.random() < 0.4 or "q" in self.names:
            layers.append(f"conv({self.size('q', 4, 10)}, 3, p=1)")
        most = {1: self.random.choice([1_000, 20_000]), 2: 60, 3: 22}[len(self.names)]
        least = {name: 0 if name == "p" else 1 for name in self.names}
        top = {name: self.random.randrange(4, most) for name in self.names}
        unknowns = {name: range(least[name], top[name] + 1) for name in self.names}
        return Asked(" -> ".join(layers), self.question(), unknowns)

    def conv(self, width: str, kernel: str, stride: str, padding: str) -> str:
        groups = ", g=g" if "g" in self.names else ""
        sizes = [self.size(width, 8, 16, 24), self.size(kernel, 1, 3, 5)]
        sizes += [self.size(stride, 1, 2), self.size(padding, 0, 1, 2)]
        return "conv({}, {}, s={}, p={}{})".format(*sizes, groups)

    def question(self) -> str:
        parts = [self.comparison() for _ in range(self.random.choice([1, 1, 1, 2, 2, 3]))]
        asked = self.random.choice([" and ", " or "]).join(parts)
        # Every unknown is in the question, so that it is none that says nothing of it.
        return asked + "".join(f" and {name} != {self.random.randrange(20)}" for name in self.names)

    def comparison(self) -> str:
        number = self.random.randrange
        name = self.random.choice(self.names)
        return self.random.choice(
            [
                f"params <= {number(10, 50_000)}",
                f"params >= {number(10, 20_000)}",
                f"params > {number(10, 9_000)}",
                f"macs < {number(100, 3_000_000)}",
                f"output[1] == {number(1, 20)}",
                f"output[1] * output[2] == {number(1, 200)}",
                f"output[1] % {number(2, 6)} == {number(0, 2)}",
                f"params % {number(2, 8)} == {number(0, 3)}",
                f"params // {number(2, 50)} <= {number(1, 900)}",
                f"conv1.params != {number(1, 900)}",
                f"{name} % {number(2, 9)} == {number(0, 3)}",
                f"{name}**2 - {number(1, 60)}*{name} >= {number(-200, 60)}",
                f"max(output[1], output[2]) <= {number(2, 30)}",
                f"{number(100, 9_000)} <= params <= {number(9_000, 90_000)}",
                f"params * output[1] >= macs // {number(1, 60)}",
            ]
        )


def drawn(seed: int) -> Asked:
    return Drawn(seed).asked()


def points(asked: Asked) -> set[tuple[int, ...]]:
    """All points of the box that answer the question, by arithmetic on the layers as they are written."""
    grids = numpy.meshgrid(*(numpy.arange(r.start, r.stop) for r in asked.unknowns.values()), indexing="ij")
    values = dict(zip(asked.unknowns, grids))
    figures = _figures(asked.program, values)
    holds = figures.pop("admitted")
    comparisons = asked.question.replace(" and ", ") & (").replace(" or ", ") | (")
    with numpy.errstate(all="ignore"):
        found = eval(_unchained(f"({comparisons})"), {"max": numpy.maximum}, {**figures, **values})
    mask = numpy.broadcast_to(holds & found, grids[0].shape)
    return {tuple(map(int, point)) for point in zip(*(grid[mask] for grid in grids))}


def _unchained(text: str) -> str:
    """`(a <= b <= c)` as `((a <= b) & (b <= c))`, since arrays do not chain."""
    parts = text.split("(")
    for i, part in enumerate(parts):
        if part.count("<=") == 2:
            low, middle, high = part.rstrip(") &|").split("<=")
            rest = part[len(part.rstrip(") &|")) :]
            parts[i] = f"({low} <= {middle}) & ({middle} <= {high}){rest}"
    return "(".join(parts)


class _Layer(NamedTuple):
    params: Any


def _figures(program: str, values: Figures) -> Figures:
    head, *layers = program.split(" -> ")
    channels, height, width = (_number(part, values) for part in _arguments(head))
    params = macs = 0
    admitted: Any = True
    named: Figures = {}
    for layer in layers:
        arguments = _arguments(layer)
        plain = [_number(a, values) for a in arguments if "=" not in a]
        given = {a.partition("=")[0].strip(): _number(a.partition("=")[2], values) for a in arguments if "=" in a}
        is_conv = layer.startswith("conv")
        out, kernel = plain if is_conv else (channels, plain[0])
        stride, padding, groups = given.get("s", 1), given.get("p", 0), given.get("g", 1)
        admitted = admitted & (height + 2 * padding >= kernel) & (width + 2 * padding >= kernel)
        height, width = ((size + 2 * padding - kernel) // stride + 1 for size in (height, width))
        admitted = admitted & (channels % groups == 0) & (out % groups == 0)
        if is_conv:
            own = out * (channels // groups) * kernel * kernel + out
            params, macs = params + own, macs + (own - out) * height * width
            named.setdefault(f"conv{len(named) + 1}", _Layer(own))
        channels = out
    return {"params": params, "macs": macs, "output": (channels, height, width), "admitted": admitted, **named}


def _arguments(call: str) -> list[str]:
    return [part.strip() for part in call[call.index("(") + 1 : -1].split(",")]


def _number(text: str, values: Figures) -> Any:
    text = text.strip()
    return values[text] if text in values else numpy.int64(text)

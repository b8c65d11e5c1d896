"""Sweeps over random networks, and those of the zoo, against each configuration put in by itself."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import pytest
from checks import THOROUGH

from symparams import Network, SymparamsError, load, parse, zoo
from symparams.evaluate.expressions import Scope, evaluate

COLUMNS = ("params", "macs")
MOST = 40


class Program:
    """A random program in a few symbols, with the numbers that they go through."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.over: dict[str, tuple[int, ...]] = {}
        self.layers = [f"input({self.size(3, 4, 6)}, {self.size(9, 16)}, 12)"]
        self.layers += [self.layer() for _ in range(self.random.randrange(1, 5))]
        if not self.over:
            self.layers[0] = f"input({self.symbol()}, 9, 12)"

    def symbol(self) -> str:
        name = self.random.choice("abcde")
        least = self.random.choice((1, 1, 2, 6))
        self.over.setdefault(name, tuple(sorted(self.random.sample(range(least, least + 9), 3))))
        return name

    def size(self, *numbers: int) -> str:
        if self.random.random() < 0.5:
            return str(self.random.choice(numbers))
        name = self.symbol()
        return self.random.choice(
            (name, name, f"2*{name}", f"({name} + 3)//2", f"max({name}, 4)", f"2**min({name}, 6)")
        )

    def layer(self) -> str:
        kind = self.random.randrange(6)
        if kind == 0:
            return f"maxpool({self.size(2, 3)}, s={self.size(1, 2)})"
        if kind == 1:
            return f"repeat({self.size(1, 2)}) {{ conv({self.size(4)}, 3, p=1) }}"
        if kind == 2:
            return "residual { conv(8, 1) -> bn } { conv(8, 3, p=1) }"
        if kind == 3:
            return f"repeat({self.size(2)}) {{ conv(4, 3, s=2, p=1) }}"
        stride = self.size(1, 2)
        return f"conv({self.size(4, 8)}, {self.size(1, 3)}, s={stride}, p={self.random.choice((0, 1, 2))})"


def each(net: Network, over: dict[str, Any]) -> list[tuple[int, ...]]:
    found = []
    for numbers in product(*over.values()):
        try:
            put = net(**dict(zip(over, numbers)))
            found.append((*numbers, *(put.quantity(name) for name in COLUMNS)))
        except SymparamsError:
            continue
    return found


@pytest.mark.parametrize("first", range(0, 100 if THOROUGH else 20, 10))
def test_random_networks(first: int) -> None:
    """Some of them have rows; what is refused, as a sum without a closed form, is counted, so that little is."""
    met = [compared(seed) for seed in range(first, first + 10)]
    assert met.count("rows") >= 4 and met.count("refused") <= 3, met


def compared(seed: int) -> str:
    drawn = Program(seed)
    over: dict[str, Any] = dict(sorted(drawn.over.items()))
    try:
        net = parse("\n".join(drawn.layers))
        rows = list(net.sweep(over, columns=COLUMNS).rows)
    except SymparamsError:
        return "refused"
    assert rows == each(net, over), "\n".join(drawn.layers)
    if not rows:
        return "no rows"
    rest = seed % 5
    where = f"(params + {rest}) % 5 >= 2 and macs != {rows[0][-1]}"
    kept = [row for row in rows if (row[-2] + rest) % 5 >= 2 and row[-1] != rows[0][-1]]
    assert list(net.sweep(over, where, columns=COLUMNS).rows) == kept, "\n".join(drawn.layers)
    return "rows"


# Those that have no parameter with a whole number but the sizes of the image.
WITHOUT = {"alexnet_groups", "lenet5_original", "xception"}


def whole_defaults(net: Network) -> dict[str, int]:
    found = {}
    for parameter in net.program.parameters:
        if parameter.default is None or parameter.name in ("H", "W", "S", "T"):
            continue
        try:
            default = evaluate(parameter.default, Scope({}))
        except SymparamsError:
            continue
        if isinstance(default, int) and not isinstance(default, bool):
            found[parameter.name] = default
    return found


@pytest.mark.parametrize("name", zoo.names()[:: 1 if THOROUGH else 4])
def test_networks_of_the_zoo(name: str) -> None:
    net = load(f"zoo:{name}")
    net = net(**{symbol: 96 if symbol in ("H", "W") else 4 for symbol in net.symbols})
    met = {}
    for parameter, default in list(whole_defaults(net).items())[:4]:
        over = {parameter: tuple(sorted({max(1, default // 2), default, default + 1, 2 * default}))}
        try:
            rows = list(net.sweep(over, columns=COLUMNS).rows)
        except SymparamsError as error:
            met[parameter] = error.message
            continue
        assert rows == each(net, over), parameter
        assert default in {row[0] for row in rows}, parameter
        met[parameter] = "rows"
    assert "rows" in met.values() or name in WITHOUT, met

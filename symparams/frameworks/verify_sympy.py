"""The network worked out by sympy alone beside its closed forms: every figure and every size, layer by layer."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

import sympy

from ..core.layer import CoreLayer, in_sympy
from ..core.network import CoreNetwork
from ..evaluate.engines import SYMPY
from ..evaluate.figures import COUNTS
from ..sampling import admissible
from .comparison import Difference, Verified


def differences(net: CoreNetwork, times: int) -> Iterator[Verified]:
    """What differs at admissible values of the symbols, which are drawn `times` times.

    Raises SymparamsError where no values that fit the conditions are found.
    """
    by_sympy = CoreNetwork(net.program, net.values, net.freed, SYMPY)
    choice = random.Random(0)
    ours, theirs = list(net.rows()), list(by_sympy.rows())
    paired = list(map(_row, ours)) == list(map(_row, theirs))
    pairs = list(zip(ours, theirs)) if paired else []
    own = [] if paired else [layer.name for layer in ours]
    for _ in range(times if net.symbols else 1):
        values, _ = admissible(net, choice)
        found = [d for pair in pairs for d in _of_layers(*pair, values)]
        found += _between("the network", _of_network(net), _of_network(by_sympy), values)
        yield Verified(values, len(pairs), own, found)


def _row(layer: CoreLayer) -> tuple[str, str, int]:
    """What tells rows apart: turns that are seen to be alike by the one engine alone make other rows in the other."""
    return layer.name, layer.layer, len(layer.row.turns)


def _of_layers(ours: CoreLayer, theirs: CoreLayer, values: Mapping[str, Any]) -> Iterator[Difference]:
    turns = {index.name: 0 for index, _ in ours.row.turns}
    yield from _between(ours.name, _of_layer(ours), _of_layer(theirs), {**values, **turns})


def _of_layer(layer: CoreLayer) -> dict[str, Any]:
    return {
        **{name: in_sympy(layer.quantity(name)) for name in COUNTS},
        "count": layer.count,
        "output": layer.output,
        **{f"tensor {t.name}": tuple(map(in_sympy, t.factors)) for t in layer.tensors},
    }


def _of_network(net: CoreNetwork) -> dict[str, Any]:
    shapes = tuple(in_sympy(size) for size in net.output_shape)
    return {**{name: in_sympy(net.quantity(name)) for name in COUNTS}, "output": shapes}


def _between(
    layer: str, ours: Mapping[str, Any], theirs: Mapping[str, Any], values: Mapping[str, Any]
) -> Iterator[Difference]:
    for what in dict.fromkeys((*ours, *theirs)):
        stated, found = _at(ours.get(what), values), _at(theirs.get(what), values)
        if stated != found:
            yield Difference(layer, what, stated, found)


def _at(value: Any, values: Mapping[str, Any]) -> Any:
    """A formula with numbers put in for its symbols, by name."""
    if isinstance(value, tuple):
        return tuple(_at(part, values) for part in value)
    if not isinstance(value, sympy.Basic):
        return value
    numbers = {s: sympy.Rational(values[s.name]) for s in value.free_symbols}
    return sympy.sympify(value.xreplace(numbers))

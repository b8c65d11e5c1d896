"""Where the symbols of a network stand: in the parameters of which layers, how strongly, and in which formulas else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..closed_forms.conditions import symbols_in
from ..closed_forms.dependence import Dependence, dependence
from ..closed_forms.polynomial import Quantity, expression, symbols_of
from ..core.layer import CoreLayer
from ..core.network import CoreNetwork
from ..errors import LimitError
from ..evaluate.figures import BASIC, PARAMS
from ..language.dialects import DIALECTS


class Contribution(NamedTuple):
    """What a layer adds to the parameters of the network, all its occurrences together."""

    layer: CoreLayer
    params: Quantity


class Occurrence(NamedTuple):
    """Where a symbol stands: in the total of the parameters, in the layers' own, and in which other formulas."""

    name: str
    total: Dependence | None
    layers: tuple[tuple[Contribution, Dependence], ...]
    elsewhere: tuple[str, ...]


def contributions(net: CoreNetwork) -> list[Contribution]:
    """The layers with what they add to the parameters; blocks where there are too many layers to list."""
    try:
        layers = list(net.rows())
    except LimitError:
        layers = list(net.rows(0))
    return [Contribution(layer, layer.in_all(PARAMS.name)) for layer in layers]


def dependencies(net: CoreNetwork) -> tuple[Occurrence, ...]:
    """Where each symbol of the network stands, in the order in which the program names them."""
    added = contributions(net)
    return tuple(occurrence(net, name, added) for name in net.symbols)


def occurrence(net: CoreNetwork, name: str, added: Iterable[Contribution] | None = None) -> Occurrence:
    layers = contributions(net) if added is None else added
    found = [(contribution, dependence(contribution.params, name)) for contribution in layers]
    return Occurrence(
        name,
        dependence(net.quantity(PARAMS.name), name),
        tuple((contribution, how) for contribution, how in found if how),
        tuple(where for where, values in _other_formulas(net) if any(name in names_in(value) for value in values)),
    )


def names_in(value: Quantity) -> set[str]:
    return {symbol.name for symbol in symbols_of(value)}


def _other_formulas(net: CoreNetwork) -> Iterator[tuple[str, Iterable[Quantity]]]:
    yield "the output", net.output_shape
    for name, figure in BASIC.items():
        if figure.apart and figure.apart(DIALECTS[net.dialect]):
            yield f"the {figure.aside}", (net.quantity(name),)
    yield "the conditions", map(expression, symbols_in(net.guards))

"""A network as one JSON object: integers are integers, formulas are text that sympy reads back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from ..closed_forms.polynomial import Quantity
from ..closed_forms.powers import meant
from ..core.layer import CoreLayer, Counts
from ..core.network import CoreNetwork
from ..evaluate.figures import COUNTS, LOOKED, MACS, OUTPUT, PARAMS, ROWS, Figure
from ..evaluate.memory import USUAL
from ..evaluate.model import Shape, Tensor
from ..formula import python
from .counted_by import tool_record


def network_record(net: CoreNetwork, depth: int | None = None, asked: Iterable[str] = ()) -> dict[str, Any]:
    """Everything that is known of a network; its layers with blocks opened `depth` deep, wholly where that is None.

    `asked` names figures that are given besides those of every record.
    """
    outputs = [_sizes(shape, net) for shape in net.output_shapes]
    return {
        "name": net.name,
        "dialect": net.dialect,
        "symbols": [name for name in net.symbols if name not in net.settled],
        "conditions": [python.condition(c, net.order) for c in net.guards_for(asked)],
        "inputs": {name: _sizes(shape, net) for name, shape in net.input_shapes.items()},
        OUTPUT.name: outputs[0] if len(outputs) == 1 else outputs or None,
        **_counts(net, net, asked),
        **tool_record(net, MACS.name),
        "layers": [layer_record(layer, net, asked) for layer in net.rows(depth)],
        **({"opaque": list(net.opaque)} if net.opaque else {}),
        **({"warnings": [w.as_dict() for w in net.warnings]} if net.warnings else {}),
    }


def layer_record(layer: CoreLayer, net: CoreNetwork, asked: Iterable[str] = ()) -> dict[str, Any]:
    """A row: the figures of one occurrence, and how often it occurs; `turns` names the number of the turn in them."""
    turns = {s.name: python.jsonable(meant(n), net.order) for s, n in layer.row.turns}
    return {
        "name": layer.name,
        "layer": layer.layer,
        "count": python.jsonable(layer.count_quantity, net.order),
        **({"turns": turns} if turns else {}),
        OUTPUT.name: None if layer.is_unused else _sizes(layer.output_shape, net),
        **_counts(layer, net, asked),
        "weights": [tensor_record(tensor, net) for tensor in layer.tensors],
    }


def tensor_record(tensor: Tensor, net: CoreNetwork) -> dict[str, Any]:
    record = {"name": tensor.name, "shape": _sizes(tensor.shape, net), "trainable": tensor.trainable}
    if tensor.times != 1:
        record["count"] = python.jsonable(tensor.times, net.order)
    return {**record, "tied": tensor.tied} if tensor.tied else record


def command_record(net: CoreNetwork, figure: Figure, **use: Any) -> dict[str, Any]:
    """What a figure's command prints: the figure, with all that goes with it; `use` is of those that are by use."""
    if figure.of_use:
        found = net.bytes_used(**{**USUAL, **use})
        return {figure.name: {part: python.jsonable(value, net.order) for part, value in found._asdict().items()}}
    if figure is OUTPUT:
        return {OUTPUT.name: network_record(net, 0)[OUTPUT.name]}
    names = [*LOOKED] if figure.of_look else [figure.name]
    record = {name: figure_value(net, name, net) for name in names}
    own = [python.condition(c, net.order) for c in net.guards_for(names) if c not in net.guards]
    return {**record, **({"conditions": own} if own else {}), **tool_record(net, figure.name)}


def shown_counts(net: CoreNetwork, asked: Collection[str] = ()) -> Iterator[tuple[str, Quantity]]:
    """The counts of a network that a reader is shown: the parameters, those that say something more, and the asked."""
    for figure in (row for row in ROWS if row.terms and not (row.waits and row.name not in asked)):
        value = net.quantity(figure.name)
        if figure is PARAMS or figure.name in asked or value != (net.quantity(figure.repeats) if figure.repeats else 0):
            yield figure.title, value


def _counts(counts: Counts, net: CoreNetwork, asked: Iterable[str]) -> dict[str, Any]:
    names = [name for name, figure in COUNTS.items() if figure.where is None or counts.amount(figure.where) != 0]
    return {name: figure_value(counts, name, net) for name in dict.fromkeys((*names, *asked))}


def figure_value(counts: Counts, name: str, net: CoreNetwork) -> Any:
    """A figure as JSON has it: a number or a formula, or one for each axis of the input."""
    if name in LOOKED:
        return _sizes(counts.along_axes(name), net)
    return python.jsonable(counts.quantity(name), net.order)


def _sizes(shape: Shape, net: CoreNetwork) -> list[int | str]:
    return [python.jsonable(size, net.order) for size in shape]

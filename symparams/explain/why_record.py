"""An explanation as one JSON object: integers are integers, formulas are text that sympy reads back."""

from __future__ import annotations

from typing import Any

from ..closed_forms.dependence import Dependence
from ..closed_forms.polynomial import Quantity
from ..core.network import CoreNetwork
from ..evaluate.figures import LOOKED, NON_TRAINABLE, PARAMS, STATE
from ..evaluate.model import Shape
from ..formula import python
from ..tables.record import tensor_record
from .figure_page import addends, changes
from .input_sizes import of_any_size
from .makeup import groups
from .occurrences import Contribution, Occurrence, contributions, dependencies, occurrence
from .subject import Subject, subject_of


def why_record(net: CoreNetwork, name: str | None = None) -> dict[str, Any]:
    """What a network's parameters depend on, or what is known of one symbol, layer, or part of the tensors.

    Raises SymparamsError for a name that the network does not have.
    """
    if name is None:
        return {
            "name": net.name,
            "dialect": net.dialect,
            PARAMS.name: _formula(net.quantity(PARAMS.name), net),
            "symbols": [_symbol_record(found, net) for found in dependencies(net)],
            "input": _input_record(net),
            **{part: _part_record(net, part) for part in (NON_TRAINABLE.name, STATE.name)},
        }
    asked = subject_of(net, name)
    record = {"about": name, "kind": asked.kind}
    if asked.kind == "symbol":
        found = occurrence(asked.net, name)
        return {**record, "value": asked.value, **_symbol_record(found, asked.net), **_in_layers(found, asked.net)}
    if asked.kind == "layer":
        return {**record, "layers": [_layer_record(added, net) for added in _inside(asked)]}
    if asked.kind == "part":
        return {**record, **_part_record(net, name)}
    if asked.kind == "figure":
        return {**record, **_figure_record(net, asked.name)}
    return {**record, "value": asked.value}


def _symbol_record(found: Occurrence, net: CoreNetwork) -> dict[str, Any]:
    return {
        "symbol": found.name,
        "in_params": found.total is not None,
        **(_dependence_record(found.total, net) if found.total else {}),
        "in_layers": [added.layer.name for added, _ in found.layers],
        "elsewhere": list(found.elsewhere),
    }


def _dependence_record(how: Dependence, net: CoreNetwork) -> dict[str, Any]:
    record: dict[str, Any] = {"manner": how.manner, "degree": how.degree}
    for name, value in (("derivative", how.derivative), ("one_more", how.one_more)):
        record[name] = None if value is None else _formula(value, net)
    return record


def _in_layers(found: Occurrence, net: CoreNetwork) -> dict[str, Any]:
    layers = [
        {"name": added.layer.name, PARAMS.name: _formula(added.params, net), **_dependence_record(how, net)}
        for added, how in found.layers
    ]
    return {"in_layers": layers}


def _layer_record(added: Contribution, net: CoreNetwork) -> dict[str, Any]:
    layer = added.layer
    one = Contribution(layer, layer.quantity(PARAMS.name))
    return {
        "name": layer.name,
        "layer": layer.layer,
        PARAMS.name: _formula(one.params, net),
        "count": _formula(layer.count_quantity, net),
        "weights": [tensor_record(tensor, net) for tensor in layer.tensors],
        "depends_on": [name for name in net.symbols if occurrence(net, name, [one]).layers],
    }


def _inside(asked: Subject) -> list[Contribution]:
    added = contributions(asked.net)
    return [a for a in added if a.layer.name == asked.name or a.layer.name.startswith(f"{asked.name}.")]


def _part_record(net: CoreNetwork, part: str) -> dict[str, Any]:
    tensors = [
        {
            "layers": [layer.name for layer in group.layers],
            "tensors": [tensor.name for tensor in group.tensors],
            "elements": _formula(group.elements, net),
        }
        for group in groups(net, part)
    ]
    return {"elements": _formula(net.quantity(part), net), "made_of": tensors}


def _figure_record(net: CoreNetwork, name: str) -> dict[str, Any]:
    if name in LOOKED:
        layers = [
            {"name": layer.name, **dict(zip(LOOKED, (_axes(axes, net) for axes in seen)))}
            for layer, seen in changes(net)
        ]
        return {**{figure: _axes(net.along_axes(figure), net) for figure in LOOKED}, "layers": layers}
    made_of = [
        {"layers": [layer.name for layer in addend.layers], name: _formula(addend.amount, net)}
        for addend in addends(net, name)
    ]
    return {name: _formula(net.quantity(name), net), "made_of": made_of}


def _axes(shape: Shape, net: CoreNetwork) -> list[int | str]:
    return [_formula(value, net) for value in shape]


def _input_record(net: CoreNetwork) -> dict[str, Any] | None:
    found = of_any_size(net)
    if found is None:
        return None
    sizes = {name: _formula(size, net) for name, size in found.sizes.items()}
    if found.fault:
        return {"sizes": sizes, "fault": found.fault.message}
    held = {name: [a.layer.name for a, _ in occurrence(found.net, name).layers] for name in sizes}
    return {"sizes": sizes, "in_layers": held}


def _formula(value: Quantity, net: CoreNetwork) -> int | str:
    return python.jsonable(value, net.order)

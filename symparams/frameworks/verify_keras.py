"""The real Keras model beside the network: the shape of every weight and of every output, layer by layer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from ..core.network import CoreNetwork
from .comparison import Difference, output_differences, sizes_of
from .keras_source import render
from .layer_graph import LayerGraph, Operation, graph

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras


def differences(net: CoreNetwork) -> tuple[int, list[str], list[Difference]]:
    """How many layers were compared, those that Keras does not have, and where the two differ."""
    network = graph(net, "keras", wholly=False)
    model = build(network, net)
    layers = [op for op in network.operations if op.kind != "input"]
    own = [op.name for op in layers if op.kind not in _MERGES and op.build is None and op.module == op.name]
    kept = {layer.name for layer in model.layers}
    compared = [op for op in layers if op.module in kept.difference(own)]
    unread = [op for op in layers if op.module not in kept and op.module == op.name and op.tensors]
    found = [Difference(op.name, "weights", sizes_of(op, "weight"), "none, as no output reads it,") for op in unread]
    calls: dict[str, int] = {}
    for op in compared:
        call = calls[op.module] = calls.get(op.module, -1) + 1
        found += _layer_differences(op, model.get_layer(op.module), call)
    found += output_differences(network.outputs, [tuple(output.shape[1:]) for output in model.outputs])
    return len(calls), own, found


_MERGES = ("add", "mul", "concat")


def build(network: LayerGraph, net: CoreNetwork) -> Any:
    """The model of the written program, which sets Keras's image layout: afterwards that is what it was."""
    scope: dict[str, Any] = {}
    layout = keras.config.image_data_format()
    keras.backend.clear_session()
    try:
        exec(compile(render(network, net.name or "network", net.evaluated.layout), "<model>", "exec"), scope)
        return scope["build"]()
    finally:
        keras.config.set_image_data_format(layout)


def _layer_differences(op: Operation, layer: Any, call: int) -> Iterator[Difference]:
    """What differs in the weights of a layer, and in what its call with this number puts out."""
    seeds = ("seed_generator_state",)
    weights = [w for w in layer.weights if w.name not in seeds]
    state = sorted(tuple(w.shape) for w in weights if _is_state(w, layer))
    trained = sorted(tuple(w.shape) for w in weights if not _is_state(w, layer))
    for what, kind, real in (("weights", "weight", trained), ("state", "state", state)):
        stated = sizes_of(op, kind)
        if stated != real and not call:
            yield Difference(op.name, what, stated, real)
    shape = tuple(layer._inbound_nodes[call].output_tensors[0].shape[1:])
    if shape != op.output:
        yield Difference(op.name, "output", op.output, shape)


def _is_state(weight: Any, layer: Any) -> bool:
    """Whether a weight is never trained, also in a layer that is not frozen."""
    return weight.name in ("mean", "variance", "count") or weight.name.startswith(("moving_", "renorm_"))

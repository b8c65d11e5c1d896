"""The real Keras model beside the network: the shape of every weight and of every output, layer by layer."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

from ..network import Network
from .compare import Difference, sizes_of
from .graph import Operation, graph
from .keras_source import render

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras


def differences(net: Network) -> tuple[int, list[str], list[Difference]]:
    """How many layers were compared, those that Keras does not have, and where the two differ."""
    operations = graph(net, "keras")
    model = build(operations, net)
    own = [op.name for op in operations if op.kind not in _BUILT and op.build is None]
    compared = [op for op in operations if op.name not in own and op.module == op.name and op.kind != "input"]
    found = [d for op in compared for d in _layer_differences(op, model.get_layer(op.name))]
    last = operations[-1]
    if tuple(model.output.shape[1:]) != last.output:
        found.append(Difference("the network", "output", last.output, tuple(model.output.shape[1:])))
    return len(compared), own, found


_BUILT = ("input", "add", "mul", "concat")


def build(operations: Sequence[Operation], net: Network) -> Any:
    scope: dict[str, Any] = {}
    keras.backend.clear_session()
    exec(compile(render(operations, net.name or "network", net.evaluated.layout), "<model>", "exec"), scope)
    return scope["build"]()


def _layer_differences(op: Operation, layer: Any) -> Iterator[Difference]:
    seeds = ("seed_generator_state",)
    weights = [w for w in layer.weights if w.name not in seeds]
    state = sorted(tuple(w.shape) for w in weights if _is_state(w, layer))
    trained = sorted(tuple(w.shape) for w in weights if not _is_state(w, layer))
    for what, kind, real in (("weights", "weight", trained), ("state", "state", state)):
        stated = sizes_of(op, kind)
        if stated != real:
            yield Difference(op.name, what, stated, real)
    shape = tuple(layer.output.shape[1:])
    if shape != op.output:
        yield Difference(op.name, "output", op.output, shape)


def _is_state(weight: Any, layer: Any) -> bool:
    """Whether a weight is never trained, also in a layer that is not frozen."""
    return weight.name in ("moving_mean", "moving_variance", "mean", "variance", "count")

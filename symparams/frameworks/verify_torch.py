"""The real torch model beside the network: the shape of every weight and of every output, layer by layer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import nn

from ..core.network import CoreNetwork
from .comparison import Difference, output_differences, sizes_of
from .layer_graph import LayerGraph, Operation, graph, token_inputs
from .torch_source import class_name, is_module, render


def differences(net: CoreNetwork) -> tuple[int, list[str], list[Difference]]:
    """How many layers were compared, those that torch does not have, and where the two differ.

    The model is built on torch's meta device: no memory is taken and nothing is computed.
    """
    network = graph(net, "torch", wholly=False)
    model = build(network, net.name)
    shapes, whole = run(model, network.operations)
    modules = [op for op in network.operations if is_module(op)]
    compared = [op for op in modules if op.build or op.kind == "id"]
    own = [op.name for op in modules if op.build is None and op.kind != "id" and op.module == op.name]
    found = [d for op in compared for d in _layer_differences(op, getattr(model, op.module), shapes)]
    found += output_differences(network.outputs, whole)
    return len({op.module for op in compared}), own, found


def build(network: LayerGraph, name: str | None) -> nn.Module:
    scope: dict[str, object] = {}
    exec(compile(render(network, class_name(name)), f"<{name}>", "exec"), scope)
    with torch.device("meta"):
        return scope[class_name(name)]()  # type: ignore[operator,no-any-return]


Shape = tuple[int, ...]


def run(model: nn.Module, operations: Sequence[Operation]) -> tuple[dict[str, Shape], list[Shape]]:
    """The shapes that each operation of a module, and those that the model puts out for a batch of two."""
    called: dict[str, list[tuple[int, ...]]] = {}

    def note(name: str) -> object:
        return lambda module, inputs, output: called[name].append(tuple(output.shape[1:]))

    modules = [op for op in operations if is_module(op)]
    for op in modules:
        if op.module not in called:
            called[op.module] = []
            getattr(model, op.module).register_forward_hook(note(op.module))
    tokens = token_inputs(operations)
    inputs = [
        torch.zeros(2, *op.output, device="meta", dtype=torch.long if op.name in tokens else None)
        for op in operations
        if op.kind == "input"
    ]
    model.eval()
    result = model(*inputs)
    whole = [tuple(output.shape[1:]) for output in (result if isinstance(result, tuple) else (result,))]
    return {op.name: called[op.module].pop(0) for op in modules}, whole


def _layer_differences(op: Operation, module: nn.Module, shapes: dict[str, tuple[int, ...]]) -> Iterator[Difference]:
    weights = sorted(tuple(p.shape) for p in module.parameters())
    states = sorted(tuple(b.shape) for name, b in module.named_buffers() if not name.endswith("num_batches_tracked"))
    for what, kind, real in (("weights", "weight", weights), ("state", "state", states)):
        stated = sizes_of(op, kind)
        if stated != real and op.module == op.name:
            yield Difference(op.name, what, stated, real)
    if shapes[op.name] != op.output:
        yield Difference(op.name, "output", op.output, shapes[op.name])

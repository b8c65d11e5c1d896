"""A network as the source of a torch module that runs as it is."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

from ..core.network import CoreNetwork
from .allocated_names import RESERVED, AllocatedNames
from .layer_graph import LayerGraph, Operation, graph, stand_in

_MERGES = {"add": " + ", "mul": " * "}
_PARTS = os.path.join(os.path.dirname(__file__), "torch_parts.py")


def torch_source(net: CoreNetwork) -> str:
    """Python source with one class, named like the network. Raises SymparamsError where a symbol is left."""
    return render(graph(net, "torch"), class_name(net.name))


def what_is_left_out(net: CoreNetwork) -> str | None:
    """What the program does not say of a network: nothing."""
    return None


def class_name(name: str | None) -> str:
    """The network's name in capitals, such as no class around it has."""
    own = "".join(part.title() for part in re.findall(r"[^\W_]+", name or "network"))
    return AllocatedNames(RESERVED["torch"] | _parts().keys()).give(own if own.isidentifier() else None, "Network")


def render(network: LayerGraph, name: str) -> str:
    operations, outputs = network
    made = [f"self.{op.name} = {constructor(op)}" for op in operations if is_module(op) and op.module == op.name]
    made += [line for op in operations for line in _ties_and_freezes(op)]
    inputs = [op.name for op in operations if op.kind == "input"]
    result = "Tensor" if len(outputs) == 1 else f"tuple[{', '.join('Tensor' for _ in outputs)}]"
    parts = _parts_in("\n".join(made))
    lines = [
        *(f"import {module}" for module in ("math",) if any(f"{module}." in line for line in parts)),
        "import torch",
        "from torch import Tensor, nn",
        "",
        "",
        *parts,
        f"class {name}(nn.Module):",
        "    def __init__(self) -> None:",
        "        super().__init__()",
        *(f"        {line}" for line in made),
        "",
        f"    def forward(self, {', '.join(f'{i}: Tensor' for i in inputs)}) -> {result}:",
        *(f"        {line}" for line in _forward(operations, outputs)),
    ]
    return "\n".join(lines) + "\n"


def is_module(op: Operation) -> bool:
    return op.kind not in ("input", "concat", *_MERGES)


def constructor(op: Operation) -> str:
    """The rule's own `build torch`; for a layer without one, a stand-in with the same tensors and output."""
    if op.build is not None:
        return op.build
    return stand_in(op)


def _ties_and_freezes(op: Operation) -> Iterable[str]:
    weights = [t for t in op.tensors if t.kind == "weight"]
    if op.module != op.name:
        return
    tied = next((t.tied for t in weights if t.tied), None)
    if tied:
        yield f"self.{op.name}.weight = self.{tied}.weight"
    if weights and not any(t.trainable for t in weights):
        yield f"self.{op.name}.requires_grad_(False)"


def _forward(operations: Sequence[Operation], outputs: Sequence[Operation]) -> Iterable[str]:
    """One line for each operation; what only the next line reads is called x."""
    lines = [op for op in operations if op.kind != "input"]
    nobody = "return"
    after = dict(pairwise(["", *(op.name for op in lines), nobody]))
    read_by = {op.name: {line.name for line in lines if op.name in line.inputs} for op in operations}
    for output in outputs:
        read_by[output.name].add(nobody)
    passed_on = {op.name for op in lines if read_by[op.name] == {after[op.name]}}
    kept = {op.name for op in operations if read_by[op.name] != {after.get(op.name, after[""])}}
    passed = AllocatedNames(RESERVED["torch"] | kept).give("x", "x")
    names = {op.name: passed if op.name in passed_on else op.name for op in operations}
    for op in lines:
        yield f"{names[op.name]} = {_expression(op, [names[source] for source in op.inputs])}"
    yield f"return {', '.join(names[output.name] for output in outputs)}"


def _expression(op: Operation, inputs: list[str]) -> str:
    if op.kind in _MERGES:
        return _MERGES[op.kind].join(inputs)
    if op.kind == "concat":
        return f"torch.cat([{', '.join(inputs)}], dim={(op.axis or 0) + 1})"
    return f"self.{op.module}({', '.join(inputs)})"


def _parts_in(code: str) -> list[str]:
    """The source of the parts that the code uses."""
    used = [text for name, text in _parts().items() if re.search(rf"\b{name}\(", code)]
    return [line for text in used for line in (*text.rstrip().split("\n"), "", "")]


@cache
def _parts() -> dict[str, str]:
    """The source of each part, by name."""
    with open(_PARTS, encoding="utf-8") as file:
        parts = re.split(r"^(?=class |def )", file.read(), flags=re.M)[1:]
    return {text[: text.index("(")].split()[1]: text for text in parts}

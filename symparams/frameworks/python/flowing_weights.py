"""Whose the weights are that flow as tensors, or that functions are called with: each counts once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ...errors import SymparamsError
from ..graph.growing_program import GraphNode, in_words
from .code_objects import PyObject
from .code_parameters import CodeParameter
from .torch_modules import TorchModules


def is_of_a_layer(owner: Any) -> bool:
    """Whether it is a weight that a layer of torch has made."""
    return isinstance(owner, CodeParameter) and owner.owner is not None


class FlowingWeights:
    """The weights of layers that one run of a module uses otherwise than by calling the layers.

    The first weight of a layer that is called as well is tied to that of the layer. Those of a layer that is not
    called count where they are used, and the rest of its weights apart.
    """

    def __init__(self, modules: TorchModules, needed: Sequence[GraphNode], paths: dict[Any, str]):
        self.modules = modules
        self.paths = paths
        self.called = {id(node.owner) for node in needed}
        owners = {id(node.owner): node.owner for node in needed if node.owner is not None}
        self.used = {id(p): p for p in (modules.tied.get(o, o) for o in owners.values()) if is_of_a_layer(p)}
        for parameter in self.used.values():
            path = f"{paths.get(parameter.owner, 'a layer')}.{parameter.name}"
            if self.is_called(parameter.owner):
                self.tie(parameter, path)
            elif parameter.owner in paths:
                paths[parameter] = path

    def is_called(self, layer: Any) -> bool:
        return id(layer) in self.called

    def tie(self, parameter: CodeParameter, path: str) -> None:
        """Have the uses of the weight of a layer that is called count with the layer."""
        first = next(iter(self.modules.weights(parameter.owner).values()))
        if parameter is not first:
            raise SymparamsError(f"{path} flows on as a tensor, and its layer is called as well: this is not read")
        tied = self.modules.tied
        for other in [o for o, weight in tied.items() if weight is parameter]:
            tied[other] = parameter.owner
        tied[parameter] = parameter.owner

    def apart(self, layer: PyObject) -> list[tuple[str, str]] | None:
        """The weights of a layer that is not called which are used nowhere; None where all count with the layer."""
        own = self.modules.weights(layer)
        alike = len({p.trained for p in own.values()}) < 2
        if alike and not any(id(p) in self.used or p.owner is not layer for p in own.values()):
            return None
        rest = {name: p for name, p in own.items() if p.owner is layer and id(p) not in self.used}
        return [(f"{self.paths[layer]}.{name}", parameter_aside(p)) for name, p in rest.items()]


def parameter_aside(parameter: CodeParameter) -> str:
    """A learned tensor that nothing flows through."""
    call = f"LABEL: parameter({', '.join(map(in_words, parameter.sizes)) or '()'})"
    return f"aside(_) {{ {call if parameter.trained else f'freeze {{ {call} }}'} }}"


def with_their_ties(frozen: Sequence[Any], tied: Mapping[Any, Any]) -> Collection[Any]:
    """What is not trained, with what has its weight from there."""
    return [*frozen, *(other for other, root in tied.items() if root in frozen)]

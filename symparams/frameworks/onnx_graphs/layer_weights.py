"""Which layer each tensor of an ONNX file belongs to: each counts once, whatever reads it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ...closed_forms.polynomial import Quantity
from ...errors import SymparamsError
from ...evaluate.domain import total
from ..graph.growing_program import GraphNode, GraphOperation, GrowingProgram
from ..graph.traced_tensors import TracedTensor
from .file_tensors import FileTensor
from .onnx_paths import path_of_layer, path_of_tensor
from .onnx_values import OnnxWeight

PARAMETER = "parameter"
_STORED_ONCE = "equal tensors, such as biases of zeros, are in the file once: they count for each of their layers"


class OnnxOwner:
    """A layer, by the tensors of the file that it holds."""

    def __init__(self, path: str, tensors: Sequence[FileTensor]):
        self.path = path
        self.tensors = tuple(tensors)


class LayerWeights:
    """The layers made so far, and the tensors that they hold.

    `paths` and `tied` are for the writer of the graph. `operands` are tensors that are learned so far as can be seen,
    `only_numbers` the names of those that are looked at, `merged` the layers into which others were merged.
    """

    def __init__(self, program: GrowingProgram, is_of_torch: bool):
        self.program = program
        self.is_of_torch = is_of_torch
        self.paths: dict[Any, str] = {}
        self.tied: dict[Any, Any] = {}
        self.only_numbers: set[str] = set()
        self.operands: list[FileTensor] = []
        self.merged: list[str] = []
        self.made: dict[tuple[Any, ...], OnnxOwner] = {}
        self.holders: dict[str, OnnxOwner] = {}
        self.parameters: dict[str, GraphNode] = {}

    def layer(
        self,
        call: Any,
        x: TracedTensor,
        operation: GraphOperation,
        held: Sequence[OnnxWeight],
        sizes: Sequence[Quantity] | None,
        state: Iterable[FileTensor] = (),
    ) -> TracedTensor:
        """A layer, once for each use of it. Raises SymparamsError where its rule has not the tensors of the file."""
        tensors = _each_once(source for weight in held for source in weight.sources)
        key = (operation.name, operation.arguments, *(tensor.name for tensor in tensors))
        owner = self.made.get(key) if tensors else None
        if tensors and owner is None:
            owner = self.made[key] = self.owner(path_of_layer(call.node, tensors), tensors)
        self.holders.update((tensor.name, owner) for tensor in state if owner is not None)
        made: TracedTensor = x.after(operation, sizes, owner)
        self.check_elements(made.node, tensors)
        for weight in held:
            for tensor in weight.beside:
                self.parameter(tensor)
        return made

    def check_elements(self, node: Any, tensors: Sequence[FileTensor]) -> None:
        """Raises SymparamsError where a layer's rule has more numbers, or fewer, than the file has for it."""
        weights = (t for stage in node.stages for t in stage.all_tensors() if t.kind == "weight")
        stated = total(tensor.elements for tensor in weights)
        real = sum(tensor.elements for tensor in tensors)
        if isinstance(stated, int) and stated != real:
            raise SymparamsError(f"the file has {real:,} numbers for it, and what it stands for {stated:,}")

    def owner(self, path: str, tensors: Sequence[FileTensor]) -> OnnxOwner:
        """A new owner; its first tensor may be the first of another, to which it is tied then.

        Other tensors that are another's as well are ones that an exporter has found equal: they count for each.
        """
        owner = OnnxOwner(path, tensors)
        for place, tensor in enumerate(tensors):
            holder = self.holders.setdefault(tensor.name, owner)
            if holder is owner:
                continue
            if place > 0 or holder.tensors[0] is not tensor:
                self.program.note(_STORED_ONCE)
                continue
            self.tied[owner] = self.tied.get(holder, holder)
        self.paths[owner] = path
        return owner

    def are_free(self, held: Sequence[OnnxWeight]) -> bool:
        """Whether these may be one layer's: the last belongs to none, or all to one that has no others."""
        tensors = _each_once(source for weight in held for source in weight.sources)
        holder = self.holders.get(held[-1].name)
        return holder is None or [t.name for t in holder.tensors] == [t.name for t in tensors]

    def parameter(self, tensor: FileTensor) -> GraphNode:
        """A tensor of the file as one that flows."""
        node = self.parameters.get(tensor.name)
        if node is None:
            owner = self.owner(path_of_tensor(tensor), [tensor])
            if tensor.kind is None and owner not in self.tied:
                self.operands.append(tensor)
            words = tuple(map(str, tensor.sizes or (1,)))
            node = self.program.add(GraphOperation(PARAMETER, words), self.program.nodes[0], owner)
            self.parameters[tensor.name] = node
        return node

    def flowing(self, weight: OnnxWeight) -> TracedTensor:
        """A weight as a tensor that flows; as one that is only computed where it is a constant."""
        if weight.flows is not None:
            made = weight.flows()
            if made is NotImplemented:
                raise SymparamsError(f"what is done to {weight.name} is not read")
            return made
        (tensor,) = weight.sources
        if not tensor.is_learned_operand(self.is_of_torch):
            return self.constant(weight)
        return TracedTensor(self.program, self.parameter(tensor), tensor.sizes or (1,)).reshaped(weight.sizes)

    @property
    def held(self) -> list[FileTensor]:
        """The tensors of layers, but for those that are tied to others."""
        return _each_once(t for owner in self.paths if owner not in self.tied for t in owner.tensors)

    def constant(self, weight: OnnxWeight) -> TracedTensor:
        """A weight as a tensor that is not learned, and only computed."""
        self.only_numbers.update(source.name for source in (*weight.sources, *weight.beside))
        return TracedTensor(self.program, None, weight.sizes)

    def unread(self, tensors: Iterable[FileTensor]) -> list[FileTensor]:
        """Those that are learned, so far as can be seen, and belong to no layer."""
        found = (t for t in tensors if t.is_learned_operand(self.is_of_torch) and t.elements)
        return [t for t in found if t.name not in self.holders and t.name not in self.only_numbers]


def _each_once(tensors: Iterable[FileTensor]) -> list[FileTensor]:
    return list({tensor.name: tensor for tensor in tensors}.values())

"""Tensors that are learned: those of layers, and those that modules of the code have themselves."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from ...closed_forms.polynomial import Quantity
from ...errors import SymparamsError
from ..graph.growing_program import GraphNode, GraphOperation, GrowingProgram, in_words
from ..graph.traced_tensors import have_one_shape
from .code_objects import Native
from .code_tensors import CodeTensor


class CodeParameter(CodeTensor):
    """A tensor that belongs to a layer, or to a module of the code."""

    __slots__ = ("beside", "bias", "name", "owner", "trained")

    def __init__(self, program: GrowingProgram, sizes: Sequence[Quantity], owner: Any = None, name: str = ""):
        super().__init__(program, None, sizes)
        self.owner = owner
        self.name = name
        self.trained = True
        self.beside: CodeParameter | None = None
        self.bias: CodeParameter | None = None

    def flowing(self) -> GraphNode:
        if self.beside is not None:
            raise SymparamsError(f"a {self.name or 'bias'} flows on as a tensor: this is not read")
        if self.node is None:
            words = tuple(map(in_words, self.sizes)) or ("()",)
            self.node = self.program.add(GraphOperation("parameter", words), self.program.nodes[0], self)
        return self.node

    @property
    def as_tensor(self) -> CodeTensor:
        """The tensor, flowing where the network runs; before that its values are worked out, and count for nothing."""
        node = self.flowing() if self.program.nodes else None
        return self.like(node, self.sizes)

    def reshaped(self, sizes: Sequence[Quantity]) -> Any:
        return self.as_tensor.reshaped(sizes)

    def attribute(self, name: str) -> Any:
        if name == "requires_grad":
            return self.trained
        if name == "requires_grad_":
            return Native(self.set_trained)
        if name in ("data", "clone", "contiguous"):
            return self if name == "data" else Native(lambda *a, **k: self, name)
        if name in _ASKED or name.endswith("_"):
            return super().attribute(name)
        return self.as_tensor.attribute(name)

    def forget_use(self) -> None:
        """Forget where it flows, and the bias beside it."""
        self.node = None
        if self.bias is not None:
            self.bias.beside = None
            self.bias = None

    def copied(self, known: dict[int, Any]) -> CodeParameter:
        """A parameter of its own with the same sizes, for a deep copy."""
        made = known[id(self)] = CodeParameter(self.program, self.sizes)
        made.trained = self.trained
        return made

    def used(self) -> None:
        """Have it in the graph, once something flows there."""
        if self.program.nodes:
            self.flowing()

    def set_trained(self, wanted: Any = True) -> CodeParameter:
        self.trained = bool(wanted)
        return self

    def set_attribute(self, name: str, value: Any) -> None:
        if name == "requires_grad":
            self.trained = bool(value)
        elif name == "data" and isinstance(value, CodeTensor) and not have_one_shape(self, value):
            raise SymparamsError("a parameter gets another shape: this is not read")

    def operate(self, kind: type[ast.operator], other: Any, reverse: bool) -> Any:
        return self.as_tensor.operate(kind, other, reverse)

    def item(self, key: Any) -> Any:
        return self.as_tensor.item(key)


# What code asks of a parameter without using its values.
_ASKED = frozenset(["shape", "size", "dim", "ndim", "numel", "nelement", "dtype", "device", "grad", "is_cuda"])

"""Tensors that are learned: those of layers, and those that modules of the code have themselves."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from ...closed_forms.polynomial import Quantity
from ...errors import SymparamsError
from ..graph.growing_program import GraphNode, GraphOperation, GrowingProgram, in_words
from .code_objects import Native
from .code_tensors import CodeTensor


class CodeParameter(CodeTensor):
    """A tensor that belongs to a layer, or to a module of the code."""

    __slots__ = ("beside", "name", "owner", "trained")

    def __init__(self, program: GrowingProgram, sizes: Sequence[Quantity], owner: Any = None, name: str = ""):
        super().__init__(program, None, sizes)
        self.owner = owner
        self.name = name
        self.trained = True
        self.beside: CodeParameter | None = None

    def flowing(self) -> GraphNode:
        if self.owner is not None or self.beside is not None:
            raise SymparamsError(f"the {self.name or 'bias'} of a layer flows on as a tensor: this is not read")
        if self.node is None:
            first = self.program.nodes[0] if self.program.nodes else None
            if first is None:
                raise SymparamsError("a parameter is used before anything flows in")
            words = tuple(map(in_words, self.sizes))
            self.node = self.program.add(GraphOperation("parameter", words), first, self)
        return self.node

    def reshaped(self, sizes: Sequence[Quantity]) -> Any:
        self.flowing()
        return super().reshaped(sizes)

    def attribute(self, name: str) -> Any:
        if name == "data":
            return self
        if name == "requires_grad":
            return self.trained
        if name == "requires_grad_":
            return Native(self.set_trained)
        if name not in _ASKED and not name.endswith("_"):
            self.used()
        return super().attribute(name)

    @property
    def is_computed(self) -> bool:
        return False

    def copied(self, known: dict[int, Any]) -> CodeParameter:
        """A parameter of its own with the same sizes, for a deep copy."""
        made = known[id(self)] = CodeParameter(self.program, self.sizes)
        made.trained = self.trained
        return made

    def used(self) -> None:
        """Have it in the graph, once something flows there."""
        if self.owner is None and self.program.nodes:
            self.flowing()

    def set_trained(self, wanted: Any = True) -> CodeParameter:
        self.trained = bool(wanted)
        return self

    def set_attribute(self, name: str, value: Any) -> None:
        if name == "requires_grad":
            self.trained = bool(value)

    def operate(self, kind: type[ast.operator], other: Any, reverse: bool) -> Any:
        if self.owner is None:
            self.flowing()
        return super().operate(kind, other, reverse)

    def item(self, key: Any) -> Any:
        self.flowing()
        return super().item(key)


# What code asks of a parameter without using its values.
_ASKED = frozenset(
    ["shape", "size", "dim", "ndim", "numel", "nelement", "dtype", "device", "grad", "is_cuda", "detach"]
)

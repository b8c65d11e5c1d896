"""Tensors as the code has them: their attributes, methods and operators."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from ...closed_forms.polynomial import Quantity
from ...errors import SymparamsError
from ...evaluate.domain import compare
from ..graph import combined_tensors as combining
from ..graph import traced_tensors as shaping
from ..graph.growing_program import BATCH, GraphNode, GrowingProgram
from ..graph.traced_tensors import TracedTensor, has_batch, sizes_in_words
from .code_objects import Native, Unknown
from .tensor_functions import FUNCTIONS


class CodeTensor(TracedTensor):
    """A tensor in the code that is read."""

    @classmethod
    def plain(cls, program: GrowingProgram, node: GraphNode | None, sizes: Sequence[Quantity]) -> CodeTensor:
        return CodeTensor(program, node, sizes)

    def attribute(self, name: str) -> Any:
        if name == "shape":
            return self.sizes
        if name in ("T", "mT"):
            return shaping.swapped(self, -1, -2) if len(self.sizes) > 1 else self
        if name in ("data", "grad"):
            return self
        if name == "ndim":
            return len(self.sizes)
        if name in ("dtype", "device", "is_cuda", "requires_grad", "layout"):
            return Unknown(f"the {name} of a tensor") if name != "is_cuda" else False
        in_place = name.endswith("_") and not name.endswith("__")
        work = FUNCTIONS.get(name) or (FUNCTIONS.get(name[:-1]) if in_place else None)
        if work is None:
            raise AttributeError(f"a tensor has no {name!r} that is read")
        return Native(lambda *a, **k: self.became(work(self, *a, **k)) if in_place else work(self, *a, **k), name)

    def used(self) -> None:
        """Have it in the graph, if its values are learned."""

    def became(self, other: CodeTensor) -> CodeTensor:
        """The tensor itself, with what an operation in place makes of it."""
        self.node, self.sizes = other.node, other.sizes
        return self

    def set_attribute(self, name: str, value: Any) -> None:
        pass

    def item(self, key: Any) -> Any:
        keys = list(key) if isinstance(key, tuple) else [key]
        several = [place for place, part in enumerate(keys) if isinstance(part, (list, CodeTensor))]
        if not several:
            return shaping.indexed(self, key)
        if any(part is Ellipsis for part in keys):
            taken = sum(part is not None and part is not Ellipsis for part in keys)
            place = next(i for i, part in enumerate(keys) if part is Ellipsis)
            keys[place : place + 1] = [slice(None)] * (len(self.sizes) - taken)
            several = [i for i, part in enumerate(keys) if isinstance(part, (list, CodeTensor))]
        if _is_one_of_each_sample(self, keys, several):
            return self.item((slice(None), 0, *keys[2:]))
        if len(several) > 1:
            raise SymparamsError("places on more than one axis at once are not read")
        return self.places(keys, several[0])

    def places(self, keys: Sequence[Any], at: int) -> Any:
        """The values at the places that one of the keys has, a list or a tensor of whole numbers."""
        places = keys[at]
        axis = sum(part is None or isinstance(part, slice) for part in keys[:at])
        if isinstance(places, list):
            parts = [shaping.indexed(self, (*keys[:at], slice(i, i + 1 or None), *keys[at + 1 :])) for i in places]
            return combining.joined(parts, axis)
        own = self.sizes[sum(part is not None for part in keys[:at]) :][: len(places.sizes)]
        if len(own) == len(places.sizes) and not places.is_whole and all(map(_may_be_equal, own, places.sizes)):
            raise SymparamsError("this may choose values by a condition: how many there are depends on values")
        return shaping.taken(shaping.indexed(self, (*keys[:at], slice(None), *keys[at + 1 :])), axis, places.sizes)

    @property
    def is_whole(self) -> bool:
        """Whether its values are known to be whole numbers."""
        return False

    def rows(self) -> list[Any]:
        if not self.sizes or not isinstance(self.sizes[0], int):
            if self.batch_axis == 0:
                raise SymparamsError("the samples of a batch are gone through one by one: this is not read")
            raise SymparamsError(f"a tensor of shape {sizes_in_words(self.sizes)} is gone through")
        return [self.item(i) for i in range(self.sizes[0])]

    def changed(self) -> None:
        """Take note that some of its values are set."""

    def compared(self, sign: str, other: Any, reverse: bool) -> Any:
        """Where a comparison holds."""
        return self.operate(ast.Add, other, reverse)

    def operate(self, kind: type[ast.operator], other: Any, reverse: bool) -> Any:
        if isinstance(other, Unknown):
            raise other.fault("a tensor goes together with a value")
        if not isinstance(other, CodeTensor):
            return self
        one, two = (other, self) if reverse else (self, other)
        if kind is ast.MatMult:
            return combining.multiplied(one, two)
        return combining.combined("mul" if kind in (ast.Mult, ast.Div) else "add", one, two)


def _may_be_equal(one: Quantity, other: Quantity) -> bool:
    return has_batch(one) == has_batch(other) and compare("==", one, other) is not False


def _is_one_of_each_sample(tensor: CodeTensor, keys: Sequence[Any], several: Sequence[int]) -> bool:
    """Whether the keys take one place of every sample, as `x[torch.arange(len(x)), places]` does."""
    if list(several) != [0, 1]:
        return False
    return all(isinstance(k, CodeTensor) and k.sizes == (BATCH,) for k in keys[:2]) and tensor.sizes[0] == BATCH

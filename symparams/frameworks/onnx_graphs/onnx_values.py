"""What goes between ONNX's operators beside tensors that flow: numbers that are known, and weights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import prod
from typing import Any, NamedTuple

from ...closed_forms.polynomial import Quantity
from ...errors import LimitError, SymparamsError
from ...evaluate.domain import total
from ..graph.traced_tensors import TracedTensor, same
from .file_tensors import MAX_NUMBERS, FileTensor


class KnownNumbers:
    """Numbers that are known, an array of numpy whose elements may be symbols; None where they are not looked at.

    `tensor` is the one of the file that they are, if they are one.
    """

    __slots__ = ("array", "is_real", "sizes", "tensor")

    def __init__(
        self, array: Any, is_real: bool = False, sizes: Iterable[Any] | None = None, tensor: FileTensor | None = None
    ):
        self.array = array
        self.is_real = is_real
        self.sizes = tuple(array.shape if sizes is None else sizes)
        self.tensor = tensor

    def all(self) -> list[Quantity]:
        """The numbers in a row. Raises SymparamsError where they are not looked at."""
        if self.array is None:
            raise SymparamsError("numbers are needed that are not read")
        return list(self.array.reshape(-1).tolist())

    def one(self) -> Quantity:
        found = self.all()
        if len(found) != 1:
            raise SymparamsError(f"one number is needed, not {len(found)}")
        return found[0]


class OnnxWeight(NamedTuple):
    """Numbers that are learned: those of tensors of the file, as they are or put together.

    `flows` makes them a tensor in the graph, where they are not one tensor as it is. `beside` are further tensors
    that the numbers have been multiplied by, or the like.
    """

    sources: tuple[FileTensor, ...]
    sizes: tuple[int, ...]
    flows: Callable[[], TracedTensor] | None = None
    beside: tuple[FileTensor, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it has each number of its sources."""
        return prod(self.sizes) == sum(source.elements for source in self.sources)

    @property
    def name(self) -> str:
        return self.sources[0].name


class BellCurve(TracedTensor):
    """The error function of a tensor, of which the activation GELU is made."""

    @classmethod
    def plain(cls, program: Any, node: Any, sizes: Any) -> TracedTensor:
        return TracedTensor(program, node, sizes)


def known(numbers: Any, is_real: bool = False) -> KnownNumbers:
    """A number, or a list of them, that is known."""
    import numpy as np

    if isinstance(numbers, (list, tuple)) and len(numbers) > MAX_NUMBERS:
        raise LimitError(f"more than {MAX_NUMBERS:,} numbers are worked out")
    array: Any = np.empty(len(numbers) if isinstance(numbers, (list, tuple)) else (), dtype=object)
    array[...] = numbers
    return KnownNumbers(array, is_real)


def are_in_a_row(numbers: Sequence[Quantity]) -> bool:
    """Whether each is by one more than the one before it."""
    return all(same(number, total((numbers[0], i))) for i, number in enumerate(numbers))


def value_of(tensor: FileTensor, is_of_torch: bool) -> Any:
    """What a tensor of the file is to begin with: numbers, or a weight."""
    is_weight = tensor.is_initializer and tensor.may_be_learned and tensor.elements > 1
    if is_weight or tensor.is_learned_operand(is_of_torch):
        return OnnxWeight((tensor,), tensor.sizes)
    return KnownNumbers(tensor.array(), tensor.is_real, tensor.sizes, tensor)

"""What flows between the operators: tensors, weights out of the file, and numbers that are known."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ...closed_forms.polynomial import Quantity
from ...errors import LimitError, SymparamsError

# As many numbers as are worked with; the weights are larger, and never read.
MAX_NUMBERS = 4096


class OnnxWeight(NamedTuple):
    """A tensor of the file that is learned, by its name and sizes; `axes` is their order after a transposition."""

    name: str
    sizes: tuple[int, ...]
    axes: tuple[int, ...] = ()

    def permuted(self, order: Sequence[int]) -> OnnxWeight:
        axes = self.axes or tuple(range(len(self.sizes)))
        return OnnxWeight(self.name, tuple(self.sizes[a] for a in order), tuple(axes[a] for a in order))


class Known(NamedTuple):
    """Numbers that are known, as a list of lists of sizes: an array of numpy, whose elements may be symbols."""

    array: Any

    def numbers(self) -> list[Quantity]:
        return list(self.array.reshape(-1).tolist())

    def number(self) -> Quantity:
        found = self.numbers()
        if len(found) != 1:
            raise SymparamsError(f"one number is needed, not {len(found)}")
        return found[0]


class OnnxOwner:
    """The layer that weights belong to, by the path of their names."""

    def __init__(self, path: str):
        self.path = path


def initializers(onnx: Any, graph: Any) -> dict[str, Any]:
    """The tensors of a graph by name: numbers where they are whole or few, else weights. Raises SymparamsError."""
    return {tensor.name: value_of(onnx, tensor, tensor.name) for tensor in graph.initializer}


def value_of(onnx: Any, tensor: Any, name: str | None = None) -> Any:
    """A tensor: a weight where it has a name and is of real numbers in some axis, else the numbers in it."""
    sizes = tuple(tensor.dims)
    if any(size < 0 for size in sizes):
        raise SymparamsError(f"the tensor {name!r} has a negative size")
    elements = 1
    for size in sizes:
        elements *= size
    is_real = tensor.data_type in _real_types(onnx)
    if is_real and name and elements > 1:
        return OnnxWeight(name, sizes)
    if elements > MAX_NUMBERS or tensor.data_location == onnx.TensorProto.EXTERNAL:
        return OnnxConstant(sizes)
    try:
        return Known(onnx.numpy_helper.to_array(tensor).astype(object))
    except Exception as error:
        raise SymparamsError(f"the tensor {name!r} cannot be read: {str(error).splitlines()[0]}") from None


class OnnxConstant(NamedTuple):
    """Numbers that are not looked at, by their sizes."""

    sizes: tuple[int, ...]


def _real_types(onnx: Any) -> frozenset[int]:
    types = onnx.TensorProto
    return frozenset([types.FLOAT, types.FLOAT16, types.BFLOAT16, types.DOUBLE])


def attributes(onnx: Any, node: Any) -> Mapping[str, Any]:
    """An operator's attributes as Python's values. Raises SymparamsError."""
    try:
        found = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    except Exception as error:
        raise SymparamsError(f"an attribute cannot be read: {error}") from None
    return {n: v.decode("utf-8", "replace") if isinstance(v, bytes) else v for n, v in found.items()}


def path_of(name: str, node: str) -> str:
    """What a layer is called: by the path of a weight, else by the scopes in the operator's name."""
    if "::" not in name and "/" not in name and "." in name:
        return name.rpartition(".")[0]
    path = ""
    for scope in node.strip("/").split("/")[:-1]:
        path = scope if scope.startswith(f"{path}.") or not path else f"{path}.{scope}"
    return path or node or re.sub(r"\W+", "_", name)


def known(numbers: Any) -> Known:
    import numpy as np

    if isinstance(numbers, (list, tuple)) and len(numbers) > MAX_NUMBERS:
        raise LimitError(f"more than {MAX_NUMBERS:,} numbers are worked out")
    array: Any = np.empty(len(numbers) if isinstance(numbers, (list, tuple)) else (), dtype=object)
    array[...] = numbers
    return Known(array)

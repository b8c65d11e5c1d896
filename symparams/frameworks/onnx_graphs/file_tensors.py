"""The tensors that an ONNX file holds: their names, sizes and, where they are few, their numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import prod
from typing import Any

from ...errors import SymparamsError
from .onnx_file import first_line

# As many numbers as are looked at; of a larger tensor the sizes are enough.
MAX_NUMBERS = 65_536
# Names that exporters give to tensors that they have worked out.
_MADE_UP = re.compile(
    r".*(::|/).*|(val|scalar_tensor_default|lift_fresh_copy|_to_copy)(_\d+)?|\w+_cast(_\d+)?", re.DOTALL
)
# Where torch's exporter writes what a tensor of the model was, and what it writes for one that is learned.
_KIND = "pkg.torch.export.graph_signature.InputSpec.kind"
_LEARNED_KIND = "PARAMETER"


class FileTensor:
    """A tensor of the file; `kind` is what it was in the model, where the file says so.

    Raises SymparamsError for sizes or numbers that cannot be.
    """

    __slots__ = ("is_initializer", "is_real", "kind", "name", "onnx", "proto", "sizes")

    def __init__(self, onnx: Any, proto: Any, name: str, is_initializer: bool, kind: str | None = None):
        self.onnx = onnx
        self.proto = proto
        self.name = name
        self.is_initializer = is_initializer
        self.kind = kind
        self.sizes = tuple(proto.dims)
        width = _widths_of_reals(onnx.TensorProto).get(proto.data_type)
        self.is_real = width is not None
        if any(size < 0 for size in self.sizes):
            raise SymparamsError(f"the tensor {name!r} has a negative size")
        if width and proto.raw_data and len(proto.raw_data) != self.elements * width:
            raise SymparamsError(f"the tensor {name!r} has not as many numbers as its sizes {self.sizes} say")

    @property
    def elements(self) -> int:
        return prod(self.sizes)

    @property
    def is_made_up(self) -> bool:
        """Whether its name is one that exporters give to what they have worked out."""
        return bool(_MADE_UP.fullmatch(self.name))

    @property
    def is_one_constant(self) -> bool:
        """Whether it is the same number again and again, put there by an exporter for a layer without weights."""
        if self.is_initializer and not self.is_made_up:
            return False
        array = self.array()
        return array is not None and len(set(array.reshape(-1).tolist())) == 1

    def array(self) -> Any:
        """Its numbers, as an array of numpy with Python's numbers; None for too many, or for numbers elsewhere."""
        found = None if self.elements > MAX_NUMBERS else self.matrix()
        return None if found is None else found.astype(object)

    def matrix(self) -> Any:
        """All its numbers, of whatever type numpy has for them; None where they are not in the file."""
        if self.proto.data_location == self.onnx.TensorProto.EXTERNAL:
            return None
        try:
            return self.onnx.numpy_helper.to_array(self.proto)
        except Exception as error:
            raise SymparamsError(f"the tensor {self.name!r} cannot be read: {first_line(error)}") from None

    @property
    def may_be_learned(self) -> bool:
        return self.is_real and self.kind in (None, _LEARNED_KIND)

    def is_learned_operand(self, is_of_torch: bool) -> bool:
        """Whether it is learned where it is added to what flows, or multiplies it: one number is a constant there.

        Torch's first exporter has constants elsewhere: an initializer with a name of the model's is a parameter.
        """
        if not (self.is_initializer and self.may_be_learned):
            return False
        return self.kind is not None or self.elements > 1 or (is_of_torch and not self.is_made_up)


def kinds_of(graph: Any) -> Mapping[str, str]:
    """What tensors were in the model, by name, where torch's exporter has written it."""
    return {v.name: p.value for v in graph.value_info for p in v.metadata_props if p.key == _KIND}


def _widths_of_reals(types: Any) -> Mapping[int, int]:
    """The types of real numbers, with the bytes of each."""
    eighths = [getattr(types, name) for name in dir(types) if name.startswith("FLOAT8")]
    return {
        types.FLOAT: 4,
        types.DOUBLE: 8,
        types.FLOAT16: 2,
        types.BFLOAT16: 2,
        **dict.fromkeys(eighths, 1),
    }

"""One operator of an ONNX graph: its attributes, and what it may ask of the graph around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...closed_forms.polynomial import Quantity
from ...errors import SymparamsError
from ...evaluate.domain import divide, multiply, total
from ..graph.growing_program import GraphOperation
from ..graph.traced_tensors import TracedTensor
from .onnx_file import first_line
from .onnx_paths import path_of_layer
from .onnx_values import KnownNumbers, OnnxWeight

# Where torch's exporter writes the rules by which it has put operators together, and that for batch norms.
_REWRITTEN_BY = "pkg.onnxscript.rewriter.rule_name"
_BATCH_NORM_MERGED = "FuseBatchNormIntoConv"


class OnnxCall:
    """One operator. `reader` is what reads the graph."""

    def __init__(self, reader: Any, node: Any):
        self.reader = reader
        self.node = node
        self.attributes = _attributes(reader.onnx, node)

    @property
    def kind(self) -> str:
        return str(self.node.op_type)

    @property
    def called(self) -> str:
        """What it is called in a message."""
        return f"{self.kind} {self.node.name or next(iter(self.node.output), '')!r}"

    def tensor(self, value: Any) -> TracedTensor:
        """A value as a tensor: a weight as one that is learned, numbers as one that is only computed."""
        if isinstance(value, TracedTensor):
            return value
        if isinstance(value, OnnxWeight):
            return self.reader.weights.flowing(value)  # type: ignore[no-any-return]
        if value is None:
            raise SymparamsError("something that flows in is missing")
        return TracedTensor(self.reader.program, None, value.sizes)

    def learned(self, value: Any) -> OnnxWeight | None:
        """A weight of a layer, where the value is one, or is a constant of the file in the place of one."""
        if isinstance(value, KnownNumbers) and value.tensor is not None and value.tensor.may_be_learned:
            return OnnxWeight((value.tensor,), value.tensor.sizes)
        return value if isinstance(value, OnnxWeight) else None

    def affine(self, value: Any) -> OnnxWeight | None:
        """The scale or the shift of a normalisation, but for one that an exporter puts there for none."""
        weight = self.learned(value)
        if weight is None or (len(weight.sources) == 1 and weight.sources[0].is_one_constant):
            return None
        return weight

    def layer(
        self,
        x: TracedTensor,
        name: str,
        words: Sequence[str],
        held: Sequence[OnnxWeight | None],
        sizes: Sequence[Quantity] | None = None,
        state: Sequence[Any] = (),
    ) -> TracedTensor:
        """A layer with these weights, of which the first is the one that may be another layer's as well."""
        found = [weight for weight in held if weight is not None]
        kept = [tensor for value in state if (weight := self.learned(value)) for tensor in weight.sources]
        return self.reader.weights.layer(self, x, GraphOperation(name, tuple(words)), found, sizes, kept)  # type: ignore[no-any-return]

    def note_merged(self, weight: OnnxWeight) -> None:
        """Note a convolution into which the exporter has merged a batch norm, so far as that can be seen."""
        self.reader.weights.merged.append(path_of_layer(self.node, weight.sources))

    @property
    def is_merged(self) -> bool:
        """Whether the exporter says that it has merged a batch norm into it."""
        return any(_BATCH_NORM_MERGED in p.value for p in self.node.metadata_props if p.key == _REWRITTEN_BY)

    def expect(self, size: Quantity, number: Quantity) -> None:
        """Take a size as what a weight needs. Raises SymparamsError where it is not."""
        self.reader.expect(size, number)

    # Arguments

    def numbers(self, value: Any) -> list[Quantity]:
        """Numbers that are needed as they are. Raises SymparamsError where they are not known."""
        if isinstance(value, OnnxWeight) and value.flows is None:
            self.reader.weights.only_numbers.add(value.name)
            value = KnownNumbers(value.sources[0].array(), True, value.sizes)
        if not isinstance(value, KnownNumbers):
            raise SymparamsError("numbers are needed here that depend on what flows in")
        return value.all()

    def listed(self, name: str, value: Any) -> list[Any] | None:
        """An argument that older graphs have as an attribute, and newer ones as an input."""
        if value is not None:
            return self.numbers(value)
        given = self.attributes.get(name)
        return given if given is None or isinstance(given, list) else [given]

    def cuts(self, given: Sequence[Any]) -> list[tuple[int, Any, Any, Any]]:
        """The axis, start, end and step of each cut of a Slice."""
        names = ("starts", "ends", "axes", "steps")
        padded = [*given, *[None] * (len(names) - len(given))]
        starts, ends, axes, steps = (self.listed(name, value) for name, value in zip(names, padded))
        if starts is None or ends is None or len(starts) != len(ends):
            raise SymparamsError("where it is cut is not said")
        axes = list(range(len(starts))) if axes is None else axes
        steps = [1] * len(starts) if steps is None else steps
        return list(zip(axes, starts, ends, steps))

    def split_lengths(self, lengths: Any, whole: Quantity) -> list[Quantity]:
        found = self.listed("split", lengths)
        if found is not None:
            return list(found)
        count = self.attributes.get("num_outputs", len(self.node.output))
        step = -(-whole // count) if isinstance(whole, int) else divide(whole, count)
        return [*[step] * (count - 1), total((whole, multiply(-(count - 1), step)))]


def _attributes(onnx: Any, node: Any) -> Mapping[str, Any]:
    """An operator's attributes as Python's values. Raises SymparamsError."""
    try:
        found = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    except Exception as error:
        raise SymparamsError(f"an attribute cannot be read: {first_line(error)}") from None
    return {n: v.decode("utf-8", "replace") if isinstance(v, bytes) else v for n, v in found.items()}

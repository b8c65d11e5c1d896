"""The sizes that the onnx package works out: a second opinion, and all there is of operators that are not read."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

from ...closed_forms.polynomial import Quantity
from ...errors import SymparamsError
from ...evaluate.domain import divide
from ..graph.growing_program import BATCH, GrowingProgram
from ..graph.traced_tensors import TracedTensor, has_batch, sizes_in_words
from .file_tensors import MAX_NUMBERS
from .graph_inputs import BatchPlan, Dim

Dims = tuple[Dim, ...]


class OnnxShapes:
    """Sizes by the names of values: those that were worked out, and those that the file states."""

    def __init__(self, onnx: Any, model: Any):
        stated = {entry.name: dims for entry in model.graph.value_info if (dims := _dims(entry)) is not None}
        self.found = _worked_out(onnx, model)
        self.stated: Mapping[str, Dims] = {**_outputs(model.graph), **stated, **self.found}

    def check(self, name: str, tensor: TracedTensor, plan: BatchPlan) -> None:
        """Raises SymparamsError where a tensor has other sizes than the onnx package works out for it."""
        dims = self.found.get(name)
        if dims is None:
            return
        if len(dims) == len(tensor.sizes) and not any(map(_differ, tensor.sizes, dims, [plan] * len(dims))):
            return
        theirs = ", ".join("?" if dim is None else str(dim) for dim in dims)
        raise SymparamsError(f"it puts out ({theirs}), and is read as {sizes_in_words(tensor.sizes)}")

    def sizes(
        self, name: str, program: GrowingProgram, plan: BatchPlan, names: Mapping[str, str]
    ) -> list[Quantity] | None:
        """The sizes of a value, the batch as ours; None where one is not known."""
        dims = self.stated.get(name)
        if dims is None or not all(isinstance(dim, int) or dim in names for dim in dims):
            return None
        sizes: list[Quantity] = [dim if isinstance(dim, int) else program.symbol(names[str(dim)]) for dim in dims]
        if not plan.axes:
            return sizes
        likely = next(iter(plan.axes.values()))
        places = [place for place, dim in enumerate(dims) if dim is not None and dim == plan.size]
        if likely in places or len(places) == 1:
            place = likely if likely in places else places[0]
            return [*sizes[:place], BATCH, *sizes[place + 1 :]]
        return None


def _differ(size: Quantity, dim: Dim, plan: BatchPlan) -> bool:
    if not isinstance(dim, int):
        return False
    if has_batch(size):
        each = divide(size, BATCH)
        return isinstance(each, int) and isinstance(plan.size, int) and each * plan.size != dim
    return isinstance(size, int) and size != dim


def _dims(entry: Any) -> Dims | None:
    if not entry.type.HasField("tensor_type") or not entry.type.tensor_type.HasField("shape"):
        return None
    return tuple(d.dim_value or d.dim_param or None for d in entry.type.tensor_type.shape.dim)


def _outputs(graph: Any) -> dict[str, Dims]:
    return {entry.name: dims for entry in graph.output if (dims := _dims(entry)) is not None}


def _worked_out(onnx: Any, model: Any) -> dict[str, Dims]:
    """By inference from the inputs and the operators alone; nothing where that fails."""
    try:
        inferred = onnx.shape_inference.infer_shapes(_without_numbers(onnx, model))
    except Exception:
        return {}
    entries = (*inferred.graph.value_info, *inferred.graph.output)
    return {entry.name: dims for entry in entries if (dims := _dims(entry)) is not None}


def _without_numbers(onnx: Any, model: Any) -> Any:
    """The model with its larger tensors as inputs, of which the sizes are enough, and without the sizes it states."""
    graph = model.graph
    external = onnx.TensorProto.EXTERNAL
    small = [t for t in graph.initializer if prod(t.dims) <= MAX_NUMBERS and t.data_location != external]
    held = {t.name for t in graph.initializer} - {t.name for t in small}
    large = [t for t in graph.initializer if t.name in held]
    inputs = [entry for entry in graph.input if entry.name not in held]
    inputs += [onnx.helper.make_tensor_value_info(t.name, t.data_type, list(t.dims)) for t in large]
    outputs = [onnx.helper.make_empty_tensor_value_info(entry.name) for entry in graph.output]
    light = onnx.helper.make_graph(graph.node, "light", inputs, outputs, small)
    return onnx.helper.make_model(light, opset_imports=model.opset_import, ir_version=model.ir_version)

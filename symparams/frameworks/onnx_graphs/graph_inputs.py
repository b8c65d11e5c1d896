"""What flows into an ONNX graph: its sizes, those that are named as symbols, and which axis is that of the batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from keyword import iskeyword
from typing import Any, NamedTuple

from ...closed_forms.polynomial import Quantity
from ...errors import SymparamsError
from ..graph.graph_writer import WORDS
from ..graph.growing_program import BATCH, GrowingProgram
from ..graph.traced_tensors import TracedTensor, flow_sizes

Dim = int | str | None

# What exporters call the axis of the batch.
_BATCHES = ("batch", "batch_size", "batchsize", "n", "b", "bs", "unk__0")
_LETTERS = {1: "T", 2: "TD", 3: "CHW", 4: "CDHW"}


class GraphInput(NamedTuple):
    """An input by its name and sizes: a number, a name, or None for one that is open."""

    name: str
    dims: tuple[Dim, ...]


class BatchPlan(NamedTuple):
    """Which axis of each input is that of the batch, by the input's name, and its size there.

    `said` is what a reader should know of the choice.
    """

    axes: Mapping[str, int]
    size: Dim
    said: str | None = None


def inputs_of(graph: Any) -> list[GraphInput]:
    """The inputs that are no tensors of the file. Raises SymparamsError."""
    held = {tensor.name for tensor in graph.initializer}
    return [GraphInput(entry.name, dims_of(entry)) for entry in graph.input if entry.name not in held]


def dims_of(entry: Any) -> tuple[Dim, ...]:
    """Raises SymparamsError for what is no tensor, or has no sizes."""
    if entry.type.WhichOneof("value") != "tensor_type":
        raise SymparamsError(f"the input {entry.name!r} is no tensor")
    if not entry.type.tensor_type.HasField("shape"):
        raise SymparamsError(f"the file does not say how many axes the input {entry.name!r} has")
    dims = tuple(d.dim_value or d.dim_param or None for d in entry.type.tensor_type.shape.dim)
    if any(isinstance(dim, int) and dim < 0 for dim in dims):
        raise SymparamsError(f"the input {entry.name!r} has a negative size")
    return dims


def plans(inputs: Sequence[GraphInput]) -> Iterator[BatchPlan]:
    """The axes that may be those of the batch, the likeliest first: by their names; the first, the second, none."""
    named = {name: place for name, dims in inputs if (place := _named_batch(dims)) is not None}
    if named:
        first = next(iter(named))
        yield BatchPlan(named, dict(inputs)[first][named[first]])
        return
    shaped = [entry for entry in inputs if entry.dims]
    for place in (0, 1):
        found = _all_alike(shaped, place)
        if found is not None:
            yield found
    yield BatchPlan({}, None, "no axis of what flows in is taken to be that of the batch")


def _named_batch(dims: Sequence[Dim]) -> int | None:
    return next((place for place, dim in enumerate(dims) if str(dim).lower() in _BATCHES), None)


def _all_alike(inputs: Sequence[GraphInput], place: int) -> BatchPlan | None:
    """The plan with one axis of all inputs, or of those that have the first one's size there."""
    if not inputs or len(inputs[0].dims) <= place:
        return None
    size = inputs[0].dims[place]
    axes = {name: place for name, dims in inputs if len(dims) > place and (dims[place] == size or dims[place] is None)}
    if place == 0:
        return BatchPlan(axes, size)
    return BatchPlan(axes, size, f"axis {place} of what flows in is taken to be that of the batch")


def flowing(program: GrowingProgram, entry: GraphInput, plan: BatchPlan, names: Mapping[str, str]) -> TracedTensor:
    """The tensor of an input, whose named and open sizes are symbols."""
    place = plan.axes.get(entry.name)
    letters = _LETTERS.get(len(entry.dims) - (place is not None), "")
    sizes: list[Quantity] = []
    for axis, dim in enumerate(entry.dims):
        if axis == place:
            sizes.append(BATCH)
        elif isinstance(dim, int):
            sizes.append(dim)
        else:
            own = axis - (place is not None and axis > place)
            letter = letters[own] if letters else f"N{axis}"
            sizes.append(program.symbol(names[dim] if dim else letter))
    if not entry.dims:
        return TracedTensor(program, None, ())
    node = program.input(entry.name, flow_sizes(sizes) or (1,))
    if len(sizes) == 1 and place == 0:
        return TracedTensor(program, node, (BATCH, 1)).reshaped(sizes)
    return TracedTensor(program, node, sizes)


def symbol_names(inputs: Sequence[GraphInput]) -> Mapping[str, str]:
    """Names of the language for the sizes that are named, each its own."""
    taken: dict[str, str] = {}
    for entry in inputs:
        for axis, dim in enumerate(entry.dims):
            if isinstance(dim, str) and dim not in taken:
                usable = dim.isidentifier() and not iskeyword(dim) and dim not in WORDS and not dim.startswith("_")
                name = dim if usable and dim not in taken.values() else f"N{axis}"
                while name in taken.values():
                    name += "_"
                taken[dim] = name
    return taken

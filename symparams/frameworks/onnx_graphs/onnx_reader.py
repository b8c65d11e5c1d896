"""A graph of ONNX's operators as a program: each operator does to traced tensors what it stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...closed_forms.polynomial import Quantity
from ...errors import LimitError, Source, SourceParts, SymparamsError, listing
from ...evaluate.model import OPAQUE
from ...language.dialects import TORCH
from ..graph.growing_program import BATCH, GraphNode, GraphOperation, GrowingProgram, in_words
from ..graph.traced_tensors import TracedTensor, flow_sizes, permuted
from ..graph.written_graph import written
from .onnx_file import model_of, onnx_package, with_shapes
from .onnx_layers import LAYERS
from .onnx_numbers import NUMBERS
from .onnx_operators import OPERATORS
from .onnx_values import Known, OnnxConstant, OnnxOwner, OnnxWeight, attributes, initializers, path_of

_LETTERS = {1: "T", 2: "TD", 3: "CHW", 4: "CDHW"}
# What an operator that is not as it should be leads to.
_FAULTS = (KeyError, IndexError, TypeError, ValueError, AttributeError, ArithmeticError)
_BATCHES = ("batch", "batch_size", "n", "b", "bs", "batchsize")


def source_of_onnx(given: Any, name: str) -> Source:
    """The program of an ONNX model, by its path, bytes or object. Raises SymparamsError."""
    reader = OnnxReader(with_shapes(model_of(given, name)))
    outputs = reader.outputs()
    program = reader.program
    title = reader.model.graph.name or "network"
    text, shown = written(program, title, outputs, reader.paths, [], reader.tied, [], program.nodes)
    return Source(name, text, shown, list(program.notes.values()), SourceParts(text, {}))


class OnnxReader:
    """Reads the operators of one graph in their order; `values` are what flows, by name."""

    def __init__(self, model: Any):
        self.onnx = onnx_package()
        self.model = model
        self.graph = model.graph
        self.program = GrowingProgram(TORCH.name)
        self.values: dict[str, Any] = initializers(self.onnx, self.graph)
        self.readers = _readers(self.graph)
        self.shapes = {v.name: v for v in (*self.graph.value_info, *self.graph.output)}
        self.owners: dict[str, OnnxOwner] = {}
        self.paths: dict[Any, str] = {}
        self.tied: dict[Any, Any] = {}
        self.batch: int | str | None = None
        self.attributes: Mapping[str, Any] = {}
        self.node: Any = None
        self.absorbed: dict[str, str] = {}

    def outputs(self) -> list[GraphNode]:
        """What the network puts out. Raises SymparamsError."""
        for entry in self.graph.input:
            if entry.name not in self.values:
                self.values[entry.name] = self.input(entry)
        for node in self.graph.node:
            self.run(node)
        found = []
        for output in self.graph.output:
            value = self.values.get(output.name)
            if isinstance(value, TracedTensor) and value.node is not None:
                found.append(value.flowing())
        if not found:
            raise SymparamsError("nothing that flows in comes out of the graph")
        return found

    def input(self, entry: Any) -> TracedTensor:
        kind = entry.type.WhichOneof("value")
        if kind != "tensor_type":
            raise SymparamsError(f"the input {entry.name!r} is no tensor")
        dims = [d.dim_value or d.dim_param or None for d in entry.type.tensor_type.shape.dim]
        if any(isinstance(d, int) and d < 0 for d in dims):
            raise SymparamsError(f"the input {entry.name!r} has a negative size")
        named = [str(d).lower() for d in dims]
        place = next((axis for axis, dim in enumerate(named) if dim in _BATCHES), 0)
        self.batch = dims[place] if dims and self.batch is None else self.batch
        letters = _LETTERS.get(len(dims) - 1, "")
        sizes: list[Quantity] = []
        for axis, dim in enumerate(dims):
            if axis == place:
                sizes.append(BATCH)
            elif isinstance(dim, int):
                sizes.append(dim)
            else:
                letter = letters[axis - (axis > place)] if letters else f"N{axis}"
                sizes.append(self.program.symbol(dim if isinstance(dim, str) and dim.isidentifier() else letter))
        node = self.program.input(entry.name, flow_sizes(sizes))
        return TracedTensor(self.program, node, sizes)

    def run(self, node: Any) -> None:
        """One operator. Raises SymparamsError with its name."""
        self.node, self.attributes = node, attributes(self.onnx, node)
        if any(output in self.absorbed for output in node.output):
            self.values[node.output[0]] = self.values[self.absorbed[node.output[0]]]
            return
        try:
            made = self.made(node)
        except (
            SymparamsError,
            KeyError,
            IndexError,
            TypeError,
            ValueError,
            AttributeError,
            ZeroDivisionError,
        ) as error:
            if isinstance(error, LimitError):
                raise
            said = error.message if isinstance(error, SymparamsError) else f"{type(error).__name__}: {error}"
            raise SymparamsError(f"{node.op_type} {node.name or node.output[0]!r}: {said}") from None
        several = made if isinstance(made, list) else [made]
        self.values.update((name, value) for name, value in zip(node.output, several) if name)

    def made(self, node: Any) -> Any:
        given = [self.value(name) if name else None for name in node.input]
        if node.domain not in ("", "ai.onnx"):
            return self.unknown(given)
        flows = [value for value in given if isinstance(value, TracedTensor)]
        if not flows and node.op_type in NUMBERS and all(isinstance(v, (Known, type(None))) for v in given):
            return NUMBERS[node.op_type](self, *given)
        work = LAYERS.get(node.op_type) or OPERATORS.get(node.op_type)
        return self.unknown(given) if work is None else work(self, *given)

    def value(self, name: str) -> Any:
        if name not in self.values:
            raise SymparamsError(f"nothing is called {name!r} before it")
        return self.values[name]

    # Weights and the layers that they belong to

    def layer(
        self,
        x: TracedTensor,
        name: str,
        words: Sequence[str],
        weights: Sequence[Any],
        sizes: Sequence[Quantity] | None = None,
    ) -> Any:
        """A layer with these weights, once for each use of them, whose rule must give their sizes."""
        operation = GraphOperation(name, tuple(words))
        held = [weight for weight in weights if isinstance(weight, OnnxWeight)]
        made = x.after(operation, sizes, self.owner(held[0], name) if held else None)
        given = sorted(tuple(sorted(weight.sizes)) for weight in held)
        ours = [tensor for stage in made.node.stages for tensor in stage.all_tensors()]
        if sorted(tuple(sorted(map(_as_int, tensor.shape))) for tensor in ours) != given:
            self.check_elements(ours, held)
        return made

    def check_elements(self, ours: Sequence[Any], held: Sequence[OnnxWeight]) -> None:
        """Raises SymparamsError where the layer's rule has other weights than the file."""
        stated = sum(_as_int(tensor.elements) for tensor in ours)
        real = sum(_elements(weight.sizes) for weight in held)
        if stated != real:
            raise SymparamsError(f"the file has {real:,} numbers for it, and what it stands for {stated:,}")

    def owner(self, weight: OnnxWeight, layer: str) -> OnnxOwner:
        """The layer of a weight: one that another kind of layer has as well is tied to that."""
        known = self.owners.get(weight.name)
        if known is None:
            known = self.owners[weight.name] = OnnxOwner(weight.name)
            self.paths[known] = path_of(weight.name, self.node.name)
            return known
        uses = [n for n in self.program.nodes if n.owner is known]
        if any(n.operation is not None and n.operation.name == layer for n in uses):
            return known
        other = OnnxOwner(weight.name)
        self.paths[other] = path_of("", self.node.name)
        self.tied[other] = known
        return other

    def tensor(self, value: Any) -> TracedTensor:
        """A value as a tensor: a weight as one that is learned, numbers as one that is only computed."""
        if isinstance(value, TracedTensor):
            return value
        if isinstance(value, OnnxWeight):
            node = self.parameter(value)
            tensor = TracedTensor(self.program, node, tuple(self.stored(value)))
            return permuted(tensor, value.axes) if value.axes else tensor
        sizes = value.sizes if isinstance(value, OnnxConstant) else value.array.shape
        return TracedTensor(self.program, None, sizes)

    def stored(self, weight: OnnxWeight) -> tuple[int, ...]:
        if not weight.axes:
            return weight.sizes
        return tuple(size for _, size in sorted(zip(weight.axes, weight.sizes)))

    def parameter(self, weight: OnnxWeight) -> GraphNode:
        known = self.owners.get(weight.name)
        for node in self.program.nodes if known else ():
            if node.owner is known and node.operation is not None and node.operation.name == "parameter":
                return node
        if known is not None:
            raise SymparamsError(f"{weight.name} is a layer's weight, and flows on as a tensor: this is not read")
        self.program.note("the file does not say what is learned: every tensor of real numbers in it counts")
        owner = self.owners[weight.name] = OnnxOwner(weight.name)
        self.paths[owner] = weight.name
        words = tuple(map(str, self.stored(weight))) or ("1",)
        return self.program.add(GraphOperation("parameter", words), self.program.nodes[0], owner)

    # What is not known

    def unknown(self, given: Sequence[Any]) -> Any:
        """An operator that is not read as one part with its weights. Raises SymparamsError without its sizes."""
        flows = [value for value in given if isinstance(value, TracedTensor) and value.node is not None]
        kind = self.node.op_type
        if not flows or len([name for name in self.node.output if name]) != 1:
            raise SymparamsError(f"the operator {kind!r} is not read")
        if any(isinstance(value, self.onnx.GraphProto) for value in self.attributes.values()):
            raise SymparamsError(f"the operator {kind!r} has a graph of its own: this is not read")
        sizes = self.sizes_of(self.node.output[0])
        if sizes is None:
            raise SymparamsError(f"the operator {kind!r} is not read, and the file does not have its sizes")
        weights = [value for value in given if isinstance(value, OnnxWeight)]
        taken = [weight for weight in weights if weight.name in self.owners]
        if taken:
            raise SymparamsError(f"{listing([w.name for w in taken])} is in a layer and in {kind!r}: this is not read")
        flow = ", ".join(map(in_words, flow_sizes(sizes)))
        words = [f"({flow}{',' if len(sizes) == 2 else ''})"]
        if weights:
            words.append(f"learned=({', '.join(_tuple(weight.sizes) for weight in weights)},)")
        owner = OnnxOwner(self.node.name or kind)
        self.paths[owner] = path_of(weights[0].name if weights else "", self.node.name) or kind
        for weight in weights:
            self.owners[weight.name] = owner
        return flows[0].after(GraphOperation(OPAQUE, tuple(words)), sizes, owner)

    def sizes_of(self, name: str) -> list[Quantity] | None:
        """The sizes of a value as the file has them, the batch as ours."""
        info = self.shapes.get(name)
        if info is None or not info.type.HasField("tensor_type") or not info.type.tensor_type.HasField("shape"):
            return None
        dims = [d.dim_value or d.dim_param or None for d in info.type.tensor_type.shape.dim]
        if not dims or None in dims or dims[0] != self.batch:
            return None
        return [BATCH, *(self.program.symbol(d) if isinstance(d, str) else d for d in dims[1:] if d is not None)]

    def next_of(self, name: str) -> Any:
        """The only operator that reads a value."""
        readers = self.readers.get(name, [])
        return readers[0] if len(readers) == 1 else None


def _readers(graph: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for node in graph.node:
        for name in node.input:
            found.setdefault(name, []).append(node)
    for output in graph.output:
        found.setdefault(output.name, []).append(None)
    return found


def _as_int(size: Any) -> int:
    return size if isinstance(size, int) else -1


def _elements(sizes: Sequence[int]) -> int:
    found = 1
    for size in sizes:
        found *= size
    return found


def _tuple(sizes: Sequence[int]) -> str:
    return f"({', '.join(map(str, sizes))}{',' if len(sizes) == 1 else ''})"

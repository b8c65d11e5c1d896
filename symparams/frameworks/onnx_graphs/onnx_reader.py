"""A graph of ONNX's operators as a program: each operator does to traced tensors what it stands for."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Any

from ...closed_forms.conditions import Condition
from ...closed_forms.polynomial import Quantity
from ...errors import LimitError, Source, SourceParts, SymparamsError, listing
from ...evaluate.domain import compare
from ...evaluate.model import OPAQUE
from ...language.dialects import TORCH
from ..graph.growing_program import BATCH_SYMBOL, GraphNode, GraphOperation, GrowingProgram, in_words
from ..graph.traced_tensors import TracedTensor, flow_sizes
from ..graph.written_graph import RecordedNetwork, written
from .equal_tensors import equal_tensors
from .file_tensors import FileTensor, kinds_of
from .graph_inputs import BatchPlan, GraphInput, flowing, inputs_of, plans, symbol_names
from .layer_weights import PARAMETER, LayerWeights, OnnxOwner
from .onnx_call import OnnxCall
from .onnx_file import first_line, model_of, onnx_package
from .onnx_functions import COMPARISONS
from .onnx_layers import LAYERS, TAKE_ANY
from .onnx_numbers import NUMBERS
from .onnx_operators import OPERATORS
from .onnx_shapes import OnnxShapes
from .onnx_values import KnownNumbers, OnnxWeight, value_of
from .weights_together import put_together

# What an operator that is not as it should be leads to.
_FAULTS = (IndexError, TypeError, ValueError, AttributeError, ArithmeticError)
_MAX_DEPTH = 20
# What torch's exporters call every graph.
_NO_NAMES = ("", "main_graph", "torch_jit", "torch-jit-export")


def source_of_onnx(given: Any, name: str) -> Source:
    """The program of an ONNX model, by its path, bytes or object. Raises SymparamsError."""
    model = model_of(given, name)
    try:
        reader = _read(model)
    except (KeyError, *_FAULTS) as error:
        raise SymparamsError(f"{name} is not as ONNX has it: {type(error).__name__}: {first_line(error)}") from None
    program, weights = reader.program, reader.weights
    aside = [
        (t.name, f"aside(_) {{ LABEL: {PARAMETER}({', '.join(map(str, t.sizes or (1,)))}) }}") for t in reader.unread
    ]
    given_name = model.graph.name not in _NO_NAMES
    title = model.graph.name if given_name else os.path.basename(name).removesuffix(".onnx")
    network = RecordedNetwork(
        program, title, reader.outputs, weights.paths, tied=weights.tied, unused=aside, made=program.nodes
    )
    text, shown = written(network)
    return Source(name, text, shown, list(program.notes.values()), SourceParts(text, {}))


def _read(model: Any) -> OnnxReader:
    """The graph, read with the likeliest axis of the batch with which it can be read."""
    inputs = inputs_of(model.graph)
    shapes = OnnxShapes(onnx_package(), model)
    faults: list[tuple[int, SymparamsError]] = []
    for plan in plans(inputs):
        reader = OnnxReader(model, inputs, plan, shapes)
        try:
            reader.read()
            return reader
        except LimitError:
            raise
        except SymparamsError as error:
            faults.append((reader.done, error))
    raise max(faults, key=lambda fault: fault[0])[1]


class _OperatorFault(SymparamsError):
    """A fault that names its operator."""


class _OnnxProgram(GrowingProgram):
    """A program for any number of samples."""

    def assume(self, condition: Condition) -> None:
        if not isinstance(condition, bool) and BATCH_SYMBOL in condition.symbols:
            raise SymparamsError("this fits for one number of samples alone")
        super().assume(condition)


class OnnxReader:
    """Reads the operators of one graph in their order; `values` are what flows, by name, `done` how many were read."""

    def __init__(self, model: Any, inputs: Sequence[GraphInput], plan: BatchPlan, shapes: OnnxShapes):
        self.onnx = onnx_package()
        self.graph = model.graph
        self.inputs = inputs
        self.plan = plan
        self.shapes = shapes
        self.opset = next((o.version for o in model.opset_import if o.domain in ("", "ai.onnx")), 1)
        self.is_of_torch = model.producer_name == "pytorch"
        self.program = _OnnxProgram(TORCH.name)
        self.weights = LayerWeights(self.program, self.is_of_torch)
        self.names = symbol_names(inputs)
        kinds = kinds_of(self.graph)
        self.tensors = [FileTensor(self.onnx, t, t.name, True, kinds.get(t.name)) for t in self.graph.initializer]
        self.values: dict[str, Any] = {t.name: value_of(t, self.is_of_torch) for t in self.tensors}
        self.readers = _readers(self.graph)
        self.absorbed: dict[str, str] = {}
        self.outputs: list[GraphNode] = []
        self.unread: list[FileTensor] = []
        self.depth = self.done = 0

    def read(self) -> None:
        """The whole graph. Raises SymparamsError."""
        for entry in self.inputs:
            self.keep(entry.name, flowing(self.program, entry, self.plan, self.names))
        if not self.program.nodes:
            raise SymparamsError("nothing flows into the graph")
        self.run(self.graph.node)
        missing = []
        for output in self.graph.output:
            value = self.value(output.name)
            if isinstance(value, TracedTensor) and value.node is not None:
                self.outputs.append(value.node)
            else:
                missing.append(output.name)
        if not self.outputs:
            raise SymparamsError("nothing that flows in comes out of the graph")
        if missing:
            self.program.note(f"{listing(missing)} does not depend on what flows in: it is no output here")
        self.unread = self.weights.unread(self.tensors)
        self.note()

    def run(self, nodes: Iterable[Any]) -> None:
        for node in nodes:
            call = OnnxCall(self, node)
            try:
                self.run_one(call)
            except (LimitError, _OperatorFault):
                raise
            except SymparamsError as error:
                raise _OperatorFault(f"{call.called}: {error.message}", None, error.hint) from None
            except (RecursionError, MemoryError):
                raise LimitError(f"{call.called}: this is too large") from None
            except KeyError as error:
                raise _OperatorFault(f"{call.called}: it has no {error.args[0]!r}") from None
            except _FAULTS:
                raise _OperatorFault(f"{call.called}: what it is given is not what such an operator takes") from None
            self.done += 1

    def run_one(self, call: OnnxCall) -> None:
        """One operator, whose results are kept by their names."""
        names = list(call.node.output)
        before = next((self.absorbed[name] for name in names if name in self.absorbed), None)
        made = self.made(call) if before is None else self.value(before)
        several = made if isinstance(made, list) else [made]
        for name, value in zip(names, several):
            if name:
                self.keep(name, value)

    def keep(self, name: str, value: Any) -> None:
        """Raises SymparamsError where something is called that already, or has not the sizes that it should have."""
        if name in self.values:
            raise SymparamsError(f"two things are called {name!r}")
        if isinstance(value, TracedTensor):
            self.shapes.check(name, value, self.plan)
        self.values[name] = value

    def value(self, name: str) -> Any:
        if name not in self.values:
            raise SymparamsError(f"nothing before it is called {name!r}")
        return self.values[name]

    def made(self, call: OnnxCall) -> Any:
        """What an operator makes of what it is given."""
        if call.kind == "If":
            return self.branch(call)
        given = [self.value(name) if name else None for name in call.node.input]
        while given and given[-1] is None:
            given.pop()
        if call.kind in COMPARISONS:
            given = [self.weights.constant(v) if isinstance(v, OnnxWeight) else v for v in given]
        if call.node.domain in ("", "ai.onnx"):
            if call.kind in NUMBERS and all(v is None or _has_numbers(v) for v in given):
                made = NUMBERS[call.kind](call, *given)
                if made is not NotImplemented:
                    return made
            flows = [v for v in given if isinstance(v, TracedTensor) and v.node is not None]
            takes = call.kind in TAKE_ANY or isinstance(next(iter(given), None), TracedTensor)
            work = LAYERS.get(call.kind) if takes else None
            made = NotImplemented if work is None else work(call, *given)
            work = OPERATORS.get(call.kind)
            if made is NotImplemented and work is not None:
                is_of_weights = not flows and any(isinstance(v, OnnxWeight) for v in given)
                made = put_together(call, work, given) if is_of_weights else work(call, *given)
            if made is not NotImplemented:
                return made
        return self.unknown(call, given)

    def branch(self, call: OnnxCall) -> Any:
        """The branch that is taken, where it is known which."""
        holds = self.value(call.node.input[0])
        if not _has_numbers(holds):
            raise SymparamsError("which way the graph goes depends on what flows in")
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise LimitError("the graphs are nested too deeply")
        chosen = call.attributes["then_branch" if holds.one() else "else_branch"]
        self.values.update(
            (t.name, value_of(FileTensor(self.onnx, t, t.name, True), self.is_of_torch)) for t in chosen.initializer
        )
        self.run(chosen.node)
        self.depth -= 1
        return [self.value(output.name) for output in chosen.output]

    def expect(self, size: Quantity, number: Quantity) -> None:
        condition = compare("==", size, number)
        if condition is False:
            raise SymparamsError(f"{in_words(size)} flows in, and its weight is for {in_words(number)}")
        if condition is not True:
            self.program.assume(condition)

    def only_reader(self, name: str) -> Any:
        """The only operator that reads a value."""
        readers = self.readers.get(name, [])
        return readers[0] if len(readers) == 1 else None

    def unknown(self, call: OnnxCall, given: Sequence[Any]) -> Any:
        """An operator that is not read, as one part with its weights. Raises SymparamsError without its sizes."""
        if any(isinstance(value, self.onnx.GraphProto) for value in call.attributes.values()):
            raise SymparamsError(f"the operator {call.kind!r} has a graph of its own: this is not read")
        flows = [value for value in given if isinstance(value, TracedTensor) and value.node is not None]
        read = [name for name in call.node.output if name and name in self.readers]
        if not flows or len(read) != 1 or read[0] != call.node.output[0]:
            raise SymparamsError(f"the operator {call.kind!r} is not read")
        sizes = self.shapes.sizes(read[0], self.program, self.plan, self.names)
        if sizes is None:
            raise SymparamsError(f"the operator {call.kind!r} is not read, and the file does not have its sizes")
        flow = flow_sizes(sizes)
        words = [f"({', '.join(map(in_words, flow))}{',' if len(flow) == 1 else ''})"]
        held = [value for value in given if isinstance(value, OnnxWeight)]
        if held:
            words.append(f"learned=({', '.join(_tuple(s.sizes) for weight in held for s in weight.sources)},)")
            return call.layer(flows[0], OPAQUE, words, held, sizes)
        owner = OnnxOwner(call.node.name or call.kind, ())
        self.weights.paths[owner] = owner.path
        return flows[0].after(GraphOperation(OPAQUE, tuple(words)), sizes, owner)

    def note(self) -> None:
        """What a reader of the figures should know."""
        if self.plan.said:
            self.program.note(self.plan.said)
        if operands := self.weights.operands:
            named = _few([t.name for t in operands])
            self.program.note(f"the file does not say what is learned; taken to be so: {named}")
        if self.unread:
            self.program.note(
                f"{_few([t.name for t in self.unread])} is in the file, and counts, though nothing reads it"
            )
        for one, other in equal_tensors(self.weights.held):
            self.program.note(
                f"{one.name} and {other.name} have the same numbers: the file has these twice, so they count twice"
            )
        if self.weights.merged:
            named = _few(self.weights.merged)
            self.program.note(f"the exporter has merged a batch norm into {named}: the file has fewer parameters")


def _has_numbers(value: Any) -> bool:
    return isinstance(value, KnownNumbers) and value.array is not None


def _readers(graph: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for node in graph.node:
        for name in node.input:
            found.setdefault(name, []).append(node)
    for output in graph.output:
        found.setdefault(output.name, []).append(None)
    return found


def _few(names: Sequence[str], most: int = 4) -> str:
    return listing(names) if len(names) <= most else f"{', '.join(names[:most])} and {len(names) - most} more"


def _tuple(sizes: Sequence[int]) -> str:
    return f"({', '.join(map(str, sizes))}{',' if len(sizes) == 1 else ''})"

"""A module of torch in code that is read, run on its inputs: its graph, and what nothing flows through."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from itertools import takewhile
from typing import Any

from ...closed_forms.polynomial import Quantity
from ...errors import Source, SymparamsError, listing
from ...evaluate.axes import Value
from ...evaluate.domain import is_symbolic
from ..graph.growing_program import BATCH, GraphNode, GrowingProgram
from ..graph.written_graph import RecordedNetwork, in_parts, needed, written
from .code_modules import parsed
from .code_objects import MISSING, CodeFunction, Environment, PyClass, PyObject, Unknown
from .code_parameters import CodeParameter
from .code_tensors import CodeTensor
from .flowing_weights import FlowingWeights, is_of_a_layer, parameter_aside, with_their_ties
from .torch_layers import is_layer


class RunsTorch:
    """Runs a module on tensors of the sizes that are asked for."""

    torch: Any
    program: GrowingProgram
    interpreter: Any
    loose: dict[str, Any]
    module_paths: dict[Any, str]
    values: Mapping[str, Value]
    taken: set[str]
    source_name: str

    def arguments(self, value: Any) -> tuple[list[Any], dict[str, Any]]:
        """Symbols for the arguments that have no default, named as they are, and the values that are set."""
        init = value.find("__init__") if isinstance(value, PyClass) else value
        if not isinstance(init, CodeFunction):
            return [], {}
        takes = init.node.args
        names = [a.arg for a in (*takes.posonlyargs, *takes.args)][isinstance(value, PyClass) :]
        names += [a.arg for a in takes.kwonlyargs]
        given: dict[str, Any] = {n: self.program.symbol(n) for n in names if n not in init.defaults}
        given.update({n: v for n, v in self.values.items() if n in names})
        self.taken.update(names)
        return [], given

    def torch_program(self, name: str, module: PyObject, inputs: Sequence[str]) -> Source:
        forward = module.kind.find("forward")
        if forward is MISSING or (module is self.loose.get("self")):
            return self.program_of(name, [], self.torch_paths(module), self.unused(module))
        takes = self.takes(forward)
        tensors = self.inputs(takes, inputs, self.first_layer(module))
        began = len(self.program.nodes) - len(tensors)
        in_order = list(takewhile(tensors.__contains__, dict(takes)))
        values = [tensors.pop(name) for name in in_order]
        outputs = self.put_out(self.result(module, values, tensors))
        if not outputs:
            raise SymparamsError(f"forward of {name} puts out no tensor that is read")
        made = [node for node in self.program.nodes[began:] if not is_of_a_layer(node.owner)]
        paths = self.torch_paths(module)
        self.module_paths = {inner: path for path, inner in self.torch.walk(module)}
        flowing = FlowingWeights(self.torch, needed(self.program, [t.flowing() for t in outputs], made), paths)
        self.check_counted(paths, made)
        unused = self.unused(module, flowing)
        at_work = {thing: path for thing, path in paths.items() if not is_layer(thing) or flowing.is_called(thing)}
        return self.program_of(name, outputs, at_work, unused, made)

    def program_of(
        self,
        name: str,
        outputs: Sequence[CodeTensor],
        paths: Mapping[Any, str],
        unused: Sequence[tuple[str, str]],
        made: Sequence[Any] = (),
    ) -> Source:
        frozen = self.frozen(paths)
        ends = [t.flowing() for t in outputs]
        network = RecordedNetwork(self.program, name, ends, paths, frozen, self.torch.tied, unused, made)
        text, shown = written(network)
        parts = partial(in_parts, network._replace(paths={**self.module_paths, **paths}))
        return Source(self.source_name, text, shown, list(self.program.notes.values()), parts, self.values)

    def frozen(self, paths: Mapping[Any, str]) -> Collection[Any]:
        found: list[Any] = []
        for thing in paths:
            own = [thing] if isinstance(thing, CodeParameter) else list((thing.weights or {}).values())
            still = [p for p in own if not p.trained]
            if still and len(still) < len(own):
                raise SymparamsError(f"a part of {paths[thing]} is frozen, and a part is not: this is not read")
            if still:
                found.append(thing)
        return with_their_ties(found, self.torch.tied)

    def check_counted(self, paths: Mapping[Any, str], made: Sequence[GraphNode]) -> None:
        """Raises SymparamsError where torch would not count weights that flow through the network."""
        first: dict[int, GraphNode] = {}
        for node in (node for node in made if node.has_tensors):
            before = first.setdefault(id(node.owner), node)
            if node.owner is not None and not self.does_the_same(before, node):
                path = paths.get(node.owner, "a layer")
                raise SymparamsError(f"{path} is called with other arguments than before: this is not read")
        for owner in {id(node.owner): node.owner for node in made if node.has_tensors}.values():
            if isinstance(owner, (PyObject, CodeParameter)) and owner not in paths:
                kind = vars(owner).get("layer", "layer") if isinstance(owner, PyObject) else "parameter"
                fault = f"a {kind} is used that is no part of the module: torch does not count its weights"
                raise SymparamsError(fault, None, "keep it as an attribute, or its list as an nn.ModuleList")

    def does_the_same(self, before: GraphNode, node: GraphNode) -> bool:
        """Whether a layer, called as before, would put out what it does here."""
        one, other = before.operation, node.operation
        if one is None or other is None or one[:2] == other[:2]:
            return True
        assert node.flows_in is not None
        return self.program.shape_after(one, node.flows_in) == node.shape

    def torch_paths(self, module: PyObject) -> dict[Any, str]:
        paths: dict[Any, str] = {}
        for path, inner in self.torch.walk(module):
            if is_layer(inner):
                paths.setdefault(inner, path or inner.layer)  # type: ignore[attr-defined]
            for word, value in inner.names.items():
                if isinstance(value, Unknown) and value.is_like_a_layer:
                    raise value.fault(f"{path}.{word}" if path else word)
                if isinstance(value, CodeParameter) and value.owner is None:
                    paths.setdefault(value, f"{path}.{word}" if path else word)
        return paths

    def unused(self, module: PyObject, flowing: FlowingWeights | None = None) -> list[tuple[str, str]]:
        """Layers and parameters that nothing flows through, which count all the same."""
        found = []
        for thing, path in self.torch_paths(module).items():
            if isinstance(thing, CodeParameter):
                own_flow = thing.node is not None or thing.beside is not None
                if not own_flow and not (flowing is not None and flowing.is_called(thing)):
                    found.append((path, parameter_aside(thing)))
                continue
            if not isinstance(thing, PyObject) or (flowing is not None and flowing.is_called(thing)):
                continue
            apart = flowing.apart(thing) if flowing is not None else None
            found += [(path, self.aside(thing))] if apart is None else apart
        return found

    def aside(self, layer: PyObject) -> str:
        own = list(self.torch.weights(layer).values())
        aside = self.torch.aside(layer)
        if own and not any(parameter.trained for parameter in own):
            return aside.replace("{ LABEL", "{ freeze { LABEL", 1) + " }"
        return aside

    def first_layer(self, module: PyObject) -> list[Quantity] | None:
        """The shape that the first layer takes, as far as it says so."""
        for _, inner in self.torch.walk(module):
            if is_layer(inner):
                given = inner.names
                rank = re.search(r"(\d)d$", inner.layer)  # type: ignore[attr-defined]
                if "in_channels" in given and rank:
                    return [
                        given["in_channels"],
                        *(self.program.symbol(n) for n in {1: "L", 2: "HW", 3: "DHW"}[int(rank[1])]),
                    ]
                for word in ("in_features", "input_size", "num_embeddings", "d_model", "embed_dim"):
                    if word in given:
                        size = [] if word == "num_embeddings" else [given[word]]
                        return size if word == "in_features" else [self.program.symbol("T"), *size]
        return None

    def takes(self, forward: Any) -> list[tuple[str, bool]]:
        """The inputs of a forward function, and which it needs."""
        if not isinstance(forward, CodeFunction):
            return [("x", True)]
        arguments = forward.node.args
        names = [a.arg for a in (*arguments.posonlyargs, *arguments.args)][1:]
        found = [(name, name not in forward.defaults) for name in names]
        return found or ([("x", True)] if arguments.vararg else [])

    def result(self, module: PyObject, values: list[Any], named: dict[str, Any]) -> Any:
        """What forward returns for these inputs."""
        return self.interpreter.call(module, values, named)

    def put_out(self, result: Any) -> list[CodeTensor]:
        """The tensors of what forward returns that something flows into; without one, those that have the batch."""
        found = _tensors_in(result)
        return [t for t in found if t.node is not None] or [t for t in found if t.batch_axis is not None]

    def inputs(self, takes: Sequence[tuple[str, bool]], inputs: Sequence[str], first: Any) -> dict[str, CodeTensor]:
        """A tensor for each input of the network, by its name."""
        required = [name for name, needed in takes if needed] or [name for name, _ in takes][:1]
        shapes: dict[str, list[Any]] = {}
        for place, text in enumerate(inputs):
            name, _, shape = text.rpartition("=")
            name = name.strip() or (required[place] if place < len(required) else f"x{place + 1}")
            shapes[name] = self.without_batch(self.shape(shape), first)
        if not inputs and required:
            if first is None:
                raise SymparamsError("the shape of the input is not to be seen", None, "--input 3,H,W gives it")
            shapes[required[0]] = first
        unknown = next((name for name in shapes if name not in dict(takes)), None)
        if unknown is not None:
            fault = (
                f"forward has no input {unknown!r}"
                if len(inputs) <= len(takes)
                else "there are more shapes than inputs"
            )
            raise SymparamsError(fault, None, f"its inputs are {listing(dict(takes))}")
        missing = [name for name in required if name not in shapes]
        if missing:
            raise SymparamsError(f"the input {missing[0]!r} has no shape", None, f"--input {missing[0]}=3,H,W gives it")
        return {name: self.input(name, shapes[name]) for name, _ in takes if name in shapes}

    def input(self, name: str, shape: Sequence[Any]) -> CodeTensor:
        node = self.program.input(name, shape or [1])
        tensor = CodeTensor(self.program, node, (BATCH, *node.shape))
        return tensor if shape else tensor.reshaped((BATCH,))  # type: ignore[return-value]

    def without_batch(self, shape: list[Any], first: Sequence[Quantity] | None) -> list[Any]:
        """A shape without a batch of one sample before it."""
        if first is None or len(shape) != len(first) + 1 or shape[0] != 1:
            return shape
        self.program.note(f"the batch, 1, is left out of {tuple(shape)}: shapes are those of one sample")
        return shape[1:]

    def shape(self, text: str) -> list[Any]:
        sizes = text.strip().strip("()")
        source = Source("--input", f"({sizes},)" if sizes else "()")
        tree = parsed(source, "eval")
        before, self.interpreter.source = self.interpreter.source, source
        names, self.interpreter.builtins = self.interpreter.builtins, {}
        value = self.interpreter.value(tree.body, Environment(None, {}))
        self.interpreter.source, self.interpreter.builtins = before, names
        if not isinstance(value, tuple) or not all(is_symbolic(size) or type(size) is int for size in value):
            raise SymparamsError(f"{text!r} is no shape", None, "--input 3,224,224")
        return list(value)


def _tensors_in(value: Any) -> list[CodeTensor]:
    if isinstance(value, CodeTensor):
        return [value]
    if isinstance(value, dict):
        return [t for inner in value.values() for t in _tensors_in(inner)]
    if isinstance(value, (tuple, list)):
        return [t for inner in value for t in _tensors_in(inner)]
    if isinstance(value, PyObject):
        return [t for inner in value.names.values() for t in _tensors_in(inner)]
    return []

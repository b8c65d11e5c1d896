"""A model of Keras in code that is read, run on its inputs: its graph, and what its layers are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...errors import Source, SymparamsError
from ...evaluate.domain import compare
from ..graph.growing_program import GraphNode, GraphOperation, GrowingProgram, in_words
from ..graph.traced_tensors import flow_sizes, sizes_in_words
from .code_objects import CodeFunction, PyClass, PyObject, Unknown
from .code_parameters import CodeParameter
from .code_tensors import CodeTensor
from .network_choice import NoNetworkThere
from .torch_layers import is_layer


class RunsKeras:
    """Finds the layers in a model, and runs it."""

    interpreter: Any
    program: GrowingProgram
    layer: PyClass
    is_model: Any
    tensor_in: Any
    weights_made: list[tuple[PyObject, CodeParameter]]
    built_alone: list[PyObject]

    def walk(self, value: Any, path: str = "", seen: set[int] | None = None) -> Iterator[tuple[str, Any]]:
        """The layers in a model of the code, by the attributes that hold them."""
        seen = set() if seen is None else seen
        if id(value) in seen:
            return
        seen.add(id(value))
        if isinstance(value, (list, tuple)):
            for i, inner in enumerate(value):
                yield from self.walk(inner, f"{path}.{i}" if path else str(i), seen)
        elif isinstance(value, CodeParameter):
            yield path, value
        elif isinstance(value, PyObject) and value.kind.derives_from(self.layer):
            yield path, value
            for name, inner in {**value.names, "layers": vars(value).get("stack")}.items():
                if name not in ("inputs", "outputs"):
                    yield from self.walk(inner, f"{path}.{name}" if path else name, seen)

    def layers_of(self, model: PyObject) -> list[PyObject]:
        """The layers in a model, however it holds them."""
        found = {id(layer): layer for path, layer in self.walk(model) if path and isinstance(layer, PyObject)}
        waiting = [t.flowing() for t in listed(model.names.get("outputs", ()))]
        entering = {t.flowing() for t in listed(model.names.get("inputs", ()))}
        while waiting:
            node = waiting.pop()
            if node not in entering:
                waiting += node.reads
                if isinstance(node.owner, PyObject):
                    found[id(node.owner)] = node.owner
        return list(found.values())

    def frozen(self, paths: Mapping[Any, str]) -> list[Any]:
        return [
            thing
            for thing in paths
            if not (thing.trained if isinstance(thing, CodeParameter) else thing.names.get("trainable", True))
        ]

    def written_program(self, reading: Any, name: str, value: Any, inputs: Sequence[str]) -> Source:
        """The program of a model of the code, or of the tensors that it puts out. Raises SymparamsError."""
        made: Sequence[GraphNode] = ()
        model = value if self.is_model(value) else None
        shapes = [reading.shape(text.rpartition("=")[2]) for text in inputs]
        if model is not None and "outputs" not in model.names:
            tensors = self.inputs_of(model, shapes)
            began = self.program.nodes.index(tensors[0].flowing())
            value = self.interpreter.call(model, [tensors[0] if len(tensors) == 1 else tensors], {})
            made = self.program.nodes[began:]
        elif model is not None:
            self.check_inputs(listed(model.names["inputs"]), shapes)
        outputs = listed(model.names.get("outputs", value) if model is not None else value)
        wrong = [output for output in outputs if not isinstance(output, CodeTensor)]
        if not outputs or wrong:
            unknown = next((output for output in wrong if isinstance(output, Unknown)), None)
            raise unknown.fault(name) if unknown else NoNetworkThere(f"{name!r} is no network")
        owners = {id(node.owner) for node in self.program.nodes}
        if any(id(layer) not in owners for layer in self.built_alone):
            raise SymparamsError("a layer is built that nothing flows through: this is not read")
        reading.module_paths = {layer: path for path, layer in self.walk(model) if path}
        return reading.program_of(name, outputs, self.names_of(model), list(self.unused()), made)

    def behind(self, made: Any, values: Any) -> Any:
        """What a layer puts out, as Keras has it: behind what flows into it, whether it is made of that or not."""
        if isinstance(made, (tuple, list)):
            return type(made)(self.behind(one, values) for one in made)
        entering = next((v for value in values for v in _tensors(value) if v.node is not None), None)
        if isinstance(made, CodeTensor) and made.node is None and entering is not None:
            sizes = tuple(map(in_words, flow_sizes(made.sizes)))
            made.node = self.program.add(GraphOperation("constant", sizes), entering.flowing())
        return made

    def unused(self) -> Iterator[tuple[str, str]]:
        """The weights of the code's own layers that nothing flows through, which count all the same."""
        for layer, weight in self.weights_made:
            if layer.names.get("built") and weight.node is None and weight.beside is None:
                call = f"LABEL: parameter({', '.join(map(in_words, weight.sizes))})"
                is_trained = weight.trained and layer.names.get("trainable", True)
                yield weight.name, f"aside(_) {{ {call if is_trained else f'freeze {{ {call} }}'} }}"

    def check_inputs(self, tensors: Sequence[CodeTensor], shapes: Sequence[list[Any]]) -> None:
        """Take the inputs of a model for those that are asked for. Raises SymparamsError where they are others."""
        for tensor, shape in zip(tensors, shapes):
            own = tensor.sizes[1:]
            equal = [compare("==", a, b) for a, b in zip(own, shape)]
            if len(own) != len(shape) or False in equal:
                fault = f"the model has an input of shape {sizes_in_words(own)}, not {sizes_in_words(shape)}"
                raise SymparamsError(fault, None, "leave out --input, or make the model for that shape")
            for condition in equal:
                self.program.assume(condition)
        if len(shapes) > len(tensors):
            raise SymparamsError(f"there are {len(shapes)} shapes, and the model has {len(tensors)} inputs")

    def inputs_of(self, model: PyObject, shapes: list[Any]) -> list[CodeTensor]:
        """A tensor for each input: of the shapes that are asked for, else of the one that the model begins with."""
        first = self.entering(model)
        if isinstance(first, CodeTensor):
            self.check_inputs([first], shapes)
            return [first]
        if not shapes and first is None:
            raise SymparamsError("the shape of the input is not to be seen", None, "--input 32,32,3 gives it")
        return [self.tensor_in(shape) for shape in shapes or [list(first)]]

    def entering(self, model: PyObject) -> Any:
        """The input that a sequence of layers begins with, or the shape that its first layer says."""
        for layer in vars(model).get("stack", ()):
            if isinstance(layer, CodeTensor):
                return layer
            given = getattr(layer, "given", {})
            if "input_shape" in given:
                return given["input_shape"]
            if "input_dim" in given:
                return (given["input_dim"],)
            if isinstance(layer, PyObject) and "stack" in vars(layer):
                return self.entering(layer)
            return None
        return None

    def names_of(self, model: Any) -> dict[Any, str]:
        """What layers are called: by the attributes of a model of the code, else by their own names."""
        paths: dict[Any, str] = {}
        own = isinstance(model, PyObject) and isinstance(model.kind.find("call"), CodeFunction)
        for path, layer in self.walk(model) if own else ():
            if path and (is_layer(layer) or isinstance(layer, CodeParameter)):
                paths.setdefault(layer, path)
        for node in self.program.nodes:
            if node.owner is not None and node.owner not in paths:
                paths[node.owner] = node.owner.names["name"] if is_layer(node.owner) else node.owner.name
        return paths


def _tensors(value: Any) -> list[CodeTensor]:
    several = value if isinstance(value, (tuple, list)) else [value]
    return [one for one in several if isinstance(one, CodeTensor)]


def listed(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [value[name] for name in sorted(value)]
    return list(value) if isinstance(value, (list, tuple)) else [value]

"""A saved Keras model as a program: its configuration, from JSON, in the calls of Keras. Nothing of Keras is needed.

The format is what `model.to_json()` and `model.save("model.keras")` of Keras 3 write, and the first of Keras 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..errors import SymparamsError, listing
from ..language.dialects import KERAS
from ..language.framework_arguments import ACTIVATION
from ..language.free_names import free_name
from ..language.library import Library, standard_library

# Layers that put flows together, by the words of the language; those that only change values are like a sum.
MERGES = {
    **dict.fromkeys(("Add", "Subtract", "Average", "Maximum", "Minimum"), "add"),
    "Multiply": "mul",
    "Concatenate": "concat",
}
MODELS = ("Functional", "Sequential", "Model")
# Letters for the sizes of an input that the model leaves open, by how many axes it has.
LETTERS = {1: "T", 2: "TN", 3: "HWC", 4: "DHWC"}

Config = Mapping[str, Any]


class KerasTensor(NamedTuple):
    """Where a tensor comes from: a layer by its name, and which of the calls of it."""

    layer: str
    call: int


def program_of(model: Config) -> str:
    """The program of a model. Raises SymparamsError for what is no configuration of one, and for unknown layers."""
    if not isinstance(model, Mapping) or model.get("class_name") not in MODELS or "config" not in model:
        raise SymparamsError("this is no configuration of a Keras model", None, "model.to_json() gives one")
    try:
        lines = [*_Writer(standard_library()).model(model, inside=False)]
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        fault = f"the configuration is not as Keras writes it: {type(error).__name__}: {error}"
        raise SymparamsError(fault) from None
    name = _label(str(model["config"].get("name", "model")))
    return "\n".join([f"net {name}", f"dialect {KERAS.name}", *lines]) + "\n"


class _Writer:
    """Writes the lines of a model; a tensor is known by the label of the stage that puts it out."""

    def __init__(self, library: Library):
        self.library = library
        self.labels: dict[KerasTensor, str] = {}
        self.taken: set[str] = set()
        self.current: str | None = None

    def model(self, model: Config, inside: bool) -> Iterator[str]:
        config = model["config"]
        layers = config["layers"] if isinstance(config, Mapping) else config
        if model["class_name"] == "Sequential":
            yield from self.sequence(config, layers, inside)
            return
        for layer in layers:
            yield from self.layer(layer, inside)
        outputs = [_read(part) for part in _tensors_in(config["output_layers"])]
        found = [self.labels[output] for output in outputs]
        if len(found) > 1 and inside:
            raise SymparamsError(f"the model {config.get('name')!r} inside of the model has several outputs")
        if len(found) > 1:
            yield f"output({', '.join(found)})"
        elif found[0] != self.current:
            yield f"from {found[0]}"

    def sequence(self, config: Config, layers: Sequence[Config], inside: bool) -> Iterator[str]:
        first = layers[0] if layers else {}
        shape = _batch_shape(first) or (_shape_built(config) if isinstance(config, Mapping) else None)
        if not inside and first.get("class_name") != "InputLayer":
            if not shape:
                raise SymparamsError("the model has no input shape", None, "build it, or begin with keras.Input")
            yield f"input({', '.join(_sizes(shape[1:], ''))}{self.layout_of(layers)})"
        for layer in layers:
            if layer["class_name"] == "InputLayer":
                if not inside:
                    yield self.input(layer, self.layout_of(layers))
                continue
            yield from self.called(layer, self.name_for(layer))

    def layer(self, layer: Config, inside: bool) -> Iterator[str]:
        """A layer of a graph: once for each of its calls."""
        name = layer.get("name") or layer["config"]["name"]
        if layer["class_name"] == "InputLayer":
            label = self.name_for(layer)
            self.labels[KerasTensor(name, 0)] = self.current = label
            yield f"{label}: {KERAS.prefixes[0]}.Identity()" if inside else self.input(layer, "", label)
            return
        for place, node in enumerate(layer["inbound_nodes"]):
            label = self.name_for(layer)
            flows = [self.labels[tensor] for tensor in map(_read, _tensors_in(node))]
            if not flows:
                raise SymparamsError(f"nothing flows into the layer {name!r}")
            if flows[0] != self.current:
                yield f"from {flows[0]}"
            if place:
                yield f"{label}: reuse({self.labels[KerasTensor(name, 0)]})"
            elif layer["class_name"] in MERGES:
                yield self.merge(layer, label, flows[1:])
            else:
                yield from self.called(layer, label, flows[1:])
            self.labels[KerasTensor(name, place)] = self.current = label

    def merge(self, layer: Config, label: str, others: Sequence[str]) -> str:
        word = MERGES[layer["class_name"]]
        if not others:
            return f"{label}: {KERAS.prefixes[0]}.Identity()"
        axis = layer["config"].get("axis", -1) if word == "concat" else None
        placed = [] if axis is None else [f"axis={axis - 1 if axis > 0 else axis}"]
        return f"{label}: {word}({', '.join([*others, *placed])})"

    def called(self, layer: Config, label: str, others: Sequence[str] = ()) -> Iterator[str]:
        kind, config = layer["class_name"], layer["config"]
        if kind in MODELS:
            outer, self.labels = self.labels, dict(self.labels)
            lines = [*self.model(layer, inside=True)]
            self.labels = outer
            yield f"{label}: {{"
            yield from (f"  {line}" for line in lines)
            yield "}"
            return
        memories = [f"{word}={other}" for word, other in zip(self.further(kind), others)]
        yield f"{label}: {self.call(kind, config, memories)}"

    def further(self, kind: str) -> list[str]:
        """The words by which a layer of this kind takes further flows."""
        rule = self.library.calls.get(kind, {}).get(KERAS.name)
        return [memory.name for memory in self.library.rule(rule).memories] if rule else []

    def call(self, kind: str, config: Config, more: Iterable[str] = ()) -> str:
        """A layer as Keras calls it, with those of its arguments that count."""
        if kind == "Activation":
            return f"{KERAS.prefixes[0]}.Activation({_written(config['activation'])})"
        if kind in ("Bidirectional", "TimeDistributed"):
            inner = config["layer"]
            arguments = [self.call(inner["class_name"], inner["config"])]
            if kind == "Bidirectional":
                arguments.append(f"merge_mode={_written(config.get('merge_mode', 'concat'))}")
            return f"{KERAS.prefixes[0]}.{kind}({', '.join(arguments)})"
        if KERAS.name not in self.library.calls.get(kind, {}):
            raise SymparamsError(f"the layer {kind!r}, {config.get('name')!r}, is not known", None, self.near(kind))
        _, spelling = self.library.spelling(kind, KERAS.name)
        arguments = []
        for parameter in spelling.parameters:
            value = config.get(parameter.name)
            if parameter.kind == ACTIVATION and not isinstance(value, (str, type(None))):
                fault = f"the activation of {config.get('name')!r} is a function of its own: it is not known"
                raise SymparamsError(fault)
            if parameter.kind and value is not None and parameter.name in config:
                arguments.append(f"{parameter.name}={_written(value)}")
        frozen = ["trainable=False"] if config.get("trainable") is False else []
        return f"{KERAS.prefixes[0]}.{kind}({', '.join([*arguments, *frozen, *more])})"

    def near(self, kind: str) -> str | None:
        return self.library.near_call(kind, KERAS.name)

    def input(self, layer: Config, layout: str, label: str | None = None) -> str:
        shape = _batch_shape(layer)
        if not shape:
            raise SymparamsError(f"the input {layer['config'].get('name')!r} has no shape")
        sizes = ", ".join(_sizes(shape[1:], f"_{label}" if label and len(self.labels) > 1 else ""))
        return f"{label}: input({sizes}{layout})" if label else f"input({sizes}{layout})"

    def layout_of(self, layers: Iterable[Config]) -> str:
        formats = [layer["config"].get("data_format") for layer in layers if isinstance(layer["config"], Mapping)]
        found = next((word for word in formats if isinstance(word, str)), None)
        return f", layout={found}" if found else ""

    def name_for(self, layer: Config) -> str:
        """A label that no other stage has."""
        name = _label(str(layer.get("name") or layer["config"].get("name") or layer["class_name"]))
        label = free_name(name, self.taken)
        self.taken.add(label)
        return label


def _label(name: str) -> str:
    label = re.sub(r"\W+", "_", name).strip("_")
    return label if label.isidentifier() and label not in _WORDS else f"_{label}"


_WORDS = frozenset(
    """input output from repeat add mul concat residual freeze reuse if else for in and or not true false let assume def
    net dialect layer fn use words latex same valid causal auto torch keras""".split()  # noqa: SIM905
)


def _batch_shape(layer: Config) -> Sequence[Any] | None:
    config = layer.get("config", {})
    found = config.get("batch_shape") or config.get("batch_input_shape") if isinstance(config, Mapping) else None
    return found if isinstance(found, Sequence) else None


def _shape_built(config: Config) -> Sequence[Any] | None:
    found = config.get("build_input_shape")
    return found if isinstance(found, Sequence) else None


def _sizes(shape: Sequence[Any], suffix: str) -> Iterator[str]:
    """The sizes of an input; a letter for one that is open."""
    letters = LETTERS.get(len(shape), "")
    for place, size in enumerate(shape):
        letter = letters[place] if letters else f"n{place + 1}"
        yield f"{letter}{suffix}" if size is None else str(int(size))


def _tensors_in(node: Any) -> Iterator[Any]:
    """The tensors that a call of a layer takes, in order: as Keras 3 writes them, or as Keras 2 does."""
    if isinstance(node, Mapping):
        if node.get("class_name") == "__keras_tensor__":
            yield node["config"]["keras_history"]
        elif "args" in node:
            yield from _tensors_in([*node["args"], *node.get("kwargs", {}).values()])
    elif isinstance(node, Sequence) and not isinstance(node, str):
        if len(node) >= 3 and isinstance(node[0], str) and isinstance(node[1], int):
            yield node
        else:
            for part in node:
                yield from _tensors_in(part)


def _read(history: Sequence[Any]) -> KerasTensor:
    if history[2] != 0:
        raise SymparamsError(f"the layer {history[0]!r} puts out several tensors, of which a later one is read")
    return KerasTensor(str(history[0]), int(history[1]))


def _written(value: Any) -> str:
    """A value of a configuration in the language."""
    if isinstance(value, (bool, int, float)):
        return repr(value)
    if isinstance(value, str) and not set(value) & {"'", '"', "\n", "\v"}:
        return f'"{value}"'
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"({', '.join(map(_written, value))}{',' * (len(value) == 1)})"
    if value is None:
        return "None"
    raise SymparamsError(f"{listing([type(value).__name__])} is no value of an argument")

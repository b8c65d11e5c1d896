"""The layers and models of Keras, for code that is read."""

from __future__ import annotations

from typing import Any

from ...errors import SymparamsError
from ...language.dialects import KERAS
from ..graph import combined_tensors as combining
from ..graph.growing_program import BATCH, GraphOperation, GrowingProgram, in_words
from ..keras_config import MERGES
from .code_objects import MISSING, BoundFunction, CodeFunction, Descriptor, Native, PyClass, PyObject, Unknown
from .code_parameters import CodeParameter
from .code_tensors import CodeTensor
from .keras_networks import RunsKeras, listed
from .keras_wrapping import WrapsKeras
from .torch_layers import in_code, is_layer

_LETTERS = {1: ("T",), 2: ("T", "N"), 3: ("H", "W", "C"), 4: ("D", "H", "W", "C")}
_WRAPPERS = {
    "Bidirectional": ["layer", "merge_mode", "weights", "backward_layer"],
    "TimeDistributed": ["layer"],
    "Activation": ["activation"],
}
# Layers that let everything through when a network is used.
_CHANGES_NOTHING = """Masking RandomFlip RandomRotation RandomZoom RandomContrast RandomTranslation RandomShear
    RandomBrightness RandomGrayscale GaussianNoise ActivityRegularization""".split()  # noqa: SIM905
_FUNCTIONAL = {
    "add": "Add",
    "subtract": "Subtract",
    "multiply": "Multiply",
    "average": "Average",
    "maximum": "Maximum",
    "minimum": "Minimum",
    "concatenate": "Concatenate",
}


class KerasLayers(WrapsKeras, RunsKeras):
    """The classes of Keras over one graph."""

    def __init__(self, interpreter: Any, program: GrowingProgram):
        self.interpreter = interpreter
        self.program = program
        self.library = program.library
        self.counts: dict[str, int] = {}
        self.asked: list[Any] = []
        self.weights_made: list[tuple[PyObject, CodeParameter]] = []
        self.built_alone: list[PyObject] = []
        base = {
            "__init__": self.init_own,
            "__call__": self.run_own,
            "add_weight": self.add_weight,
            "build": lambda m, *a: None,
            "compute_output_shape": lambda m, s: s,
            "get_config": lambda m: {},
            "set_weights": lambda m, *a: None,
            "built": False,
            "trainable": True,
            "__setattr__": self.set_attribute,
        }
        self.layer = PyClass("Layer", (), {n: Native(w, n) if callable(w) else w for n, w in base.items()})
        inert = Native(lambda *a, **k: Unknown("training"))
        names = {
            "summary": inert,
            "compile": inert,
            "fit": inert,
            "evaluate": inert,
            "predict": inert,
            "save": inert,
            "load_weights": inert,
            "__init__": Native(self.model_init),
            "build": Native(self.build_model),
            "get_layer": Native(self.get_layer),
            "layers": Descriptor("property", Native(self.layers_one_by_one)),
            "input": Descriptor("property", Native(lambda model: self.only(model, "inputs"))),
            "output": Descriptor("property", Native(lambda model: self.only(model, "outputs"))),
        }
        self.model = PyClass("Model", (self.layer,), names)
        self.sequential = PyClass(
            "Sequential",
            (self.model,),
            {
                "layers": Descriptor("property", Native(self.stacked)),
                "__init__": Native(self.sequential_init),
                "add": Native(self.add_to),
                "pop": Native(lambda model, *place: vars(model)["stack"].pop(*place)),
                "call": Native(self.run_in_turn),
            },
        )
        inert_layer = {"__init__": Native(self.init_own), "call": Native(lambda layer, x, *a, **k: x)}
        of_function = {"__init__": Native(self.lambda_init), "call": Native(self.run_lambda)}
        self.classes: dict[str, PyClass] = {
            "Lambda": PyClass("Lambda", (self.layer,), of_function),
            **{name: PyClass(name, (self.layer,), dict(inert_layer)) for name in _CHANGES_NOTHING},
            "Layer": self.layer,
            "Model": self.model,
            "Sequential": self.sequential,
            "Functional": self.model,
        }

    def get(self, name: str) -> Any:
        if name in self.classes:
            return self.classes[name]
        if name in ("Input", "InputLayer"):
            return Native(self.input, name)
        if name in MERGES or name in _WRAPPERS or KERAS.name in self.library.calls.get(name, {}):
            self.classes[name] = self.layer_class(name)
            return self.classes[name]
        if name in _FUNCTIONAL:
            return Native(lambda values, axis=-1, **named: self.merge(_FUNCTIONAL[name], values, axis, None), name)
        return MISSING

    def usual(self) -> dict[str, Any]:
        """The names that pasted code has without importing them."""
        names = [n for n, having in self.library.calls.items() if KERAS.name in having]
        names += [*MERGES, *_WRAPPERS, *_FUNCTIONAL, "Input", "Model", "Sequential", "Layer"]
        return {name: self.get(name) for name in names}

    def is_model(self, value: Any) -> bool:
        return isinstance(value, PyObject) and value.kind.derives_from(self.layer)

    # Inputs

    def input(self, shape: Any = None, batch_size: Any = None, dtype: Any = None, name: Any = None, **more: Any) -> Any:
        whole = more.get("batch_shape")
        shape = more.get("input_shape", shape) if shape is None else shape
        if whole is not None:
            shape = whole[1:]
        if shape is None or isinstance(shape, Unknown):
            raise SymparamsError("an input has no shape that is read")
        if not isinstance(shape, (tuple, list)) or (None in shape and self.is_asked(shape)):
            shape = self.asked_shape(shape)
        return self.tensor_in(list(shape), name if isinstance(name, str) else None)

    def is_asked(self, shape: Any) -> bool:
        """Whether the shape that is asked for next fits one with open sizes."""
        asked = self.asked[0] if self.asked else ()
        return len(asked) == len(shape) and all(a is None or a == b for a, b in zip(shape, asked))

    def asked_shape(self, shape: Any) -> Any:
        """The shape of an input that the code names and does not bind: the one that is asked for."""
        if self.asked:
            return self.asked.pop(0)
        raise SymparamsError(
            f"the shape of the input is {in_words(shape)}, which the code does not bind",
            None,
            "--input 224,224,3 gives it",
        )

    def tensor_in(self, shape: list[Any], name: str | None = None) -> Any:
        letters = _LETTERS.get(len(shape), tuple(f"n{i}" for i in range(1, len(shape) + 1)))
        some = any(node.operation is None for node in self.program.nodes)
        sizes = [
            self.program.symbol(letter + (f"_{name}" if some and name else "")) if size is None else size
            for size, letter in zip(shape, letters)
        ]
        if not name:
            count = sum(node.operation is None for node in self.program.nodes)
            name = f"x{count + 1}" if count else "x"
        return CodeTensor(self.program, self.program.input(name, sizes), (BATCH, *sizes))

    # Layers

    def layer_class(self, name: str) -> PyClass:
        if name in MERGES:
            parameters = ["axis"] if name == "Concatenate" else []
        elif name in _WRAPPERS:
            parameters = _WRAPPERS[name]
        else:
            _, spelling = self.library.spelling(name, KERAS.name)
            parameters = [p.name for p in spelling.parameters]

        def init(layer: PyObject, *values: Any, **named: Any) -> None:
            if len(values) > len(parameters):
                raise TypeError(f"{name} takes {len(parameters)} arguments, not {len(values)}")
            layer.layer = name  # type: ignore[attr-defined]
            layer.given = {**dict(zip(parameters, values)), **named}  # type: ignore[attr-defined]
            layer.weights = None  # type: ignore[attr-defined]
            layer.names.update(layer.given)  # type: ignore[attr-defined]
            layer.names.setdefault("trainable", True)
            layer.names["name"] = named.get("name") if isinstance(named.get("name"), str) else self.usual_name(name)
            wrong = next(
                (
                    k
                    for k in named
                    if k not in parameters and k not in KERAS.neutral and name not in MERGES and name not in _WRAPPERS
                ),
                None,
            )
            if wrong is not None and parameters != ["ignored"]:
                raise TypeError(f"{name} has no argument {wrong!r}")

        return PyClass(
            name,
            (self.layer,),
            {
                "__init__": Native(init),
                "__call__": Native(self.run_layer),
                "call": Native(self.run_layer),
                "build": Native(lambda layer, *shape: self.built_alone.append(layer)),
                "output": Descriptor("property", Native(self.only_output)),
            },
        )

    def usual_name(self, kind: str) -> str:
        word = "".join(
            f"_{c.lower()}"
            if c.isupper() and i and not kind[i - 1].isupper() and not kind[i - 1].isdigit()
            else c.lower()
            for i, c in enumerate(kind)
        )
        self.counts[word] = self.counts.get(word, 0) + 1
        return word if self.counts[word] == 1 else f"{word}_{self.counts[word] - 1}"

    def written(self, layer: PyObject, activation: bool = False) -> str:
        name, given = layer.layer, layer.given  # type: ignore[attr-defined]
        if name in _WRAPPERS and name != "Activation":
            words = [self.written(given["layer"], True)]
            if "merge_mode" in given:
                words.append(f"merge_mode={in_code(given['merge_mode'], name, 'merge_mode')}")
            return f"layers.{name}({', '.join(words)})"
        _, spelling = self.library.spelling(name, KERAS.name)
        counted = {p.name: p.kind for p in spelling.parameters if p.kind}
        words = [
            f"{k}={in_code(v, name, k)}"
            for k, v in given.items()
            if k in counted and (counted[k] != "activation" or activation)
        ]
        return f"layers.{name}({', '.join(words)})"

    def run_layer(self, layer: PyObject, *values: Any, **named: Any) -> Any:
        name, given = layer.layer, layer.given  # type: ignore[attr-defined]
        first = values[0] if values else named.get("inputs", named.get("query"))
        if name in MERGES:
            return self.merge(name, first, given.get("axis", -1), layer)
        if name == "TimeDistributed" and not self.goes_step_by_step(given["layer"]):
            return self.run_on_steps(first, given["layer"])
        if isinstance(first, (list, tuple)) and first and all(isinstance(v, CodeTensor) for v in first):
            values, first = (first[0], *first[1:]), first[0]
        if not isinstance(first, CodeTensor):
            what = f"what flows into {name}"
            raise first.fault(what) if isinstance(first, Unknown) else SymparamsError(f"{what} is no tensor")
        if name == "Activation":
            return self.activated(first, given.get("activation"))
        others: tuple[Any, ...] = ()
        if name not in _WRAPPERS:
            rule, spelling = self.library.spelling(name, KERAS.name)
            more = [v for v in (*values[1:], named.get("value"), named.get("key")) if isinstance(v, CodeTensor)]
            if all(v.node is first.node for v in more):
                more = []
            others = tuple((memory.name, v.flowing()) for memory, v in zip(rule.memories, more))
        made = first.after(GraphOperation(*_head(self.written(layer)), others), (), layer)
        made = first.like(made.node, (BATCH, *made.node.shape))
        if name not in _WRAPPERS and any(p.kind == "activation" for p in spelling.parameters):
            made = self.activated(made, given.get(next(p.name for p in spelling.parameters if p.kind == "activation")))
        if given.get("return_state"):
            state = Unknown("the state of a recurrent layer")
            return [made, state, state] if name == "LSTM" else [made, state]
        return made

    def activated(self, tensor: CodeTensor, activation: Any) -> Any:
        if activation is None or activation == "linear":
            return tensor
        if isinstance(activation, CodeFunction):
            return self.interpreter.call(activation, [tensor], {})
        if is_layer(activation):
            raise SymparamsError("a layer in the place of an activation is not read", None, "call it behind the layer")
        word = (
            activation.name
            if isinstance(activation, (Native, PyClass))
            else activation
            if isinstance(activation, str)
            else activation.what.rpartition(".")[2]
        )
        return tensor.after(GraphOperation("layers.Activation", (f'"{word}"',)), tensor.sizes)

    def merge(self, name: str, values: Any, axis: Any, layer: Any) -> Any:
        several = list(self.interpreter.items(values))
        for value in several:
            if not isinstance(value, CodeTensor):
                raise (
                    value.fault(name) if isinstance(value, Unknown) else SymparamsError(f"{name} of what is no tensor")
                )
        if name == "Concatenate":
            return combining.joined(several, axis)
        found = several[0]
        for other in several[1:]:
            found = combining.combined(MERGES[name], found, other)
        return found

    # Models and layers of the code

    def set_attribute(self, layer: PyObject, name: str, value: Any) -> None:
        layer.names[name] = value
        if name == "trainable":
            for inner in self.layers_of(layer):
                inner.names[name] = value

    def init_own(self, layer: PyObject, *ignored: Any, **named: Any) -> None:
        layer.names["name"] = (
            named.get("name") if isinstance(named.get("name"), str) else self.usual_name(layer.kind.name)
        )
        if named.get("trainable") is False:
            layer.names["trainable"] = False

    def run_own(self, layer: PyObject, *values: Any, **named: Any) -> Any:
        if not layer.names.get("built"):
            layer.names["built"] = True
            build = layer.kind.find("build")
            first = values[0] if values else None
            if isinstance(build, CodeFunction) and isinstance(first, CodeTensor):
                self.interpreter.call(BoundFunction(build, layer), [(None, *first.sizes[1:])], {})
        call = layer.kind.find("call")
        if call is MISSING or (
            layer.kind.derives_from(self.model)
            and "outputs" in layer.names
            and isinstance(call, Native)
            and layer.kind is self.model
        ):
            return self.run_graph(layer, values[0])
        with self.program.within(layer, layer.kind.name):
            made = self.interpreter.call(call, [layer, *values], named if isinstance(call, CodeFunction) else {})
        return self.behind(made, values)

    def add_weight(self, layer: PyObject, *values: Any, **named: Any) -> CodeParameter:
        shape = named.get("shape", next((v for v in values if isinstance(v, (tuple, list))), ()))
        made = CodeParameter(self.program, tuple(shape))
        made.name = str(named.get("name") or "weight")
        made.trained = named.get("trainable", True) is not False
        self.weights_made.append((layer, made))
        return made

    def model_init(self, model: PyObject, *values: Any, **named: Any) -> None:
        inputs = named.get("inputs", values[0] if values else None)
        outputs = named.get("outputs", values[1] if len(values) > 1 else None)
        self.init_own(model, **named)
        if outputs is not None:
            model.names.update(inputs=inputs, outputs=outputs)

    def run_graph(self, model: PyObject, value: Any) -> Any:
        """A functional model used as a layer: its operations once more, with the same weights."""
        inputs, outputs = listed(model.names.get("inputs")), listed(model.names.get("outputs"))
        values = listed(value)
        known: dict[Any, Any] = {t.node: v.flowing() for t, v in zip(inputs, values)}
        for node in list(self.program.nodes):
            if node.operation is None or node in known or not any(r in known for r in node.reads):
                continue
            others = tuple((w, known.get(o, o)) for w, o in node.operation.others)
            known[node] = self.program.add(
                node.operation._replace(others=others), known.get(node.flows_in) or node.reads[0], node.owner
            )
        made = [
            CodeTensor(self.program, known.get(t.node, t.node), (BATCH, *known.get(t.node, t.node).shape))
            for t in outputs
        ]
        return made[0] if len(made) == 1 else made

    def stacked(self, model: PyObject) -> list[Any]:
        """The layers of a sequence, without its input."""
        return [layer for layer in vars(model)["stack"] if not isinstance(layer, CodeTensor)]

    def layers_one_by_one(self, model: PyObject) -> Any:
        raise SymparamsError("the layers of a functional model, one by one, are not read", None, "name the layers")

    def get_layer(self, model: PyObject, name: Any = None, index: Any = None) -> Any:
        found = next((layer for layer in self.layers_of(model) if name and layer.names.get("name") == name), None)
        return Unknown(f"the layer {name or index}") if found is None else found

    def build_model(self, model: PyObject, shape: Any = None) -> None:
        return None

    def sequential_init(self, model: PyObject, layers: Any = (), **named: Any) -> None:
        self.init_own(model, **named)
        vars(model)["stack"] = list(self.interpreter.items(layers or ()))

    def add_to(self, model: PyObject, layer: Any) -> None:
        vars(model)["stack"].append(layer)

    def run_in_turn(self, model: PyObject, value: Any, **named: Any) -> Any:
        for layer in vars(model)["stack"]:
            if not isinstance(layer, CodeTensor):
                value = self.interpreter.call(layer, [value], {})
        return value

    # The program


def _head(written: str) -> tuple[str, tuple[str, ...]]:
    name, _, rest = written.partition("(")
    return name, (rest[:-1],) if rest[:-1] else ()

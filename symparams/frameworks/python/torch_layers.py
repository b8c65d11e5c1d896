"""The layers of torch.nn, for code that is read: one class for each that the rules know."""

from __future__ import annotations

import re
from typing import Any

from ...closed_forms.polynomial import Quantity
from ...errors import SymparamsError
from ...evaluate.domain import is_symbolic, multiply, product, total
from ...language import syntax
from ...language.dialects import TORCH
from ..graph import traced_tensors as shaping
from ..graph.growing_program import BATCH, GraphOperation, GrowingProgram, in_words
from .code_objects import MISSING, CodeFunction, Descriptor, Native, PyClass, PyObject, Unknown
from .code_parameters import CodeParameter
from .code_tensors import CodeTensor
from .folded_batches import goes_part_by_part, part_by_part

# What layers are called with, by name: what flows in, states, and masks, which change no size.
_ARGUMENTS_OF_CALLS = frozenset(
    """input query key value src tgt memory x hx attn_mask key_padding_mask need_weights average_attn_weights
    is_causal mask src_mask tgt_mask memory_mask src_key_padding_mask tgt_key_padding_mask memory_key_padding_mask
    tgt_is_causal memory_is_causal src_is_causal offsets per_sample_weights input1 input2 output_size""".split()  # noqa: SIM905
)
PAIRED = ("kernel_size", "stride", "padding", "dilation")


class TorchLayers:
    """Classes of layers, and what they do to a tensor."""

    program: GrowingProgram
    library: Any
    module: PyClass
    walk: Any
    root: Any

    def layer_class(self, name: str, parameters: list[str]) -> PyClass:
        defaults = {}
        if TORCH.name in self.library.calls.get(name, {}):
            _, spelling = self.library.spelling(name, TORCH.name)
            defaults = {p.name: plain_value(p.default) for p in spelling.parameters}

        def init(module: PyObject, *values: Any, **named: Any) -> None:
            if len(values) > len(parameters) and parameters[-1:] != ["ignored"]:
                raise TypeError(f"{name} takes {len(parameters)} arguments, not {len(values)}")
            module.layer = name  # type: ignore[attr-defined]
            module.given = {**dict(zip(parameters, values)), **named}  # type: ignore[attr-defined]
            module.weights = None  # type: ignore[attr-defined]
            module.arguments = parameters  # type: ignore[attr-defined]
            given = {**defaults, **module.given}  # type: ignore[attr-defined]
            module.names.update({k: _kept(name, k, v) for k, v in given.items() if not isinstance(v, PyObject)})
            module.names.pop("bias", None)
            self.call_of(module)

        def attribute(module: PyObject, word: str) -> Any:
            if not is_layer(module):
                raise AttributeError(word)
            found = self.weights(module).get(word, MISSING)
            if found is MISSING:
                if word in ("bias", "weight", "running_mean", "running_var", "in_proj_bias"):
                    return None
                if word in ("batch_first", "training"):
                    return False
                raise AttributeError(f"{name} has no attribute {word!r}")
            return found

        names: dict[str, Any] = {
            "__init__": init,
            "forward": self.run_layer,
            "__getattr__": attribute,
            "reset_parameters": lambda m: None,
            "flatten_parameters": lambda m: None,
        }
        if name == "Embedding":
            names["from_pretrained"] = Descriptor("classmethod", Native(self.of_table))
        if name.startswith("Transformer"):
            mask = Native(lambda size, **named: CodeTensor(self.program, None, (size, size)))
            names["generate_square_subsequent_mask"] = Descriptor("staticmethod", mask)
        return PyClass(name, (self.module,), {n: Native(w, n) if callable(w) else w for n, w in names.items()})

    def of_table(self, kind: PyClass, table: Any, freeze: Any = True, **named: Any) -> PyObject:
        """An embedding with a table that is there."""
        if not isinstance(table, CodeTensor):
            raise table.fault("a table") if isinstance(table, Unknown) else SymparamsError("a table is no tensor")
        made = PyObject(kind)
        kind.names["__init__"].work(made, *table.sizes, **named)
        for parameter in self.weights(made).values():
            parameter.trained = freeze is False
        return made

    def call_of(self, module: PyObject, others: tuple[Any, ...] = ()) -> GraphOperation:
        """The layer as the language calls it, with further flows that it takes."""
        name = module.layer  # type: ignore[attr-defined]
        words: list[Any] = []
        if name in ("TransformerEncoder", "TransformerDecoder"):
            given = module.given  # type: ignore[attr-defined]
            inner = given["layer"] if "layer" in given else given.get("encoder_layer", given.get("decoder_layer"))
            norm = given.get("norm")
            words = [self.call_of(inner)._replace(others=others), f"num_layers={in_words(given['num_layers'])}"]
            if norm is not None:
                words.append("norm=true")
            return GraphOperation(f"nn.{name}", tuple(words))
        _, spelling = self.library.spelling(name, TORCH.name)
        counted = {p.name: p.kind for p in spelling.parameters if p.kind}
        for key, value in module.given.items():  # type: ignore[attr-defined]
            if key in counted:
                words.append(f"{key}={in_code(value, name, key)}")
            elif key == "ignored" or (spelling.parameters and any(p.variadic for p in spelling.parameters)):
                continue
            elif key not in {p.name for p in spelling.parameters} and key not in ("device", "dtype"):
                raise TypeError(f"{name} has no argument {key!r}")
        return GraphOperation(f"nn.{name}", tuple(words), others)

    def weights(self, module: PyObject) -> dict[str, CodeParameter]:
        """The layer's trained tensors, by torch's names for them."""
        if module.weights is None:  # type: ignore[attr-defined]
            tensors = self.program.tensors_alone(self.own_sizes(module), self.call_of(module))
            module.weights = {}  # type: ignore[attr-defined]
            for tensor in tensors:
                if tensor.kind == "weight":
                    name = {"kernel": "weight", "gamma": "weight", "beta": "bias", "table": "weight"}.get(
                        tensor.name, tensor.name
                    )
                    module.weights[name] = CodeParameter(self.program, tensor.shape, module, name)  # type: ignore[attr-defined]
        return module.weights  # type: ignore[attr-defined]

    def state_shapes(self, module: PyObject) -> list[tuple[Quantity, ...]]:
        """The shapes of the tensors that the layer keeps and does not learn."""
        tensors = self.program.tensors_alone(self.own_sizes(module), self.call_of(module))
        return [tensor.shape for tensor in tensors if tensor.kind == "state"]

    def aside(self, module: PyObject) -> str:
        """The layer set aside."""
        return f"aside({', '.join(self.own_sizes(module))}) {{ LABEL: {self.call_of(module).written({})} }}"

    def own_sizes(self, module: PyObject) -> list[str]:
        """A shape for the layer: with the sizes that it says itself, and any others."""
        name = module.layer  # type: ignore[attr-defined]
        stacked = vars(module)["given"].get("layer")
        rule, spelling = self.library.spelling(stacked.layer if stacked is not None else name, TORCH.name)
        given = module.given["layer"].given if "layer" in module.given else module.given  # type: ignore[attr-defined]
        implied = {p.kind: given.get(p.name, plain_value(p.default)) for p in spelling.parameters if p.kind}
        rank = re.search(r"(\d)d$", name)
        sizes: list[str] = []
        for axis in rule.pattern.axes if rule.pattern else ():
            if axis.variadic and "tail" in implied:
                tail = implied["tail"]
                sizes += map(in_words, tail if isinstance(tail, (tuple, list)) else (tail,))
            elif axis.variadic:
                front = sizes == [] and len(rule.pattern.axes) > 1  # type: ignore[union-attr]
                sizes += ["_"] * (0 if front else int(rank[1]) if rank else 1)
            else:
                size = implied.get(axis.name)
                sizes.append("_" if size is None else in_words(size))
        return sizes or ["_"]

    def run_layer(self, module: PyObject, *values: Any, **named: Any) -> Any:
        name = module.layer  # type: ignore[attr-defined]
        first = values[0] if values else next(iter(named.values()), None)
        if not isinstance(first, CodeTensor):
            what = f"what flows into {name}"
            raise first.fault(what) if isinstance(first, Unknown) else SymparamsError(f"{what} is no tensor")
        ignored = sorted(named.keys() - _ARGUMENTS_OF_CALLS)
        if ignored:
            raise SymparamsError(f"{name} is called with {ignored[0]}, which is not read")
        rule, _ = self.library.spelling(
            "TransformerEncoderLayer"
            if name == "TransformerEncoder"
            else "TransformerDecoderLayer"
            if name == "TransformerDecoder"
            else name,
            TORCH.name,
        )
        if goes_part_by_part(first, name, rule):
            return part_by_part(lambda *parts: self.run_layer(module, *parts), [*values, *named.values()])
        if name == "Flatten" and (first.is_folded or first.batch_axis != 0):
            given = {"start_dim": 1, "end_dim": -1, **vars(module)["given"]}
            return shaping.flattened(first, given["start_dim"], given["end_dim"])
        tensors = [v for v in values[1:] if isinstance(v, CodeTensor)]
        reads: list[Any] = [v for v in tensors if v.node is not None][: len(rule.memories)]
        if name == "MultiheadAttention":
            memories: list[Any] = [*values[1:3]] if values[1:3] else [named.get("key"), named.get("value")]
            same = all(m is first or m.node is first.node for m in memories if isinstance(m, CodeTensor))
            reads = [] if same else list(memories[: 1 if memories[0] is memories[1] else 2])
        if rule.name in ("rnn", "lstm", "gru", "rnn_cell", "lstm_cell", "gru_cell", "transformer_encoder"):
            reads = []
        others = tuple((memory.name, t.flowing()) for memory, t in zip(rule.memories, reads))
        operation = self.call_of(module, others)
        if name.startswith("ConvTranspose"):
            operation = self.of_size(operation, module, first, named.get("output_size", (*values, None)[1]))
        try:
            out = self.results(name, module, first, first.after(operation, (), module))
            return self.with_weights(module, out, values, named) if name == "MultiheadAttention" else out
        except SymparamsError as error:
            path = next((p for p, m in self.walk(self.root or module) if m is module and p), None)
            error.message = f"{path}: {error.message}" if path else error.message
            raise

    def of_size(self, operation: GraphOperation, module: PyObject, first: CodeTensor, size: Any) -> GraphOperation:
        """A transposed convolution whose output has a size: with as much padding of the output as that takes."""
        if size is None:
            return operation
        if not isinstance(size, (tuple, list)):
            raise SymparamsError("the size of an output is not known")
        argument = [a for a in operation.arguments if not str(a).startswith("output_padding=")]
        plain = operation._replace(arguments=tuple(argument))
        spatial = len(first.sizes) - 2
        smallest = self.program.shape_after(plain, first.flowing())[-spatial:]
        more = tuple(total((a, multiply(-1, b))) for a, b in zip(size[-spatial:], smallest))
        return plain._replace(arguments=(*argument, f"output_padding={in_code(more, 'ConvTranspose', 'output_size')}"))

    def results(self, name: str, module: PyObject, first: CodeTensor, after: Any) -> Any:
        """What the layer gives back, with the batch where it was."""
        shape = list(after.node.shape)
        batch = first.batch_axis
        if batch is None:
            sizes = shape
        elif first.is_folded:
            sizes = [first.sizes[batch], *shape[1:]]
        else:
            place = min(batch, len(shape))
            sizes = [*shape[:place], BATCH, *shape[place:]]
        out = first.like(after.node, sizes)
        if name in ("LSTM", "GRU", "RNN"):
            return out, self.states(name, module, out, shape)
        if name == "LSTMCell":
            return out, out
        if name.startswith("MaxPool") and vars(module).get("given", {}).get("return_indices"):
            return out, out.like(None, out.sizes)
        return out

    def with_weights(self, module: PyObject, out: CodeTensor, values: Any, named: Any) -> Any:
        """What an attention puts out, with its weights: how much each place looks at each."""
        words = ("query", "key", "value", "key_padding_mask", "need_weights", "attn_mask", "average_attn_weights")
        given = {**dict(zip(words, values)), **named}
        if given.get("need_weights") is False:
            return out, None
        batch, keys = out.batch_axis, given["key"]
        if batch is None or len(out.sizes) != 3 or not isinstance(keys, CodeTensor):
            return out, Unknown("the weights of the attention")
        own = module.given  # type: ignore[attr-defined]
        more = bool(own.get("add_bias_kv")) + bool(own.get("add_zero_attn"))
        heads = [own["num_heads"]] if given.get("average_attn_weights") is False else []
        sizes = [out.sizes[batch], *heads, out.sizes[1 - batch], total((keys.sizes[1 - batch], more))]
        return out, out.like(None, sizes)

    def states(self, name: str, module: PyObject, out: CodeTensor, shape: list[Any]) -> Any:
        given = module.given  # type: ignore[attr-defined]
        both = 2 if given.get("bidirectional") else 1
        count = product((given.get("num_layers", 1), both))
        width = given.get("proj_size") or given["hidden_size"]
        state = StateTensor(self.program, out, (count, BATCH, width))
        return (
            (state, StateTensor(self.program, out, (count, BATCH, given["hidden_size"]))) if name == "LSTM" else state
        )


class StateTensor(CodeTensor):
    """What a recurrent layer remembers at the end, which is in the graph once it is used."""

    __slots__ = ("out",)

    def __init__(self, program: GrowingProgram, out: CodeTensor, sizes: Any):
        super().__init__(program, None, sizes)
        self.out = out

    def flowing(self) -> Any:
        if self.node is None:
            words = (in_words(self.sizes[0]), in_words(self.sizes[2]))
            self.node = self.program.add(GraphOperation("final_state", words), self.out.flowing())
        return self.node

    def reshaped(self, sizes: Any) -> Any:
        self.flowing()
        return super().reshaped(sizes)

    def item(self, key: Any) -> Any:
        self.flowing()
        return super().item(key)

    def attribute(self, name: str) -> Any:
        if name not in ("shape", "size", "detach", "data"):
            self.flowing()
        return super().attribute(name)


def _kept(layer: str, argument: str, value: Any) -> Any:
    """What torch keeps of an argument: one number for all axes as a tuple, with one for each."""
    one = (isinstance(value, int) and not isinstance(value, bool)) or is_symbolic(value)
    rank = re.search(r"(\d)d$", layer)
    axes = 1 if argument == "normalized_shape" else int(rank[1]) if rank and argument in PAIRED else 0
    return (value,) * axes if one and axes else value


def is_layer(value: Any) -> bool:
    return isinstance(value, PyObject) and hasattr(value, "layer")


def in_code(value: Any, layer: str, argument: str) -> str:
    """An argument as the language has it. Raises SymparamsError for one that is not known."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, (int, float)) or is_symbolic(value):
        return in_words(value) if not isinstance(value, float) else repr(value)
    if isinstance(value, str):
        return f'"{value}"'
    if value is None:
        return "None"
    if isinstance(value, (tuple, list)):
        return f"({', '.join(in_code(v, layer, argument) for v in value)}{',' * (len(value) == 1)})"
    if isinstance(value, PyClass):
        return f'"{value.name.lower()}"'
    if isinstance(value, (CodeFunction, Native)):
        return f'"{value.name}"'
    if isinstance(value, PyObject) and is_layer(value):
        return f'"{value.layer.lower()}"'  # type: ignore[attr-defined]
    if isinstance(value, Unknown):
        raise value.fault(f"{argument} of {layer}")
    raise SymparamsError(f"{argument} of {layer} is {type(value).__name__}, which is not read")


def plain_value(node: Any) -> Any:
    if isinstance(node, syntax.Number):
        return int(node.value) if node.value == int(node.value) else float(node.value)
    if isinstance(node, syntax.Truth):
        return node.value
    if isinstance(node, syntax.Name) and node.name in ("True", "False"):
        return node.name == "True"
    return node.value if isinstance(node, syntax.Text) else None

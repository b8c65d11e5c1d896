"""A network as code that a reader is shown: a framework's own layers, without what they have by default."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..core.network import CoreNetwork
from ..errors import SymparamsError
from ..language.library import standard_library
from ..language.syntax import Name, Node, Number, Sign, Truth
from .layer_graph import LayerGraph, Operation, graph, token_inputs
from .torch_source import class_name

_MERGES = {"add": " + ", "mul": " * "}
_MERGING_LAYERS = {"add": "Add", "mul": "Multiply", "concat": "Concatenate"}
# An argument that is left out is as large as another.
_AS_LARGE_AS = {"stride": "kernel_size", "strides": "pool_size"}
# What calls the layers of each framework.
_PREFIXES = {"torch": "nn.", "keras": "layers."}
_WORDS = {"none": None, "valid": "valid", "same": "same"}


class ShortLayer(NamedTuple):
    """A layer of the code: the calls that make it, one behind the other."""

    name: str
    calls: tuple[str, ...]


def short_code(net: CoreNetwork) -> str | None:
    """The code of a network of numbers; None where a reader could not do with the framework's own layers.

    Its layers are those of the network by the same names: blocks, repeats and weights that are shared have none.
    """
    if any(stage.children is not None for stage in net.stages):
        return None
    try:
        found = graph(net, net.dialect)
    except SymparamsError:
        return None
    whole = [stage.name for stage in net.stages]
    made = [op for op in found.operations if op.kind != "input"]
    plain = all(
        op.module == op.name and not any(t.tied or not t.trainable for t in op.tensors if t.is_weight) for op in made
    )
    if not plain or [op.name for op in made] != whole:
        return None
    layers = [ShortLayer(op.name, calls) for op in made if (calls := tuple(_calls(op, found, net.dialect)))]
    merged = {op.name for op in made if op.kind in _MERGING_LAYERS}
    if {layer.name for layer in layers} | merged != set(whole):
        return None
    lines = _WRITERS[net.dialect](net, found, {layer.name: layer for layer in layers})
    return "\n".join(lines) + "\n"


def _calls(op: Operation, network: LayerGraph, target: str) -> Iterator[str]:
    """The calls of the framework's own layers that make an operation; none where it has no such."""
    if op.build is None or (op.kind in _MERGING_LAYERS and op.kind != "input"):
        return
    call = ast.parse(op.build, mode="eval").body
    assert isinstance(call, ast.Call)
    by_name = {other.name: other for other in network.operations}
    opened = _opened(call, by_name[op.inputs[0]].output if op.inputs else ())
    if all(ast.unparse(part.func).startswith(_PREFIXES[target]) for part in opened):
        yield from (_shortened(part, target) for part in opened)


def _opened(call: ast.Call, inflow: tuple[int, ...]) -> list[ast.Call]:
    """What a part that emitted programs bring along consists of."""
    name = ast.unparse(call.func)
    if name == "GlobalPool":
        is_max, keeps = (ast.literal_eval(argument) for argument in call.args)
        pool = f"nn.Adaptive{'Max' if is_max else 'Avg'}Pool{len(inflow) - 1}d(1)"
        return [_parsed(text) for text in (pool, *(() if keeps else ("nn.Flatten()",)))]
    if name == "nn.Sequential":
        return [part for part in call.args if isinstance(part, ast.Call)]
    if name == "Padded":
        return _padded(*call.args)
    return [call]


def _padded(sides: ast.expr, layer: ast.expr) -> list[ast.Call]:
    """A layer of Keras with its padding: by the word for it where that says the same."""
    assert isinstance(layer, ast.Call)
    pairs = ast.literal_eval(sides)
    numbers = [ast.literal_eval(argument) for argument in layer.args]
    name = ast.unparse(layer.func)
    if name.startswith("layers.Conv") and numbers[2] == 1 and isinstance(numbers[1], int):
        dilation = next((ast.literal_eval(k.value) for k in layer.keywords if k.arg == "dilation_rate"), 1)
        if all(before == after and 2 * before == dilation * (numbers[1] - 1) for before, after in pairs):
            word = ast.keyword("padding", ast.Constant("same"))
            return [ast.Call(layer.func, layer.args, [*layer.keywords, word])]
    alike = {size for pair in pairs for size in pair}
    padding = alike.pop() if len(alike) == 1 else pairs if len(pairs) > 1 else pairs[0]
    return [_parsed(f"layers.ZeroPadding{len(pairs)}D({padding!r})"), layer]


def _parsed(text: str) -> ast.Call:
    call = ast.parse(text, mode="eval").body
    assert isinstance(call, ast.Call)
    return call


def _shortened(call: ast.Call, target: str) -> str:
    """The call without the arguments that are the framework's defaults; those with a default have their names."""
    name = ast.unparse(call.func)
    base = name.partition(".")[2]
    if base not in standard_library().calls or target not in standard_library().calls[base]:
        return ast.unparse(call)
    _, spelling = standard_library().spelling(base, target)
    order = [parameter.name for parameter in spelling.parameters]
    given = dict(zip(order, call.args)) | {k.arg: k.value for k in call.keywords if k.arg}
    defaults = {p.name: _python(p.default) for p in spelling.parameters if p.default is not None}
    shown: list[str] = []
    for place, parameter in enumerate(order):
        if parameter not in given:
            continue
        value = _collapsed(given[parameter])
        like = _AS_LARGE_AS.get(parameter) if defaults.get(parameter, ...) is None else None
        default = _given(given.get(like)) if like else defaults.get(parameter, ...)
        if place and default is not ... and value == default:
            continue
        required = parameter not in defaults and len(shown) == place
        shown.append(repr(value) if required or not place else f"{parameter}={value!r}")
    return f"{name}({', '.join(shown)})"


def _given(node: ast.expr | None) -> object:
    return ... if node is None else _collapsed(node)


def _collapsed(node: ast.expr) -> object:
    """The value of a literal; of several that are alike the one."""
    value = ast.literal_eval(node)
    return value[0] if isinstance(value, tuple) and len(set(value)) == 1 and len(value) > 1 else value


def _python(node: Node) -> object:
    if isinstance(node, (Number, Truth)):
        return node.value
    if isinstance(node, Sign) and isinstance(node.value, Number):
        return -node.value.value
    return _WORDS.get(node.name, ...) if isinstance(node, Name) else ...


# Torch


def _torch(net: CoreNetwork, found: LayerGraph, layers: Mapping[str, ShortLayer]) -> list[str]:
    return _torch_chain(layers) if _is_chain(found) else _torch_class(net, found, layers)


def _is_chain(found: LayerGraph) -> bool:
    names = [op.name for op in found.operations]
    follows = all(op.inputs == (before,) for op, before in zip(found.operations[1:], names))
    return follows and [op.name for op in found.outputs] == names[-1:] and len(found.operations) > 1


def _torch_chain(layers: Mapping[str, ShortLayer]) -> list[str]:
    lines = [f"    {', '.join(layer.calls)}," for layer in layers.values()]
    width = max(map(len, lines))
    named = (f"{line:<{width}}  # {name}" for line, name in zip(lines, layers))
    return ["model = nn.Sequential(", *named, ")"]


def _torch_class(net: CoreNetwork, found: LayerGraph, layers: Mapping[str, ShortLayer]) -> list[str]:
    made = []
    for layer in layers.values():
        together = f"nn.Sequential({', '.join(layer.calls)})" if len(layer.calls) > 1 else layer.calls[0]
        made.append(f"        self.{layer.name} = {together}")
    inputs = [op.name for op in found.operations if op.kind == "input"]
    run = []
    for op in found.operations:
        if op.kind == "concat":
            run.append(f"{op.name} = torch.cat([{', '.join(op.inputs)}], dim={(op.axis or 0) + 1})")
        elif op.kind in _MERGES:
            run.append(f"{op.name} = {_MERGES[op.kind].join(op.inputs)}")
        elif op.kind != "input":
            run.append(f"{op.name} = self.{op.name}({', '.join(op.inputs)})")
    return [
        f"class {class_name(net.name)}(nn.Module):",
        "    def __init__(self):",
        "        super().__init__()",
        *made,
        "",
        f"    def forward(self, {', '.join(inputs)}):",
        *(f"        {line}" for line in run),
        f"        return {', '.join(op.name for op in found.outputs)}",
    ]


# Keras


def _keras(net: CoreNetwork, found: LayerGraph, layers: Mapping[str, ShortLayer]) -> list[str]:
    tokens = token_inputs(found.operations)
    lines = ['keras.config.set_image_data_format("channels_first")'] * (net.evaluated.layout == "channels_first")
    for op in found.operations:
        if op.kind == "input":
            dtype = ', dtype="int32"' if op.name in tokens else ""
            lines.append(f"{op.name} = keras.Input({op.output!r}{dtype})")
            continue
        if op.kind in _MERGING_LAYERS:
            axis = f"axis={(op.axis or 0) + 1}" if op.kind == "concat" else ""
            lines.append(f"{op.name} = layers.{_MERGING_LAYERS[op.kind]}({axis})([{', '.join(op.inputs)}])")
            continue
        flowing = ", ".join(op.inputs)
        for call in layers[op.name].calls:
            flowing = f"{call}({flowing})"
        lines.append(f"{op.name} = {flowing}")
    inputs = [op.name for op in found.operations if op.kind == "input"]
    ends = [", ".join(names) for names in (inputs, [op.name for op in found.outputs])]
    ends = [f"[{end}]" if ", " in end else end for end in ends]
    return [*lines, f"model = keras.Model({', '.join(ends)})"]


_Writer = Callable[[CoreNetwork, LayerGraph, Mapping[str, ShortLayer]], Sequence[str]]
_WRITERS: dict[str, _Writer] = {"torch": _torch, "keras": _keras}

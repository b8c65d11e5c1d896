"""What frameworks write around layers: Sequential, Input, Activation, Bidirectional, TimeDistributed, stacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Protocol

from ..errors import Span, SymparamsError
from . import ir, syntax
from .dialects import KERAS, TORCH
from .framework_arguments import as_label
from .framework_calls import Bound, activation, split
from .library import Library
from .syntax import Node

Scope = frozenset[str]
Stages = tuple[Node, ...]


class Linking(Protocol):
    """What a wrapper needs of the program that it stands in."""

    library: Library

    def note_names(self, node: Node, scope: Scope) -> None: ...

    def stages(self, call: syntax.Call, label: str | None, span: Span, scope: Scope, framework: str) -> Stages: ...

    def framework_call(self, call: syntax.Call, scope: Scope, framework: str) -> Bound: ...

    def spelled_stages(self, bound: Bound, label: str | None, span: Span, scope: Scope) -> Stages: ...


Wrap = Callable[[Linking, syntax.Call, "str | None", Span, Scope, str], Stages]


def _sequential(
    around: Linking, call: syntax.Call, label: str | None, span: Span, scope: Scope, framework: str
) -> Stages:
    named = _arguments(call, "*layers", "layers", "name")
    parts = [part for node in named.get("layers", ()) for part in _listed(node)]
    linked = (around.stages(_as_call(part), None, part.span, scope, framework) for part in parts)
    inside = tuple(chain.from_iterable(linked))
    return (ir.Group(label, inside, span=span),) if label else inside


def _input(around: Linking, call: syntax.Call, label: str | None, span: Span, scope: Scope, framework: str) -> Stages:
    named = _arguments(call, "shape", "batch_size", "dtype", "sparse", "batch_shape", "name", "input_shape", "tensor")
    shape = next((named[word][0] for word in ("shape", "input_shape", "batch_shape") if word in named), None)
    if not isinstance(shape, (syntax.Tuple, syntax.List)):
        raise SymparamsError(f"{call.name!r} needs a shape", span, f"{call.name}(shape=(28, 28, 1))")
    items = shape.items[1:] if "batch_shape" in named else shape.items
    return (entering(around, items, label or _own_name(named), span, scope),)


def entering(around: Linking, items: tuple[Node, ...], label: str | None, span: Span, scope: Scope) -> Node:
    """An input of these sizes; a size that is left open is the letter of its axis."""
    letters = iter({1: "T", 2: "T", 3: "HW", 4: "DHW"}.get(len(items), ""))
    sizes = tuple(
        syntax.Name(next(letters, "N"), span=item.span)
        if isinstance(item, syntax.Name) and item.name == "None"
        else item
        for item in items
    )
    for size in sizes:
        around.note_names(size, scope)
    return ir.Input(label, sizes, None, span=span)


def _activation(
    around: Linking, call: syntax.Call, label: str | None, span: Span, scope: Scope, framework: str
) -> Stages:
    named = _arguments(call, "activation", "name")
    if "activation" not in named:
        raise SymparamsError(f"{call.name!r} needs its argument 'activation'", span, f'{call.name}("relu")')
    layer = activation(named["activation"][0], around.library, span)
    return (layer.replaced(label=label or _own_name(named)),) if layer else ()


def _bidirectional(
    around: Linking, call: syntax.Call, label: str | None, span: Span, scope: Scope, framework: str
) -> Stages:
    named = _arguments(call, "layer", "merge_mode", "weights", "backward_layer", "name")
    if "backward_layer" in named:
        raise SymparamsError("a backward layer of its own is not read", named["backward_layer"][0].span)
    bound = _inner(around, call, named, scope)
    label = label or _own_name(named)
    if "bidirectional" not in {parameter.name for parameter in bound.rule.parameters}:
        raise SymparamsError(f"{call.name!r} takes a recurrent layer, not {bound.rule.name!r}", call.span)
    merge = named.get("merge_mode", (syntax.Text("concat"),))[0]
    bound.arguments.update(bidirectional=syntax.Truth(True), merge=merge)
    return around.spelled_stages(_wrapped(bound, call), label, span, scope)


# Layers that do to each step of a sequence what they do to one alone, without further ado.
STEP_BY_STEP = frozenset(
    "relu leaky_relu elu softmax linear embedding layernorm rmsnorm unitnorm id dropout noise rescale".split()  # noqa: SIM905
)


def _time_distributed(
    around: Linking, call: syntax.Call, label: str | None, span: Span, scope: Scope, framework: str
) -> Stages:
    named = _arguments(call, "layer", "name")
    bound = _inner(around, call, named, scope)
    has_axis = any(isinstance(a, syntax.Keyword) and a.name == "axis" for a in _as_call(named["layer"][0]).arguments)
    if bound.rule.name not in STEP_BY_STEP or has_axis:
        fault = f"{call.name} around {bound.rule.name!r} is not read: it has axes of its own"
        raise SymparamsError(fault, call.span)
    return around.spelled_stages(bound, label or _own_name(named), span, scope)


def _stack(around: Linking, call: syntax.Call, label: str | None, span: Span, scope: Scope, framework: str) -> Stages:
    one = call.name.rpartition(".")[2].replace("Transformer", "").lower()
    named = _arguments(call, f"{one}_layer", "num_layers", "norm", "enable_nested_tensor", "mask_check")
    if "num_layers" not in named:
        raise SymparamsError(f"{call.name!r} needs its argument 'num_layers'", span)
    bound = _inner(around, call, named, scope)
    if "last_norm" not in {parameter.name for parameter in bound.rule.parameters}:
        raise SymparamsError(f"{call.name!r} takes a layer of a Transformer, not {bound.rule.name!r}", call.span)
    count = named["num_layers"][0]
    around.note_names(count, scope)
    bound.arguments.update(layers=count)
    norm = named.get("norm", (syntax.Name("None"),))[0]
    if not (isinstance(norm, syntax.Name) and norm.name == "None"):
        bound.arguments.update(last_norm=syntax.Truth(True))
    return around.spelled_stages(_wrapped(bound, call), label, span, scope)


def _own_name(named: Mapping[str, tuple[Node, ...]]) -> str | None:
    """The label that a wrapper's own name is."""
    return as_label(named["name"][0]) if "name" in named else None


def _inner(around: Linking, call: syntax.Call, named: Mapping[str, tuple[Node, ...]], scope: Scope) -> Bound:
    """The layer that is wrapped, bound."""
    layer = next((values[0] for word, values in named.items() if word.endswith("layer")), None)
    if layer is None:
        raise SymparamsError(f"{call.name!r} takes a layer", call.span)
    framework = TORCH.name if call.name.rpartition(".")[2].startswith("Transformer") else KERAS.name
    return around.framework_call(_as_call(layer), scope, framework)


def _wrapped(bound: Bound, call: syntax.Call) -> Bound:
    """The layer, printed as the wrapper was written."""
    prefix = bound.spelled.call.name.partition(".")[0]
    written = call.replaced(name=f"{prefix}.{split(call.name)[1]}")
    return bound._replace(spelled=bound.spelled.replaced(call=written))


def _arguments(call: syntax.Call, *names: str) -> dict[str, tuple[Node, ...]]:
    """The arguments by name; a first name with a star takes all that have none. Raises SymparamsError."""
    starred = names[0].startswith("*")
    given: dict[str, tuple[Node, ...]] = {}
    for place, argument in enumerate(call.arguments):
        if isinstance(argument, syntax.Keyword):
            if argument.name not in names:
                raise SymparamsError(f"{call.name!r} has no argument {argument.name!r}", argument.span)
            given[argument.name] = (argument.value,)
        elif starred:
            given[names[0][1:]] = (*given.get(names[0][1:], ()), argument)
        elif place < len(names):
            given[names[place]] = (argument,)
        else:
            raise SymparamsError(f"{call.name!r} takes {len(names)} arguments", argument.span)
    return given


def _listed(node: Node) -> Iterator[Node]:
    if isinstance(node, (syntax.List, syntax.Tuple)):
        yield from node.items
    else:
        yield node


def _as_call(node: Node) -> syntax.Call:
    """An expression that stands for a layer."""
    if isinstance(node, syntax.Apply):
        return syntax.Call(node.function, node.arguments, (), span=node.span)
    if isinstance(node, syntax.Name):
        return syntax.Call(node.name, (), (), span=node.span)
    raise SymparamsError("a layer is needed here", node.span)


# By the name behind the prefix, with the frameworks that have it.
WRAPPERS: dict[str, tuple[tuple[str, ...], Wrap]] = {
    "Sequential": ((TORCH.name, KERAS.name), _sequential),
    "Input": ((KERAS.name,), _input),
    "InputLayer": ((KERAS.name,), _input),
    "Activation": ((KERAS.name,), _activation),
    "Bidirectional": ((KERAS.name,), _bidirectional),
    "TimeDistributed": ((KERAS.name,), _time_distributed),
    "TransformerEncoder": ((TORCH.name,), _stack),
    "TransformerDecoder": ((TORCH.name,), _stack),
}


def is_spelled(name: str) -> bool:
    """Whether a name can only be that of a framework's call: behind its prefix, or one that wraps layers."""
    return split(name)[0] is not None or name in WRAPPERS

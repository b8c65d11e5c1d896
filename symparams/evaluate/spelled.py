"""A layer in a framework's spelling where it stands: the axes that flow in, its layout, the sizes that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..closed_forms.conditions import Condition
from ..errors import SymparamsError, listing
from ..formula import text
from ..language import ir
from ..language.framework_arguments import TAIL
from ..language.layouts import CHANNELS_FIRST, CHANNELS_LAST
from .axes import Shape, Value, as_quantity
from .domain import compare, conjuncts
from .expressions import Scope, evaluate
from .misfit import Misfit


class Said(NamedTuple):
    """What a spelling says of a layer: the layout that it has here, and further arguments of the rule."""

    layout: str
    arguments: dict[str, Value]


def said_by(spelled: ir.Spelled, shape: Shape, layout: str, scope: Scope) -> Said:
    """What the spelling says where this shape flows in. Raises SymparamsError for a flow that the layer cannot take."""
    _check_rank(spelled, shape)
    arguments: dict[str, Value] = {}
    if spelled.layout and spelled.is_fixed and spelled.layout != layout and len(shape) > 1:
        ours, other = (word.replace("_", " ") for word in (spelled.layout, layout))
        fault = f"{spelled.call.name} has its {ours}, but what flows in has its {other}"
        raise SymparamsError(fault, spelled.span, f"the layout of the input decides: layout={spelled.layout}")
    if spelled.channels is not None:
        layout = _layout_of(spelled, _axis(evaluate(spelled.channels, scope), shape, spelled))
    if spelled.ending is not None:
        arguments["axes"] = _last_axes(evaluate(spelled.ending, scope), shape, spelled)
    for name, axis, node in spelled.sizes:
        if axis == TAIL:
            sizes = _tail(evaluate(node, scope))
            if len(sizes) > len(shape):
                raise _misfit(spelled, name, sizes, shape)
            arguments["axes"] = len(sizes)
    return Said(layout, arguments)


def _check_rank(spelled: ir.Spelled, shape: Shape) -> None:
    if spelled.ranks and len(shape) not in spelled.ranks:
        axes = listing((f"{rank} axes" for rank in spelled.ranks), "or")
        fault = f"{spelled.call.name} takes {axes} without the batch, but {text.shape(shape)} flows in"
        missing = spelled.ranks[-1] - len(shape)
        front = ", ".join(["1", *map(text.inline, shape)])
        raise SymparamsError(fault, spelled.span, f"an image of one channel is ({front})" if missing == 1 else None)


def _layout_of(spelled: ir.Spelled, axis: int) -> str:
    if axis == -1:
        return CHANNELS_LAST
    if axis == 0:
        return CHANNELS_FIRST
    raise SymparamsError(f"{spelled.call.name} over an axis in the middle is not read", spelled.span)


def _axis(value: Value, shape: Shape, spelled: ir.Spelled) -> int:
    """An axis that counts the batch: 0 for the first, -1 for the last."""
    if isinstance(value, tuple) and len(value) == 1:
        (value,) = value
    if not isinstance(value, int) or isinstance(value, bool) or not -len(shape) <= value <= len(shape) or value == 0:
        fault = f"{spelled.call.name} has no such axis: {text.shape(shape)} flows in, and axis 0 is the batch"
        raise SymparamsError(fault, spelled.span)
    place = value - 1 if value > 0 else value + len(shape)
    return -1 if place == len(shape) - 1 else place


def _last_axes(value: Value, shape: Shape, spelled: ir.Spelled) -> int:
    """How many axes are meant, which must be the last ones."""
    rank = len(shape)
    axes = value if isinstance(value, tuple) else (value,)
    places = sorted(_axis(axis, shape, spelled) % rank for axis in axes)
    if places != list(range(rank - spelled.behind - len(places), rank - spelled.behind)):
        raise SymparamsError(f"{spelled.call.name} over other axes than the last is not read", spelled.span)
    return len(places)


def _tail(value: Value) -> tuple[Value, ...]:
    return value if isinstance(value, tuple) else (value,)


def conditions(spelled: ir.Spelled, bound: Mapping[str, Value], shape: Shape, scope: Scope) -> Iterator[Condition]:
    """What must hold for the sizes that the spelling names to be those that flow in. Raises SymparamsError."""
    for name, axis, node in spelled.sizes:
        value = evaluate(node, scope)
        flows = shape[-len(_tail(value)) :] if axis == TAIL else (bound[axis],)
        for given, flowing in zip(_tail(value), flows):
            same = compare("==", as_quantity(given, node.span), as_quantity(flowing))
            if same is False:
                raise _misfit(spelled, name, _tail(value), flows)
            yield from conjuncts(same)


def _misfit(spelled: ir.Spelled, name: str, given: tuple[Value, ...], flows: tuple[Value, ...]) -> Misfit:
    said, flowing = map(_shown, (given, flows))
    fault = f"{spelled.call.name} has {name} = {said}, but {flowing} flow in"
    return Misfit(fault, spelled.span, f"write {flowing}, or leave {name} out")


def _shown(values: tuple[Value, ...]) -> str:
    sizes = tuple(map(as_quantity, values))
    return text.inline(sizes[0]) if len(sizes) == 1 else text.shape(sizes)

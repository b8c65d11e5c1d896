"""The shape that flows into a rule or a block, bound to the names of its pattern."""

from __future__ import annotations

from ..closed_forms.conditions import Condition
from ..errors import SymparamsError
from ..formula import text
from ..language import syntax
from ..language.layouts import CHANNELS_LAST, puts_channels_first
from .domain import (
    compare,
    is_symbolic,
)
from .expressions import Scope
from .model import Shape


def bind_pattern(pattern: syntax.Pattern | None, shape: Shape, scope: Scope, what: str, layout: str) -> list[Condition]:
    """Give the names of a pattern the sizes of a shape, with the channels where the pattern expects them.

    A name that has a size already must have the same one: the conditions for that are returned.
    """
    if pattern is None:
        return []
    same: list[Condition] = []
    axes = pattern.axes
    stars = [i for i, axis in enumerate(axes) if axis.variadic]
    fits = len(shape) >= len(axes) - 1 if stars else len(shape) == len(axes)
    if len(stars) > 1 or not fits:
        names = ", ".join(("*" if a.variadic else "") + a.name for a in axes)
        raise SymparamsError(f"{what} takes an input of the form ({names}), but gets {text.shape(shape)}")
    sizes = channels_to_front(shape) if layout == CHANNELS_LAST and puts_channels_first(pattern) else shape
    start = stars[0] if stars else len(axes)
    extra = len(shape) - len(axes) + 1
    for i, axis in enumerate(axes):
        if axis.variadic:
            scope.names[axis.name] = tuple(sizes[start : start + extra])
            scope.names["*"] = extra
            continue
        size = sizes[i] if i < start else sizes[i + extra - 1]
        known = scope.names.get(axis.name)
        if isinstance(known, int) or is_symbolic(known):
            same.append(compare("==", known, size))
            if same[-1] is False:
                raise SymparamsError(f"{what} needs {axis.name} = {text.inline(known)}, but gets {text.shape(shape)}")
        else:
            scope.names[axis.name] = size
    return [condition for condition in same if condition is not True]


def channels_to_front(shape: Shape) -> Shape:
    return (*shape[-1:], *shape[:-1])


def channels_to_back(shape: Shape) -> Shape:
    return (*shape[1:], *shape[:1])

"""The windows of a layer on the axes that flow in, as its rule states them by `field`."""

from __future__ import annotations

from ..closed_forms.polynomial import Quantity
from ..language import syntax
from .axes import Value, as_quantity
from .expressions import evaluate
from .rules import Applied

# By the axis of the flow: how many places a window reaches over, how far apart two are, how much is before the first.
Windows = dict[int, tuple[Quantity, ...]]


def windows_of(pattern: syntax.Pattern, rank: int, applied: Applied) -> Windows:
    """The window on each axis of the flow for which the rule states one: its reach, its step, what is before it."""
    named = _axes(pattern, rank, applied.flips)
    found: Windows = {}
    for field in applied.fields:
        if field.name is None:
            continue
        axes = named[field.name]
        for value in zip(axes, *(_each_axis(evaluate(part, applied.scope), len(axes)) for part in field.window)):
            found[value[0]] = value[1:]
    return found


def _axes(pattern: syntax.Pattern, rank: int, flips: bool) -> dict[str, list[int]]:
    """Where the axes that a pattern names stand in the flow."""
    more = rank - len(pattern.axes) + 1
    names = [axis.name for axis in pattern.axes for _ in range(more if axis.variadic else 1)]
    named: dict[str, list[int]] = {axis.name: [] for axis in pattern.axes}
    for place, name in enumerate(names):
        named[name].append((place - 1) % rank if flips else place)
    return named


def _each_axis(value: Value, axes: int) -> list[Quantity]:
    values = value if isinstance(value, tuple) else (value,) * axes
    return [as_quantity(part) for part in values]

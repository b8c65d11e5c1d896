"""Several flows put together: added, multiplied or concatenated."""

from __future__ import annotations

from collections.abc import Sequence

from ..closed_forms.conditions import Condition
from ..closed_forms.polynomial import Quantity
from ..errors import SymparamsError
from ..formula import text
from ..language import ir
from ..language.layouts import CHANNELS_LAST
from .axes import Value
from .domain import any_of, compare, simplified, total
from .expressions import evaluate
from .following import Following
from .frames import Frame
from .misfit import Misfit
from .model import Guard, Result, Shape, Stage


def merge(operator: str, shapes: Sequence[Shape], axis: Value | None, layout: str) -> tuple[Shape, tuple[Guard, ...]]:
    """The shape of the merged flows, and the conditions under which they fit. Raises SymparamsError."""
    ranks = {len(shape) for shape in shapes}
    if len(ranks) > 1:
        raise SymparamsError(f"{_shown(shapes)} have different numbers of axes")
    rank = ranks.pop()
    joined = _axis(axis, rank, layout) if operator == "concat" else None
    output: list[Quantity] = []
    guards: list[Guard] = []
    for i, sizes in enumerate(zip(*shapes)):
        if i == joined:
            output.append(total(sizes))
            continue
        size, conditions = _common_size(sizes, stretches=operator == "mul")
        if conditions is None:
            where = "in every axis" if operator != "concat" else f"in every axis but axis {joined}"
            raise Misfit(f"{_shown(shapes)} do not fit: '{operator}' needs equal sizes {where}")
        output.append(size)
        guards += [Guard(condition, operator) for condition in simplified(conditions)]
    return tuple(output), tuple(guards)


def _axis(axis: Value | None, rank: int, layout: str) -> int:
    """The axis that grows: the channels unless another is named, counted without the batch."""
    if axis is None:
        return rank - 1 if layout == CHANNELS_LAST else 0
    if not isinstance(axis, int) or isinstance(axis, bool) or not -rank <= axis < rank:
        raise SymparamsError(f"the axis must be a whole number from {-rank} to {rank - 1}; the batch has none")
    return axis % rank


def _common_size(sizes: Sequence[Quantity], stretches: bool) -> tuple[Quantity, list[Condition] | None]:
    """The size that all have, with conditions where they may differ, None where they must. A 1 stretches."""
    if stretches and any(size != 1 for size in sizes):
        sizes = [size for size in sizes if size != 1]
    chosen = next((size for size in sizes if isinstance(size, int)), sizes[0])
    conditions = [compare("==", size, chosen) for size in sizes]
    if stretches:
        conditions = [any_of((c, compare("==", size, 1))) for c, size in zip(conditions, sizes)]
    return chosen, None if any(c is False for c in conditions) else conditions


def _shown(shapes: Sequence[Shape]) -> str:
    return " and ".join(map(text.shape, shapes))


def merged(flow: Following, item: ir.Merge, frame: Frame, shape: Shape | None) -> Result:
    """The branches, each with what flows into the merge, and the stage that puts them together."""
    shape = flow.flowing(shape, repr(item.operator))
    shapes: list[Shape] = []
    stages: list[Stage] = []
    for branch in item.branches:
        inner = frame.inner()
        inner.labels = frame.labels
        after, made = flow.body(branch, inner, shape)
        shapes.append(flow.flowing(after, "this branch"))
        stages += made
    if (item.operator == "residual" and len(shapes) == 1) or item.others:
        shapes.append(shape)
    if item.others:
        shapes = [shape, *(flow.label(output, frame).stage.output for output in item.others)]
    axis = evaluate(item.axis, frame.scope) if item.axis else None
    operator = "add" if item.operator == "residual" else item.operator
    output, guards = merge(operator, shapes, axis, flow.layout)
    name = frame.name_for(item.label if not stages else None, operator)
    stage = Stage(name, operator, output, item.span, guards=guards)
    output = flow.record(stage, shapes, item, None)
    if item.label and stages:
        children = (*stages, stage)
        name = frame.name_for(item.label, operator)
        return output, [Stage(name, item.operator, output, item.span, children=children, is_block=True)]
    return output, [*stages, stage]

"""Blocks worked out for what flows into them, and layers and blocks that are used again."""

from __future__ import annotations

from ..closed_forms.conditions import Condition
from ..errors import SymparamsError
from ..formula import text
from ..language import ir, syntax
from .axes import Value
from .expressions import Scope, evaluate
from .following import Following
from .frames import Frame, Label, labels_in
from .model import Guard, Result, Shape, Stage
from .patterns import bind_pattern

BlockBody = tuple["Shape | None", tuple[Stage, ...], tuple[Guard, ...]]


def block_body(
    flow: Following,
    definition: syntax.Definition,
    arguments: dict[str, Value],
    memories: dict[str, Label],
    frame: Frame,
    shape: Shape | None,
) -> tuple[BlockBody, bool]:
    """What a block is for this input, and whether it reads outputs from outside of it."""
    scope = Scope(arguments, flow.scope)
    same: list[Condition] = []
    if definition.pattern:
        flowing = flow.flowing(shape, f"{definition.name!r}")
        same += bind_pattern(definition.pattern, flowing, scope, f"the block {definition.name!r}", flow.layout)
    for memory in definition.memories:
        read, what = memories[memory.name].stage.output, f"{memory.name!r} of {definition.name!r}"
        same += bind_pattern(memory.pattern, read, scope, what, flow.layout)
    for parameter in definition.parameters:
        if parameter.name not in scope.names:
            assert parameter.default is not None
            scope.names[parameter.name] = evaluate(parameter.default, scope)
    inner = Frame(scope, flow.frame, block=definition.name)
    inner.labels.update(memories)
    inner.depth, inner.frozen = frame.depth + 1, frame.frozen
    inner.callers = (*frame.callers, definition.name)
    inner.reserved.update(labels_in(definition.body.items))
    with flow.symbols.deciding() as decided:
        after, made = flow.body(definition.body.items, inner, shape)
    guards = tuple(Guard(condition, definition.name) for condition in (*same, *decided))
    return (after, tuple(made), guards), inner.looks_outside


def reused(flow: Following, item: ir.Reuse, frame: Frame, shape: Shape | None) -> Result:
    """A layer or block once more, with the weights that it has where it was first."""
    target = flow.label(item.output, frame)
    label = target.name
    if isinstance(target.item, ir.Input):
        raise SymparamsError(f"{label!r} is no layer or block that could be used again", item.span)
    if target.item is None:
        fault = f"which layer {label!r} stands for changes with every turn of a loop"
        raise SymparamsError(fault, item.span, "give the number of turns a value")
    with target.frame.names_kept():
        after, made = flow.item(target.item, target.frame, shape)
    target.frame.set_label(target.item.label, target)  # type: ignore[attr-defined]
    again = made[-1]
    for old, new in zip(target.stage.all_tensors(), again.all_tensors()):
        if old.shape != new.shape:
            fault = f"its weight {old.name} would be {text.shape(new.shape)}, not {text.shape(old.shape)}"
            raise SymparamsError(f"{label!r} does not fit this input: {fault}", item.span)
    name = frame.name_for(item.label, label)
    return after, [again.tied_to(target.stage.name).renamed(name, item.span)]

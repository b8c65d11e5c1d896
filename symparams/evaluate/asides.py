"""Stages that nothing flows through: their tensors count, and nothing else of them."""

from __future__ import annotations

from ..closed_forms.polynomial import Symbol
from ..language import ir
from ..language.structure import ANY_SIZE
from .axes import as_quantity
from .domain import absorbed, symbols_of
from .expressions import evaluate
from .following import Following
from .frames import Frame
from .model import Result, Shape


def set_aside(flow: Following, item: ir.Aside, frame: Frame, shape: Shape | None) -> Result:
    """What flows past the stages, and these without their work, their output, and what they ask of any sizes."""
    flow.asides += 1
    layout, images = flow.layout, flow.images
    if shape is None and item.layout:
        flow.layout = item.layout
    sizes = tuple(
        flow.symbols.domain.expression(Symbol(f"_{flow.asides}_{axis}", 1))
        if size == ANY_SIZE
        else absorbed(as_quantity(evaluate(size, frame.scope), size.span))
        for axis, size in enumerate(item.shape)
    )
    flow.images = set()
    _, made = flow.body(item.body, frame.inner(), sizes)
    flow.layout, flow.images = layout, images
    any_sizes = {symbol.name for size in sizes for symbol in symbols_of(size) if symbol.name[0] == "_"}
    return shape, [stage.unused(any_sizes) for stage in made]

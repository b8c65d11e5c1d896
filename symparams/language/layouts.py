"""The layout of an input that says none: that of the first layer behind it that is not neutral about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from . import ir, syntax
from .syntax import Node

CHANNELS_FIRST, CHANNELS_LAST = "channels_first", "channels_last"


def puts_channels_first(pattern: syntax.Pattern | None) -> bool:
    """Whether a pattern begins with the channels: by a first name with C, as in (C, *S), or in three axes or more."""
    axes = pattern.axes if pattern else ()
    if not axes or axes[0].variadic:
        return False
    return axes[0].name[0] in "Cc" or (len(axes) > 2 and not any(axis.variadic for axis in axes))


Layout = Callable[[ir.LayerCall], "str | None"]


def with_layouts(
    body: tuple[Node, ...], definitions: Mapping[str, syntax.Definition], layout_of: Layout
) -> tuple[Node, ...]:
    """The stages with a layout for each input; `layout_of` says that of a layer, None for one that has any."""
    found: list[Node] = []
    for place, stage in enumerate(body):
        if isinstance(stage, (ir.Input, ir.Aside)) and stage.layout is None:
            behind = body[place + isinstance(stage, ir.Input) :]
            stage = stage.replaced(layout=next(_layouts(behind, definitions, layout_of, set()), None))
        found.append(stage)
    return tuple(found)


def _layouts(
    stages: Iterable[Node], definitions: Mapping[str, syntax.Definition], layout_of: Layout, seen: set[str]
) -> Iterator[str]:
    """The layouts of the layers, in the order of the program."""
    for stage in stages:
        if isinstance(stage, ir.LayerCall):
            layout = layout_of(stage)
            if layout:
                yield layout
        elif isinstance(stage, ir.Block):
            if stage.definition not in seen:
                seen.add(stage.definition)
                yield from _layouts(definitions[stage.definition].body.items, definitions, layout_of, seen)
        else:
            yield from _layouts(stage.children(), definitions, layout_of, seen)

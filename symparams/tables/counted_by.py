"""Which tool's counts a network shows, in which version, and for which kinds of layers the tool counts nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..core.network import CoreNetwork
from ..evaluate.conventions import TOOLS
from ..evaluate.figures import FLOPS, OPERATIONS, WORK
from ..evaluate.model import Stage


def kinds_not_counted(net: CoreNetwork, name: str) -> tuple[str, ...]:
    """The kinds of layers, in their order, in which there is nothing of a figure, macs or flops."""
    amount = OPERATIONS if name == FLOPS.name else WORK
    counted: dict[str, bool] = {}
    for stage in _layers(net.stages, set()):
        counted[stage.kind] = counted.get(stage.kind, False) or stage.amount(amount) != 0
    return tuple(kind for kind, is_counted in counted.items() if not is_counted)


def _layers(stages: Iterable[Stage], seen: set[int]) -> Iterator[Stage]:
    """Every layer and merge that is run; those of a block that is shared, once."""
    for stage in stages:
        if stage.children is None:
            if not stage.is_unused:
                yield stage
        elif id(stage.children) not in seen:
            seen.add(id(stage.children))
            yield from _layers(stage.children, seen)


def counted_by(net: CoreNetwork, name: str) -> str:
    """The tool whose counts these are, in a few words."""
    tool = TOOLS[net.tool]
    kinds = kinds_not_counted(net, name)
    none = f", which counts none for {', '.join(kinds)}" if kinds else ""
    return f"{tool.name} {tool.version} in the code that symparams writes{none}"


def tool_record(net: CoreNetwork, name: str) -> dict[str, Any]:
    """The same for programs; nothing where the counts are those of a textbook."""
    if not net.tool:
        return {}
    tool = TOOLS[net.tool]
    return {"as": {"tool": tool.name, "version": tool.version, "not_counted": [*kinds_not_counted(net, name)]}}

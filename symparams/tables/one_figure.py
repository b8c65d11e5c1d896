"""One figure of a network as one expression, for scripts."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from ..core.network import CoreNetwork
from ..evaluate.figures import FIGURES, KV_CACHE, LOOKED, OUTPUT
from ..evaluate.memory import USUAL, MemoryUse
from ..formula import latex, python, text
from .byte_units import in_units

_NOTATIONS = {"text": text, "python": python, "latex": latex}


def expression(net: CoreNetwork, name: str, notation: str, **use: Any) -> str:
    """A figure in the notation "text", "python" or "latex"; of one that is by use, `use` says how: see memory_use."""
    printer = _NOTATIONS[notation]
    names: dict[str, Any] = {"names": net.spellings} if notation == "latex" else {}
    if name == OUTPUT.name:
        shapes = [
            printer.tuple_of([printer.inline(s, net.order, **names) for s in shape]) for shape in net.output_shapes
        ]
        return shapes[0] if len(shapes) == 1 else printer.tuple_of(shapes)
    if FIGURES[name].of_use:
        return "\n".join(_used(net.bytes_used(**{**USUAL, **use}), printer, net, names))
    if name in LOOKED:
        return printer.tuple_of([printer.inline(value, net.order, **names) for value in net.along_axes(name)])
    value = net.quantity(name)
    if isinstance(value, (int, Fraction)):
        return str(value)
    return printer.total(value, net.order, net.output_shape, **names)


def _used(found: MemoryUse, printer: Any, net: CoreNetwork, names: dict[str, Any]) -> Iterator[str]:
    """A line for each part of the memory, with its name."""
    width = max(map(len, MemoryUse._fields))
    for part, value in found._asdict().items():
        if value == 0 and part == KV_CACHE.name:
            continue
        shown = str(value) if isinstance(value, (int, Fraction)) else printer.total(value, net.order, **names)
        units = in_units(value) if printer is text else ""
        yield f"{part:<{width}}  {shown}" + (f"  ({units})" if units else "")

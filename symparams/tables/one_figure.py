"""One figure of a network as one expression, for scripts."""

from __future__ import annotations

from typing import Any

from ..closed_forms.polynomial import Expr
from ..core.network import Network
from ..evaluate.figures import LOOKED, OUTPUT
from ..formula import latex, python, text

_NOTATIONS = {"text": text, "python": python, "latex": latex}


def expression(net: Network, name: str, notation: str) -> str:
    """A figure in the notation "text", "python" or "latex"."""
    printer = _NOTATIONS[notation]
    names: dict[str, Any] = {"names": net.spellings} if notation == "latex" else {}
    if name == OUTPUT.name:
        shapes = [
            printer.tuple_of([printer.inline(s, net.order, **names) for s in shape]) for shape in net.output_shapes
        ]
        return shapes[0] if len(shapes) == 1 else printer.tuple_of(shapes)
    if name in LOOKED:
        return printer.tuple_of([printer.inline(value, net.order, **names) for value in net.along_axes(name)])
    value = net.quantity(name)
    if not isinstance(value, Expr):
        return str(value)
    return printer.total(value, net.order, net.output_shape, **names)

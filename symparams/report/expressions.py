"""One figure of a network as one expression, for scripts."""

from __future__ import annotations

from typing import Any

from ..algebra.polynomial import Expr
from ..network import Network
from ..notation import latex, python, text

_NOTATIONS = {"text": text, "python": python, "latex": latex}


def expression(net: Network, name: str, notation: str) -> str:
    """A count, or the output shape, in the notation "text", "python" or "latex"."""
    printer = _NOTATIONS[notation]
    names: dict[str, Any] = {"names": net.spellings} if notation == "latex" else {}
    if name == "output":
        sizes = [printer.inline(size, net.order, **names) for size in net.output_shape]
        return printer.tuple_of(sizes)
    value = net.quantity(name)
    if not isinstance(value, Expr):
        return str(value)
    return printer.total(value, net.order, net.output_shape, **names)

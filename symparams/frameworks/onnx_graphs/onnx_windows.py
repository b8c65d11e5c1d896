"""The windows of ONNX's operators, their strides and paddings, in words of the language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..graph.growing_program import GraphOperation
from ..graph.traced_tensors import TracedTensor

SAME = ["p=same"]


def each(values: Sequence[Any]) -> str:
    """A number for all axes, or a tuple of one for each."""
    texts = [str(value) for value in values]
    return texts[0] if len(set(texts)) == 1 else f"({', '.join(texts)})"


def padded(reader: Any, x: TracedTensor, rank: int) -> tuple[TracedTensor, list[str]]:
    """The tensor and the words for an operator's padding: what is not alike on both sides is put on before it."""
    auto = reader.attributes.get("auto_pad", "NOTSET")
    pads = list(reader.attributes.get("pads", []))
    if auto in ("SAME_UPPER", "SAME_LOWER"):
        return x, SAME
    if auto == "VALID" or not any(pads):
        return x, []
    before, after = pads[:rank], pads[rank:]
    if before == after:
        return x, [f"p={each(before)}"]
    sides = ", ".join(f"({a}, {b})" for a, b in zip(before, after))
    return x.after(GraphOperation("zeropad", (f"p=({sides}{',' if rank == 1 else ''})",))), []


def windowed(reader: Any, rank: int) -> list[str]:
    """The words for strides and dilations that are not 1."""
    found = []
    for word, name in (("s", "strides"), ("d", "dilations")):
        values = reader.attributes.get(name, [1] * rank)
        if any(value != 1 for value in values):
            found.append(f"{word}={each(values)}")
    return found

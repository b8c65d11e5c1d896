"""What is legal and probably not meant: a batch among the axes, channels in the wrong place, rows that are not read."""

from __future__ import annotations

from ..closed_forms.polynomial import Quantity
from ..errors import Span, SymparamsError
from ..formula import text
from ..language import syntax
from ..language.layouts import CHANNELS_FIRST, CHANNELS_LAST, puts_channels_first
from .model import Shape
from .rules import Applied
from .windows import windows_of

_FEW_CHANNELS = (1, 3)
_LEAST_SIDE = 16
# One place is left over wherever a stride of 2 meets an odd size, and is seldom missed.
_MANY_PLACES = 2


def of_input(shape: Shape, layout: str, span: Span) -> SymparamsError | None:
    """The note on an input: a batch among its axes, or channels that do not stand where they are looked for."""
    if len(shape) == 4 and shape[1] in _FEW_CHANNELS and shape[2] == shape[3] and _is_a_side(shape[2]):
        sizes = ", ".join(map(text.inline, shape[1:]))
        fault = f"the first axis looks like a batch: {text.shape(shape)}; sizes are those of one sample here"
        return SymparamsError(fault, span, f"input({sizes})")
    if len(shape) == 3:
        first, last = shape[0], shape[-1]
        swapped = (first, last) if layout == CHANNELS_LAST else (last, first)
        if swapped[0] in _FEW_CHANNELS and _is_a_side(swapped[1]) and _is_a_side(shape[1]):
            other = CHANNELS_FIRST if layout == CHANNELS_LAST else CHANNELS_LAST
            fault = f"{text.inline(swapped[1])} channels look like a size: {text.shape(shape)}"
            return SymparamsError(fault, span, f"input(..., layout={other})")
    return None


def _is_a_side(size: Quantity) -> bool:
    return isinstance(size, int) and size >= _LEAST_SIDE


def of_layer(
    rule: syntax.Rule, name: str, shape: Shape, applied: Applied, images: set[Shape], span: Span
) -> SymparamsError | None:
    """The note on a layer; `images` are the shapes of images so far, to which an image that it puts out is added."""
    if puts_channels_first(rule.pattern) and len(shape) == 3:
        images.update((shape, applied.output))
    if rule.name == "linear" and len(shape) == 3 and shape in images:
        fault = f"{name} maps the last axis of an image, {text.shape(shape)}, not all of its values"
        return SymparamsError(fault, span, "flatten before it")
    if len(applied.output) != len(shape) or not all(isinstance(size, int) for size in (*shape, *applied.output)):
        return None
    unread = [(shape[axis], left) for axis, left in _unread(rule, shape, applied) if left >= _MANY_PLACES]
    if not unread:
        return None
    sizes = " and ".join(f"{left} of {size}" for size, left in dict.fromkeys(unread))
    fault = f"{name} leaves {sizes} places at the end unread: its stride does not fit"
    return SymparamsError(fault, span, "pad it, or choose a size that fits")


def _unread(rule: syntax.Rule, shape: Shape, applied: Applied) -> list[tuple[int, int]]:
    """How many places behind the last window each axis has."""
    if not rule.pattern or not applied.fields:
        return []
    found = []
    for axis, (reach, step, before) in windows_of(rule.pattern, len(shape), applied).items():
        if isinstance(reach, int) and isinstance(step, int) and isinstance(before, int) and 1 < step <= reach:
            end = (applied.output[axis] - 1) * step + reach - before
            found.append((axis, shape[axis] - end))
    return found  # type: ignore[return-value]

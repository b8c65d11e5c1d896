"""A layer as a summary shows it: what flows in, what comes out, how many parameters it has."""

from __future__ import annotations

from typing import NamedTuple

from ...closed_forms.polynomial import Quantity
from ...evaluate.domain import is_symbolic
from ...evaluate.model import Shape
from ...language.dialects import KERAS
from ...language.layouts import CHANNELS_LAST

# Sizes without the batch; None is one that is open.
OpenShape = tuple["int | None", ...]


class ShownLayer(NamedTuple):
    """A layer by its class, the sizes of what flows in and of what comes out, and its number of parameters.

    `others` are the sizes of further flows. An output of None is not shown.
    """

    framework: str
    layout: str
    kind: str
    flow: Shape
    output: OpenShape
    parameters: int
    others: tuple[Shape, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing flows in, or nothing comes out."""
        return not self.flow or not self.output or 0 in self.flow or 0 in self.output

    @property
    def pads_by_words(self) -> bool:
        return self.framework == KERAS.name

    @property
    def channels(self) -> Quantity:
        return self.flow[-1 if self.layout == CHANNELS_LAST else 0]

    @property
    def places(self) -> Shape:
        """The sizes that flow in along the spatial axes."""
        return self.flow[:-1] if self.layout == CHANNELS_LAST else self.flow[1:]

    @property
    def channels_out(self) -> int:
        return self.output[-1 if self.layout == CHANNELS_LAST else 0] or 0

    @property
    def places_out(self) -> OpenShape:
        return self.output[:-1] if self.layout == CHANNELS_LAST else self.output[1:]

    @property
    def width(self) -> Quantity:
        return self.flow[-1]

    @property
    def width_out(self) -> int:
        return self.output[-1] or 0

    def shows(self, shape: Shape, count: Quantity) -> bool:
        """Whether a layer that puts out this, and has so many parameters, may be the one that is shown."""
        return count == self.parameters and len(shape) == len(self.output) and all(map(_may_be, shape, self.output))


def _may_be(size: Quantity, shown: int | None) -> bool:
    return is_symbolic(size) if shown is None else size == shown

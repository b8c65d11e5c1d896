"""What a summary shows of a layer, and what follows from its count alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from .fitting_windows import Each, Sizes, kernels

# Arguments as they are written, by name.
Arguments = Mapping[str, object]


class ShownLayer(NamedTuple):
    """What is seen of a layer: the sizes that flow in and out, and the number of its parameters."""

    entering: Sequence[Sizes]
    leaving: Sizes
    parameters: int
    kernel: Each | None = None

    @property
    def entry(self) -> Sizes:
        return self.entering[0]

    @property
    def channels(self) -> int:
        return self.entry[-1] or 0 if self.entry else 0

    @property
    def width(self) -> int:
        return self.leaving[-1] or 0 if self.leaving else 0

    @property
    def before(self) -> Sizes:
        return self.entry[:-1]

    @property
    def after(self) -> Sizes:
        return self.leaving[:-1]


def whole(number: int, by: int) -> int:
    """The quotient where it is a whole one, else 0."""
    return number // by if by > 0 and number > 0 and number % by == 0 else 0


def windows_by_count(parameters: int, out: int, entering: int, groups: int, rank: int) -> Iterator[tuple[Each, bool]]:
    """The windows by which a convolution has so many parameters, and whether with a bias; equal sides first."""
    fits = [
        (kernel, has_bias)
        for has_bias in (True, False)
        for kernel in kernels(whole(whole(parameters - has_bias * out, out) * groups, entering), rank)
    ]
    yield from sorted(fits, key=lambda fit: max(fit[0]) - min(fit[0]))

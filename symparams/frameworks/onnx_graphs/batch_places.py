"""Shapes that a file has for a number of samples, with the batch in the place of that number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ...closed_forms.polynomial import Quantity
from ...evaluate.domain import divide, is_integer, multiply, product
from ..graph.growing_program import BATCH
from ..graph.traced_tensors import TracedTensor, has_batch, same


def with_batch(x: TracedTensor, wanted: Sequence[Quantity], samples: Any) -> list[Quantity]:
    """The sizes of a shape for what x holds, in which one is the number of samples, or a multiple of it."""
    sizes = list(wanted)
    place = x.batch_axis
    if place is None or not isinstance(samples, int) or any(map(has_batch, sizes)):
        return sizes
    if place < len(sizes) and sizes[place] == -1:
        return sizes
    return next(_fitting(x, sizes, samples), sizes)


def of_samples(tensor: TracedTensor, sizes: Sequence[Quantity], samples: Any) -> TracedTensor:
    """A tensor that is only computed, with the batch for the number of samples where these sizes have it."""
    if tensor.node is not None or tensor.batch_axis is not None or not isinstance(samples, int):
        return tensor
    own = list(tensor.sizes)
    for place in range(1, min(len(own), len(sizes)) + 1):
        if sizes[-place] == BATCH and own[-place] == samples != 1:
            own[-place] = BATCH
    return tensor.like(None, own)


def _fitting(x: TracedTensor, sizes: list[Quantity], samples: int) -> Iterator[list[Quantity]]:
    """Shapes with as many values as x, likeliest first: the batch alone, where it was, and not on the last axis."""
    place, last = x.batch_axis, len(sizes) - 1
    order = sorted(range(len(sizes)), key=lambda axis: (sizes[axis] != samples, axis == last, axis != place, axis))
    for axis in order:
        size = sizes[axis]
        if isinstance(size, int) and size > 0 and size % samples == 0:
            found = [*sizes[:axis], multiply(BATCH, size // samples), *sizes[axis + 1 :]]
            if _fits(x, found):
                yield found


def _fits(x: TracedTensor, sizes: Sequence[Quantity]) -> bool:
    known = product(size for size in sizes if size != -1)
    if -1 in sizes:
        rest = divide(x.elements, known)
        return not has_batch(rest) and is_integer(rest)
    return same(known, x.elements)

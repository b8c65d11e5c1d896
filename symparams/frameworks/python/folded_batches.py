"""Layers with axes of their own on tensors whose batch holds more than the samples: all frames of all videos."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...errors import LimitError, SymparamsError
from ...evaluate.domain import divide
from ..graph import combined_tensors as combining
from ..graph import traced_tensors as shaping
from ..graph.growing_program import BATCH
from ..graph.traced_tensors import has_batch
from .code_tensors import CodeTensor

MAX_PARTS = 64


# Layers for one sample whose rules take further axes.
_OF_ONE_SAMPLE = ("MultiheadAttention", "PReLU", "GLU")


def goes_part_by_part(tensor: Any, name: str, rule: Any) -> bool:
    """Whether a layer of torch is for the axes of one sample, and the tensor has an axis more."""
    if not tensor.is_folded:
        return False
    return name in _OF_ONE_SAMPLE or (rule.pattern is not None and not rule.pattern.axes[0].variadic)


def part_by_part(work: Callable[..., Any], values: Any) -> Any:
    """What a layer gives for each part of a sample, put together again; the first call has the weights of all."""
    first = next(value for value in values if isinstance(value, CodeTensor) and value.is_folded)
    count = divide(first.sizes[_batch_of(first)], BATCH)
    if not isinstance(count, int):
        raise SymparamsError("a layer is called on as many parts of each sample as a symbol says: give it a number")
    if count > MAX_PARTS:
        raise LimitError(f"a layer is called on {count:,} parts of each sample; at most {MAX_PARTS} are read")
    apart = {id(value): _apart(value, count) for value in values if isinstance(value, CodeTensor)}
    made = [work(*(apart[id(v)][i] if id(v) in apart else v for v in values)) for i in range(count)]
    return _together(made)


def _batch_of(tensor: CodeTensor) -> int:
    return next((axis for axis, size in enumerate(tensor.sizes) if has_batch(size)), 0)


def _apart(tensor: CodeTensor, count: int) -> list[Any]:
    batch = _batch_of(tensor)
    if divide(tensor.sizes[batch], BATCH) != count:
        raise SymparamsError("tensors with other batches go into one layer")
    sizes = (*tensor.sizes[:batch], BATCH, count, *tensor.sizes[batch + 1 :])
    opened = tensor.like(tensor.flowing(), sizes)
    before = (slice(None),) * (batch + 1)
    return [shaping.indexed(opened, (*before, i)) for i in range(count)]


def _together(made: list[Any]) -> Any:
    first = made[0]
    if isinstance(first, tuple):
        return tuple(_together(list(several)) for several in zip(*made))
    if not isinstance(first, CodeTensor) or first.batch_axis is None:
        return first
    batch = first.batch_axis
    joined = combining.joined([shaping.unsqueezed(part, batch + 1) for part in made], batch + 1)
    sizes = (*first.sizes[:batch], BATCH * len(made), *first.sizes[batch + 1 :])
    return joined.reshaped(sizes)

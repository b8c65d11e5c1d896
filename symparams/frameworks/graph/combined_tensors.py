"""Tensors put together: joined, added, multiplied; and reduced along axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...closed_forms.polynomial import Quantity
from ...errors import SymparamsError
from ...evaluate.domain import (
    compare,
    divide,
    total,
)
from ...evaluate.model import Shape
from .growing_program import BATCH, GraphOperation, in_words
from .traced_tensors import TracedTensor, flattened, flow_sizes, has_batch, sizes_in_words, squeezed, unsqueezed

# What torch leaves out where it joins tensors, whatever their axes.
_EMPTY = (0,)


def joined(tensors: Sequence[TracedTensor], axis: int) -> Any:
    """Concatenated along an axis."""
    tensors = [t for t in tensors if t.sizes != _EMPTY] or tensors
    first = next((t for t in tensors if t.batch_axis is not None), tensors[0])
    axis = first.axis(axis)
    parts = [_with_batch(t, first) for t in tensors]
    sizes = list(first.sizes)
    sizes[axis] = total(t.sizes[axis] for t in parts)
    if all(t.node is None for t in parts) or len(parts) == 1:
        return first.like(None if len(parts) > 1 else parts[0].node, sizes)
    others = tuple((None, t.flowing()) for t in parts[1:])
    return parts[0].after(GraphOperation("concat", (f"axis={first.flow_axis(axis)}",), others), sizes)


def _with_batch(tensor: TracedTensor, other: TracedTensor) -> Any:
    """A tensor without the batch where another has it: an axis of 1 there stands for it."""
    batch = other.batch_axis
    if batch is None or tensor.batch_axis is not None:
        return tensor
    if len(tensor.sizes) != len(other.sizes) or tensor.sizes[batch] != 1:
        raise SymparamsError("a tensor without the batch goes with one that has it: expand it first")
    return tensor.reshaped([other.sizes[batch] if axis == batch else s for axis, s in enumerate(tensor.sizes)])


def combined(word: str, one: TracedTensor, other: TracedTensor) -> Any:
    """Two tensors put together value by value, the shorter one repeated along axes of size 1."""
    sizes = broadcast(one, other)
    left, right = (_aligned(t, sizes) for t in (one, other))
    if left.node is None and right.node is None:
        return left.like(None, sizes)
    computed = next((t for t, o in ((left, right), (right, left)) if o.node is None and t.sizes == sizes), None)
    if computed is not None:
        return computed
    if word == "mul" or left.sizes == right.sizes:
        return left.after(GraphOperation(word, (), ((None, right.flowing()),)), sizes)
    wide = [expanded(t, sizes) for t in (left, right)]
    return wide[0].after(GraphOperation(word, (), ((None, wide[1].flowing()),)), sizes)


def broadcast(one: TracedTensor, other: TracedTensor) -> Shape:
    rank = max(len(one.sizes), len(other.sizes))
    padded = [(1,) * (rank - len(t.sizes)) + t.sizes for t in (one, other)]
    found: list[Quantity] = []
    for a, b in zip(*padded):
        if a == 1 or b == 1:
            found.append(b if a == 1 else a)
            continue
        condition = compare("==", a, b)
        if condition is False:
            shapes = " and ".join(sizes_in_words(t.sizes) for t in (one, other))
            raise SymparamsError(f"{shapes} do not go together: {in_words(a)} is not {in_words(b)}")
        if condition is not True:
            one.program.assume(condition)
        found.append(a if isinstance(a, int) else b)
    return tuple(found)


def _aligned(tensor: TracedTensor, sizes: Shape) -> Any:
    """With as many axes as the sizes have; the batch alone in the place of an axis of 1."""
    shape = (1,) * (len(sizes) - len(tensor.sizes)) + tensor.sizes
    if tensor.batch_axis is None:
        shape = tuple(BATCH if size == BATCH and own == 1 else own for own, size in zip(shape, sizes))
    return tensor.reshaped(shape)


def expanded(tensor: TracedTensor, sizes: Sequence[Quantity]) -> Any:
    """With axes of size 1 repeated up to these sizes; -1 leaves one as it is."""
    more = len(sizes) - len(tensor.sizes)
    own = (1,) * more + tensor.sizes
    wanted = [a if size == -1 else size for a, size in zip(own, sizes)]
    if any(w == BATCH and not has_batch(a) for w, a in zip(wanted, own)):
        tensor = tensor.reshaped([BATCH if w == BATCH else a for w, a in zip(wanted, own)])
    elif more:
        tensor = tensor.reshaped(own)
    flow = flow_sizes(wanted)
    if tensor.node is None or flow == flow_sizes(tensor.sizes):
        return tensor.like(tensor.node, wanted)
    return tensor.after(GraphOperation("broadcast", tuple(map(in_words, flow))), wanted)


def repeated(tensor: TracedTensor, axis: int, size: Quantity) -> Any:
    """Each place on an axis so often, one after the other, that the axis has this size."""
    place = tensor.axis(axis)
    times = divide(size, tensor.sizes[place])
    if times == 1:
        return tensor
    one = unsqueezed(tensor, place + 1)
    return flattened(expanded(one, [*one.sizes[: place + 1], times, *one.sizes[place + 2 :]]), place, place + 1)


def reduced(tensor: TracedTensor, axes: Any, keepdims: bool = False) -> Any:
    """The mean, the sum or the like over some axes, over all where they are None."""
    places = range(len(tensor.sizes)) if axes is None else [axes] if isinstance(axes, int) else list(axes)
    gone = sorted(tensor.axis(axis) for axis in places)
    kept = [1 if place in gone else size for place, size in enumerate(tensor.sizes)]
    sizes = kept if keepdims else [size for place, size in enumerate(kept) if place not in gone]
    if tensor.node is None or tensor.batch_axis in gone:
        return tensor.like(None, sizes)
    flow = [tensor.flow_axis(axis) for axis in gone]
    after = tensor.after(
        GraphOperation("reduce", tuple(map(str, flow))), [s for p, s in enumerate(kept) if p not in gone]
    )
    return after.reshaped(sizes)


def multiplied(one: TracedTensor, other: TracedTensor) -> Any:
    """The matrix product over the last two axes."""
    if len(other.sizes) == 1:
        return squeezed(multiplied(one, unsqueezed(other, -1)), -1)
    if len(one.sizes) == 1:
        return squeezed(multiplied(unsqueezed(one, 0), other), -2)
    if one.batch_axis == len(one.sizes) - 2 and not one.is_folded:
        other = unsqueezed(other, -3) if len(other.sizes) > 2 else other
        return squeezed(multiplied(unsqueezed(one, -2), other), -2)
    *front_one, n, k = one.sizes
    *front_other, j, m = other.sizes
    lead = broadcast(one.like(None, front_one), other.like(None, front_other))
    left, right = (
        _aligned(t, (*lead, *t.sizes[-2:])) if len(t.sizes) < len(lead) + 2 or t.batch_axis is None else t
        for t in (one, other)
    )
    condition = compare("==", k, j)
    if condition is False:
        raise SymparamsError(f"{sizes_in_words(one.sizes)} times {sizes_in_words(other.sizes)} do not fit")
    sizes = (*lead, n, m)
    if left.node is None and right.node is None:
        return left.like(None, sizes)
    return left.after(GraphOperation("matmul", (), (("other", right.flowing()),)), sizes)

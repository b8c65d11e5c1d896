"""Tensors as code sees them, with the batch among their axes, over flows of the graph, which have none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ...closed_forms.polynomial import Quantity
from ...errors import SymparamsError
from ...evaluate.domain import (
    compare,
    divide,
    floor_divide,
    is_integer,
    is_number,
    is_symbolic,
    multiply,
    product,
    symbols_of,
    total,
)
from ...evaluate.model import Shape
from ...formula import text
from ...language.layouts import CHANNELS_FIRST
from .growing_program import BATCH, BATCH_SYMBOL, GraphNode, GraphOperation, GrowingProgram, in_words


def has_batch(size: Any) -> bool:
    return is_symbolic(size) and BATCH_SYMBOL in symbols_of(size)


def sizes_in_words(sizes: Iterable[Quantity]) -> str:
    return text.shape(sizes).replace("_batch", "batch")


class TracedTensor:
    """A tensor: its sizes as the code sees them, and the flow that holds it, which is None for what is only computed.

    The size of one axis holds the batch, unless nothing of the input is in it. Where that axis holds more than the
    batch, the flow has an axis for the rest in its place.
    """

    __slots__ = ("node", "program", "sizes")

    def __init__(self, program: GrowingProgram, node: GraphNode | None, sizes: Sequence[Quantity]):
        self.program = program
        self.node = node
        self.sizes = tuple(sizes)

    @classmethod
    def plain(cls, program: GrowingProgram, node: GraphNode | None, sizes: Sequence[Quantity]) -> Any:
        """A tensor of the same kind, which is no parameter of its own."""
        return cls(program, node, sizes)

    @property
    def batch_axis(self) -> int | None:
        return next((axis for axis, size in enumerate(self.sizes) if has_batch(size)), None)

    @property
    def is_folded(self) -> bool:
        axis = self.batch_axis
        return axis is not None and self.sizes[axis] != BATCH

    @property
    def elements(self) -> Quantity:
        return product(self.sizes)

    def axis(self, axis: Any) -> int:
        """An axis of the tensor, from the front. Raises SymparamsError where it has no such axis."""
        rank = len(self.sizes)
        if not isinstance(axis, int) or not -rank <= axis < rank:
            raise SymparamsError(f"a tensor of shape {sizes_in_words(self.sizes)} has no axis {axis}")
        return axis % rank

    def flow_axis(self, axis: int) -> int:
        """The axis of the flow for an axis of the tensor. Raises SymparamsError for that of the batch."""
        batch = self.batch_axis
        if axis == batch:
            raise SymparamsError("this works along the axis of the batch: each sample is on its own")
        return axis - (batch is not None and not self.is_folded and axis > batch)

    def flowing(self) -> GraphNode:
        """The flow, which a tensor that is only computed has as a constant."""
        if self.node is None:
            sizes = flow_sizes(self.sizes)
            first = self.program.nodes[0] if self.program.nodes else None
            if first is None:
                raise SymparamsError("a tensor is needed here that nothing flows into")
            self.node = self.program.add(GraphOperation("constant", tuple(map(in_words, sizes))), first)
        return self.node

    def like(self, node: GraphNode | None, sizes: Sequence[Quantity]) -> Any:
        return type(self).plain(self.program, node, sizes)

    def after(self, operation: GraphOperation, sizes: Sequence[Quantity] | None = None, owner: Any = None) -> Any:
        """The tensor behind an operation; without sizes, the batch stays in front of those of the flow."""
        node = self.program.add(operation, self.flowing(), owner)
        return self.like(node, (BATCH, *node.shape) if sizes is None else sizes)

    def reshaped(self, sizes: Sequence[Quantity]) -> TracedTensor:
        """The same values in another shape, of which the elements are known to be as many."""
        before, after = flow_sizes(self.sizes), flow_sizes(sizes)
        if self.node is None or before == after:
            return self.like(self.node, sizes)
        if self.node.operation and self.node.operation.name == "reshape" and self.node.reads[0].shape == after:
            return self.like(self.node.reads[0], sizes)
        in_front = self.batch_axis == 0 and not self.is_folded and has_batch(sizes[0])
        if in_front and len(after) == 1 and same(product(before), after[0]):
            return self.after(GraphOperation("flatten"), sizes)
        words = tuple(map(in_words, after)) or ("()",)
        return self.after(GraphOperation("reshape", words), sizes)


def flow_sizes(sizes: Sequence[Quantity]) -> Shape:
    """The sizes of a flow for those of a tensor. Raises SymparamsError where the batch is not one of its axes."""
    found: list[Quantity] = []
    for size in sizes:
        if has_batch(size):
            rest = divide(size, BATCH)
            if has_batch(rest):
                raise SymparamsError(f"the batch is no axis of the shape {sizes_in_words(sizes)}")
            if rest != 1:
                found.append(rest)
        else:
            found.append(size)
    if sum(map(has_batch, sizes)) > 1:
        raise SymparamsError(f"the batch is in two axes of the shape {sizes_in_words(sizes)}")
    return tuple(found)


def same(a: Quantity, b: Quantity) -> bool:
    return a == b or compare("==", a, b) is True


def have_one_shape(one: TracedTensor, other: TracedTensor) -> bool:
    return len(one.sizes) == len(other.sizes) and all(map(same, one.sizes, other.sizes))


def view(tensor: TracedTensor, sizes: Sequence[Any]) -> Any:
    """The same values in another shape; one size may be -1."""
    if not all(is_number(size) for size in sizes):
        raise SymparamsError("the sizes of a shape are numbers")
    elements = tensor.elements
    open_places = [place for place, size in enumerate(sizes) if size == -1]
    if len(open_places) > 1:
        raise SymparamsError("one size of a shape may be -1")
    known = product(size for size in sizes if size != -1)
    shape = list(sizes)
    if open_places:
        shape[open_places[0]] = _rest(tensor, elements, known, sizes)
    elif not same(known, elements):
        _check_fits(tensor, divide(elements, BATCH) if has_batch(elements) else elements, known, sizes)
    return tensor.reshaped(shape)


def _rest(tensor: TracedTensor, elements: Quantity, known: Quantity, sizes: Sequence[Quantity]) -> Quantity:
    """The size that is left open. The batch goes where no other size has it."""
    rest = divide(elements, known)
    if is_integer(rest):
        return rest
    if not has_batch(elements) or has_batch(known):
        whole = divide(elements, BATCH) if has_batch(elements) else elements
        if isinstance(rest, int) or not is_symbolic(rest):
            raise _does_not_fit(whole, divide(known, BATCH) if has_batch(known) else known, sizes)
        return floor_divide(elements, known)
    each = divide(elements, BATCH)
    if isinstance(each, int) and isinstance(known, int):
        raise _does_not_fit(each, known, sizes)
    tensor.program.assume(compare("==", each, known))
    return BATCH


def _check_fits(tensor: TracedTensor, each: Quantity, known: Quantity, sizes: Sequence[Quantity]) -> None:
    wanted = divide(known, BATCH) if has_batch(known) else known
    condition = compare("==", each, wanted)
    if condition is False or has_batch(each) != has_batch(wanted):
        raise _does_not_fit(each, wanted, sizes)
    tensor.program.assume(condition)


def _does_not_fit(each: Quantity, known: Quantity, sizes: Sequence[Quantity]) -> SymparamsError:
    shown = sizes_in_words(sizes)
    return SymparamsError(
        f"{in_words(each)} values of each sample do not fit the shape {shown}: that takes {in_words(known)}"
    )


def permuted(tensor: TracedTensor, order: Sequence[int]) -> Any:
    order = [tensor.axis(axis) for axis in order]
    if sorted(order) != list(range(len(tensor.sizes))):
        raise SymparamsError(f"every axis of {sizes_in_words(tensor.sizes)} is named once")
    sizes = [tensor.sizes[axis] for axis in order]
    batch = tensor.batch_axis
    lost = None if tensor.is_folded else batch
    flow = [axis - (lost is not None and axis > lost) for axis in order if axis != lost]
    if tensor.node is None or flow == sorted(flow):
        return tensor.like(tensor.node, sizes)
    return tensor.after(GraphOperation("permute", tuple(map(str, flow))), sizes)


def swapped(tensor: TracedTensor, one: int, other: int) -> Any:
    order = list(range(len(tensor.sizes)))
    a, b = tensor.axis(one), tensor.axis(other)
    order[a], order[b] = b, a
    return permuted(tensor, order)


def flattened(tensor: TracedTensor, start: int = 0, end: int = -1) -> Any:
    first, last = (tensor.axis(axis) for axis in (start, end))
    merged = product(tensor.sizes[first : last + 1])
    return tensor.reshaped((*tensor.sizes[:first], merged, *tensor.sizes[last + 1 :]))


def squeezed(tensor: TracedTensor, axis: int | None = None) -> Any:
    """Without an axis of size 1; one of another size stays, as torch has it."""
    axes = range(len(tensor.sizes)) if axis is None else [tensor.axis(axis)]
    gone = [place for place in axes if tensor.sizes[place] == 1]
    return tensor.reshaped([size for place, size in enumerate(tensor.sizes) if place not in gone])


def unsqueezed(tensor: TracedTensor, axis: int) -> Any:
    place = axis + len(tensor.sizes) + 1 if axis < 0 else axis
    return tensor.reshaped((*tensor.sizes[:place], 1, *tensor.sizes[place:]))


def part(tensor: TracedTensor, axis: int, start: Quantity, stop: Quantity, step: int = 1) -> Any:
    """The places from start up to stop on one axis, as a tensor of the same rank."""
    size = tensor.sizes[axis]
    length = total((stop, multiply(-1, start)))
    if step != 1:
        length = floor_divide(total((length, step - 1)), step)
    if same(length, size):
        return tensor
    sizes = (*tensor.sizes[:axis], length, *tensor.sizes[axis + 1 :])
    if tensor.node is None:
        return tensor.like(None, sizes)
    words = [str(tensor.flow_axis(axis)), in_words(start), in_words(stop), *([str(step)] if step != 1 else [])]
    return tensor.after(GraphOperation("slice", tuple(words)), sizes)


def cut(tensor: TracedTensor, axis: int, amounts: Sequence[Quantity]) -> Any:
    """Without as many places at the ends of an axis as the amounts below 0 say."""
    start, end = (multiply(-1, amount) if compare("<", amount, 0) is True else 0 for amount in amounts)
    if start == 0 and end == 0:
        return tensor
    return part(tensor, axis, start, total((tensor.sizes[axis], multiply(-1, end))))


def padded(tensor: TracedTensor, pairs: Sequence[tuple[Quantity, Quantity]]) -> Any:
    """With so many places more before and behind those of each axis."""
    wider = [axis for axis, pair in enumerate(pairs) if pair != (0, 0)]
    sizes = [total((size, *pair)) for size, pair in zip(tensor.sizes, pairs)]
    if tensor.node is None or not wider:
        return tensor.like(tensor.node, sizes)
    flow = flow_sizes(tensor.sizes)
    amounts: list[tuple[Quantity, Quantity]] = [(0, 0)] * len(flow)
    for axis in wider:
        amounts[tensor.flow_axis(axis)] = pairs[axis]
    channels = 0 if tensor.program.layout == CHANNELS_FIRST else len(flow) - 1
    if len(flow) > 1 and amounts[channels] == (0, 0):
        return tensor.after(_zeros_around([*amounts[:channels], *amounts[channels + 1 :]]), sizes)
    with_one = (1, *flow) if channels == 0 else (*flow, 1)
    whole = tensor.after(GraphOperation("reshape", tuple(map(in_words, with_one))), with_one)
    return whole.after(_zeros_around(amounts), flow_sizes(sizes)).after(
        GraphOperation("reshape", tuple(map(in_words, flow_sizes(sizes)))), sizes
    )


def _zeros_around(amounts: Sequence[tuple[Quantity, Quantity]]) -> GraphOperation:
    pairs = ", ".join(f"({in_words(before)}, {in_words(behind)})" for before, behind in amounts)
    return GraphOperation("zeropad", (f"({pairs}{',' * (len(amounts) == 1)})",))


def taken(tensor: TracedTensor, axis: int, sizes: Sequence[Quantity]) -> Any:
    """The values at places along an axis, with the sizes of the places where that axis was."""
    after = (*tensor.sizes[:axis], *sizes, *tensor.sizes[axis + 1 :])
    if tensor.node is None:
        return tensor.like(None, after)
    words = (str(tensor.flow_axis(axis)), *map(in_words, flow_sizes(sizes)))
    return tensor.after(GraphOperation("take", words), after)


def indexed(tensor: TracedTensor, key: Any) -> Any:
    """What `x[key]` is, for whole numbers, slices, None and an ellipsis."""
    keys: list[Any] = list(key) if isinstance(key, tuple) else [key]
    taken = sum(k is not None and k is not Ellipsis for k in keys)
    if taken > len(tensor.sizes):
        raise SymparamsError(f"{taken} indices are too many for the shape {sizes_in_words(tensor.sizes)}")
    if Ellipsis in [k for k in keys if k is Ellipsis]:
        place = next(i for i, k in enumerate(keys) if k is Ellipsis)
        keys[place : place + 1] = [slice(None)] * (len(tensor.sizes) - taken)
    axis = 0
    shape: list[tuple[int | None, int | None]] = []
    for k in keys:
        if k is None:
            shape.append((1, None))
            continue
        size = tensor.sizes[axis]
        if isinstance(k, slice):
            if k != slice(None):
                tensor = part(tensor, axis, *_bounds(k, size))
            shape.append((None, axis))
        elif is_number(k):
            start = total((size, k)) if compare("<", k, 0) is True else k
            if compare("<", start, size) is False:
                raise SymparamsError(f"the index {in_words(k)} is behind the end: there are {in_words(size)}")
            tensor = part(tensor, axis, start, total((start, 1)))
        else:
            raise SymparamsError("an index that is a tensor is not read")
        axis += 1
    shape += [(None, a) for a in range(axis, len(tensor.sizes))]
    return tensor.reshaped([size if size is not None else tensor.sizes[a] for size, a in shape])  # type: ignore[index]


def _bounds(key: slice, size: Quantity) -> tuple[Quantity, Quantity, int]:
    step = 1 if key.step is None else key.step
    if not isinstance(step, int) or step < 1:
        raise SymparamsError("a step of a slice is a number from 1")
    ends = []
    for end, default in ((key.start, 0), (key.stop, size)):
        value = default if end is None else end
        if compare("<", value, 0) is True:
            value = total((size, value))
        if isinstance(value, int) and isinstance(size, int):
            value = max(0, min(value, size))
        ends.append(value)
    return ends[0], ends[1], step


def pieces(tensor: TracedTensor, lengths: Sequence[Quantity], axis: int) -> list[TracedTensor]:
    """The tensor cut into parts of these lengths along an axis."""
    axis = tensor.axis(axis)
    made: list[TracedTensor] = []
    begin: Quantity = 0
    for length in lengths:
        end = total((begin, length))
        made.append(part(tensor, axis, begin, end))
        begin = end
    if not same(begin, tensor.sizes[axis]):
        condition = compare("==", begin, tensor.sizes[axis])
        if condition is False:
            raise SymparamsError(
                f"parts of {in_words(begin)} are not the {in_words(tensor.sizes[axis])} that there are"
            )
        tensor.program.assume(condition)
    return made


def chunked(tensor: TracedTensor, count: int, axis: int) -> list[TracedTensor]:
    size = tensor.sizes[tensor.axis(axis)]
    if isinstance(size, int):
        length = -(-size // count)
        lengths: list[Quantity] = [min(length, size - start) for start in range(0, size, length)]
    else:
        tensor.program.assume(compare("==", divide(size, count), floor_divide(size, count)))
        lengths = [divide(size, count)] * count
    return pieces(tensor, lengths, axis)

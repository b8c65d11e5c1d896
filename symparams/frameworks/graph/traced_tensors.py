"""Tensors as code sees them, with the batch among their axes, over flows of the graph, which have none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ...closed_forms.polynomial import Quantity
from ...errors import SymparamsError
from ...evaluate.axes import Value
from ...evaluate.domain import (
    all_of,
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
from .growing_program import GrowingProgram, Node, Operation, in_words, symbol_named

BATCH = symbol_named("_batch")
(_BATCH_SYMBOL,) = symbols_of(BATCH)


def has_batch(size: Any) -> bool:
    return is_symbolic(size) and _BATCH_SYMBOL in symbols_of(size)


def sizes_in_words(sizes: Iterable[Quantity]) -> str:
    return text.shape(sizes).replace("_batch", "batch")


class TracedTensor:
    """A tensor: its sizes as the code sees them, and the flow that holds it, which is None for what is only computed.

    The size of one axis holds the batch, unless nothing of the input is in it. Where that axis holds more than the
    batch, the flow has an axis for the rest in its place.
    """

    __slots__ = ("node", "program", "sizes")

    def __init__(self, program: GrowingProgram, node: Node | None, sizes: Sequence[Quantity]):
        self.program = program
        self.node = node
        self.sizes = tuple(sizes)

    @classmethod
    def plain(cls, program: GrowingProgram, node: Node | None, sizes: Sequence[Quantity]) -> Any:
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

    def flowing(self) -> Node:
        """The flow, which a tensor that is only computed has as a constant."""
        if self.node is None:
            sizes = flow_sizes(self.sizes)
            first = self.program.nodes[0] if self.program.nodes else None
            if first is None:
                raise SymparamsError("a tensor is needed here that nothing flows into")
            self.node = self.program.add(Operation("constant", tuple(map(in_words, sizes))), first)
        return self.node

    def like(self, node: Node | None, sizes: Sequence[Quantity]) -> TracedTensor:
        return type(self).plain(self.program, node, sizes)

    def after(self, operation: Operation, sizes: Sequence[Quantity] | None = None, owner: Any = None) -> TracedTensor:
        """The tensor behind an operation; without sizes, the batch stays in front of those of the flow."""
        node = self.program.add(operation, self.flowing(), owner)
        return self.like(node, (BATCH, *node.shape) if sizes is None else sizes)

    def reshaped(self, sizes: Sequence[Quantity]) -> TracedTensor:
        """The same values in another shape, of which the elements are known to be as many."""
        before, after = flow_sizes(self.sizes), flow_sizes(sizes)
        if self.node is None or before == after:
            return self.like(self.node, sizes)
        if len(after) == 1 and self.batch_axis == 0 and not self.is_folded and has_batch(sizes[0]):
            if same(product(before), after[0]):
                return self.after(Operation("flatten"), sizes)
        words = tuple(map(in_words, after)) or ("()",)
        return self.after(Operation("reshape", words), sizes)


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


def view(tensor: TracedTensor, sizes: Sequence[Any]) -> TracedTensor:
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


def permuted(tensor: TracedTensor, order: Sequence[int]) -> TracedTensor:
    order = [tensor.axis(axis) for axis in order]
    if sorted(order) != list(range(len(tensor.sizes))):
        raise SymparamsError(f"every axis of {sizes_in_words(tensor.sizes)} is named once")
    sizes = [tensor.sizes[axis] for axis in order]
    batch = tensor.batch_axis
    lost = None if tensor.is_folded else batch
    flow = [axis - (lost is not None and axis > lost) for axis in order if axis != lost]
    if tensor.node is None or flow == sorted(flow):
        return tensor.like(tensor.node, sizes)
    return tensor.after(Operation("permute", tuple(map(str, flow))), sizes)


def swapped(tensor: TracedTensor, one: int, other: int) -> TracedTensor:
    order = list(range(len(tensor.sizes)))
    a, b = tensor.axis(one), tensor.axis(other)
    order[a], order[b] = b, a
    return permuted(tensor, order)


def flattened(tensor: TracedTensor, start: int = 0, end: int = -1) -> TracedTensor:
    first, last = (tensor.axis(axis) for axis in (start, end))
    merged = product(tensor.sizes[first : last + 1])
    return tensor.reshaped((*tensor.sizes[:first], merged, *tensor.sizes[last + 1 :]))


def squeezed(tensor: TracedTensor, axis: int | None = None) -> TracedTensor:
    """Without an axis of size 1; one of another size stays, as torch has it."""
    axes = range(len(tensor.sizes)) if axis is None else [tensor.axis(axis)]
    gone = [place for place in axes if tensor.sizes[place] == 1]
    return tensor.reshaped([size for place, size in enumerate(tensor.sizes) if place not in gone])


def unsqueezed(tensor: TracedTensor, axis: int) -> TracedTensor:
    place = axis + len(tensor.sizes) + 1 if axis < 0 else axis
    return tensor.reshaped((*tensor.sizes[:place], 1, *tensor.sizes[place:]))


def part(tensor: TracedTensor, axis: int, start: Quantity, stop: Quantity, step: int = 1) -> TracedTensor:
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
    return tensor.after(Operation("slice", tuple(words)), sizes)


def indexed(tensor: TracedTensor, key: Any) -> TracedTensor:
    """What `x[key]` is, for whole numbers, slices, None and an ellipsis."""
    keys = list(key) if isinstance(key, tuple) else [key]
    taken = sum(k is not None and k is not Ellipsis for k in keys)
    if taken > len(tensor.sizes):
        raise SymparamsError(f"{taken} indices are too many for the shape {sizes_in_words(tensor.sizes)}")
    if Ellipsis in [k for k in keys if k is Ellipsis]:
        place = next(i for i, k in enumerate(keys) if k is Ellipsis)
        keys[place : place + 1] = [slice(None)] * (len(tensor.sizes) - taken)
    axis, shape = 0, []
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
            start = total((size, k)) if isinstance(k, int) and k < 0 else k
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
        if isinstance(value, int) and value < 0:
            value = total((size, value))
        if isinstance(value, int) and isinstance(size, int):
            value = max(0, min(value, size))
        ends.append(value)
    return ends[0], ends[1], step


def pieces(tensor: TracedTensor, lengths: Sequence[Quantity], axis: int) -> list[TracedTensor]:
    """The tensor cut into parts of these lengths along an axis."""
    axis, start = tensor.axis(axis), 0
    made: list[TracedTensor] = []
    begin: Quantity = start
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
        lengths = [min(length, size - start) for start in range(0, size, length)]
    else:
        tensor.program.assume(compare("==", divide(size, count), floor_divide(size, count)))
        lengths = [divide(size, count)] * count
    return pieces(tensor, lengths, axis)


def joined(tensors: Sequence[TracedTensor], axis: int) -> TracedTensor:
    """Concatenated along an axis."""
    first = next((t for t in tensors if t.batch_axis is not None), tensors[0])
    axis = first.axis(axis)
    parts = [_with_batch(t, first) for t in tensors]
    sizes = list(first.sizes)
    sizes[axis] = total(t.sizes[axis] for t in parts)
    if all(t.node is None for t in parts) or len(parts) == 1:
        return first.like(None if len(parts) > 1 else parts[0].node, sizes)
    others = tuple((None, t.flowing()) for t in parts[1:])
    return parts[0].after(Operation("concat", (f"axis={first.flow_axis(axis)}",), others), sizes)


def _with_batch(tensor: TracedTensor, other: TracedTensor) -> TracedTensor:
    """A tensor without the batch where another has it: an axis of 1 there stands for it."""
    batch = other.batch_axis
    if batch is None or tensor.batch_axis is not None:
        return tensor
    if len(tensor.sizes) != len(other.sizes) or tensor.sizes[batch] != 1:
        raise SymparamsError("a tensor without the batch goes with one that has it: expand it first")
    return tensor.reshaped([other.sizes[batch] if axis == batch else s for axis, s in enumerate(tensor.sizes)])


def combined(word: str, one: TracedTensor, other: TracedTensor) -> TracedTensor:
    """Two tensors put together value by value, the shorter one repeated along axes of size 1."""
    sizes = broadcast(one, other)
    left, right = (_aligned(t, sizes) for t in (one, other))
    if left.node is None and right.node is None:
        return left.like(None, sizes)
    computed = next((t for t, o in ((left, right), (right, left)) if o.node is None and t.sizes == sizes), None)
    if computed is not None:
        return computed
    if word == "mul" or left.sizes == right.sizes:
        return left.after(Operation(word, (), ((None, right.flowing()),)), sizes)
    wide = [expanded(t, sizes) for t in (left, right)]
    return wide[0].after(Operation(word, (), ((None, wide[1].flowing()),)), sizes)


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


def _aligned(tensor: TracedTensor, sizes: Shape) -> TracedTensor:
    """With as many axes as the sizes have; the batch in the place of an axis of 1."""
    shape = list((1,) * (len(sizes) - len(tensor.sizes)) + tensor.sizes)
    if tensor.batch_axis is None:
        shape = [
            s if s == 1 and has_batch(s) else b if has_batch(b) and a == 1 else a
            for a, b, s in zip(shape, sizes, sizes)
        ]
    return tensor.reshaped(shape)


def expanded(tensor: TracedTensor, sizes: Sequence[Quantity]) -> TracedTensor:
    """With axes of size 1 repeated up to these sizes; -1 leaves one as it is."""
    more = len(sizes) - len(tensor.sizes)
    own = (1,) * more + tensor.sizes
    wanted = [a if size == -1 else size for a, size in zip(own, sizes)]
    if any(has_batch(w) and not has_batch(a) for w, a in zip(wanted, own)):
        tensor = tensor.reshaped([w if has_batch(w) else a for w, a in zip(wanted, own)])
    elif more:
        tensor = tensor.reshaped(own)
    flow = flow_sizes(wanted)
    if tensor.node is None or flow == flow_sizes(tensor.sizes):
        return tensor.like(tensor.node, wanted)
    return tensor.after(Operation("expand", tuple(map(in_words, flow))), wanted)


def reduced(tensor: TracedTensor, axes: Any, keepdims: bool = False) -> TracedTensor:
    """The mean, the sum or the like over some axes, over all where they are None."""
    places = range(len(tensor.sizes)) if axes is None else [axes] if isinstance(axes, int) else list(axes)
    gone = sorted(tensor.axis(axis) for axis in places)
    kept = [1 if place in gone else size for place, size in enumerate(tensor.sizes)]
    sizes = kept if keepdims else [size for place, size in enumerate(kept) if place not in gone]
    if tensor.node is None or tensor.batch_axis in gone:
        return tensor.like(None, sizes)
    flow = [tensor.flow_axis(axis) for axis in gone]
    after = tensor.after(Operation("reduce", tuple(map(str, flow))), [s for p, s in enumerate(kept) if p not in gone])
    return after.reshaped(sizes)


def multiplied(one: TracedTensor, other: TracedTensor) -> TracedTensor:
    """The matrix product over the last two axes."""
    if len(other.sizes) == 1 or len(one.sizes) == 1:
        raise SymparamsError("a product with a vector is not read: give it an axis more")
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
    return left.after(Operation("matmul", (), (("other", right.flowing()),)), sizes)


def all_equal(pairs: Iterable[tuple[Value, Value]]) -> Any:
    return all_of(tuple(compare("==", a, b) for a, b in pairs))  # type: ignore[arg-type]

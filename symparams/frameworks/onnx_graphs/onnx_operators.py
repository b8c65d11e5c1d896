"""ONNX's operators that have no weights of their own: shapes, pools, and functions of each value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...closed_forms.polynomial import Quantity
from ...errors import SymparamsError
from ...evaluate.domain import compare, floor, multiply, product, smallest, total
from ..graph.combined_tensors import broadcast, expanded, joined, multiplied, reduced
from ..graph.growing_program import GraphOperation, in_words
from ..graph.traced_tensors import (
    TracedTensor,
    flattened,
    has_batch,
    indexed,
    part,
    permuted,
    pieces,
    same,
    unsqueezed,
    view,
)
from ..python.numbers_read import exact
from .batch_places import of_samples, with_batch
from .einstein_sums import parsed, sum_of
from .onnx_functions import FUNCTIONS
from .onnx_layers import in_keras
from .onnx_values import KnownNumbers, are_in_a_row, known
from .onnx_windows import each, windows

# An end from here on stands for that of the axis.
_FAR = 2**30
_MAX_PARTS = 64


def _pool(rule: str, keras: str | None = None) -> Callable[..., Any]:
    def run(call: Any, x: Any, *more: Any) -> Any:
        x = call.tensor(x)
        found = windows(call, x, call.attributes["kernel_shape"])
        with_gaps = set(found.dilations) != {1}
        if found.is_same and set(found.strides) != {1}:
            if keras is None or with_gaps:
                return NotImplemented
            made = x.after(GraphOperation(f"{keras}{len(found.kernel)}D", tuple(in_keras(found))))
            return [made, made.like(None, made.sizes)]
        if rule != "maxpool" and with_gaps:
            return NotImplemented
        x, found = _inside(x, found, is_alone=rule == "lppool")
        words = [*([str(call.attributes.get("p", 2))] if rule == "lppool" else []), *found.words]
        words += ["s=1"] if set(found.strides) == {1} else []
        words += ["p=same"] if found.is_same else []
        words += ["ceil_mode=true"] if call.attributes.get("ceil_mode") else []
        made = x.after(GraphOperation(rule, tuple(words)))
        return [made, made.like(None, made.sizes)] if rule == "maxpool" else made

    return run


def _inside(x: TracedTensor, found: Any, is_alone: bool) -> tuple[TracedTensor, Any]:
    """A padding that the rule of the pool does not take, put around before it."""
    is_wide = any(2 * p > k for p, k in zip(found.before, found.kernel)) and found.before == found.behind
    if not (is_alone or is_wide) or not any((*found.before, *found.behind)):
        return x, found
    none = (0,) * len(found.kernel)
    sides = ", ".join(f"({a}, {b})" for a, b in zip(found.before, found.behind))
    return x.after(GraphOperation("zeropad", (f"p=({sides},)",))), found._replace(before=none, behind=none)


def _global(rule: str) -> Callable[..., Any]:
    return lambda call, x: call.tensor(x).after(GraphOperation(rule, ("1",)))


def _flatten(call: Any, x: Any) -> Any:
    x = call.tensor(x)
    axis = call.attributes.get("axis", 1)
    axis = axis + len(x.sizes) if axis < 0 else axis
    if axis == 1:
        return flattened(x, 1) if len(x.sizes) > 2 else x.reshaped((*x.sizes, 1)) if len(x.sizes) == 1 else x
    return view(x, [product(x.sizes[:axis]), product(x.sizes[axis:])])


def _reshape(call: Any, x: Any, sizes: Any = None) -> Any:
    wanted = call.listed("shape", sizes)
    if wanted is None:
        raise SymparamsError("the shape is not known")
    x = call.tensor(x)
    if not call.attributes.get("allowzero"):
        wanted = [x.sizes[axis] if size == 0 else size for axis, size in enumerate(wanted)]
    return view(x, with_batch(x, wanted, call.reader.plan.size))


def _transpose(call: Any, x: Any) -> Any:
    x = call.tensor(x)
    return permuted(x, call.attributes.get("perm") or list(range(len(x.sizes)))[::-1])


def _concat(call: Any, *parts: Any) -> Any:
    tensors = [call.tensor(part) for part in parts]
    sizes = next((t.sizes for t in tensors if t.batch_axis is not None), ())
    tensors = [of_samples(t, sizes, call.reader.plan.size) for t in tensors]
    return joined([t for t in tensors if 0 not in t.sizes] or tensors, call.attributes["axis"])


def _split(call: Any, x: Any, lengths: Any = None) -> Any:
    x = call.tensor(x)
    axis = call.attributes.get("axis", 0)
    return pieces(x, call.split_lengths(lengths, x.sizes[x.axis(axis)]), axis)


def _slice(call: Any, x: Any, *given: Any) -> Any:
    x = call.tensor(x)
    for axis, start, end, step in call.cuts(given):
        if step == -1 and _is_all(start, end, x.sizes[x.axis(axis)]):
            continue
        key: list[Any] = [slice(None)] * len(x.sizes)
        size = x.sizes[x.axis(axis)]
        far = isinstance(end, int) and end >= _FAR
        cut = not far and compare(">", end, 0) is True and not has_batch(size)
        key[x.axis(axis)] = slice(start, None if far else smallest(end, size) if cut else end, step)
        x = indexed(x, tuple(key))
    return x


def _is_all(start: Any, end: Any, size: Quantity) -> bool:
    """Whether a cut in steps of -1 goes over the whole axis."""
    from_the_end = start == -1 or (isinstance(start, int) and start >= _FAR) or same(total((start, 1)), size)
    return from_the_end and isinstance(end, int) and (end <= -_FAR or (isinstance(size, int) and end < -size))


def _gather(call: Any, data: Any, places: Any) -> Any:
    """What stands at places that are known, or as many as places that are worked out."""
    x = call.tensor(data)
    axis = x.axis(call.attributes.get("axis", 0))
    if isinstance(places, KnownNumbers) and places.array is not None:
        return _at(x, places, axis)
    others = call.tensor(places)
    if x.node is None and others.node is None:
        return x.like(None, (*x.sizes[:axis], *others.sizes, *x.sizes[axis + 1 :]))
    return NotImplemented


def _at(x: TracedTensor, places: KnownNumbers, axis: int) -> Any:
    size = x.sizes[axis]
    numbers = [total((size, n)) if compare("<", n, 0) is True else n for n in places.all()]
    sizes = (*x.sizes[:axis], *places.sizes, *x.sizes[axis + 1 :])
    if isinstance(size, int) and any(isinstance(n, int) and not 0 <= n < size for n in numbers):
        raise SymparamsError(f"places of an axis of {size} are asked for that it does not have")
    if x.node is None or not numbers:
        return x.like(None, sizes)
    first = numbers[0]
    if are_in_a_row(numbers):
        found = part(x, axis, first, total((first, len(numbers))))
    elif len(numbers) <= _MAX_PARTS:
        found = joined([part(x, axis, n, total((n, 1))) for n in numbers], axis)
    else:
        return NotImplemented
    return found if len(places.sizes) == 1 else found.reshaped(sizes)


def _reduce(call: Any, x: Any, axes: Any = None) -> Any:
    found = call.listed("axes", axes)
    if not found and call.attributes.get("noop_with_empty_axes"):
        return x
    return reduced(call.tensor(x), found or None, bool(call.attributes.get("keepdims", 1)))


def _place_of_largest(call: Any, x: Any) -> Any:
    return reduced(call.tensor(x), call.attributes.get("axis", 0), bool(call.attributes.get("keepdims", 1)))


def _largest_ones(call: Any, x: Any, count: Any = None) -> Any:
    x = call.tensor(x)
    (number,) = call.listed("k", count) or [None]
    if number is None:
        return NotImplemented
    axis = x.axis(call.attributes.get("axis", -1))
    found = part(x, axis, 0, number)
    return [found, found]


def _unsqueeze(call: Any, x: Any, axes: Any = None) -> Any:
    x = call.tensor(x)
    found = call.listed("axes", axes) or []
    rank = len(x.sizes) + len(found)
    for axis in sorted(a % rank if -rank <= a < rank else a for a in found):
        x = unsqueezed(x, axis)
    return x


def _squeeze(call: Any, x: Any, axes: Any = None) -> Any:
    x = call.tensor(x)
    found = call.listed("axes", axes)
    gone = [axis for axis, size in enumerate(x.sizes) if size == 1] if found is None else [x.axis(a) for a in found]
    for axis in gone:
        if axis != x.batch_axis:
            call.expect(x.sizes[axis], 1)
    if x.batch_axis in gone and (call.reader.plan.size != 1 or x.is_folded):
        raise SymparamsError("the axis of the batch is left out")
    kept = [axis for axis in range(len(x.sizes)) if axis not in gone]
    made = x.reshaped([size for axis, size in enumerate(x.sizes) if axis in kept or axis == x.batch_axis])
    return made.like(made.node, [x.sizes[axis] for axis in kept])


def _expand(call: Any, x: Any, sizes: Any) -> Any:
    numbers = call.numbers(sizes)
    x = of_samples(call.tensor(x), numbers, call.reader.plan.size)
    wanted = of_samples(x.like(None, numbers), x.sizes, call.reader.plan.size)
    return expanded(x, broadcast(x, wanted))


def _tile(call: Any, x: Any, times: Any) -> Any:
    x = call.tensor(x)
    counts = call.numbers(times)
    for axis, count in enumerate(counts):
        if count == 1:
            continue
        own = x.sizes[axis]
        apart = x.reshaped((*x.sizes[:axis], 1, *x.sizes[axis:]))
        often = expanded(apart, (*x.sizes[:axis], count, *x.sizes[axis:]))
        x = often.reshaped((*x.sizes[:axis], multiply(own, count), *x.sizes[axis + 1 :]))
    return x


def _shape(call: Any, x: Any) -> KnownNumbers:
    return known(list(x.sizes)[slice(call.attributes.get("start"), call.attributes.get("end"))])


def _size(call: Any, x: Any) -> KnownNumbers:
    return known(product(x.sizes))


_PADS = {"reflect": "reflectpad", "edge": "replicatepad", "wrap": "circularpad"}


def _pad(call: Any, x: Any, pads: Any = None, value: Any = None, axes: Any = None) -> Any:
    x = call.tensor(x)
    amounts = call.listed("pads", pads)
    amounts = call.listed("paddings", None) if amounts is None else amounts
    places = [x.axis(axis) for axis in (call.numbers(axes) if axes is not None else range(len(x.sizes)))]
    if amounts is None or len(amounts) != 2 * len(places):
        raise SymparamsError("how much is put around is not said for each axis")
    pairs: list[Any] = [(0, 0)] * len(x.sizes)
    for place, axis in enumerate(places):
        pairs[axis] = (amounts[place], amounts[place + len(places)])
    sizes = [total((size, *sides)) for size, sides in zip(x.sizes, pairs)]
    if x.node is None or sizes == list(x.sizes):
        return x.like(x.node, sizes)
    for axis, sides in enumerate(pairs):
        before, behind = (max(-side, 0) if isinstance(side, int) else 0 for side in sides)
        if before or behind:
            x = part(x, axis, before, total((x.sizes[axis], -behind)))
    pairs = [tuple(max(side, 0) if isinstance(side, int) else side for side in sides) for sides in pairs]
    around = {axis: sides for axis, sides in enumerate(pairs) if any(side != 0 for side in sides)}
    if not around:
        return x
    if x.batch_axis == 0 and not x.is_folded and min(around) > 1:
        rule = _PADS.get(call.attributes.get("mode", "constant"), "zeropad")
        shown = ", ".join(f"({in_words(a)}, {in_words(b)})" for a, b in pairs[2:])
        return x.after(GraphOperation(rule, (f"p=({shown},)",)), sizes)
    return _padded_by_parts(x, around)


def _padded_by_parts(x: TracedTensor, around: Mapping[int, Any]) -> Any:
    """What is put around other axes than those of an image, joined to them."""
    for axis, sides in around.items():
        before, behind = (
            x.like(None, [n if a == axis else size for a, size in enumerate(x.sizes)]) if n != 0 else None
            for n in sides
        )
        x = joined([t for t in (before, x, behind) if t is not None], axis)
    return x


def _resize(call: Any, x: Any, *given: Any) -> Any:
    x = call.tensor(x)
    scales, sizes = _scales_and_sizes(call, given)
    axes = [x.axis(a) for a in call.attributes.get("axes", range(len(x.sizes)))]
    wanted = list(x.sizes)
    for place, axis in enumerate(axes):
        if sizes:
            wanted[axis] = x.sizes[axis] if axis == x.batch_axis else sizes[place]
        elif scales and scales[place] != 1:
            if not 0 < scales[place] < _FAR:
                raise SymparamsError(f"its scales are {scales}")
            wanted[axis] = floor(multiply(x.sizes[axis], exact(scales[place])))
    if wanted == list(x.sizes) or x.node is None:
        return x.like(x.node, wanted)
    if x.batch_axis != 0 or x.is_folded or wanted[:2] != list(x.sizes[:2]):
        return NotImplemented
    if "keep_aspect_ratio_policy" in call.attributes and call.attributes["keep_aspect_ratio_policy"] != "stretch":
        return NotImplemented
    return x.after(GraphOperation("upsample", (_larger(scales, axes, wanted),)), wanted)


def _larger(scales: list[Any], axes: list[int], wanted: list[Any]) -> str:
    by_axis = dict(zip(axes, scales))
    factors = [by_axis.get(axis, 1) for axis in range(2, len(wanted))]
    if scales and all(float(factor).is_integer() for factor in factors):
        return f"scale={each([int(factor) for factor in factors])}"
    return f"size=({', '.join(map(in_words, wanted[2:]))},)"


def _scales_and_sizes(call: Any, given: Any) -> tuple[list[Any], list[Any]]:
    """What a Resize or an Upsample is given, by its age: scales alone, or a region, scales and sizes."""
    if "scales" in call.attributes:
        return list(call.attributes["scales"]), []
    scales, sizes = (given[0], None) if len(given) == 1 else ((*given[1:], None, None)[:2])
    found = [call.numbers(value) if value is not None else [] for value in (scales, sizes)]
    if len(given) > 1 and given[0] is not None:
        call.numbers(given[0])
    if not any(found):
        raise SymparamsError("the size that comes out is not known")
    return found[0], found[1]


def _shuffle(rule: str) -> Callable[..., Any]:
    return lambda call, x: call.tensor(x).after(GraphOperation(rule, (str(call.attributes["blocksize"]),)))


def _product(call: Any, one: Any, other: Any) -> Any:
    left, right = call.tensor(one), call.tensor(other)
    if len(left.sizes) == 1:
        made = multiplied(left.reshaped((1, *left.sizes)), right)
        return made.reshaped((*made.sizes[:-2], made.sizes[-1]))
    if len(right.sizes) == 1:
        made = multiplied(left, right.reshaped((*right.sizes, 1)))
        return made.reshaped(made.sizes[:-1])
    return multiplied(left, right)


def _gemm(call: Any, one: Any, other: Any, bias: Any = None) -> Any:
    left, right = call.tensor(one), call.tensor(other)
    left = permuted(left, [1, 0]) if call.attributes.get("transA") else left
    right = permuted(right, [1, 0]) if call.attributes.get("transB") else right
    made = multiplied(left, right)
    return made if bias is None else FUNCTIONS["Add"](call, made, bias)


def _einsum(call: Any, *given: Any) -> Any:
    equation = parsed(call.attributes.get("equation", ""))
    if equation is None or len(given) != len(equation.terms):
        return NotImplemented
    return sum_of(equation, [call.tensor(value) for value in given])


_REDUCTIONS = ("Mean", "Sum", "Max", "Min", "Prod", "L1", "L2", "LogSum", "LogSumExp", "SumSquare")
OPERATORS: Mapping[str, Callable[..., Any]] = {
    **FUNCTIONS,
    **{f"Reduce{name}": _reduce for name in _REDUCTIONS},
    **dict.fromkeys(("ArgMax", "ArgMin"), _place_of_largest),
    "TopK": _largest_ones,
    "MaxPool": _pool("maxpool", "layers.MaxPooling"),
    "AveragePool": _pool("avgpool", "layers.AveragePooling"),
    "LpPool": _pool("lppool"),
    "GlobalAveragePool": _global("adaptive_avgpool"),
    "GlobalMaxPool": _global("adaptive_maxpool"),
    "GlobalLpPool": _global("adaptive_avgpool"),
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Transpose": _transpose,
    "Concat": _concat,
    "Split": _split,
    "Slice": _slice,
    "Gather": _gather,
    "Unsqueeze": _unsqueeze,
    "Squeeze": _squeeze,
    "Expand": _expand,
    "Tile": _tile,
    "Shape": _shape,
    "Size": _size,
    "Pad": _pad,
    **dict.fromkeys(("Resize", "Upsample"), _resize),
    "DepthToSpace": _shuffle("pixelshuffle"),
    "SpaceToDepth": _shuffle("pixelunshuffle"),
    "MatMul": _product,
    "Gemm": _gemm,
    "Einsum": _einsum,
}

"""ONNX's operators that have no weights of their own: shapes, sums and products, pools, functions of each value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...closed_forms.polynomial import Quantity
from ...errors import SymparamsError
from ...evaluate.domain import compare, divide, multiply, product, total
from ..graph.combined_tensors import broadcast, combined, expanded, joined, reduced
from ..graph.growing_program import BATCH, GraphOperation, in_words
from ..graph.traced_tensors import (
    TracedTensor,
    flattened,
    has_batch,
    indexed,
    part,
    permuted,
    pieces,
    same,
    squeezed,
    unsqueezed,
    view,
)
from .onnx_values import Known, OnnxConstant, OnnxWeight, known
from .onnx_windows import each, padded, windowed


def _function(rule: str) -> Callable[..., Any]:
    """A function of each value that the language has."""
    return lambda reader, x, *more: reader.tensor(x).after(GraphOperation(rule), reader.tensor(x).sizes)


def _along(rule: str) -> Callable[..., Any]:
    def run(reader: Any, x: TracedTensor) -> Any:
        axis = x.flow_axis(x.axis(reader.attributes.get("axis", -1)))
        return x.after(GraphOperation(rule, (f"axis={axis}",)), x.sizes)

    return run


def _as_it_is(reader: Any, x: Any, *more: Any) -> Any:
    return x


def _two(word: str) -> Callable[..., Any]:
    def run(reader: Any, *values: Any) -> Any:
        first, *others = values
        made = first
        for other in others:
            made = _together(reader, word, made, other)
        return made

    return run


def _together(reader: Any, word: str, one: Any, other: Any) -> Any:
    """Two values put together; numbers that are known change no tensor but by their sizes."""
    if isinstance(one, OnnxWeight) and isinstance(other, (Known, OnnxConstant)):
        return one
    if isinstance(other, OnnxWeight) and isinstance(one, (Known, OnnxConstant)):
        return other
    left, right = reader.tensor(one), reader.tensor(other)
    for tensor, number in ((left, right), (right, left)):
        if number.node is None and product(number.sizes) == 1 and len(number.sizes) <= len(tensor.sizes):
            return tensor
    return combined(word, left, right)


def _chosen(reader: Any, holds: Any, one: Any, other: Any) -> Any:
    return _together(reader, "add", one, other)


def _pool(rule: str) -> Callable[..., Any]:
    def run(reader: Any, x: TracedTensor) -> Any:
        kernel = reader.attributes["kernel_shape"]
        x, padding = padded(reader, x, len(kernel))
        strides = [word for word in windowed(reader, len(kernel)) if word.startswith("s=")] or ["s=1"]
        dilations = [word for word in windowed(reader, len(kernel)) if word.startswith("d=")]
        ceil = ["ceil_mode=true"] if reader.attributes.get("ceil_mode") else []
        if dilations and rule != "maxpool":
            raise SymparamsError("a mean with gaps is not read")
        return x.after(GraphOperation(rule, (each(kernel), *strides, *padding, *dilations, *ceil)))

    return run


def _global(rule: str) -> Callable[..., Any]:
    return lambda reader, x: x.after(GraphOperation(rule, ("1",)))


def _flatten(reader: Any, x: TracedTensor) -> Any:
    axis = reader.attributes.get("axis", 1)
    axis = axis + len(x.sizes) if axis < 0 else axis
    if axis == 1:
        return flattened(x, 1) if len(x.sizes) > 2 else x
    return view(x, [product(x.sizes[:axis]), product(x.sizes[axis:])])


def _reshape(reader: Any, x: Any, sizes: Any) -> Any:
    if not isinstance(sizes, Known):
        raise SymparamsError("the shape is not known")
    x = reader.tensor(x)
    wanted: list[Quantity] = list(sizes.numbers())
    if not reader.attributes.get("allowzero"):
        wanted = [x.sizes[axis] if size == 0 else size for axis, size in enumerate(wanted)]
    return view(x, _with_batch(reader, x, wanted))


def _with_batch(reader: Any, x: TracedTensor, wanted: list[Quantity]) -> list[Quantity]:
    """The sizes with the batch, where the file was written for a number of samples: where that number has its place."""
    if x.batch_axis is None or not isinstance(reader.batch, int) or any(has_batch(size) for size in wanted):
        return wanted
    if -1 in wanted and wanted[0] != reader.batch:
        known_sizes = [size for size in wanted if size != -1]
        rest = divide(product(x.sizes), product(known_sizes))
        return [rest if size == -1 else size for size in wanted]
    if wanted and wanted[0] == reader.batch:
        return [BATCH, *wanted[1:]]
    if reader.batch == 1 and 1 in wanted:
        place = wanted.index(1)
        return [BATCH if axis == place else size for axis, size in enumerate(wanted)]
    first = wanted[0]
    if isinstance(first, int) and first % reader.batch == 0:
        return [multiply(BATCH, first // reader.batch), *wanted[1:]]
    return wanted


def _transpose(reader: Any, x: Any) -> Any:
    order = reader.attributes.get("perm")
    if isinstance(x, OnnxWeight):
        return x.permuted(order or list(range(len(x.sizes)))[::-1])
    x = reader.tensor(x)
    return permuted(x, order or list(range(len(x.sizes)))[::-1])


def _concat(reader: Any, *parts: Any) -> Any:
    tensors = [reader.tensor(part) for part in parts]
    return joined([t for t in tensors if 0 not in t.sizes], reader.attributes["axis"])


def _split(reader: Any, x: TracedTensor, lengths: Any = None) -> Any:
    axis = reader.attributes.get("axis", 0)
    sizes = lengths.numbers() if isinstance(lengths, Known) else reader.attributes.get("split")
    if sizes is None:
        count = reader.attributes.get("num_outputs", len(reader.node.output))
        whole = x.sizes[x.axis(axis)]
        step = -(-whole // count) if isinstance(whole, int) else divide(whole, count)
        sizes = [step] * (count - 1)
        sizes.append(total((whole, multiply(-(count - 1), step))))
    return pieces(x, sizes, axis)


def _slice(reader: Any, x: TracedTensor, *given: Any) -> Any:
    if not all(isinstance(value, Known) for value in given):
        raise SymparamsError("where it is cut is not known")
    names = ("starts", "ends", "axes")
    parts = [g.numbers() for g in given] or [reader.attributes[n] for n in names if n in reader.attributes]
    starts, ends = parts[:2]
    axes = parts[2] if len(parts) > 2 else range(len(starts))
    steps = parts[3] if len(parts) > 3 else [1] * len(starts)
    x = reader.tensor(x)
    for axis, start, end, step in zip(axes, starts, ends, steps):
        if step == -1:
            continue
        key: list[Any] = [slice(None)] * len(x.sizes)
        far = isinstance(end, int) and end > 2**30
        key[x.axis(axis)] = slice(start, None if far else end, step)
        x = indexed(x, tuple(key))
    return x


def taken(reader: Any, x: TracedTensor, places: Any, axis: int) -> Any:
    """What stands at places that are known."""
    axis = x.axis(axis)
    if isinstance(places, Known) and places.array.ndim == 0:
        start = places.number()
        start = total((x.sizes[axis], start)) if compare("<", start, 0) is True else start
        return squeezed(part(x, axis, start, total((start, 1))), axis)
    rest = places.array.shape if isinstance(places, Known) else reader.tensor(places).sizes
    sizes = (*x.sizes[:axis], *rest, *x.sizes[axis + 1 :])
    if x.node is None:
        return x.like(None, sizes)
    if len(rest) == 1 and isinstance(rest[0], int) and isinstance(places, Known):
        return part(x, axis, 0, rest[0]) if same(rest[0], x.sizes[axis]) or rest[0] < _most(x, axis) else x
    raise SymparamsError("places that flow in are not read")


def _most(x: TracedTensor, axis: int) -> int:
    size = x.sizes[axis]
    return size if isinstance(size, int) else 2**30


def _axes(reader: Any, axes: Any) -> list[int] | None:
    if isinstance(axes, Known):
        return [int(axis) for axis in axes.numbers()]  # type: ignore[arg-type]
    return list(reader.attributes["axes"]) if "axes" in reader.attributes else None


def _reduce(reader: Any, x: TracedTensor, axes: Any = None) -> Any:
    found = _axes(reader, axes)
    if not found and reader.attributes.get("noop_with_empty_axes"):
        return x
    return reduced(x, found or None, bool(reader.attributes.get("keepdims", 1)))


def _unsqueeze(reader: Any, x: Any, axes: Any = None) -> Any:
    x = reader.tensor(x)
    for axis in sorted(_axes(reader, axes) or []):
        x = unsqueezed(x, axis)
    return x


def _squeeze(reader: Any, x: Any, axes: Any = None) -> Any:
    x = reader.tensor(x)
    found = _axes(reader, axes)
    for axis in sorted((x.axis(a) for a in found), reverse=True) if found else [None]:
        x = squeezed(x, axis)
    return x


def _expand(reader: Any, x: Any, sizes: Any) -> Any:
    x = reader.tensor(x)
    if not isinstance(sizes, Known):
        raise SymparamsError("the shape is not known")
    wanted = x.like(None, tuple(sizes.numbers()))
    return expanded(x, broadcast(x, wanted))


def _shape(reader: Any, x: Any) -> Known:
    x = reader.tensor(x)
    sizes = list(x.sizes)[reader.attributes.get("start", 0) : reader.attributes.get("end", len(x.sizes))]
    return known(sizes)


def _size(reader: Any, x: Any) -> Known:
    return known(product(reader.tensor(x).sizes))


def _pad(reader: Any, x: TracedTensor, pads: Any = None, *more: Any) -> Any:
    amounts = pads.numbers() if isinstance(pads, Known) else list(reader.attributes.get("pads", []))
    rank = len(x.sizes)
    before, after = amounts[:rank], amounts[rank:]
    if len(amounts) != 2 * rank or any(before[:2]) or any(after[:2]) or any(a < 0 for a in amounts):  # type: ignore[operator]
        raise SymparamsError("a padding of other axes than those of an image is not read")
    pairs = list(zip(before, after))[2:]
    if not any(map(any, pairs)):
        return x
    sides = ", ".join(f"({in_words(a)}, {in_words(b)})" for a, b in pairs)
    return x.after(GraphOperation("zeropad", (f"p=({sides}{',' if len(pairs) == 1 else ''})",)))


def _resize(reader: Any, x: TracedTensor, *given: Any) -> Any:
    numbers = [value.numbers() for value in given if isinstance(value, Known) and value.array.size == len(x.sizes)]
    if not numbers and "scales" not in reader.attributes:
        raise SymparamsError("the size that comes out is not known")
    found = numbers[-1] if numbers else reader.attributes["scales"]
    is_scale = len(given) < 3 or not isinstance(given[-1], Known) or given[-1].array.size == 0
    if not is_scale:
        return x.after(GraphOperation("upsample", (f"size=({', '.join(map(in_words, found[2:]))},)",)))
    scales = [int(s) if float(s).is_integer() else s for s in found[2:]]  # type: ignore[arg-type]
    return x.after(GraphOperation("upsample", (f"scale={each(scales)}",)))


def _to_space(reader: Any, x: TracedTensor) -> Any:
    return x.after(GraphOperation("pixelshuffle", (str(reader.attributes["blocksize"]),)))


def _to_depth(reader: Any, x: TracedTensor) -> Any:
    return x.after(GraphOperation("pixelunshuffle", (str(reader.attributes["blocksize"]),)))


def _clip(reader: Any, x: Any, *ends: Any) -> Any:
    if not isinstance(x, TracedTensor):
        return x
    return x.after(GraphOperation("hardtanh"), x.sizes)


_FUNCTIONS = {
    **{"Relu": "relu", "LeakyRelu": "leaky_relu", "Elu": "elu", "Selu": "selu", "Celu": "celu", "Gelu": "gelu"},
    **{"Mish": "mish", "HardSwish": "hardswish", "HardSigmoid": "hardsigmoid", "Sigmoid": "sigmoid", "Tanh": "tanh"},
    **{"Softplus": "softplus", "Softsign": "softsign", "ThresholdedRelu": "threshold", "Dropout": "dropout"},
}
_SAME = (
    *(
        "Identity",
        "Cast",
        "CastLike",
        "Erf",
        "Exp",
        "Log",
        "Sqrt",
        "Reciprocal",
        "Neg",
        "Abs",
        "Floor",
        "Ceil",
        "Round",
    ),
    *("Sin", "Cos", "Not", "Sign", "IsNaN", "CumSum"),
)
OPERATORS: Mapping[str, Callable[..., Any]] = {
    **{name: _function(rule) for name, rule in _FUNCTIONS.items()},
    **dict.fromkeys(_SAME, _as_it_is),
    **dict.fromkeys(("Add", "Sub", "Max", "Min", "Sum", "Mean", "Equal", "Greater", "Less", "And", "Or"), _two("add")),
    **dict.fromkeys(("GreaterOrEqual", "LessOrEqual", "Mod"), _two("add")),
    **dict.fromkeys(("Mul", "Div", "Pow"), _two("mul")),
    "Where": _chosen,
    "Softmax": _along("softmax"),
    "LogSoftmax": _along("log_softmax"),
    "MaxPool": _pool("maxpool"),
    "AveragePool": _pool("avgpool"),
    "GlobalAveragePool": _global("adaptive_avgpool"),
    "GlobalMaxPool": _global("adaptive_maxpool"),
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Transpose": _transpose,
    "Concat": _concat,
    "Split": _split,
    "Slice": _slice,
    **dict.fromkeys(("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL2", "ReduceProd"), _reduce),
    "Unsqueeze": _unsqueeze,
    "Squeeze": _squeeze,
    "Expand": _expand,
    "Shape": _shape,
    "Size": _size,
    "Pad": _pad,
    "Resize": _resize,
    "Upsample": _resize,
    "DepthToSpace": _to_space,
    "SpaceToDepth": _to_depth,
    "Clip": _clip,
}

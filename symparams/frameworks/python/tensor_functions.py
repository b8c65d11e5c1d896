"""The functions on tensors that change shapes, or leave them, by their names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from ...errors import SymparamsError
from ...evaluate.domain import floor_divide, is_number, multiply, product, total
from ..graph import combined_tensors as combining
from ..graph import traced_tensors as shaping
from ..graph.growing_program import GraphOperation
from ..graph.traced_tensors import TracedTensor
from .code_objects import Unknown


def _sizes(values: Sequence[Any]) -> list[Any]:
    if len(values) == 1 and isinstance(values[0], (tuple, list)):
        return list(values[0])
    return list(values)


def _size(t: TracedTensor, dim: Any = None) -> Any:
    return t.sizes if dim is None else t.sizes[t.axis(dim)]


def _layer(name: str) -> Callable[..., Any]:
    """An operation of the language that changes no shape."""

    def work(t: TracedTensor, *ignored: Any, **named: Any) -> Any:
        return t if t.node is None else t.after(GraphOperation(name), t.sizes)

    return work


def _same(t: Any, *ignored: Any, **named: Any) -> Any:
    return t


def _reduce(t: TracedTensor, dim: Any = None, keepdim: Any = False, **named: Any) -> Any:
    dim = named.get("axis", dim)
    return combining.reduced(t, dim, bool(named.get("keepdims", keepdim)))


def _reduce_with_places(t: TracedTensor, dim: Any = None, keepdim: Any = False, **named: Any) -> Any:
    if isinstance(dim, TracedTensor):
        return combining.combined("add", t, dim)
    found = _reduce(t, dim, keepdim)
    return found if dim is None else ValuesAndPlaces((found, found.like(None, found.sizes)))


class ValuesAndPlaces(tuple):  # type: ignore[type-arg]
    """The largest values along an axis, or the smallest, and their places."""

    def attribute(self, name: str) -> Any:
        return self[("values", "indices").index(name)]


def concatenated(tensors: Any, dim: Any = 0, **named: Any) -> Any:
    return combining.joined(_all_tensors(tensors), named.get("axis", dim))


def _all_tensors(values: Any) -> list[TracedTensor]:
    if isinstance(values, TracedTensor):
        return [shaping.indexed(values, i) for i in range(values.sizes[0])] if isinstance(values.sizes[0], int) else []
    for value in [values] if isinstance(values, Unknown) else values:
        if not isinstance(value, TracedTensor):
            what = "a tensor is put together with others"
            raise value.fault(what) if isinstance(value, Unknown) else SymparamsError(f"{what}, and is none")
    return list(values)


def stacked(tensors: Any, dim: int = 0) -> Any:
    several = _all_tensors(tensors)
    place = dim if dim >= 0 else dim + len(several[0].sizes) + 1
    return combining.joined([shaping.unsqueezed(t, place) for t in several], place)


def _split(t: TracedTensor, size: Any, dim: int = 0) -> Any:
    if isinstance(size, (tuple, list)):
        return tuple(shaping.pieces(t, size, dim))
    whole = t.sizes[t.axis(dim)]
    if not isinstance(whole, int) or not isinstance(size, int):
        from ...evaluate.domain import divide

        count = divide(whole, size)
        if not isinstance(count, int):
            raise SymparamsError("how many parts there are depends on symbols")
        return tuple(shaping.pieces(t, [size] * count, dim))
    return tuple(shaping.pieces(t, [min(size, whole - i) for i in range(0, whole, size)], dim))


def _tensor_split(t: TracedTensor, parts: Any, dim: int = 0) -> Any:
    """Cut at places, or into as many parts, of which the first are longer by one."""
    size = t.sizes[t.axis(dim)]
    if isinstance(parts, int) and isinstance(size, int):
        return tuple(shaping.pieces(t, [size // parts + (i < size % parts) for i in range(parts)], dim))
    if not isinstance(parts, (tuple, list)):
        raise SymparamsError("how long the parts are depends on symbols")
    ends = [0, *parts, size]
    lengths = [total((end, multiply(-1, start))) for start, end in pairwise(ends)]
    return tuple(shaping.pieces(t, lengths, dim))


def _unbind(t: TracedTensor, dim: int = 0) -> Any:
    axis = t.axis(dim)
    size = t.sizes[axis]
    if not isinstance(size, int):
        raise SymparamsError("how many parts there are depends on symbols")
    return tuple(shaping.indexed(t, (slice(None),) * axis + (i,)) for i in range(size))


def _expand(t: TracedTensor, *sizes: Any) -> Any:
    return combining.expanded(t, _sizes(sizes))


def _repeat(t: TracedTensor, *times: Any) -> Any:
    """Every axis so many times, the last count for the last axis."""
    counts = _sizes(times)
    more = len(counts) - len(t.sizes)
    own = (1,) * more + t.sizes
    counts = [1] * -more + counts
    t = combining.expanded(t, [n if a == 1 and n != 1 else a for a, n in zip(own, counts)])
    for axis, (size, count) in enumerate(zip(own, counts)):
        if size != 1 and count != 1:
            t = shaping.taken(t, axis, (multiply(size, count),))
    return t


def _repeat_interleave(t: TracedTensor, repeats: Any, dim: Any = None) -> Any:
    if dim is None:
        t, dim = shaping.flattened(t), 0
    if not is_number(repeats):
        raise SymparamsError("repeating values a different number of times each is not read")
    axis = t.axis(dim)
    return shaping.taken(t, axis, (multiply(t.sizes[axis], repeats),))


def _gather(t: TracedTensor, dim: int, index: Any) -> Any:
    """Values at places along an axis, of which there are as many as in `index`."""
    axis = t.axis(dim)
    for place, (size, wanted) in enumerate(zip(t.sizes, index.sizes)):
        if place != axis and not shaping.same(size, wanted):
            raise SymparamsError("gathering from a part of the other axes is not read")
    return shaping.taken(t, axis, (index.sizes[axis],))


def _largest(t: TracedTensor, k: Any, dim: int = -1, *ignored: Any, **named: Any) -> Any:
    found = shaping.taken(t, t.axis(dim), (k,))
    return ValuesAndPlaces((found, found.like(None, found.sizes)))


def _where(condition: Any, *choices: Any) -> Any:
    if not choices:
        raise SymparamsError("which places hold depends on values")
    tensors = [t for t in (*choices, condition) if isinstance(t, TracedTensor)]
    found = tensors[0]
    for other in tensors[1:]:
        found = combining.combined("add", found, other)
    return found


def meshed(*tensors: Any, indexing: str = "ij") -> Any:
    """Each of the tensors along an axis of its own, repeated along those of the others."""
    several = _sizes(tensors)
    order = list(range(len(several)))
    if indexing == "xy":
        order[:2] = order[1::-1]
    sizes = [several[place].sizes[0] for place in order]
    return [
        combining.expanded(
            shaping.view(t, [1] * order.index(i) + [-1] + [1] * (len(order) - 1 - order.index(i))), sizes
        )
        for i, t in enumerate(several)
    ]


def _with(word: str) -> Callable[..., Any]:
    def work(t: TracedTensor, other: Any = None, *more: Any, **named: Any) -> Any:
        return combining.combined(word, t, other) if isinstance(other, TracedTensor) else t

    return work


def _unflatten(t: TracedTensor, dim: int, sizes: Any) -> Any:
    axis = t.axis(dim)
    return shaping.view(t, [*t.sizes[:axis], *sizes, *t.sizes[axis + 1 :]])


def _movedim(t: TracedTensor, source: int, destination: int) -> Any:
    order = [a for a in range(len(t.sizes)) if a != t.axis(source)]
    order.insert(t.axis(destination), t.axis(source))
    return shaping.permuted(t, order)


def _windows(t: TracedTensor, dim: int, size: Any, step: Any) -> Any:
    """Windows along an axis, each on a last axis of its own."""
    axis = t.axis(dim)
    count = floor_divide(total((t.sizes[axis], multiply(-1, size), step)), step)
    order = [*range(axis + 1), *range(axis + 2, len(t.sizes) + 1), axis + 1]
    return shaping.permuted(shaping.taken(t, axis, (count, size)), order)


def _similarity(one: TracedTensor, other: TracedTensor, dim: int = 1, eps: Any = 0) -> Any:
    return combining.reduced(combining.combined("mul", one, other), dim)


# By the name of a function of torch, and of a method of its tensors.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "size": _size,
    "dim": lambda t: len(t.sizes),
    "numel": lambda t: product(t.sizes),
    "nelement": lambda t: product(t.sizes),
    "view": lambda t, *sizes: shaping.view(t, _sizes(sizes)) if not isinstance(sizes[0], Unknown) else t,
    "reshape": lambda t, *sizes, shape=None: shaping.view(t, list(shape) if shape else _sizes(sizes)),
    "view_as": lambda t, other: shaping.view(t, other.sizes),
    "permute": lambda t, *dims: shaping.permuted(t, _sizes(dims)),
    "transpose": shaping.swapped,
    "swapaxes": shaping.swapped,
    "movedim": _movedim,
    "t": lambda t: shaping.swapped(t, 0, 1),
    "flatten": lambda t, start_dim=0, end_dim=-1: shaping.flattened(t, start_dim, end_dim),
    "unflatten": _unflatten,
    "squeeze": lambda t, dim=None: shaping.squeezed(t, dim),
    "unsqueeze": lambda t, dim: shaping.unsqueezed(t, dim),
    "expand": _expand,
    "expand_as": lambda t, other: combining.expanded(t, other.sizes),
    "repeat": _repeat,
    "tile": _repeat,
    "chunk": lambda t, chunks, dim=0: tuple(shaping.chunked(t, chunks, dim)),
    "split": lambda t, split_size_or_sections=None, dim=0, **k: _split(
        t, k.get("split_size", split_size_or_sections), dim
    ),
    "tensor_split": lambda t, indices_or_sections=None, dim=0, **k: _tensor_split(
        t, k.get("indices", k.get("sections", indices_or_sections)), dim
    ),
    "unbind": _unbind,
    "unfold": _windows,
    "cosine_similarity": _similarity,
    "narrow": lambda t, dim, start, length: shaping.part(t, t.axis(dim), start, start + length),
    "select": lambda t, dim, index: t.item((slice(None),) * t.axis(dim) + (index,)),
    "mean": _reduce,
    "sum": _reduce,
    "amax": _reduce,
    "amin": _reduce,
    "std": _reduce,
    "var": _reduce,
    "norm": lambda t, p=2, dim=None, keepdim=False: _reduce(t, dim, keepdim),
    "prod": _reduce,
    "logsumexp": _reduce,
    "argmax": _reduce,
    "argmin": _reduce,
    "median": _reduce_with_places,
    "all": _reduce,
    "any": _reduce,
    "nanmean": _reduce,
    "count_nonzero": _reduce,
    "max": _reduce_with_places,
    "min": _reduce_with_places,
    "matmul": combining.multiplied,
    "bmm": combining.multiplied,
    "mm": combining.multiplied,
    "add": _with("add"),
    "sub": _with("add"),
    "mul": _with("mul"),
    "multiply": _with("mul"),
    **dict.fromkeys(("div", "divide", "true_divide"), _with("mul")),
    "diff": lambda t, n=1, dim=-1: shaping.part(t, t.axis(dim), n, t.sizes[t.axis(dim)]),
    "maximum": _with("add"),
    "minimum": _with("add"),
    "where": _where,
    "repeat_interleave": _repeat_interleave,
    "index_select": lambda t, dim, index: shaping.taken(t, t.axis(dim), index.sizes),
    "gather": _gather,
    "topk": _largest,
    "sort": lambda t, *a, **k: ValuesAndPlaces((t, t.like(None, t.sizes))),
    "masked_fill": _same,
    "softmax": _layer("softmax"),
    "gumbel_softmax": _layer("softmax"),
    "polar": lambda size, angle: combining.combined("mul", size, angle),
    "view_as_complex": lambda t: shaping.indexed(t, (Ellipsis, 0)),
    "view_as_real": lambda t: combining.expanded(shaping.unsqueezed(t, -1), (*t.sizes, 2)),
    "log_softmax": _layer("log_softmax"),
    "relu": _layer("relu"),
    "sigmoid": _layer("sigmoid"),
    "tanh": _layer("tanh"),
    **dict.fromkeys(("new", "new_zeros", "new_ones", "new_empty"), lambda t, *sizes, **k: t.like(None, _sizes(sizes))),
    "new_full": lambda t, size, *value, **k: t.like(None, size),
    "argsort": _same,
    "item": lambda t: Unknown("a value of a tensor"),
    "tolist": lambda t: Unknown("values of a tensor"),
    "backward": lambda t, *a, **k: None,
    "numpy": lambda t: Unknown("numpy"),
    **dict.fromkeys(
        [
            "contiguous",
            "clone",
            "detach",
            "float",
            "half",
            "double",
            "long",
            "int",
            "bool",
            "to",
            "cpu",
            "cuda",
            "type",
            "type_as",
            "requires_grad_",
            "zero_",
            "normal_",
            "uniform_",
            "fill_",
            "clamp",
            "clip",
            "abs",
            "sqrt",
            "rsqrt",
            "exp",
            "log",
            "log2",
            "log10",
            "log1p",
            "expm1",
            "tan",
            "sin",
            "cos",
            "neg",
            "pow",
            "square",
            "roll",
            "flip",
            "triu",
            "tril",
            "cumsum",
            "copy_",
            "erf",
            "gelu",
            "round",
            "floor",
            "ceil",
            "sign",
            "reciprocal",
            "trunc_normal_",
            "dropout",
            "nan_to_num",
            "astype",
            "scatter_",
            "scatter_add_",
            "index_fill_",
            "index_copy_",
            "masked_fill_",
            "bfloat16",
            "pin_memory",
            "retain_grad",
            "register_hook",
            "eq",
            "ne",
            "gt",
            "lt",
            "ge",
            "le",
            "logical_not",
        ],
        _same,
    ),
}

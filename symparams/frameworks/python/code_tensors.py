"""Tensors as the code has them: their attributes, methods and operators."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from ...closed_forms.polynomial import Quantity
from ...errors import SymparamsError
from ...evaluate.domain import is_symbolic, product
from ..graph import combined_tensors as combining
from ..graph import traced_tensors as shaping
from ..graph.growing_program import GraphNode, GraphOperation, GrowingProgram
from ..graph.traced_tensors import TracedTensor
from .code_objects import MISSING, Native, PyObject, Unknown


class CodeTensor(TracedTensor):
    """A tensor in the code that is read."""

    @classmethod
    def plain(cls, program: GrowingProgram, node: GraphNode | None, sizes: Sequence[Quantity]) -> CodeTensor:
        return CodeTensor(program, node, sizes)

    def attribute(self, name: str) -> Any:
        if name in ("shape", "size") and name == "shape":
            return self.sizes
        if name in ("T", "mT"):
            return shaping.swapped(self, -1, -2) if len(self.sizes) > 1 else self
        if name in ("data", "grad"):
            return self
        if name in ("ndim",):
            return len(self.sizes)
        if name in ("dtype", "device", "is_cuda", "requires_grad", "layout"):
            return Unknown(f"the {name} of a tensor") if name != "is_cuda" else False
        in_place = name.endswith("_") and not name.endswith("__")
        work = FUNCTIONS.get(name) or (FUNCTIONS.get(name[:-1]) if in_place else None)
        if work is None:
            raise AttributeError(f"a tensor has no {name!r} that is read")
        return Native(lambda *a, **k: self.became(work(self, *a, **k)) if in_place else work(self, *a, **k), name)

    @property
    def is_computed(self) -> bool:
        """Whether nothing that flows or is learned is in it."""
        return self.node is None

    def used(self) -> None:
        """Have it in the graph, if its values are learned."""

    def became(self, other: CodeTensor) -> CodeTensor:
        """The tensor itself, with what an operation in place makes of it."""
        self.node, self.sizes = other.node, other.sizes
        return self

    def set_attribute(self, name: str, value: Any) -> None:
        pass

    def item(self, key: Any) -> Any:
        if isinstance(key, CodeTensor):
            raise SymparamsError("an index that is a tensor is not read")
        keys = key if isinstance(key, tuple) else (key,)
        axis = next((axis for axis, part in enumerate(keys) if isinstance(part, list)), None)
        if axis is None:
            return shaping.indexed(self, key)
        if any(part is Ellipsis for part in keys):
            raise SymparamsError("a list of places beside an ellipsis is not read")
        places = [shaping.indexed(self, (*keys[:axis], slice(i, i + 1 or None), *keys[axis + 1 :])) for i in keys[axis]]
        before = sum(part is None or isinstance(part, slice) for part in keys[:axis])
        return combining.joined(places, before)

    def rows(self) -> list[Any]:
        if not isinstance(self.sizes[0], int):
            raise SymparamsError("a tensor of an open size is gone through")
        return [self.item(i) for i in range(self.sizes[0])]

    def operate(self, kind: type[ast.operator], other: Any, reverse: bool) -> Any:
        if isinstance(other, Unknown):
            raise other.fault("a tensor goes together with a value")
        if not isinstance(other, CodeTensor):
            return self
        one, two = (other, self) if reverse else (self, other)
        if kind is ast.MatMult:
            return combining.multiplied(one, two)
        return combining.combined("mul" if kind in (ast.Mult, ast.Div) else "add", one, two)


def _sizes(values: Sequence[Any]) -> list[Any]:
    if len(values) == 1 and isinstance(values[0], (tuple, list)):
        return list(values[0])
    return list(values)


def _size(t: CodeTensor, dim: Any = None) -> Any:
    return t.sizes if dim is None else t.sizes[t.axis(dim)]


def _layer(name: str) -> Callable[..., Any]:
    """An operation of the language that changes no shape."""

    def work(t: CodeTensor, *ignored: Any, **named: Any) -> Any:
        return t if t.is_computed else t.after(GraphOperation(name), t.sizes)

    return work


def _same(t: Any, *ignored: Any, **named: Any) -> Any:
    return t


def _reduce(t: CodeTensor, dim: Any = None, keepdim: Any = False, **named: Any) -> Any:
    dim = named.get("axis", dim)
    return combining.reduced(t, dim, bool(named.get("keepdims", keepdim)))


def _reduce_with_places(t: CodeTensor, dim: Any = None, keepdim: Any = False, **named: Any) -> Any:
    if isinstance(dim, CodeTensor):
        return combining.combined("add", t, dim)
    found = _reduce(t, dim, keepdim)
    return found if dim is None else ValuesAndPlaces((found, found.like(None, found.sizes)))


class ValuesAndPlaces(tuple):  # type: ignore[type-arg]
    """The largest values along an axis, or the smallest, and their places."""

    def attribute(self, name: str) -> Any:
        return self[("values", "indices").index(name)]


def _cat(tensors: Any, dim: Any = 0, **named: Any) -> Any:
    return combining.joined(list(tensors), named.get("axis", dim))


def _stack(tensors: Any, dim: int = 0) -> Any:
    several = list(tensors)
    place = dim if dim >= 0 else dim + len(several[0].sizes) + 1
    return combining.joined([shaping.unsqueezed(t, place) for t in several], place)


def _split(t: CodeTensor, size: Any, dim: int = 0) -> Any:
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


def _unbind(t: CodeTensor, dim: int = 0) -> Any:
    axis = t.axis(dim)
    size = t.sizes[axis]
    if not isinstance(size, int):
        raise SymparamsError("how many parts there are depends on symbols")
    return tuple(t.item((slice(None),) * axis + (i,)) for i in range(size))


def _expand(t: CodeTensor, *sizes: Any) -> Any:
    return combining.expanded(t, _sizes(sizes))


def _repeat(t: CodeTensor, *times: Any) -> Any:
    counts = _sizes(times)
    if all(a == 1 or n == 1 for a, n in zip((1,) * (len(counts) - len(t.sizes)) + t.sizes, counts)):
        own = (1,) * (len(counts) - len(t.sizes)) + t.sizes
        return combining.expanded(t, [a if n == 1 else n for a, n in zip(own, counts)])
    raise SymparamsError("repeating an axis that is longer than 1 is not read")


def _with(word: str) -> Callable[..., Any]:
    def work(t: CodeTensor, other: Any = None, *more: Any, **named: Any) -> Any:
        return combining.combined(word, t, other) if isinstance(other, CodeTensor) else t

    return work


def _unflatten(t: CodeTensor, dim: int, sizes: Any) -> Any:
    axis = t.axis(dim)
    return shaping.view(t, [*t.sizes[:axis], *sizes, *t.sizes[axis + 1 :]])


def _movedim(t: CodeTensor, source: int, destination: int) -> Any:
    order = [a for a in range(len(t.sizes)) if a != t.axis(source)]
    order.insert(t.axis(destination), t.axis(source))
    return shaping.permuted(t, order)


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
    "unbind": _unbind,
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
    "max": _reduce_with_places,
    "min": _reduce_with_places,
    "matmul": combining.multiplied,
    "bmm": combining.multiplied,
    "mm": combining.multiplied,
    "add": _with("add"),
    "sub": _with("add"),
    "mul": _with("mul"),
    "multiply": _with("mul"),
    "div": _with("mul"),
    "maximum": _with("add"),
    "minimum": _with("add"),
    "where": lambda c, a=None, b=None: next((x for x in (a, b) if isinstance(x, CodeTensor) and x.node), c),
    "masked_fill": _same,
    "softmax": _layer("softmax"),
    "log_softmax": _layer("log_softmax"),
    "relu": _layer("relu"),
    "sigmoid": _layer("sigmoid"),
    "tanh": _layer("tanh"),
    "new_zeros": lambda t, *sizes, **k: t.like(None, _sizes(sizes)),
    "new_ones": lambda t, *sizes, **k: t.like(None, _sizes(sizes)),
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
            "abs",
            "sqrt",
            "rsqrt",
            "exp",
            "log",
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
            "sort",
        ],
        _same,
    ),
}


def lifted(work: Callable[..., Any]) -> Native:
    """A function on tensors that is not known where it gets what is not."""

    def either(*values: Any, **named: Any) -> Any:
        named.pop("out", None)
        if "input" in named:
            values = (named.pop("input"), *values)
        first = values[0] if values else MISSING
        if isinstance(first, Unknown):
            return first
        if len(values) > 1 and isinstance(values[1], CodeTensor) and not isinstance(first, CodeTensor):
            values, first = (values[1], first, *values[2:]), values[1]
        if is_symbolic(first) or isinstance(first, (int, float, PyObject)):
            return first
        if isinstance(first, CodeTensor):
            first.used()
        return work(*values, **named)

    return Native(either)

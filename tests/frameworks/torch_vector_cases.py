"""Random dense layers, embeddings, normalisation and changes of shape, and torch's own of each."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from oracle import Case, Draw, Shape
from torch import nn
from torch_cases import long, module, values


def tokens(*shape: int) -> torch.Tensor:
    return torch.zeros(2, *shape, dtype=torch.long)


# Dense layers and embeddings


def linear(d: Draw) -> Case:
    shape, out, options = d.shape(), d.number(0 if d.rarely() else 1, 6), d.some(bias=d.flag())
    make = lambda: (nn.Linear(shape[-1], out, **options), (values(*shape),))
    return Case("linear", {"out": out, **options}, shape, make)


def bilinear(d: Draw) -> Case:
    shape, out, options = d.shape(1, 3), d.number(1, 6), d.some(bias=d.flag())
    other = (*shape[:-1], d.number(1, 6))
    if d.rarely():
        other = d.shape(len(shape), len(shape))
    before = f"y: input({', '.join(map(str, other))})\n"
    make = lambda: (nn.Bilinear(shape[-1], other[-1], out, **options), (values(*shape), values(*other)))
    return Case("bilinear", {"out": out, **options, "other": "y"}, shape, make, before)


def einsum_dense(d: Draw) -> Case:
    equation, shape, arguments, kernel, bias = d.einsum()

    def make() -> Any:
        if not equation.partition("->")[2].strip("."):
            raise ValueError("Keras wants a letter behind the arrow")
        known = dict(zip(equation.partition("->")[2].strip("a."), arguments["shape"]))
        flowing = equation.partition(",")[0].strip(".").lstrip("a")
        flows = dict(zip(reversed(flowing), reversed(shape))) if equation[0] == "." else dict(zip(flowing, shape))
        if any(known.get(letter, -1) not in (-1, size) for letter, size in flows.items()):
            raise ValueError("a size that flows in is another one")
        return Einsum(equation, kernel, bias), (values(*shape),)

    return Case("einsum_dense", arguments, shape, make)


class Einsum(nn.Module):
    def __init__(self, equation: str, kernel: Shape, bias: Shape | None):
        super().__init__()
        self.equation, self.weight = equation, nn.Parameter(torch.zeros(kernel))
        self.bias = nn.Parameter(torch.zeros(bias)) if bias else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = torch.einsum(self.equation, x, self.weight)
        assert self.bias is None or torch.broadcast_shapes(out.shape, self.bias.shape) == out.shape
        return out


def embedding(d: Draw) -> Case:
    shape, sizes = d.shape(1, 3), (d.number(1, 9), d.number(1, 9))
    make = lambda: (nn.Embedding(*sizes), (tokens(*shape),))
    return Case("embedding", {"vocab": sizes[0], "dim": sizes[1]}, shape, make)


def embeddingbag(d: Draw) -> Case:
    shape, sizes = d.shape(1, 2), (d.number(1, 9), d.number(1, 9))
    make = lambda: (nn.EmbeddingBag(*sizes), (tokens(*shape),))
    return Case("embeddingbag", {"vocab": sizes[0], "dim": sizes[1]}, shape, make)


# Normalisation


def bn(d: Draw) -> Case:
    shape = d.shape(1, 4)
    options = d.some(affine=d.flag(), track=d.flag(), bias=d.flag())
    make = lambda: (module("BatchNorm", max(len(shape) - 1, 1))(shape[0], **long(options)), (values(*shape),))
    return Case("bn", options, shape, make)


def layernorm(d: Draw) -> Case:
    shape = d.shape()
    arguments = d.some(axes=d.number(1, len(shape)), affine=d.flag(), center=d.flag())
    kept = shape[len(shape) - arguments.get("axes", 1) :]
    options = {"affine": "elementwise_affine", "center": "bias"}
    named = {options[name]: value for name, value in arguments.items() if name in options}
    return Case("layernorm", arguments, shape, lambda: (nn.LayerNorm(kept, **named), (values(*shape),)))


def rmsnorm(d: Draw) -> Case:
    shape = d.shape()
    arguments = d.some(axes=d.number(1, len(shape)), affine=d.flag())
    kept = shape[len(shape) - arguments.get("axes", 1) :]
    make = lambda: (nn.RMSNorm(kept, elementwise_affine=arguments.get("affine", True)), (values(*shape),))
    return Case("rmsnorm", arguments, shape, make)


def groupnorm(d: Draw) -> Case:
    shape = (d.number(1, 6), *d.shape(1, 3)) if d.flag() else d.shape(1, 1)
    groups, options = d.divisor(shape[0]), d.some(affine=d.flag(), bias=d.flag())
    make = lambda: (nn.GroupNorm(groups, shape[0], **options), (values(*shape),))
    return Case("groupnorm", {"g": groups, **options}, shape, make)


def instancenorm(d: Draw) -> Case:
    shape = d.shape(2, 4)
    options = d.some(affine=d.flag(), track=d.flag(), bias=d.flag())
    make = lambda: (module("InstanceNorm", len(shape) - 1)(shape[0], **long(options)).eval(), (values(*shape),))
    return Case("instancenorm", options, shape, make)


def lrn(d: Draw) -> Case:
    shape, size = d.shape(1, 4), d.number(1, 7)
    return Case("lrn", {"size": size}, shape, lambda: (nn.LocalResponseNorm(size), (values(*shape),)))


# Shapes


def operation(d: Draw, layer: str, arguments: dict[str, Any], shape: Shape, act: Callable[..., torch.Tensor]) -> Case:
    return Case(layer, arguments, shape, lambda: (act, (values(*shape),)))


def reshape(d: Draw) -> Case:
    shape = d.shape()
    sizes = list(d.data.draw(permuted(shape)))
    if len(sizes) > 1 and d.flag():
        sizes[:2] = [sizes[0] * sizes[1]]
    if d.flag():
        sizes[d.number(0, len(sizes) - 1)] = -1
    if d.rarely():
        sizes[0] = d.number(1, 5)
    return operation(d, "reshape", {"*": tuple(sizes)}, shape, lambda x: x.reshape(2, *sizes))


def permuted(values_: Any) -> Any:
    from hypothesis import strategies as st

    return st.permutations(list(values_))


def permute(d: Draw) -> Case:
    shape = d.shape()
    order = d.data.draw(permuted(range(len(shape))))
    if d.rarely():
        order[0] = d.number(-1, len(shape))
    counted = [axis + 1 if axis >= 0 else axis for axis in order]
    return operation(d, "permute", {"*": tuple(order)}, shape, lambda x: x.permute(0, *counted))


def flatten(d: Draw) -> Case:
    shape = d.shape()
    arguments = d.some(start=d.number(-len(shape), len(shape) - 1), end=d.number(-len(shape), len(shape) - 1))
    counted = {f"{name}_dim": axis + 1 if axis >= 0 else axis for name, axis in arguments.items()}
    return Case("flatten", arguments, shape, lambda: (nn.Flatten(**counted), (values(*shape),)))


def unflatten(d: Draw) -> Case:
    parts = d.shape(1, 3)
    before, after = d.shape(0, 1), d.shape(0, 1)
    shape = (*before, math.prod(parts) + d.rarely(), *after)
    axis = len(before) - (len(shape) if d.flag() else 0)
    sizes = list(parts)
    if d.flag():
        sizes[d.number(0, len(sizes) - 1)] = -1
    make = lambda: (nn.Unflatten(axis + 1 if axis >= 0 else axis, tuple(sizes)), (values(*shape),))
    return Case("unflatten", {"*": (axis, *sizes)}, shape, make)


def cut(d: Draw) -> Case:
    shape = d.shape()
    axis = d.number(-len(shape), len(shape) - 1)
    size = shape[axis]
    start, stop = d.number(-size, size), d.number(-size, size)
    where = [slice(None)] * (len(shape) + 1)
    where[axis + 1 if axis >= 0 else axis] = slice(start, stop)
    arguments = {"axis": axis, "start": start, "stop": stop}
    return operation(d, "slice", arguments, shape, lambda x: x[tuple(where)])


def stack(d: Draw) -> Case:
    shape = d.shape(1, 3)
    other = shape if not d.rarely() else d.shape(1, 3)
    axis = d.number(-len(shape) - 1, len(shape))
    counted = axis + 1 if axis >= 0 else axis
    make = lambda: (lambda a, b: torch.stack([a, b], counted), (values(*shape), values(*other)))
    before = f"y: input({', '.join(map(str, other))})\n"
    return Case("stack", {"axis": axis, "other": "y"}, shape, make, before)


def reduce(d: Draw) -> Case:
    shape = d.shape(1, 4)
    axes = [axis for axis in range(len(shape)) if d.flag()] or [0]
    named = [axis - (len(shape) if d.flag() else 0) for axis in axes]
    return operation(d, "reduce", {"*": tuple(named)}, shape, lambda x: x.mean([axis + 1 for axis in axes]))


def broadcast(d: Draw) -> Case:
    shape = tuple(1 if d.flag() else size for size in d.shape(1, 3))
    wanted = tuple(d.number(1, 4) if size == 1 or d.rarely() else size for size in shape)
    return operation(d, "broadcast", {"*": wanted}, shape, lambda x: x.expand(-1, *wanted))


def matmul(d: Draw) -> Case:
    front = d.shape(0, 2)
    other_front = tuple(1 if d.flag() else size for size in front)
    n, k, m = d.number(1, 4), d.number(1, 4), d.number(1, 4)
    shape, other = (*front, n, k), (*other_front, k + d.rarely(), m)
    make = lambda: (torch.matmul, (values(*shape), values(*other)))
    return Case("matmul", {"other": "y"}, shape, make, f"y: input({', '.join(map(str, other))})\n")


VECTORS: dict[str, Callable[[Draw], Case]] = {
    **{f.__name__: f for f in (linear, bilinear, einsum_dense, embedding, embeddingbag)},
    **{f.__name__: f for f in (bn, layernorm, rmsnorm, groupnorm, instancenorm, lrn)},
    **{f.__name__: f for f in (reshape, permute, flatten, unflatten, stack, reduce, broadcast, matmul)},
    "slice": cut,
}

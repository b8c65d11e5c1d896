"""Modules for what torch.nn has no module of its own. Emitted programs carry the source of those that they use."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


class ChannelsLast(nn.Module):
    """A module, where the channels are the last axis of what flows in and out."""

    def __init__(self, module: nn.Module):
        super().__init__()
        self.module = module

    def forward(self, *inputs: Tensor) -> Tensor:
        return self.module(*(x.movedim(-1, 1) for x in inputs)).movedim(1, -1)


class First(nn.Module):
    """The first result of a module that returns several, such as the outputs of a recurrent layer."""

    def __init__(self, module: nn.Module):
        super().__init__()
        self.module = module

    def forward(self, *inputs: Tensor) -> Tensor:
        return self.module(*inputs)[0]


class LastStep(nn.Module):
    """The output of a recurrent module at the last step."""

    def __init__(self, module: nn.Module):
        super().__init__()
        self.module = module

    def forward(self, x: Tensor) -> Tensor:
        return self.module(x)[0][:, -1]


class EinsumDense(nn.Module):
    """A linear map in the notation of Einstein sums."""

    def __init__(self, equation: str, kernel: tuple[int, ...], bias: tuple[int, ...] | None = None):
        super().__init__()
        self.equation = equation
        self.weight = nn.Parameter(torch.empty(kernel))
        self.bias = nn.Parameter(torch.empty(bias)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        out = torch.einsum(self.equation, x, self.weight)
        return out if self.bias is None else out + self.bias


class Position(nn.Module):
    """A learned vector for each position, whatever stands there."""

    def __init__(self, length: int, dim: int):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(length, dim))

    def forward(self, x: Tensor) -> Tensor:
        return self.weight[: x.shape[1]].expand(x.shape[0], -1, -1)


class Learned(nn.Module):
    """A learned tensor, whatever flows in."""

    def __init__(self, *sizes: int):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(sizes))

    def forward(self, x: Tensor) -> Tensor:
        return self.weight.expand(x.shape[0], *self.weight.shape)


class ClassToken(nn.Module):
    """Learned vectors before a sequence."""

    def __init__(self, count: int, dim: int):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(count, dim))

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self.weight.expand(x.shape[0], *self.weight.shape), x], 1)


class Shift(nn.Module):
    """A learned tensor added."""

    def __init__(self, *sizes: int):
        super().__init__()
        self.bias = nn.Parameter(torch.empty(sizes))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.bias


class Scale(nn.Module):
    """Every value times a learned number for its place along one axis."""

    def __init__(self, count: int, axis: int):
        super().__init__()
        self.axis = axis
        self.weight = nn.Parameter(torch.empty(count))

    def forward(self, x: Tensor) -> Tensor:
        return (x.transpose(self.axis, -1) * self.weight).transpose(self.axis, -1)


class ResizeLike(nn.Module):
    """Every spatial axis brought to the size that another tensor has there."""

    def forward(self, x: Tensor, like: Tensor) -> Tensor:
        return nn.functional.interpolate(x, like.shape[2:])


class GlobalPool(nn.Module):
    """The mean, or the largest value, of each channel; `keepdims` leaves the other axes with size 1."""

    def __init__(self, largest: bool, keepdims: bool):
        super().__init__()
        self.largest, self.keepdims = largest, keepdims

    def forward(self, x: Tensor) -> Tensor:
        axes = tuple(range(2, x.dim()))
        return x.amax(axes, self.keepdims) if self.largest else x.mean(axes, self.keepdims)


class Attention(nn.Module):
    """Multi-head attention of x to itself or to a memory; more axes before a sequence are like that of the batch."""

    def __init__(self, dim: int, heads: int, *options: object, **more: object):
        super().__init__()
        self.attention = nn.MultiheadAttention(dim, heads, *options, batch_first=True, **more)

    def forward(self, x: Tensor, memory: Tensor | None = None, value: Tensor | None = None) -> Tensor:
        memory = x if memory is None else memory
        value = memory if value is None else value
        mixed, _ = self.attention(*(part.flatten(0, -3) for part in (x, memory, value)), need_weights=False)
        return mixed.unflatten(0, x.shape[:-2])


class GroupedAttention(nn.Module):
    """Attention whose key/value heads each serve a group of query heads, with a projection of its own for each part.

    `dims` are the widths of queries, keys and values; `biases` are those of queries and values, of keys, of the output.
    """

    def __init__(
        self,
        dims: tuple[int, int, int],
        heads: int,
        kv_heads: int,
        key_dim: int,
        value_dim: int,
        out: int,
        biases: tuple[bool, bool, bool],
        gate: bool,
    ):
        super().__init__()
        self.heads, self.kv_heads = heads, kv_heads
        self.query = nn.Linear(dims[0], heads * key_dim, bias=biases[0])
        self.key = nn.Linear(dims[1], kv_heads * key_dim, bias=biases[1])
        self.value = nn.Linear(dims[2], kv_heads * value_dim, bias=biases[0])
        self.gate = nn.Linear(dims[0], heads * value_dim, bias=biases[0]) if gate else None
        self.out = nn.Linear(heads * value_dim, out, bias=biases[2])

    def forward(self, x: Tensor, memory: Tensor | None = None, value: Tensor | None = None) -> Tensor:
        memory = x if memory is None else memory
        value = memory if value is None else value
        query = self.query(x).unflatten(-1, (self.heads, -1)).transpose(-3, -2)
        key = self.key(memory).unflatten(-1, (self.kv_heads, -1)).transpose(-3, -2)
        value = self.value(value).unflatten(-1, (self.kv_heads, -1)).transpose(-3, -2)
        mixed = nn.functional.scaled_dot_product_attention(query, key, value, enable_gqa=self.heads != self.kv_heads)
        mixed = mixed.transpose(-3, -2).flatten(-2)
        return self.out(mixed if self.gate is None else mixed * self.gate(x).sigmoid())


class DotAttention(nn.Module):
    """Means of values, weighted by the softmax of the products of queries and keys, which a learned scale may widen."""

    def __init__(self, scaled: bool):
        super().__init__()
        self.scale = nn.Parameter(torch.empty(())) if scaled else None

    def forward(self, x: Tensor, memory: Tensor | None = None, value: Tensor | None = None) -> Tensor:
        memory = x if memory is None else memory
        scores = x @ memory.transpose(-2, -1)
        scores = scores if self.scale is None else scores * self.scale
        return scores.softmax(-1) @ (memory if value is None else value)


class Experts(nn.Module):
    """A mixture of experts: for each vector the nets that a router scores highest, weighted by softmax."""

    def __init__(self, dim: int, experts: int, active: int, width: int, bias: bool, gated: bool):
        super().__init__()
        wide = 2 * width if gated else width
        self.active, self.gated = active, gated
        self.router = nn.Parameter(torch.empty(experts, dim))
        self.up = nn.Parameter(torch.empty(experts, wide, dim))
        self.down = nn.Parameter(torch.empty(experts, dim, width))
        self.up_bias = nn.Parameter(torch.empty(experts, wide)) if bias else None
        self.down_bias = nn.Parameter(torch.empty(experts, dim)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        scores, chosen = (x @ self.router.T).topk(self.active, -1)
        shares = x.new_zeros(*x.shape[:-1], len(self.router)).scatter(-1, chosen, scores.softmax(-1))
        hidden = torch.einsum("...d,ewd->...ew", x, self.up)
        hidden = hidden if self.up_bias is None else hidden + self.up_bias
        if self.gated:
            gate, hidden = hidden.chunk(2, -1)
            hidden = nn.functional.silu(gate) * hidden
        out = torch.einsum("...ew,edw->...ed", hidden, self.down)
        out = out if self.down_bias is None else out + self.down_bias
        return (shares.unsqueeze(-1) * out).sum(-2)


class Reshape(nn.Module):
    """The values of each example in another shape."""

    def __init__(self, *sizes: int):
        super().__init__()
        self.sizes = sizes

    def forward(self, x: Tensor) -> Tensor:
        return x.reshape(x.shape[0], *self.sizes)


class Permute(nn.Module):
    """The axes of each example in another order."""

    def __init__(self, *axes: int):
        super().__init__()
        self.axes = axes

    def forward(self, x: Tensor) -> Tensor:
        return x.permute(0, *(axis + 1 for axis in self.axes))


class Rearrange(nn.Module):
    """The axes of each example split, reordered and merged, in the notation of einops."""

    def __init__(self, pattern: str, sizes: tuple[tuple[str, int], ...]):
        super().__init__()
        left, right = pattern.split("->")
        self.left, self.right = self.groups(left), self.groups(right)
        self.sizes = dict(sizes)

    @staticmethod
    def groups(side: str) -> list[list[str]]:
        found: list[list[str]] = []
        merged = False
        for part in side.replace("(", " ( ").replace(")", " ) ").split():
            if part in "()":
                merged = part == "("
                found += [[]] if merged else []
            else:
                found += [] if merged else [[]]
                found[-1] += [part] if part != "1" else []
        return found

    def forward(self, x: Tensor) -> Tensor:
        sizes = dict(self.sizes)
        for group, size in zip(self.left, x.shape[1:]):
            known = math.prod(sizes[name] for name in group if name in sizes)
            sizes.update({name: size // known for name in group if name not in sizes})
        names = [name for group in self.left for name in group]
        order = [names.index(name) + 1 for group in self.right for name in group]
        x = x.reshape(x.shape[0], *(sizes[name] for name in names)).permute(0, *order)
        return x.reshape(x.shape[0], *(math.prod(sizes[name] for name in group) for group in self.right))


class Slice(nn.Module):
    """A part of one axis of each example."""

    def __init__(self, axis: int, start: int, stop: int, step: int):
        super().__init__()
        self.places = (slice(None),) * (axis + 1) + (slice(start, stop, step),)

    def forward(self, x: Tensor) -> Tensor:
        return x[self.places]


class Own(nn.Module):
    """A layer that torch does not have: its tensors, and an output of the shape that its rule gives."""

    def __init__(
        self, shapes: tuple[tuple[int, ...], ...], states: tuple[tuple[int, ...], ...], output: tuple[int, ...]
    ):
        super().__init__()
        self.weights = nn.ParameterList(torch.empty(shape) for shape in shapes)
        for i, shape in enumerate(states):
            self.register_buffer(f"state{i}", torch.empty(shape))
        self.output = output

    def forward(self, x: Tensor, *others: Tensor) -> Tensor:
        return x.new_zeros(x.shape[0], *self.output, dtype=torch.get_default_dtype())

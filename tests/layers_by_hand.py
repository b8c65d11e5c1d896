"""What each layer weighs, multiplies and puts out, for the brute-force count: one plain function a layer.

Every function takes the setting, the shape that flows in and the layer's arguments by the rules' short names, and gives
the output shape, the tensors and the multiply-accumulates. Nothing here knows symparams.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product as combinations
from math import prod
from typing import Any, NamedTuple

Shape = tuple[int, ...]


class Refused(Exception):
    """The layer does not take this input or these arguments."""


class Figures(NamedTuple):
    trainable: int
    frozen: int
    state: int
    macs: int


class Tensor(NamedTuple):
    shape: Shape
    trained: bool = True


@dataclass(frozen=True)
class Setting:
    dialect: str
    channels_last: bool = False

    @property
    def torch(self) -> bool:
        return self.dialect == "torch"


Result = tuple[Shape, list[Tensor], int]


# Axes


def split(setting: Setting, shape: Shape) -> tuple[int, Shape]:
    """The channels and the spatial sizes."""
    if not shape:
        raise Refused("there is no axis of channels")
    return (shape[-1], shape[:-1]) if setting.channels_last else (shape[0], shape[1:])


def join(setting: Setting, channels: int, sizes: Shape) -> Shape:
    return (*sizes, channels) if setting.channels_last else (channels, *sizes)


def for_each(value: Any, axes: int) -> tuple[Any, ...]:
    """An argument for each spatial axis; a number stands for all of them."""
    if isinstance(value, tuple):
        if len(value) != axes:
            raise Refused("a tuple has one value for each axis")
        return value
    return (value,) * axes


def spatial(sizes: Shape) -> int:
    if not 1 <= len(sizes) <= 3:
        raise Refused("one to three spatial axes")
    return len(sizes)


def need(condition: bool, why: str) -> None:
    if not condition:
        raise Refused(why)


# Windows, counted


def window_starts(setting: Setting, size: int, kernel: int, stride: int, padding: Any, dilation: int) -> list[int]:
    """Where the windows of a convolution or pooling start on one axis."""
    need(kernel >= 1 and stride >= 1 and dilation >= 1, "kernels, strides and dilations are at least 1")
    if padding == "same":
        need(stride == 1 or not setting.torch, "torch has no padding 'same' with a stride")
        return [start for start in range(size) if start % stride == 0]
    around = 0 if padding == "valid" else padding
    need(around >= 0, "a padding is at least 0")
    last_tap = (kernel - 1) * dilation
    padded = size + 2 * around
    starts = [start for start in range(0, padded, stride) if start + last_tap < padded]
    need(bool(starts), "the kernel does not fit")
    return starts


def windows(setting: Setting, sizes: Shape, k: Any, s: Any, p: Any, d: Any) -> Shape:
    axes = len(sizes)
    each = zip(sizes, *(for_each(v, axes) for v in (k, s, p, d)))
    return tuple(len(window_starts(setting, *arguments)) for arguments in each)


def conv(
    setting: Setting,
    shape: Shape,
    out: int,
    k: Any,
    s: Any = 1,
    p: Any = 0,
    d: Any = 1,
    g: int = 1,
    bias: bool = True,
) -> Result:
    channels, sizes = split(setting, shape)
    axes = spatial(sizes)
    need(g >= 1 and channels % g == 0 and out % g == 0, "the groups divide the channels")
    not_both(setting, s, d)
    after = windows(setting, sizes, k, s, p, d)
    taps = prod(for_each(k, axes))
    kernel = Tensor((out, channels // g, *for_each(k, axes)))
    # every output place of every filter multiplies all taps of the channels in its group
    macs = sum(taps * (channels // g) for _ in range(out)) * prod(after)
    return join(setting, out, after), [kernel, *([Tensor((out,))] if bias else [])], macs


def dwconv(
    setting: Setting,
    shape: Shape,
    k: Any,
    s: Any = 1,
    p: Any = 0,
    d: Any = 1,
    multiplier: int = 1,
    bias: bool = True,
) -> Result:
    channels, sizes = split(setting, shape)
    axes = spatial(sizes)
    need(multiplier >= 1, "the multiplier is at least 1")
    after = windows(setting, sizes, k, s, p, d)
    out = channels * multiplier
    kernel = Tensor((out, 1, *for_each(k, axes)))
    macs = prod(for_each(k, axes)) * out * prod(after)
    return join(setting, out, after), [kernel, *([Tensor((out,))] if bias else [])], macs


def convT(
    setting: Setting,
    shape: Shape,
    out: int,
    k: Any,
    s: Any = 1,
    p: Any = 0,
    op: Any = None,
    d: Any = 1,
    g: int = 1,
    bias: bool = True,
) -> Result:
    channels, sizes = split(setting, shape)
    axes = spatial(sizes)
    need(g >= 1 and channels % g == 0 and out % g == 0, "the groups divide the channels")
    not_both(setting, s, d)
    each = zip(sizes, *(for_each(v, axes) for v in (k, s, p, op, d)))
    after = tuple(laid_out(setting, *arguments) for arguments in each)
    kernel = Tensor((channels, out // g, *for_each(k, axes)))
    macs = prod(kernel.shape) * prod(sizes)
    return join(setting, out, after), [kernel, *([Tensor((out,))] if bias else [])], macs


def laid_out(
    setting: Setting, size: int, kernel: int, stride: int, padding: Any, extra: int | None, dilation: int
) -> int:
    """The places that a transposed convolution writes to on one axis, without those that the padding trims."""
    need(kernel >= 1 and stride >= 1 and dilation >= 1, "kernels, strides and dilations are at least 1")
    if extra is not None:
        need(0 <= extra < (max(stride, dilation) if setting.torch else stride), "what is added is less than the stride")
    if padding == "same":
        need(not setting.torch, "torch has no padding 'same' here")
        return size * stride
    around = 0 if padding == "valid" else padding
    need(around >= 0, "a padding is at least 0")
    written = {i * stride + t * dilation for i in range(size) for t in range(kernel)}
    if extra is None and not setting.torch:  # Keras gives each input place all of its stride
        written |= {i * stride + gap for i in range(size) for gap in range(stride)}
    return max(written) + 1 - 2 * around + (extra or 0)


def not_both(setting: Setting, stride: Any, dilation: Any) -> None:
    largest = (max(value) if isinstance(value, tuple) else value for value in (stride, dilation))
    need(setting.torch or min(largest) == 1, "Keras has no convolution with both stride and dilation")


# Dense layers, embeddings, normalisation


def linear(setting: Setting, shape: Shape, out: int, bias: bool = True) -> Result:
    *before, width = shape
    macs = sum(width for _ in range(out)) * prod(before)
    return (*before, out), [Tensor((out, width)), *([Tensor((out,))] if bias else [])], macs


def embedding(setting: Setting, shape: Shape, vocab: int, dim: int) -> Result:
    return (*shape, dim), [Tensor((vocab, dim))], 0


def position(setting: Setting, shape: Shape, length: int, dim: int) -> Result:
    need(shape[0] <= length, "there are fewer positions than places")
    return (shape[0], dim), [Tensor((length, dim))], 0


def bn(setting: Setting, shape: Shape, affine: bool = True, track: bool = True) -> Result:
    channels, _ = split(setting, shape)
    weights = [Tensor((channels,)), Tensor((channels,))] if affine else []
    return shape, weights + ([Tensor((channels,), False), Tensor((channels,), False)] if track else []), 0


def layernorm(setting: Setting, shape: Shape, bias: bool = True, affine: bool = True) -> Result:
    return shape, [Tensor((shape[-1],))] * (affine + (affine and bias)), 0


# Attention and recurrence


def attention(
    setting: Setting,
    shape: Shape,
    heads: int,
    kv_heads: int | None = None,
    key_dim: int = 0,
    value_dim: int = 0,
    bias: bool = True,
    out: int = 0,
    qkv_bias: bool | None = None,
    key_bias: bool | None = None,
    out_bias: bool | None = None,
    gate: bool = False,
    memory: Shape | None = None,
) -> Result:
    memory = memory or shape
    need(len(shape) == len(memory) >= 2, "attention takes sequences of vectors")
    width, memory_width = shape[-1], memory[-1]
    alike = len(shape) - 2 if setting.torch else 0  # Keras attends over all axes, torch over the last
    need(memory[:alike] == shape[:alike], "each sequence has a memory")
    queries, keys = prod(shape[alike:-1]), prod(memory[alike:-1])
    groups = heads if kv_heads is None else kv_heads
    need(heads >= 1 and groups >= 1 and heads % groups == 0, "the heads come in equal groups")
    need(bool(key_dim) or width % heads == 0, "the heads divide the width")
    size = key_dim or width // heads
    rest = value_dim or size
    after = out or width
    macs = 0
    for _ in range(heads):  # each head: its queries, its scores, its weighted means, its part of the way out
        macs += queries * width * size + queries * keys * size + queries * keys * rest + queries * rest * after
        macs += queries * width * rest * gate
    for _ in range(groups):  # each key/value head
        macs += keys * memory_width * size + keys * memory_width * rest
    biased = bias if qkv_bias is None else qkv_bias
    linear = [
        (heads * size, width, biased),
        (groups * size, memory_width, biased if key_bias is None else key_bias),
        (groups * rest, memory_width, biased),
        (after, heads * rest, bias if out_bias is None else out_bias),
        *[(heads * rest, width, biased)] * gate,
    ]
    tensors = [Tensor((rows, columns)) for rows, columns, _ in linear] + [Tensor((rows,)) for rows, _, b in linear if b]
    return (*shape[:-1], after), tensors, macs * prod(shape[:alike])


def lstm(setting: Setting, shape: Shape, out: int, bias: bool = True, sequences: bool | None = None) -> Result:
    need(len(shape) == 2, "a recurrent layer takes a sequence of vectors")
    steps, width = shape
    gates = ("input", "forget", "cell", "output")
    tensors, macs = [], 0
    for _ in gates:
        tensors += [Tensor((out, width)), Tensor((out, out))]
        tensors += [Tensor((out,))] * (bias * (2 if setting.torch else 1))
        macs += steps * (out * width + out * out)
    keeps = setting.torch if sequences is None else sequences
    return ((steps, out) if keeps else (out,)), tensors, macs


# Layers without weights


def maxpool(setting: Setting, shape: Shape, k: Any = 2, s: Any = None, p: Any = 0, d: Any = 1) -> Result:
    channels, sizes = split(setting, shape)
    axes = spatial(sizes)
    for kernel, padding in zip(for_each(k, axes), for_each(p, axes)):
        fits = isinstance(padding, str) or 2 * padding <= kernel
        need(fits or not setting.torch, "the padding is at most half the window")
    return join(setting, channels, windows(setting, sizes, k, k if s is None else s, p, d)), [], 0


def avgpool(setting: Setting, shape: Shape, k: Any = 2, s: Any = None, p: Any = 0) -> Result:
    _, sizes = split(setting, shape)
    if setting.torch and len(sizes) == 3:
        fits = all(size >= kernel for size, kernel in zip(sizes, for_each(k, 3)))
        need(fits, "in 3-D, torch wants an input as large as the window")
    return maxpool(setting, shape, k, s, p)


def gap(setting: Setting, shape: Shape) -> Result:
    channels, sizes = split(setting, shape)
    need(bool(sizes), "there is no spatial axis")
    return (channels,), [], 0


def zeropad(setting: Setting, shape: Shape, p: Any = 1) -> Result:
    channels, sizes = split(setting, shape)
    need(bool(sizes), "there is no spatial axis")
    around = for_each(p, len(sizes))
    need(all(n >= 0 for n in around), "a padding is at least 0")
    return join(setting, channels, tuple(n + before + before for n, before in zip(sizes, around))), [], 0


def flatten(setting: Setting, shape: Shape) -> Result:
    return (sum(1 for _ in combinations(*map(range, shape))) if prod(shape) < 10_000 else prod(shape),), [], 0


def rearrange(setting: Setting, shape: Shape, pattern: str, **known: int) -> Result:
    """einops, for the patterns of these tests: single-letter axes, at most one unknown in a bracket."""
    left, right = (_axes(side) for side in pattern.split("->"))
    need(len(left) == len(shape), "the pattern has an axis for each of the shape")
    sizes = dict(known)
    for names, size in zip(left, shape):
        unknown = [n for n in names if n not in sizes]
        rest = prod(sizes[n] for n in names if n in sizes)
        need(len(unknown) <= 1 and size % rest == 0 and (bool(unknown) or size == rest), "the axis does not split")
        sizes.update((n, size // rest) for n in unknown)
    return tuple(prod(sizes[n] for n in names) for names in right), [], 0


def _axes(side: str) -> list[list[str]]:
    axes: list[list[str]] = []
    inside = False
    for character in side:
        if character == "(":
            inside = True
            axes.append([])
        elif character == ")":
            inside = False
        elif character.isalpha():
            if inside:
                axes[-1].append(character)
            else:
                axes.append([character])
    return axes


def unchanged(setting: Setting, shape: Shape, **_: Any) -> Result:
    return shape, [], 0


ACTIVATIONS = [
    *("relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "mish", "hardswish", "hardsigmoid", "sigmoid"),
    *("tanh", "softplus", "softsign", "softmax", "log_softmax", "hardtanh"),
]

APPLY: dict[str, Callable[..., Result]] = {
    **{f.__name__: f for f in (conv, dwconv, convT, linear, embedding, position, bn, layernorm, attention, lstm)},
    **{f.__name__: f for f in (maxpool, avgpool, gap, zeropad, flatten, rearrange)},
    **dict.fromkeys(["id", "dropout", *ACTIVATIONS], unchanged),
}

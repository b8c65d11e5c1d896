"""Random layers, and how Keras itself makes each, with the channels where its configuration has them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import keras
import torch
from hypothesis import strategies as st
from keras import layers
from oracle import Case, Draw, Found, Shape

LONG = {
    **{"k": "kernel_size", "s": "strides", "d": "dilation_rate", "g": "groups", "op": "output_padding"},
    **{"out": "filters", "bias": "use_bias", "multiplier": "depth_multiplier", "sequences": "return_sequences"},
}
Sides = tuple[tuple[int, int], ...]


def long(arguments: dict[str, Any], **other: str) -> dict[str, Any]:
    return {{**LONG, **other}.get(name, name): value for name, value in arguments.items()}


def look(layer: Any, *inputs: Any) -> Found:
    """Shapes of a layer that was built and run on inputs with a batch axis."""
    output = layer(*inputs)
    if 0 in output.shape:
        raise ValueError("nothing is left")
    weights = sorted(tuple(w.shape) for w in getattr(layer, "trainable_weights", ()))
    state = sorted(tuple(w.shape) for w in getattr(layer, "non_trainable_weights", ()))
    return Found(tuple(weights), tuple(state), tuple(output.shape[1:]))


def plain_values(*shape: int) -> torch.Tensor:
    return torch.zeros(2, *shape)


def values(*shape: int) -> torch.Tensor:
    """An input of channels and sizes."""
    return torch.zeros(2, *shape) if channel_axis() == 1 else torch.zeros(2, *shape[1:], shape[0])


def channel_axis() -> int:
    return 1 if keras.config.image_data_format() == "channels_first" else -1


def channels_last_only(layer: Any) -> Any:
    """The layer for channels that come first: Keras has two layers that know no other order than channels last."""
    if channel_axis() == -1:
        return layer
    return lambda x: layer(x.transpose(1, 2)).transpose(1, 2)


def sized(name: str, axes: int) -> Any:
    return getattr(layers, name.replace("*", f"{axes}D"))


def pairs(padding: Any, axes: int) -> Sides:
    each = padding if isinstance(padding, tuple) else (padding,) * axes
    return tuple(side if isinstance(side, tuple) else (side, side) for side in each)


def padded(padding: Any, axes: int, layer: Any) -> Any:
    """The layer after a padding layer, for a padding in numbers, of which Keras's own layers know nothing."""
    sides = pairs(padding, axes)
    return keras.Sequential([sized("ZeroPadding*", axes)(sides if axes > 1 else sides[0]), layer])


def Padded(sides: Sides, layer: Any) -> Any:
    """What the rules' `build keras` statements mean by this name."""
    return padded(sides, len(sides), layer)


def OneStep(cell: Any) -> Any:
    """What the rules' `build keras` statements mean by this name."""
    return keras.Sequential([layers.RepeatVector(1), layers.RNN(cell)])


def with_padding(arguments: dict[str, Any], axes: int, make: Callable[..., Any]) -> Any:
    rest = {name: value for name, value in arguments.items() if name != "p"}
    padding = arguments.get("p", "valid")
    if isinstance(padding, str):
        return make(padding=padding, **rest)
    return padded(padding, axes, make(**rest))


# Convolutions


def windows(d: Draw, axes: int) -> dict[str, Any]:
    arguments = d.some(s=d.each(1, 3, axes), d=d.each(1, 2, axes))
    if "d" in arguments and d.flag():
        arguments.pop("s", None)
    if d.flag():
        arguments["p"] = d.one_of("same", "same", "valid", "valid", "causal", d.each(0, 2, axes), d.sides(2, axes))
    if d.rarely():
        arguments[d.one_of("s", "d")] = d.number(-1, 0)
    return {"k": d.each(0 if d.rarely() else 1, 4, axes), **arguments}


def conv(d: Draw) -> Case:
    shape = d.image()
    axes = len(shape) - 1
    groups = d.divisor(shape[0])
    out = groups * d.number(1, 3) if not d.rarely() else d.number(1, 5)
    arguments = {"out": out, **windows(d, axes), **d.some(g=groups, bias=d.flag())}
    make = lambda **a: sized("Conv*", axes)(**long(a))
    return Case("conv", arguments, shape, lambda: (with_padding(arguments, axes, make), (values(*shape),)))


def dwconv(d: Draw) -> Case:
    shape = d.image((1, 2))
    axes = len(shape) - 1
    arguments = {**windows(d, axes), **d.some(bias=d.flag(), multiplier=d.number(1, 3))}
    make = lambda **a: sized("DepthwiseConv*", axes)(**long(a))
    return Case("dwconv", arguments, shape, lambda: (with_padding(arguments, axes, make), (values(*shape),)))


def separable(d: Draw) -> Case:
    shape = d.image((1, 2))
    axes = len(shape) - 1
    arguments = {"out": d.number(1, 5), **windows(d, axes), **d.some(bias=d.flag(), multiplier=d.number(1, 3))}
    make = lambda **a: sized("SeparableConv*", axes)(**long(a))
    return Case("separable", arguments, shape, lambda: (with_padding(arguments, axes, make), (values(*shape),)))


def convT(d: Draw) -> Case:
    shape = d.image()
    axes = len(shape) - 1
    arguments: dict[str, Any] = {"out": d.number(1, 5), "k": d.each(1, 4, axes)}
    arguments |= d.some(s=d.each(1, 3, axes), op=d.each(0, 2, axes), p=d.one_of("same", "valid"), bias=d.flag())
    if ("s" not in arguments and d.flag()) or d.rarely():
        arguments["d"] = d.each(1, 2, axes)
    make = lambda **a: sized("Conv*Transpose", axes)(**long(a))
    return Case("convT", arguments, shape, lambda: (with_padding(arguments, axes, make), (values(*shape),)))


def conv_lstm(d: Draw) -> Case:
    image, steps = d.image(most=6), d.number(1, 3)
    axes = len(image) - 1
    arguments = {"out": d.number(1, 3), "k": d.each(1, 3, axes), **d.some(bias=d.flag(), sequences=d.flag())}
    arguments |= d.some(p=d.one_of("same", "valid")) | d.some(**{d.one_of("s", "d"): d.each(1, 2, axes)})
    each = image if channel_axis() == 1 else (*image[1:], image[0])
    make = lambda: (sized("ConvLSTM*", axes)(**long(arguments, p="padding")), (plain_values(steps, *each),))
    return Case("conv_lstm", arguments, (steps, *image), make, channels=1)


# Pooling, padding, scaling


def pool(layer: str, name: str) -> Callable[[Draw], Case]:
    def draw(d: Draw) -> Case:
        shape = d.image()
        axes = len(shape) - 1
        arguments: dict[str, Any] = {"k": d.each(1, 4, axes), **d.some(s=d.each(1, 4, axes))}
        if d.flag():
            arguments["p"] = d.one_of("same", "same", "valid", d.each(0, 2, axes), d.sides(2, axes))
        make = lambda **a: sized(name, axes)(**long(a, k="pool_size"))
        return Case(layer, arguments, shape, lambda: (with_padding(arguments, axes, make), (values(*shape),)))

    return draw


def adaptive(layer: str, name: str) -> Callable[[Draw], Case]:
    def draw(d: Draw) -> Case:
        shape = d.image()
        size = d.each(1, 9, len(shape) - 1)
        return Case(layer, {"size": size}, shape, lambda: (sized(name, len(shape) - 1)(size), (values(*shape),)))

    return draw


def overall(layer: str, name: str) -> Callable[[Draw], Case]:
    def draw(d: Draw) -> Case:
        shape, options = d.image(), d.some(keepdims=d.flag())
        return Case(layer, options, shape, lambda: (sized(name, len(shape) - 1)(**options), (values(*shape),)))

    return draw


def around(layer: str, name: str) -> Callable[[Draw], Case]:
    def draw(d: Draw) -> Case:
        shape = d.image()
        axes = len(shape) - 1
        amount = d.number(0, 3) if d.flag() else d.sides(3, axes)
        form = amount if isinstance(amount, int) or axes > 1 else amount[0]
        written = form if d.flag() else amount

        def make() -> Any:
            real = sized(name, axes)(form)
            return (channels_last_only(real) if (name, axes) == ("Cropping*", 1) else real), (values(*shape),)

        return Case(layer, {"p": written}, shape, make)

    return draw


def upsampling(d: Draw) -> Case:
    shape = d.image()
    axes = len(shape) - 1
    factor = d.number(1, 3) if axes == 1 else d.each(1, 3, axes)

    def make() -> Any:
        real = sized("UpSampling*", axes)(factor)
        return (channels_last_only(real) if axes == 1 else real), (values(*shape),)

    return Case("upsampling", {"size": factor}, shape, make)


def resize(d: Draw) -> Case:
    shape, size = d.image((2,)), (d.number(1, 9), d.number(1, 9))
    make = lambda: (layers.Resizing(*size), (values(*shape),))
    return Case("resize", {"height": size[0], "width": size[1]}, shape, make)


def center_crop(d: Draw) -> Case:
    shape, size = d.image((2,)), (d.number(1, 9), d.number(1, 9))
    make = lambda: (layers.CenterCrop(*size), (values(*shape),))
    return Case("center_crop", {"height": size[0], "width": size[1]}, shape, make)


# Normalisation of channels


def bn(d: Draw) -> Case:
    shape, options = d.shape(), d.some(scale=d.flag(), center=d.flag(), renorm=d.flag())
    make = lambda: (layers.BatchNormalization(axis=channel_axis(), **options), (values(*shape),))
    return Case("bn", options, shape, make)


def groupnorm(d: Draw) -> Case:
    shape = d.shape()
    groups = -1 if d.rarely() else d.divisor(shape[0])
    options = d.some(scale=d.flag(), center=d.flag())
    make = lambda: (layers.GroupNormalization(groups, axis=channel_axis(), **options), (values(*shape),))
    return Case("groupnorm", {"g": groups, **options}, shape, make)


def instancenorm(d: Draw) -> Case:
    shape, affine = d.shape(2, 4), d.flag()
    options = d.some(scale=d.flag(), center=d.flag())
    parts = {part: affine and options.get(part, True) for part in ("scale", "center")}
    make = lambda: (layers.GroupNormalization(-1, axis=channel_axis(), **parts), (values(*shape),))
    return Case("instancenorm", {"affine": affine, **options}, shape, make)


# Shapes


def reshape(d: Draw) -> Case:
    shape = d.shape()
    sizes = list(d.data.draw(st.permutations(list(shape))))
    if len(sizes) > 1 and d.flag():
        sizes[:2] = [sizes[0] * sizes[1]]
    if d.flag():
        sizes[d.number(0, len(sizes) - 1)] = -1
    if d.rarely():
        sizes[0] = d.number(1, 5)
    return Case("reshape", {"*": tuple(sizes)}, shape, lambda: (layers.Reshape(tuple(sizes)), (plain_values(*shape),)))


def permute(d: Draw) -> Case:
    shape = d.shape()
    order = d.data.draw(st.permutations(list(range(len(shape)))))
    make = lambda: (layers.Permute(tuple(axis + 1 for axis in order)), (plain_values(*shape),))
    return Case("permute", {"*": tuple(order)}, shape, make)


def flatten(d: Draw) -> Case:
    shape = d.shape()
    assert math.prod(shape)
    return Case("flatten", {}, shape, lambda: (layers.Flatten(), (plain_values(*shape),)))


def repeatvector(d: Draw) -> Case:
    shape: Shape = d.shape(1, 1)
    n = d.number(1, 5)
    return Case("repeatvector", {"n": n}, shape, lambda: (layers.RepeatVector(n), (plain_values(*shape),)))


SHAPES = {f.__name__: f for f in (reshape, permute, flatten, repeatvector)}
IMAGES: dict[str, Callable[[Draw], Case]] = {
    **{f.__name__: f for f in (conv, dwconv, separable, convT, conv_lstm, upsampling, resize, center_crop)},
    **{f.__name__: f for f in (bn, groupnorm, instancenorm)},
    **{"maxpool": pool("maxpool", "MaxPooling*"), "avgpool": pool("avgpool", "AveragePooling*")},
    "adaptive_avgpool": adaptive("adaptive_avgpool", "AdaptiveAveragePooling*"),
    "adaptive_maxpool": adaptive("adaptive_maxpool", "AdaptiveMaxPooling*"),
    **{"gap": overall("gap", "GlobalAveragePooling*"), "gmp": overall("gmp", "GlobalMaxPooling*")},
    **{"zeropad": around("zeropad", "ZeroPadding*"), "crop": around("crop", "Cropping*")},
}

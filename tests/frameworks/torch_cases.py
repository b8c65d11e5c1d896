"""Random layers, and how torch itself makes each: constructors written by hand, not those of the rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from oracle import Case, Draw, Found
from torch import nn

LONG = {
    **{"k": "kernel_size", "s": "stride", "p": "padding", "d": "dilation", "g": "groups", "op": "output_padding"},
    **{"out": "out_channels", "norm": "norm_type", "scale": "scale_factor", "layers": "num_layers"},
    **{"proj": "proj_size", "track": "track_running_stats", "keepdims": "keepdim"},
}


def long(arguments: dict[str, Any]) -> dict[str, Any]:
    return {LONG.get(name, name): value for name, value in arguments.items()}


def look(layer: Any, *inputs: Any) -> Found:
    """Shapes of a module that was built and run, in evaluation, on inputs with a batch axis."""
    if isinstance(layer, nn.Module):
        layer.eval()
    with torch.no_grad():
        output = layer(*inputs)
    output = output[0] if isinstance(output, tuple) else output
    weights = sorted(tuple(p.shape) for p in layer.parameters()) if isinstance(layer, nn.Module) else []
    state: list[tuple[int, ...]] = []
    if isinstance(layer, nn.Module):
        state = sorted(tuple(b.shape) for name, b in layer.named_buffers() if "num_batches" not in name)
    if 0 in output.shape:
        raise ValueError("nothing is left")
    return Found(tuple(weights), tuple(state), tuple(output.shape[1:]))


def values(*shape: int) -> torch.Tensor:
    return torch.zeros(2, *shape)


def module(name: str, axes: int) -> Any:
    return getattr(nn, f"{name}{axes}d")


def flat(sides: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
    return tuple(side for pair in reversed(sides) for side in pair)


def padded(arguments: dict[str, Any], axes: int, make: Callable[..., nn.Module]) -> nn.Module:
    """The layer; after a padding layer where its padding is not the same on both sides."""
    padding = arguments.get("p")
    if isinstance(padding, tuple) and padding and isinstance(padding[0], tuple):
        if all(before == after for before, after in padding):
            return make(**long({**arguments, "p": tuple(before for before, _ in padding)}))
        rest = {name: value for name, value in arguments.items() if name != "p"}
        return nn.Sequential(module("ConstantPad", axes)(flat(padding), 0.0), make(**long(rest)))
    return make(**long(arguments))


def windows(d: Draw, axes: int, words: tuple[str, ...] = ("same", "valid")) -> dict[str, Any]:
    arguments = d.some(s=d.each(1, 4, axes), d=d.each(1, 3, axes))
    if d.flag():
        kinds = [d.each(0, 3, axes), d.each(0, 3, axes), d.sides(2, axes), *words]
        arguments["p"] = d.one_of(*kinds)
    if d.rarely():
        arguments[d.one_of("s", "p", "d")] = d.number(-1, 0)
    return {"k": d.each(0 if d.rarely() else 1, 4, axes), **arguments}


def conv(d: Draw) -> Case:
    shape = d.image()
    axes = len(shape) - 1
    groups = d.divisor(shape[0])
    out = groups * d.number(1, 3) if not d.rarely() else d.number(1, 5)
    arguments = {"out": out, **windows(d, axes), **d.some(g=groups, bias=d.flag())}
    return Case(
        "conv",
        arguments,
        shape,
        lambda: (padded(arguments, axes, lambda **a: module("Conv", axes)(shape[0], **a)), (values(*shape),)),
    )


def dwconv(d: Draw) -> Case:
    shape = d.image()
    axes, channels = len(shape) - 1, shape[0]
    arguments = {**windows(d, axes), **d.some(bias=d.flag(), multiplier=d.number(1, 3))}
    rest = {name: value for name, value in arguments.items() if name != "multiplier"}
    out = channels * arguments.get("multiplier", 1)
    make = lambda **a: module("Conv", axes)(channels, out, groups=channels, **a)
    return Case("dwconv", arguments, shape, lambda: (padded(rest, axes, make), (values(*shape),)))


def separable(d: Draw) -> Case:
    shape = d.image()
    axes, channels = len(shape) - 1, shape[0]
    window = windows(d, axes)
    arguments = {"out": d.number(1, 5), **window, **d.some(bias=d.flag(), multiplier=d.number(1, 3))}
    between = channels * arguments.get("multiplier", 1)

    def make() -> Any:
        each = lambda **a: module("Conv", axes)(channels, between, groups=channels, bias=False, **a)
        sums = module("Conv", axes)(between, arguments["out"], 1, bias=arguments.get("bias", True))
        return nn.Sequential(padded(window, axes, each), sums), (values(*shape),)

    return Case("separable", arguments, shape, make)


def convT(d: Draw) -> Case:
    shape = d.image()
    axes = len(shape) - 1
    groups = d.divisor(shape[0])
    out = groups * d.number(1, 3) if not d.rarely() else d.number(1, 5)
    arguments: dict[str, Any] = {"out": out, "k": d.each(1, 4, axes)}
    arguments |= d.some(s=d.each(1, 4, axes), p=d.each(0, 3, axes), op=d.each(0, 3, axes), d=d.each(1, 3, axes))
    arguments |= d.some(g=groups, bias=d.flag())
    if d.rarely():
        arguments["p"] = "same"
    make = lambda: (module("ConvTranspose", axes)(shape[0], **long(arguments)), (values(*shape),))
    return Case("convT", arguments, shape, make)


def unfold(d: Draw) -> Case:
    shape = d.image((2,))
    arguments = {"k": d.each(1, 4, 2), **d.some(s=d.each(1, 3, 2), p=d.each(0, 2, 2), d=d.each(1, 2, 2))}
    return Case("unfold", arguments, shape, lambda: (nn.Unfold(**long(arguments)), (values(*shape),)))


def fold(d: Draw) -> Case:
    size, k = d.each(1, 8, 2), d.each(1, 3, 2)
    options = d.some(s=d.each(1, 3, 2), p=d.each(0, 2, 2), d=d.each(1, 2, 2))
    shape = (d.number(1, 3) * (k[0] * k[1] if isinstance(k, tuple) else k * k), d.number(1, 30))
    try:
        image = values(shape[0], *((size, size) if isinstance(size, int) else size))
        shape = (shape[0], nn.Unfold(k, **long(options))(image).shape[2] + d.rarely())
    except RuntimeError:
        pass
    if d.rarely():
        shape = (shape[0] + 1, shape[1])
    arguments = {"size": size, "k": k, **options}
    make = lambda: (nn.Fold(size, k, **long(options)), (values(*shape),))
    return Case("fold", arguments, shape, make)


def shuffle(layer: str, name: str) -> Callable[[Draw], Case]:
    def draw(d: Draw) -> Case:
        r = d.number(1, 3)
        shape = (d.number(1, 3) * r * r, d.number(1, 3) * r, d.number(1, 3) * r)
        if d.rarely():
            shape = d.image((2,))
        number = {"g": r} if name == "ChannelShuffle" else {"r": r}
        return Case(layer, number, shape, lambda: (getattr(nn, name)(r), (values(*shape),)))

    return draw


def pool(layer: str, name: str, dilates: bool) -> Callable[[Draw], Case]:
    def draw(d: Draw) -> Case:
        shape = d.image(most=12)
        axes = len(shape) - 1
        arguments = {"k": d.each(1, 4, axes)}
        arguments |= d.some(s=d.each(1, 5, axes), p=d.each(0, 2, axes), ceil_mode=d.flag())
        if d.rarely():
            arguments["p"] = d.sides(2, axes)
        if dilates:
            arguments |= d.some(d=d.each(1, 2, axes))
        if d.rarely():
            arguments[d.one_of("k", "s", "p")] = d.one_of(-1, 0, "same")
        return Case(layer, arguments, shape, lambda: (padded(arguments, axes, module(name, axes)), (values(*shape),)))

    return draw


def lppool(d: Draw) -> Case:
    shape = d.image()
    axes = len(shape) - 1
    arguments = {"norm": d.number(1, 3), "k": d.each(1, 4, axes)}
    arguments |= d.some(s=d.each(1, 5, axes), ceil_mode=d.flag())
    return Case("lppool", arguments, shape, lambda: (module("LPPool", axes)(**long(arguments)), (values(*shape),)))


def adaptive(layer: str, name: str) -> Callable[[Draw], Case]:
    def draw(d: Draw) -> Case:
        shape = d.image()
        size = d.each(1, 9, len(shape) - 1)
        make = lambda: (module(name, len(shape) - 1)(size), (values(*shape),))
        return Case(layer, {"size": size}, shape, make)

    return draw


def overall(layer: str, reduce: str) -> Callable[[Draw], Case]:
    def draw(d: Draw) -> Case:
        shape, options = d.image(), d.some(keepdims=d.flag())
        act = lambda x: getattr(x, reduce)(tuple(range(2, x.dim())), **long(options))
        return Case(layer, options, shape, lambda: (act, (values(*shape),)))

    return draw


def fractional_maxpool(d: Draw) -> Case:
    shape = d.image((2, 3))
    axes = len(shape) - 1
    sizes = {"k": d.each(1, 3, axes), "size": d.each(1, 7, axes)}
    make = lambda: (module("FractionalMaxPool", axes)(sizes["k"], sizes["size"]), (values(*shape),))
    return Case("fractional_maxpool", sizes, shape, make)


def pad(layer: str, name: str, sign: int = 1) -> Callable[[Draw], Case]:
    def draw(d: Draw) -> Case:
        shape = d.image()
        axes = len(shape) - 1
        padding: Any = d.number(0, 4)
        if d.flag():
            padding = d.sides(4, axes)
        form = flat(padding) if isinstance(padding, tuple) else (padding,) * (2 * axes)
        written = form if isinstance(padding, tuple) and d.flag() else padding
        more = (0.5,) if name == "ConstantPad" else ()
        make = lambda: (module(name, axes)(tuple(sign * side for side in form), *more), (values(*shape),))
        arguments = {"p": written, **({"value": 0.5} if more else {})}
        return Case(layer, arguments, shape, make)

    return draw


def upsample(d: Draw) -> Case:
    shape = d.image()
    axes = len(shape) - 1
    arguments = {"scale": d.one_of(1, 2, 3, 1.5, 2.5, 0.5)} if d.flag() else {"size": d.each(1, 12, axes)}
    return Case("upsample", arguments, shape, lambda: (nn.Upsample(**long(arguments)), (values(*shape),)))


TORCH: dict[str, Callable[[Draw], Case]] = {
    **{f.__name__: f for f in (conv, dwconv, separable, convT, unfold, fold, lppool, fractional_maxpool, upsample)},
    "pixelshuffle": shuffle("pixelshuffle", "PixelShuffle"),
    "pixelunshuffle": shuffle("pixelunshuffle", "PixelUnshuffle"),
    "channelshuffle": shuffle("channelshuffle", "ChannelShuffle"),
    "maxpool": pool("maxpool", "MaxPool", True),
    "avgpool": pool("avgpool", "AvgPool", False),
    "adaptive_avgpool": adaptive("adaptive_avgpool", "AdaptiveAvgPool"),
    "adaptive_maxpool": adaptive("adaptive_maxpool", "AdaptiveMaxPool"),
    "gap": overall("gap", "mean"),
    "gmp": overall("gmp", "amax"),
    "zeropad": pad("zeropad", "ZeroPad"),
    "constantpad": pad("constantpad", "ConstantPad"),
    "reflectpad": pad("reflectpad", "ReflectionPad"),
    "replicatepad": pad("replicatepad", "ReplicationPad"),
    "circularpad": pad("circularpad", "CircularPad"),
    "crop": pad("crop", "ZeroPad", -1),
}

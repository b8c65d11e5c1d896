"""Random layers of every kind, with arguments that fit the shape that flows in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from brute_force import Layer, Scope, Shape, Size
from layers_by_hand import ACTIVATIONS, split

if TYPE_CHECKING:
    from strategies import Author

Arguments = dict[str, Any]
MOST_ELEMENTS = 100_000


def draw_layer(author: Author, shape: Shape, scope: Scope) -> Layer:
    rank = len(shape)
    kinds = ["linear", "bn", "layernorm", "activation"]
    if rank == 2:
        kinds += ["attention", "attention", "lstm", "position", "rearrange"]
    if rank == 3:
        kinds += ["attention"]
    if rank <= 2:
        kinds += ["embedding"]
    if rank >= 2:
        kinds += ["gap", "flatten"]
    if 2 <= rank <= 4:
        kinds += ["conv"] * 4 + ["dwconv", "convT", "maxpool", "avgpool", "zeropad", "rearrange"]
    return _MAKERS[author.one_of(*kinds)](_Place(author, shape, scope))


class _Place:
    """Where a layer goes: the shape that flows in, and how numbers are written there."""

    def __init__(self, author: Author, shape: Shape, scope: Scope):
        self.author = author
        self.shape = shape
        self.scope = scope
        self.torch = author.network.dialect == "torch"
        self.channels, self.sizes = split(author.network, shape)  # type: ignore[arg-type]

    def number(self, low: int, high: int, padding: bool = False) -> Size:
        return self.author.number(self.author.integer(low, high), self.scope, padding)

    def write(self, value: int, padding: bool = False) -> Size:
        return self.author.number(value, self.scope, padding)

    def each(self, values: list[int], padding: bool = False) -> Any:
        """A tuple with a value for each axis, or one number where all are equal."""
        if len(set(values)) == 1 and self.author.integer(0, 2):
            return self.write(values[0], padding)
        return tuple(self.write(value, padding) for value in values)

    def divisor(self, value: int) -> int:
        return self.author.one_of(*(d for d in range(1, value + 1) if value % d == 0))

    def flag(self, arguments: Arguments, name: str, value: bool = False) -> None:
        self.author.flag(arguments, name, value)

    def windows(self, arguments: Arguments, dilates: bool = True, pads: str = "p") -> Arguments:
        """Kernel, stride, padding and dilation that fit every axis."""
        author = self.author
        alike = author.often()
        kernels, strides, paddings, dilations = [], [], [], []
        for size in [min(self.sizes)] * len(self.sizes) if alike else self.sizes:
            kernel = author.integer(1, min(4, size))
            padding = author.integer(0, kernel // 2)
            room = size + 2 * padding
            kernels.append(kernel)
            strides.append(author.integer(1, 3))
            paddings.append(padding)
            dilations.append(author.integer(1, 2) if dilates and 2 * (kernel - 1) < room else 1)
        arguments["k"] = self.each(kernels)
        same = author.integer(0, 3) == 0 and (pads == "any" or not self.torch)
        if (same and self.torch) or (not self.torch and set(dilations) != {1}):
            strides = [1] * len(strides)
        if set(strides) != {1} or author.often():
            arguments["s"] = self.each(strides)
        if same:
            arguments["p"] = "same"
        elif author.integer(0, 5) == 0 and all(d * (k - 1) < n for d, k, n in zip(dilations, kernels, self.sizes)):
            arguments["p"] = "valid"
        else:
            arguments["p"] = self.each(paddings, padding=True)
        if set(dilations) != {1}:
            arguments["d"] = self.each(dilations)
        return arguments


def _conv(place: _Place) -> Layer:
    groups = place.divisor(place.channels) if place.author.rarely() else 1
    out = groups * place.author.integer(1, max(1, 12 // groups))
    arguments = place.windows({"out": place.write(out)}, pads="any")
    if groups > 1 or place.author.rarely():
        arguments["g"] = place.write(groups)
    place.flag(arguments, "bias")
    return Layer("conv", arguments)


def _dwconv(place: _Place) -> Layer:
    arguments = place.windows({}, pads="any")
    if place.author.rarely() and place.channels <= 20:
        arguments["multiplier"] = place.number(1, 3)
    place.flag(arguments, "bias")
    return Layer("dwconv", arguments)


def _convT(place: _Place) -> Layer:
    if max(place.sizes) > 30:
        return Layer("relu6")
    stride = place.author.integer(1, 3)
    arguments: Arguments = {"out": place.number(1, 8), "k": place.number(1, 4), "s": place.write(stride)}
    if not place.torch and place.author.rarely():
        arguments["p"] = "same"
    elif place.author.often():
        arguments["p"] = place.number(0, 1, padding=True)
        if place.torch:
            arguments["op"] = place.number(0, min(1, stride - 1), padding=True)
    place.flag(arguments, "bias")
    return Layer("convT", arguments)


def _maxpool(place: _Place) -> Layer:
    return Layer("maxpool", place.windows({}))


def _avgpool(place: _Place) -> Layer:
    return Layer("avgpool", place.windows({}, dilates=False))


def _zeropad(place: _Place) -> Layer:
    return Layer("zeropad", {"p": place.each([place.author.integer(0, 2) for _ in place.sizes], padding=True)})


def _linear(place: _Place) -> Layer:
    arguments: Arguments = {"out": place.number(1, 12)}
    place.flag(arguments, "bias")
    return Layer("linear", arguments)


def _embedding(place: _Place) -> Layer:
    return Layer("embedding", {"vocab": place.number(1, 30), "dim": place.number(1, 8)})


def _position(place: _Place) -> Layer:
    length = place.shape[0] + place.author.integer(0, 5)
    return Layer("position", {"length": place.write(length), "dim": place.number(1, 8)})


def _bn(place: _Place) -> Layer:
    arguments: Arguments = {}
    place.flag(arguments, "affine")
    place.flag(arguments, "track")
    return Layer("bn", arguments)


def _layernorm(place: _Place) -> Layer:
    arguments: Arguments = {}
    place.flag(arguments, "bias")
    place.flag(arguments, "affine")
    return Layer("layernorm", arguments)


def _attention(place: _Place) -> Layer:
    heads = place.divisor(place.shape[-1])
    arguments: Arguments = {"heads": place.write(heads)}
    if place.author.often():
        arguments["kv_heads"] = place.write(place.divisor(heads))
    for size in ("key_dim", "value_dim", "out"):
        if place.author.rarely():
            arguments[size] = place.author.integer(1, 5)
    for name in ("bias", "qkv_bias", "key_bias", "out_bias", "gate"):
        place.flag(arguments, name)
    alike = len(place.shape) - 2 if place.torch else 0
    named = _named(place.scope).items()
    known = [n for n, s in named if len(s) == len(place.shape) and s[:alike] == place.shape[:alike]]
    memory = place.author.one_of(*known) if known and place.author.often() else None
    return Layer("attention", arguments, memory=memory)


def _named(scope: Scope | None) -> dict[str, Shape]:
    shapes: dict[str, Shape] = {}
    while scope:
        shapes = {**scope.shapes, **shapes}
        scope = scope.parent
    return shapes


def _lstm(place: _Place) -> Layer:
    arguments: Arguments = {"out": place.number(1, 8)}
    place.flag(arguments, "bias")
    if place.author.often():
        arguments["sequences"] = place.author.often()
    return Layer("lstm", arguments)


def _rearrange(place: _Place) -> Layer:
    names = "abcd"[: len(place.shape)]
    order = place.author.draw_permutation(names)
    left = " ".join(names)
    arguments: Arguments = {}
    if place.author.often():
        first, second, *rest = order
        order = [f"({first} {second})", *rest]
    elif place.author.rarely():
        parts = place.divisor(place.shape[0])
        left = f"(a q) {' '.join(names[1:])}"
        order = place.author.draw_permutation([*names, "q"])
        arguments["q"] = parts
    return Layer("rearrange", {"pattern": f"{left} -> {' '.join(order)}", **arguments})


def _activation(place: _Place) -> Layer:
    return Layer(place.author.one_of(*ACTIVATIONS, "dropout", "id"))


_MAKERS: dict[str, Callable[[_Place], Layer]] = {
    "conv": _conv,
    "dwconv": _dwconv,
    "convT": _convT,
    "maxpool": _maxpool,
    "avgpool": _avgpool,
    "zeropad": _zeropad,
    "linear": _linear,
    "embedding": _embedding,
    "position": _position,
    "bn": _bn,
    "layernorm": _layernorm,
    "attention": _attention,
    "lstm": _lstm,
    "rearrange": _rearrange,
    "activation": _activation,
    "gap": lambda place: Layer("gap"),
    "flatten": lambda place: Layer("flatten"),
}

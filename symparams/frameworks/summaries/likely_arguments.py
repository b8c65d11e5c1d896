"""What the arguments of a layer may be for what a summary shows of it, the most usual first, by the layer's rule.

They are in the words of the rules; whether a layer of these arguments is the one that is shown, its rule says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import permutations, product
from math import isqrt
from typing import Any

from ...language.layouts import CHANNELS_LAST
from .likely_convolutions import convolution, depthwise, recurrent_convolution, separable, transposed
from .likely_windows import Arguments, Likely, alike, pools
from .shown_layers import ShownLayer

_MOST_LAYERS = 6
# How odd a pooling is that has a window for what is left over.
_ROUNDED_UP = 4
_BIASES = (True, False)

Guess = Callable[[ShownLayer], "Iterator[Arguments]"]


def likely_arguments(rule: str, shown: ShownLayer) -> Iterable[Likely]:
    """The arguments that a layer of this rule may have."""
    ranked = _RANKED.get(rule)
    return ranked(shown) if ranked else (Likely(0, arguments) for arguments in _LIKELY.get(rule, _none)(shown))


def _none(shown: ShownLayer) -> Iterator[Arguments]:
    yield {}


def _always(**arguments: Any) -> Guess:
    return lambda shown: iter([arguments])


def _linear(shown: ShownLayer) -> Iterator[Arguments]:
    for bias in _BIASES:
        yield {"out": shown.width_out, "bias": bias}


def _pool(shown: ShownLayer) -> list[Likely]:
    found = pools(shown.places, shown.places_out, shown.pads_by_words)
    rounded_up = [] if shown.pads_by_words else [(3, 2, 0), (2, 2, 0), (3, 2, 1), (2, 2, 1)]
    return found + [Likely(_ROUNDED_UP, {"k": k, "s": s, "p": p, "ceil_mode": True}) for k, s, p in rounded_up]


def _power_pool(shown: ShownLayer) -> list[Likely]:
    return [Likely(likely.oddness, {"norm": 2, **likely.arguments, "p": None}) for likely in _pool(shown)]


def _global_pool(shown: ShownLayer) -> Iterator[Arguments]:
    yield {"keepdims": len(shown.output) == len(shown.flow)}


def _sized(shown: ShownLayer) -> Iterator[Arguments]:
    yield {"size": alike(shown.places_out)}


def _resized(shown: ShownLayer) -> Iterator[Arguments]:
    if len(shown.places_out) == 2:
        yield dict(zip(("height", "width"), shown.places_out))


def _margin(shown: ShownLayer) -> Iterator[Arguments]:
    """What is put around each axis, or cut off: as much at both sides, or most of it at the end."""
    around = [abs(m - n) for n, m in zip(shown.places, shown.places_out) if isinstance(n, int) and m is not None]
    if len(around) < len(shown.places):
        yield {"p": 1}
        return
    for sides in ([(a // 2, a - a // 2) for a in around], [(0, a) for a in around]):
        even = all(a == b for a, b in sides)
        plain = alike([a for a, _ in sides]) if even else sides[0] if len(sides) == 1 else tuple(sides)
        if shown.pads_by_words:
            yield {"p": plain}
        else:
            yield {"last_first": tuple(side for pair in reversed(sides) for side in pair), "value": 0}


def _enlarged(shown: ShownLayer) -> Iterator[Arguments]:
    pairs = list(zip(shown.places, shown.places_out))
    if not all(isinstance(n, int) and m for n, m in pairs):
        yield {"factor" if shown.pads_by_words else "scale": 2}
    elif all(m % n == 0 for n, m in pairs):  # type: ignore[operator]
        yield {"factor" if shown.pads_by_words else "scale": alike([m // n for n, m in pairs])}  # type: ignore[operator]
    else:
        yield {"size": alike([m for _, m in pairs])}


def _batchnorm(shown: ShownLayer) -> Iterator[Arguments]:
    if not shown.pads_by_words:
        yield from ({}, {"affine": False}, {"center": False})
        return
    axis = -1 if shown.layout == CHANNELS_LAST else 1
    for center, scale in product(_BIASES, _BIASES):
        yield {"channels": axis, "center": center, "scale": scale}


def _over_the_last(shown: ShownLayer) -> Iterator[Arguments]:
    """A normalisation over the last axes: with both of its vectors, or with fewer."""
    for axes in range(1, len(shown.flow) + 1):
        ending = tuple(range(-axes, 0))
        where = {"ending": alike(ending)} if shown.pads_by_words else {"tail": alike(shown.flow[-axes:])}
        if shown.pads_by_words:
            yield from ({**where, "center": a, "scale": b} for a, b in product(_BIASES, _BIASES))
        else:
            yield from ({**where, **more} for more in ({}, {"affine": False}, {"center": False}))


def _in_groups(shown: ShownLayer) -> Iterator[Arguments]:
    channels = shown.channels
    usual = next((g for g in (32, 16, 8, 4, 2, 1) if isinstance(channels, int) and channels % g == 0), 1)
    for more in _batchnorm(shown):
        yield {"g": usual, "C": channels, **more} if not shown.pads_by_words else {"g": usual, **more}


def _for_instances(shown: ShownLayer) -> Iterator[Arguments]:
    yield from ({"affine": shown.parameters > 0, "C": shown.channels}, {"affine": True, "center": False})


def _embedding(shown: ShownLayer) -> Iterator[Arguments]:
    if shown.width_out and shown.parameters % shown.width_out == 0:
        yield {"vocab": shown.parameters // shown.width_out, "dim": shown.width_out}


def _recurrent(shown: ShownLayer) -> Iterator[Arguments]:
    if shown.pads_by_words:
        for bias, reset in product(_BIASES, ({}, {"reset_after": False})):
            yield {"out": shown.width_out, "sequences": len(shown.output) == len(shown.flow), "bias": bias, **reset}
        return
    for directions, layers, bias in product((1, 2), range(1, _MOST_LAYERS + 1), _BIASES):
        if shown.width_out % directions == 0:
            hidden = shown.width_out // directions
            yield {"m": shown.width, "out": hidden, "layers": layers, "bidirectional": directions == 2, "bias": bias}


def _cell(shown: ShownLayer) -> Iterator[Arguments]:
    for bias in _BIASES:
        yield {"m": shown.width, "out": shown.width_out, "bias": bias}


def _attention(shown: ShownLayer) -> Iterator[Arguments]:
    width = shown.width
    if not isinstance(width, int):
        return
    if not shown.pads_by_words:
        for bias in _BIASES:
            yield {"d": width, "heads": 1, "bias": bias}
        return
    memory = shown.others[0][-1] if shown.others else width
    value = shown.others[1][-1] if len(shown.others) > 1 else memory
    for bias in _BIASES:
        whole, left = divmod(shown.parameters - bias * width, 2 * width + memory + value + 3 * bias)  # type: ignore[operator]
        if whole > 0 and not left:
            sizes = [size for size in (64, 32, 128, 16, 8, 256, 96, whole) if whole % size == 0]
            for size in dict.fromkeys(sizes):
                yield {"heads": whole // size, "key_dim": size, "bias": bias}


def _scaled(shown: ShownLayer) -> Iterator[Arguments]:
    yield {"scaled": shown.parameters > 0}


def _encoder(shown: ShownLayer) -> Iterator[Arguments]:
    d = shown.width
    for bias in _BIASES:
        kept = 4 * d * d + 2 * d + bias * (4 * d + 3 * d)
        wide, left = divmod(shown.parameters - kept, 2 * d + bias)  # type: ignore[operator]
        if wide > 0 and not left:
            yield {"d": d, "heads": 1, "ff": wide, "bias": bias}


def _slopes(shown: ShownLayer) -> Iterator[Arguments]:
    if not shown.pads_by_words:
        yield {"slopes": shown.parameters}
        return
    axes = range(1, len(shown.flow))
    for shared in (None, *(tuple(axes[:n]) for n in range(1, len(axes) + 1))):
        yield {"shared": shared}


def _reshape(shown: ShownLayer) -> Iterator[Arguments]:
    yield {"sizes": tuple(-1 if size is None else size for size in shown.output)}


def _flatten(shown: ShownLayer) -> Iterator[Arguments]:
    yield {}
    if not shown.pads_by_words:
        rank = len(shown.flow)
        parts = ({"start": a, "end": b} for a in range(1, rank + 1) for b in range(a, rank + 1))
        yield from (part for part in parts if part != {"start": 1, "end": rank})


def _unflatten(shown: ShownLayer) -> Iterator[Arguments]:
    more = len(shown.output) - len(shown.flow) + 1
    for axis in range(len(shown.flow)) if more > 0 else ():
        yield {"axis": axis + 1, "sizes": shown.output[axis : axis + more]}


def _permute(shown: ShownLayer) -> Iterator[Arguments]:
    for order in permutations(range(1, len(shown.flow) + 1)) if len(shown.flow) < 6 else ():
        if tuple(shown.flow[axis - 1] for axis in order) == shown.output:
            yield {"axes": order}


def _shuffled(shown: ShownLayer) -> Iterator[Arguments]:
    if isinstance(shown.channels, int) and shown.channels_out:
        larger, smaller = sorted((shown.channels, shown.channels_out), reverse=True)
        yield {"r": isqrt(larger // smaller)}


def _standardize(shown: ShownLayer) -> Iterator[Arguments]:
    yield from ({}, {"given": 1})


_RANKED: dict[str, Callable[[ShownLayer], list[Likely]]] = {
    "conv": convolution,
    "dwconv": depthwise,
    "separable": separable,
    "convT": transposed,
    "conv_lstm": recurrent_convolution,
    **dict.fromkeys(("maxpool", "avgpool"), _pool),
    "lppool": _power_pool,
}
_LIKELY: dict[str, Guess] = {
    "linear": _linear,
    **dict.fromkeys(("gap", "gmp"), _global_pool),
    **dict.fromkeys(("adaptive_avgpool", "adaptive_maxpool"), _sized),
    **dict.fromkeys(("resize", "center_crop"), _resized),
    **dict.fromkeys(("zeropad", "constantpad", "reflectpad", "replicatepad", "circularpad", "crop"), _margin),
    **dict.fromkeys(("upsample", "upsampling"), _enlarged),
    "bn": _batchnorm,
    **dict.fromkeys(("layernorm", "rmsnorm"), _over_the_last),
    "groupnorm": _in_groups,
    "instancenorm": _for_instances,
    "embedding": _embedding,
    "embeddingbag": _embedding,
    **dict.fromkeys(("rnn", "lstm", "gru"), _recurrent),
    **dict.fromkeys(("rnn_cell", "lstm_cell", "gru_cell"), _cell),
    "attention": _attention,
    **dict.fromkeys(("dot_attention", "additive_attention"), _scaled),
    "transformer_encoder": _encoder,
    "prelu": _slopes,
    "reshape": _reshape,
    "flatten": _flatten,
    "unflatten": _unflatten,
    "permute": _permute,
    **dict.fromkeys(("pixelshuffle", "pixelunshuffle"), _shuffled),
    "channelshuffle": _always(g=2),
    "repeatvector": lambda shown: iter([{"n": shown.output[0]}]),
    "dropout": _always(rate=0.5),
    "noise": _always(deviation=0.1),
    "rescale": _always(factor=0.5),
    "threshold": _always(limit=0, value=0),
    "lrn": _always(size=5),
    "standardize": _standardize,
}

"""What may flow into the first layer of a summary that shows no input, the most usual first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from math import isqrt, prod

from ...language.layouts import CHANNELS_LAST
from .shown_layers import OpenShape, ShownLayer

_SIDES = (3, 7, 5, 1, 11, 4, 9, 2, 6, 8)
_USUAL_CHANNELS = (3, 1)
_MOST_CHANNELS = 4096
# Sizes that images have are multiples of these.
_ROUND = (32, 28, 50, 16, 20, 8, 10, 4, 2)


def likely_inputs(rule: str, shown: ShownLayer) -> list[OpenShape]:
    """The sizes that may flow in; all axes that are not known are as they come out."""
    return list(dict.fromkeys(_LIKELY.get(rule, _as_shown)(shown)))


def _as_shown(shown: ShownLayer) -> Iterator[OpenShape]:
    yield shown.output


def _linear(shown: ShownLayer) -> Iterator[OpenShape]:
    for bias in (1, 0):
        width, left = divmod(shown.parameters - bias * shown.width_out, shown.width_out or 1)
        if width > 0 and not left:
            yield (*shown.output[:-1], width)


def _convolution(shown: ShownLayer) -> Iterator[OpenShape]:
    found = []
    rank = len(shown.places_out)
    for place, (side, bias) in enumerate(product(_SIDES, (1, 0))):
        each, left = divmod(shown.parameters - bias * shown.channels_out, shown.channels_out or 1)
        channels, rest = divmod(each, side**rank)
        if 0 < channels <= _MOST_CHANNELS and not left and not rest:
            rare = 0 if channels in _USUAL_CHANNELS else 1 + channels / _MOST_CHANNELS
            for oddness, places in _before(shown.places_out, side):
                found.append((3 * rare + place / 4 + oddness, _with_channels(shown, channels, places)))
    yield from (shape for _, shape in sorted(found, key=lambda entry: entry[0]))


def _before(places: OpenShape, side: int) -> Iterator[tuple[float, OpenShape]]:
    """The sizes that a window of this side may have come from."""
    for place, (step, padding) in enumerate(product((1, 2, 4), (0, side // 2))):
        sizes = tuple(None if m is None else (m - 1) * step + side - 2 * padding for m in places)
        if step > 1 and padding:
            sizes = tuple(m if m is None else m * step for m in places)
        if all(size is None or size > 0 for size in sizes):
            yield place / 8 + sum(map(_unusual, sizes)), sizes


def _unusual(size: int | None) -> float:
    """How far a number is from those that images are wide."""
    rank = next((place for place, factor in enumerate(_ROUND) if size is None or size % factor == 0), len(_ROUND))
    return rank / len(_ROUND)


def _with_channels(shown: ShownLayer, channels: int, places: OpenShape) -> OpenShape:
    return (*places, channels) if shown.layout == CHANNELS_LAST else (channels, *places)


def _flatten(shown: ShownLayer) -> Iterator[OpenShape]:
    whole = prod(size or 0 for size in shown.output)
    for channels in (1, 3):
        side = isqrt(whole // channels)
        if side > 1 and side * side * channels == whole:
            yield _with_channels(shown, channels, (side, side)) if channels > 1 else (side, side)
    yield shown.output


def _pool(shown: ShownLayer) -> Iterator[OpenShape]:
    yield _with_channels(shown, shown.channels_out, tuple(m if m is None else 2 * m for m in shown.places_out))


def _margin(shown: ShownLayer) -> Iterator[OpenShape]:
    around = [(sum(_unusual(m - 2 * p) for m in shown.places_out if m), p) for p in (1, 3, 2, 4)]
    for _, p in sorted(around):
        yield _with_channels(shown, shown.channels_out, tuple(m if m is None else m - 2 * p for m in shown.places_out))


def _embedding(shown: ShownLayer) -> Iterator[OpenShape]:
    yield shown.output[:-1]


def _recurrent(gates: int) -> Callable[[ShownLayer], Iterator[OpenShape]]:
    def found(shown: ShownLayer) -> Iterator[OpenShape]:
        units = shown.width_out or 1
        steps = shown.output[:-1] or (None,)
        for vectors in (1, 2, 0):
            width, left = divmod(shown.parameters - gates * units * (units + vectors), gates * units)
            if width > 0 and not left:
                yield (*steps, width)

    return found


_LIKELY: dict[str, Callable[[ShownLayer], Iterator[OpenShape]]] = {
    "linear": _linear,
    "conv": _convolution,
    "flatten": _flatten,
    **dict.fromkeys(("maxpool", "avgpool"), _pool),
    "zeropad": _margin,
    "embedding": _embedding,
    "lstm": _recurrent(4),
    "gru": _recurrent(3),
    "rnn": _recurrent(1),
}

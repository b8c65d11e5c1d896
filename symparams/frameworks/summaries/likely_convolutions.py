"""What the arguments of a convolution may be for what a summary shows of it, the most usual first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import gcd

from .likely_windows import Likely, alike, kernels, windows
from .shown_layers import ShownLayer

_BIASES = (True, False)
_MOST_KERNELS = 6
_MOST_GROUPS = 16
_LARGEST_GROUPS = 4096
_NO_BIAS = 0.5


def convolution(shown: ShownLayer) -> list[Likely]:
    channels, out = shown.channels, shown.channels_out
    if not isinstance(channels, int) or not out:
        return []
    found = []
    for bias in _BIASES:
        each, left = divmod(shown.parameters - bias * out, out)
        for g in _groups(channels, out) if each > 0 and not left else ():
            places, left = divmod(each * g, channels)
            if places and not left:
                oddness = (g != 1) + (g not in (1, channels)) + _NO_BIAS * (not bias)
                found.append((places, Likely(oddness, {"out": out, "g": g, "bias": bias})))
    return _over_windows(shown, found)


def _groups(channels: int, out: int) -> list[int]:
    common = gcd(channels, out)
    small = [g for g in range(1, min(common, _LARGEST_GROUPS) + 1) if common % g == 0]
    return [*dict.fromkeys([*small[:_MOST_GROUPS], *([common] if common == channels else [])])]


def _over_windows(shown: ShownLayer, found: Sequence[tuple[int, Likely]]) -> list[Likely]:
    """Arguments with every kernel of so many places, and the ways in which it goes over the input."""
    whole = []
    for places, likely in found:
        for kernel_oddness, kernel in kernels(places, len(shown.places))[:_MOST_KERNELS]:
            for window in windows(kernel, shown.places, shown.places_out, shown.pads_by_words):
                oddness = likely.oddness + kernel_oddness + window.oddness
                whole.append(Likely(oddness, {**likely.arguments, **window.arguments}))
    return sorted(whole, key=lambda likely: likely.oddness)


def depthwise(shown: ShownLayer) -> list[Likely]:
    channels, out = shown.channels, shown.channels_out
    if not isinstance(channels, int) or not out or out % channels:
        return []
    found = []
    for bias in _BIASES:
        places, left = divmod(shown.parameters - bias * out, out)
        if places > 0 and not left:
            arguments = {"multiplier": out // channels, "bias": bias}
            found.append((places, Likely(_NO_BIAS * (not bias), arguments)))
    return _over_windows(shown, found)


def separable(shown: ShownLayer) -> list[Likely]:
    channels, out = shown.channels, shown.channels_out
    if not isinstance(channels, int):
        return []
    found = []
    for multiplier, bias in product(range(1, 5), _BIASES):
        between = channels * multiplier
        places, left = divmod(shown.parameters - bias * out - between * out, between)
        if places > 0 and not left:
            arguments = {"out": out, "multiplier": multiplier, "bias": bias}
            found.append((places, Likely(2 * (multiplier - 1) + _NO_BIAS * (not bias), arguments)))
    return _over_windows(shown, found)


def recurrent_convolution(shown: ShownLayer) -> list[Likely]:
    out, sequences = shown.channels_out, len(shown.output) == len(shown.flow)
    over = shown._replace(flow=shown.flow[1:], output=shown.output[1:] if sequences else shown.output)
    found = []
    for bias in _BIASES:
        places, left = divmod(shown.parameters - 4 * out * bias, 4 * out * (shown.width + out))  # type: ignore[operator]
        if places > 0 and not left:
            arguments = {"out": out, "bias": bias, "sequences": sequences}
            found.append((places, Likely(_NO_BIAS * (not bias), arguments)))
    return _over_windows(over, found)


def transposed(shown: ShownLayer) -> list[Likely]:
    channels, out = shown.channels, shown.channels_out
    if not isinstance(channels, int) or not out:
        return []
    found = []
    for bias in _BIASES:
        each, left = divmod(shown.parameters - bias * out, channels)
        groups = [1] if shown.pads_by_words else _groups(channels, out)
        for g in groups if each > 0 and not left else ():
            places, left = divmod(each * g, out)
            for odd, kernel in kernels(places, len(shown.places))[:_MOST_KERNELS] if places and not left else ():
                for window in _spread(shown, kernel):
                    arguments = {"out": out, "bias": bias, "g": g, **window.arguments}
                    found.append(Likely(odd + window.oddness + 2 * (g > 1) + _NO_BIAS * (not bias), arguments))
    return sorted(found, key=lambda likely: likely.oddness)


def _spread(shown: ShownLayer, kernel: Sequence[int]) -> Iterator[Likely]:
    """The ways in which a transposed convolution comes to the sizes that are shown."""
    pairs = [(n, m) for n, m in zip(shown.places, shown.places_out) if isinstance(n, int) and m]
    strides = dict.fromkeys((*(m // n for n, m in pairs if m >= n), 1, 2, 3, 4))
    for place, s in enumerate(strides):
        if shown.pads_by_words:
            yield from (Likely(place, {"k": alike(kernel), "s": s, "p": p}) for p in ("same", "valid"))
        elif len(pairs) == len(kernel):
            sides = [_cut(k, n, m, s) for k, (n, m) in zip(kernel, pairs)]
            p, op = (alike([side[i] for side in sides]) for i in (0, 1))
            is_wide = any(2 * side[0] > k for k, side in zip(kernel, sides))
            yield Likely(place + 2 * is_wide, {"k": alike(kernel), "s": s, "p": p, "op": op})


def _cut(k: int, n: int, m: int, s: int) -> tuple[int, int]:
    """The padding and what is added at the end, so that n places spread over m."""
    too_many = (n - 1) * s + k - m
    padding = max(0, -(-too_many // 2))
    return padding, 2 * padding - too_many

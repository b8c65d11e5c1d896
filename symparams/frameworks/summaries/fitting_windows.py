"""Kernels, strides and paddings by the sizes before and after them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from math import isqrt

Sizes = tuple["int | None", ...]
# A stride or a padding, one for all axes or one for each.
Each = tuple[int, ...]

_LARGEST_STRIDE = 64


def kernels(volume: int, rank: int) -> Iterator[Each]:
    """The windows of so many places, equal sides first, then those that are nearest to it."""
    shapes = [shape for shape in product(_divisors(volume), repeat=rank) if _volume(shape) == volume]
    yield from sorted(shapes, key=lambda shape: (max(shape) - min(shape), shape))


def _divisors(number: int) -> list[int]:
    small = [n for n in range(1, isqrt(max(number, 0)) + 1) if number % n == 0]
    return sorted({*small, *(number // n for n in small)})


def _volume(shape: Each) -> int:
    found = 1
    for side in shape:
        found *= side
    return found


def keras_strides(before: Sizes, after: Sizes, kernel: Each) -> Iterator[tuple[Each, str]]:
    """The strides and the padding that lead from the one to the other."""
    for padding in ("valid", "same"):
        lead = _after_same if padding == "same" else _after_valid
        for strides in _strides(before, after, kernel, lambda i, k, s, lead=lead: lead(i, k, s)):  # type: ignore[misc]
            yield strides, padding


def keras_transposed(before: Sizes, after: Sizes, kernel: Each) -> Iterator[tuple[Each, str]]:
    for padding in ("valid", "same"):
        wide = padding == "valid"
        for strides in _strides(before, after, kernel, lambda i, k, s, wide=wide: i * s + wide * max(k - s, 0)):  # type: ignore[misc]
            yield strides, padding


def torch_strides(before: Sizes, after: Sizes, kernel: Each, ceil: bool = False) -> Iterator[tuple[Each, Each]]:
    """The strides and paddings that lead from the one to the other, the usual padding of half a window first."""
    for padding in _paddings(kernel):
        by = dict(zip(kernel, padding))
        for strides in _strides(before, after, kernel, lambda i, k, s, by=by: _after_valid(i + 2 * by[k], k, s)):  # type: ignore[misc]
            yield strides, padding


def torch_transposed(before: Sizes, after: Sizes, kernel: Each) -> Iterator[tuple[Each, Each, Each]]:
    """The strides, the paddings and what is put on at the end."""
    for more in (0, 1):
        for padding in _paddings(kernel):
            by = dict(zip(kernel, padding))
            for strides in _strides(
                before,
                after,
                kernel,
                lambda i, k, s, by=by, more=more: (i - 1) * s - 2 * by[k] + k + more,  # type: ignore[misc]
            ):
                if more < max(strides) or not more:
                    yield strides, padding, (more,) * len(kernel)


def _paddings(kernel: Each) -> Iterator[Each]:
    half = tuple((k - 1) // 2 for k in kernel)
    found = [half, (0,) * len(kernel), *((p,) * len(kernel) for p in range(1, max(kernel)))]
    yield from dict.fromkeys(found)


def _after_valid(before: int, kernel: int, stride: int) -> int:
    return (before - kernel) // stride + 1 if before >= kernel else -1


def _after_same(before: int, kernel: int, stride: int) -> int:
    return -(-before // stride)


def _strides(before: Sizes, after: Sizes, kernel: Each, lead: Callable[[int, int, int], int]) -> Iterator[Each]:
    """The strides that lead there, one for all axes where that does, else the smallest for each."""
    fitting: list[Sequence[int]] = []
    for i, o, k in zip(before, after, kernel):
        known = i is not None and o is not None
        fitting.append([s for s in range(1, _LARGEST_STRIDE + 1) if lead(i, k, s) == o] if known else [])  # type: ignore[arg-type]
        if known and not fitting[-1]:
            return
    seen = [set(fits) for fits in fitting if fits]
    common = sorted(set.intersection(*seen)) if seen else [1]
    if common:
        yield from ((s,) * len(kernel) for s in common[:2])
    else:
        yield tuple(fits[0] if fits else 1 for fits in fitting)

"""Windows that bring sizes to those that a summary shows: kernels, strides, paddings, dilations, by how usual they are.

How usual something is, is a number: 0 for what most networks have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

from ...closed_forms.polynomial import Quantity

_DILATIONS = (1, 2, 3, 4, 6, 8)
_MOST_FOR_AN_AXIS = 6
_MOST_PLACES = 10**6
_LONGEST_STRIDE = 64
_USUAL_SIDE = 13
_VALID, _SAME = "valid", "same"
# Along one place, both words mean the same.
_NO_PADDING = (0, _VALID, None)

Arguments = dict[str, Any]


class Likely(NamedTuple):
    """Arguments in the words of the rules, and how far from usual they are."""

    oddness: float
    arguments: Arguments


class AxisWindow(NamedTuple):
    """What is done along one axis; the padding is a number at each side, or a word, None for any word."""

    oddness: float
    k: int
    s: int
    p: Any
    d: int


def kernels(places: int, rank: int) -> list[tuple[float, tuple[int, ...]]]:
    """The kernels of so many places, with their oddness."""
    if places > _MOST_PLACES or rank < 1:
        return []
    return sorted((_kernel_oddness(kernel), kernel) for kernel in _products(places, rank))


def _products(number: int, count: int) -> Iterator[tuple[int, ...]]:
    if count == 1:
        yield (number,)
        return
    small = [n for n in range(1, int(number**0.5) + 1) if number % n == 0]
    for first in {*small, *(number // n for n in small)}:
        yield from ((first, *rest) for rest in _products(number // first, count - 1))


def _kernel_oddness(kernel: Sequence[int]) -> float:
    longest = max(kernel)
    shape = 0 if len(set(kernel)) == 1 else 1.5 if 1 in kernel else 3
    return shape + 0.75 * (longest % 2 == 0) + 4 * (longest > _USUAL_SIDE) + longest / 1000


def windows(
    kernel: Sequence[int], sizes: Sequence[Quantity], shown: Sequence[int | None], by_words: bool
) -> list[Likely]:
    """The ways in which a kernel goes over these sizes and comes to those that are shown."""
    return _together([axis_windows(k, n, m, by_words) for k, n, m in zip(kernel, sizes, shown)])


def pools(sizes: Sequence[Quantity], shown: Sequence[int | None], by_words: bool) -> list[Likely]:
    """The windows of a pooling, whose size is not known either."""
    return _together([_axis_pools(n, m, by_words) for n, m in zip(sizes, shown)], "ksd")


def axis_windows(k: int, n: Quantity, m: int | None, by_words: bool) -> list[AxisWindow]:
    """The windows of k places along one axis, without dilation first."""
    if not isinstance(n, int) or m is None:
        words = (_SAME, _VALID) if by_words else ((k - 1) // 2, 0)
        pairs = product((1, 2), dict.fromkeys(words))
        return [AxisWindow(place / 10, k, s, p, 1) for place, (s, p) in enumerate(pairs)]
    found = []
    for d in _DILATIONS if k > 1 else (1,):
        reach = d * (k - 1)
        for s in range(1, min(n, _LONGEST_STRIDE) + 1):
            for odd, p in _word_paddings(n, m, reach, s) if by_words else _paddings(n, m, reach, s):
                unread = 0.3 * _leaves_rows(n, reach, s, p)
                found.append(AxisWindow(odd + 2 * (d > 1) + (d + s) / 10 + unread, k, s, p, d))
        if found and d > 1:
            break
    return sorted(found, key=lambda window: window.oddness)[:_MOST_FOR_AN_AXIS]


def _word_paddings(n: int, m: int, reach: int, s: int) -> list[tuple[float, str | None]]:
    """The word that brings n places to m; both mean the same where there is nothing to fill."""
    if n > reach and (n - reach - 1) // s + 1 == m:
        return [(0, _VALID if reach else None)]
    return [(0.05, _SAME)] if reach and -(-n // s) == m else []


def _paddings(n: int, m: int, reach: int, s: int) -> list[tuple[float, int]]:
    """The numbers at each side that bring n places to m."""
    least, most = -(-((m - 1) * s + reach + 1 - n) // 2), (m * s + reach - n) // 2
    found = range(max(0, least), min(most, max(reach, 1)) + 1)
    return [(0 if 2 * p == reach else 0.2 if p == 0 else 1.5, p) for p in found]


def _leaves_rows(n: int, reach: int, s: int, p: Any) -> bool:
    return p in _NO_PADDING and (n - reach - 1) % s != 0


def _axis_pools(n: Quantity, m: int | None, by_words: bool) -> list[AxisWindow]:
    sizes: Iterable[int] = (2, 3)
    if isinstance(n, int) and m:
        sizes = {*range(1, 17), n, n // m}
    found = [window for k in sizes for window in axis_windows(k, n, m, by_words)]
    pooling = [w._replace(oddness=_pool_oddness(w, n)) for w in found if w.d == 1 and (by_words or 2 * w.p <= w.k)]
    usual = sorted(pooling, key=lambda window: window.oddness)[:_MOST_FOR_AN_AXIS]
    return [*usual, *(window for window in pooling if window.k == 1 and window not in usual)]


def _pool_oddness(window: AxisWindow, n: Quantity) -> float:
    _, k, s, p, _ = window
    is_plain = p in _NO_PADDING
    usual = 5 if k == 1 else 0 if k == s and is_plain else 1 if (k, s) == (3, 2) else 2 if k == s else 3
    unread = isinstance(n, int) and _leaves_rows(n, k - 1, s, p)
    return usual + 1.5 * unread + (k + s) / 100 + 0.01 * (not is_plain)


def _together(axes: Sequence[Sequence[AxisWindow]], same: str = "sd") -> list[Likely]:
    """A window for each axis as the arguments of a layer, of which some are the same for all axes mostly."""
    found: dict[bool, list[Likely]] = {False: [], True: []}
    for chosen in product(*axes) if axes else ():
        paddings = [w.p for w in chosen if w.p is not None] or [_VALID]
        if len(set(paddings)) == 1 or not isinstance(paddings[0], str):
            differ = any(len({getattr(w, word) for w in chosen}) > 1 for word in same)
            sizes = {word: alike([getattr(w, word) for w in chosen]) for word in ("k", "s", "d")}
            oddness = max(w.oddness for w in chosen) + 0.1 * (len(set(paddings)) > 1)
            found[differ].append(Likely(oddness, {**sizes, "p": alike(paddings)}))
    return sorted(found[False] or found[True], key=lambda likely: likely.oddness)


def alike(values: Sequence[Any]) -> Any:
    """One value where all are the same."""
    return values[0] if len(set(values)) == 1 else tuple(values)

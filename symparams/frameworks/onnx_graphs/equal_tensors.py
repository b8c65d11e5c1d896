"""Weights that a file has twice: one that the model shares, where the exporter has turned one of the two round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from .file_tensors import FileTensor

# As many numbers as are compared in all.
_MOST = 200_000_000


def equal_tensors(tensors: Sequence[FileTensor]) -> Iterator[tuple[FileTensor, FileTensor]]:
    """Pairs of matrices with the same numbers, as they are or turned round."""
    alike: dict[tuple[int, ...], list[FileTensor]] = {}
    for tensor in tensors:
        if len(tensor.sizes) == 2 and min(tensor.sizes) > 1:
            alike.setdefault(tuple(sorted(tensor.sizes)), []).append(tensor)
    left = _MOST
    for several in alike.values():
        if len(several) < 2 or (left := left - sum(tensor.elements for tensor in several)) < 0:
            continue
        matrices = [(tensor, matrix) for tensor in several if (matrix := tensor.matrix()) is not None]
        for (one, a), (other, b) in combinations(matrices, 2):
            if a[0, 0] == b[0, 0] and a[-1, -1] == b[-1, -1] and _are_equal(a, b):
                yield one, other


def _are_equal(a: Any, b: Any) -> bool:
    import numpy as np

    return bool(np.ptp(a) > 0) and (np.array_equal(a, b) or np.array_equal(a, b.T))

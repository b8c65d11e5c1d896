"""Arrays of Dask: a compiled function of them gives lazy arrays, worked out chunk by chunk, exactly or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from ..errors import LimitError, SymparamsError

# All values of a function, one after the other, for arrays of NumPy and numbers by name.
Work = Callable[[Mapping[str, Any]], Sequence[Any]]


def is_chunked(value: Any) -> bool:
    return hasattr(value, "__dask_graph__") and hasattr(value, "chunks")


def lazily(work: Work, number: int, given: Mapping[str, Any]) -> list[Any]:
    """So many values as lazy arrays of int64.

    A chunk is checked when it is worked out, and then raises SymparamsError for what breaks a condition and for numbers
    that int64 does not hold; shapes that do not go together are refused at once.
    """
    import dask.array
    import numpy

    arrays = {name: value for name, value in given.items() if is_chunked(value) or numpy.ndim(value)}
    numbers = {name: value for name, value in given.items() if name not in arrays}
    try:
        spread = dask.array.broadcast_arrays(*map(dask.array.asarray, arrays.values()))
    except ValueError:
        raise SymparamsError("the arrays have shapes that do not go together") from None
    nothing = numpy.empty((0,) * spread[0].ndim, numpy.int64)
    return [
        dask.array.map_blocks(partial(_chunk, work, tuple(arrays), numbers, place), *spread, meta=nothing)
        for place in range(number)
    ]


def _chunk(work: Work, names: Sequence[str], numbers: Mapping[str, Any], place: int, *parts: Any) -> Any:
    import numpy

    found = numpy.asarray(work({**numbers, **dict(zip(names, parts))})[place])
    if found.dtype != numpy.int64:
        fault = "the values of a chunk are no whole numbers below 2^63, which a lazy array holds"
        raise LimitError(fault, None, "compute() the arrays first: those of NumPy give numbers of any size")
    return numpy.broadcast_to(found, parts[0].shape)

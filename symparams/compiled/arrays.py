"""Whole arrays, block by block: what is worked out in between stays where the processor has it at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil, floor, prod
from numbers import Number
from typing import Any

from ..closed_forms.magnitudes import Span
from ..closed_forms.polynomial import Symbol
from ..core.layer import in_sympy
from ..core.values import exact
from ..errors import SymparamsError
from ..evaluate.axes import Value
from ..evaluate.fitting import numbers_for
from .operations import is_array

BLOCK = 2**16
# Floats up to here are all the whole numbers that there are, and print as them.
WHOLE_FLOATS = 2**53


def as_array(name: str, value: Any) -> Any:
    import numpy

    try:
        return numpy.asarray(value)
    except (ValueError, TypeError) as error:
        raise SymparamsError(f"{name} is no array of numbers: {error}") from None


def blocks(arrays: Mapping[str, Any], shape: tuple[int, ...]) -> Iterator[tuple[slice, dict[str, Any]]]:
    """The arrays in pieces along the first axis of what they are broadcast to; in one piece where that is empty."""
    rows = max(1, BLOCK // max(1, prod(shape[1:])))
    cut = {name for name, array in arrays.items() if array.ndim == len(shape) and len(array) == shape[0]}
    for start in range(0, max(1, shape[0]), rows):
        part = slice(start, start + rows)
        yield part, {name: array[part] if name in cut else array for name, array in arrays.items()}


class Filled:
    """A result that is filled block by block: machine integers, Python's numbers from the first that need them on."""

    def __init__(self, shape: tuple[int, ...]):
        import numpy

        self.array: Any = numpy.empty(shape, numpy.int64)

    def put(self, part: slice, value: Any) -> None:
        import numpy

        if not is_array(value):
            value = numpy.array(value, dtype=object)
        if value.dtype == object:
            value = narrow(numpy.asarray(numpy.frompyfunc(in_sympy, 1, 1)(value), dtype=object))
        if value.dtype == object and self.array.dtype != object:
            self.array = self.array.astype(object)
        self.array[part] = value


def admits(symbol: Symbol, value: Value) -> bool:
    if isinstance(value, (bool, str, tuple)) or not isinstance(value, Number):
        return False
    return numbers_for(symbol).has(value)


def refused(name: str, symbol: Symbol, value: Any) -> SymparamsError:
    shown = repr(value) if isinstance(value, str) else value
    return SymparamsError(f"{name} is {numbers_for(symbol)}; {name} = {shown} cannot be put in")


def admitted(name: str, symbol: Symbol, array: Any) -> tuple[Any, Span]:
    """An array as one of int64, of Python's numbers where they are wider or no whole ones; its ends."""
    import numpy

    found = _machine_integers(array)
    if found is not None:
        ends = span(found)
        least = numbers_for(symbol).first_whole
        if least is not None and found.size and ends[0] < least:
            raise refused(name, symbol, found[found < least][0])
        return found, ends
    elements = [exact(item, name) for item in array.ravel().tolist()]
    for element in elements:
        if not admits(symbol, element):
            raise refused(name, symbol, element)
    found = numpy.empty(array.shape, dtype=object)
    found.flat = elements
    return narrow(found), span(found)


def _machine_integers(array: Any) -> Any:
    """The array as one of int64; None where that does not hold its values, or may not."""
    import numpy

    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind == "f" and size <= 8:
        if array.size and not -WHOLE_FLOATS <= float(array.min()) <= float(array.max()) <= WHOLE_FLOATS:
            return None
        found = array.astype(numpy.int64)
        return found if (found == array).all() else None
    if kind == "u" and size == 8 and array.size and array.max() >= 2**63:
        return None
    return array.astype(numpy.int64, copy=False) if kind in "iu" else None


def narrow(array: Any) -> Any:
    """An array of Python's numbers as one of int64 where that holds them."""
    import numpy

    fits = all(isinstance(item, int) and abs(item) < 2**63 for item in array.flat)
    return array.astype(numpy.int64) if fits else array


def span(value: Any) -> Span:
    """The least and the greatest of an array's elements, or of a number, rounded outwards to whole ones."""
    if not is_array(value):
        return floor(value), ceil(value)
    return (floor(value.min()), ceil(value.max())) if value.size else (1, 1)

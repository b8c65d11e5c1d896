"""Whole boxes of numbers, block by block: the points that meet conditions, and the values of quantities there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import prod
from typing import Any, NamedTuple

from ..closed_forms.conditions import Condition, relations, symbols_in, with_values
from ..closed_forms.magnitudes import largest_in, largest_number
from ..closed_forms.polynomial import Quantity, Symbol, is_integer
from ..closed_forms.powers import substitute
from ..errors import LimitError, SymparamsError
from .arrays import BLOCK
from .code import condition_source, function_source, identifiers
from .function import MACHINE_INTEGER
from .operations import OPERATIONS

MOST_NOT_WHOLE = 10_000


class Met(NamedTuple):
    """Points of a box, as an array of numbers for each symbol, and the arrays of values there."""

    points: tuple[Any, ...]
    values: tuple[Any, ...]


class NumberBox:
    """A box: for each symbol the numbers that it goes through, the last one fastest."""

    def __init__(self, ranges: Mapping[Symbol, range | tuple[int, ...]]):
        self.ranges = dict(ranges)
        self.size = prod(map(len, self.ranges.values()))

    def blocks(self, condition: Condition, values: Sequence[Quantity] = ()) -> Iterator[Met]:
        """The points that meet a condition, in order, with the values there; what has no value meets none.

        Raises LimitError where numbers become too long.
        """
        import numpy

        if condition is False or not self.size:
            return
        names = identifiers(symbol.name for symbol in self.ranges)
        as_objects = not self._fits_machine(condition, values)
        holds = _compiled_condition(condition, tuple(names.items()))
        worth = _compiled_values(tuple(values), tuple(names.items())) if values else None
        shape = tuple(map(len, self.ranges.values()))
        for start in range(0, self.size, BLOCK):
            places = numpy.unravel_index(numpy.arange(start, min(start + BLOCK, self.size)), shape)
            points = [self._numbers(r, place, as_objects) for r, place in zip(self.ranges.values(), places)]
            try:
                with numpy.errstate(all="ignore"):
                    mask = numpy.broadcast_to(numpy.asarray(holds(*points)), points[0].shape).astype(bool)
                kept = tuple(numbers[mask] for numbers in points)
                found = worth(*kept) if worth else ()
            except LimitError:
                raise
            except (SymparamsError, ArithmeticError):
                kept, found = self._one_by_one(condition, values, points)
            if kept[0].size:
                yield Met(kept, tuple(numpy.broadcast_to(numpy.asarray(v), kept[0].shape) for v in found))

    def _numbers(self, numbers: range | tuple[int, ...], places: Any, as_objects: bool) -> Any:
        if isinstance(numbers, range):
            return (places.astype(object) if as_objects else places) * numbers.step + numbers.start
        import numpy

        return numpy.array(numbers, dtype=object if as_objects else numpy.int64)[places]

    def _fits_machine(self, condition: Condition, values: Sequence[Quantity]) -> bool:
        tops = {s.name: max(abs(r[0]), abs(r[-1])) if r else 0 for s, r in self.ranges.items()}
        try:
            largest = max([largest_in(condition, tops), *(largest_number(value, tops) for value in values)])
        except LimitError:
            return False
        return max(largest, *tops.values()) < MACHINE_INTEGER

    def _one_by_one(self, condition: Condition, values: Sequence[Quantity], points: Sequence[Any]) -> Any:
        """For a block in which some point has no value."""
        import numpy

        rows = []
        for point in zip(*(numbers.tolist() for numbers in points)):
            at = dict(zip(self.ranges, point))
            try:
                if with_values(condition, at) is True:
                    rows.append((point, tuple(substitute(value, at) for value in values)))
            except LimitError:
                raise
            except SymparamsError:
                continue
        kept = tuple(numpy.array([point[i] for point, _ in rows], dtype=object) for i in range(len(self.ranges)))
        return kept, tuple(numpy.array([v[i] for _, v in rows], dtype=object) for i in range(len(values)))


def meeting(condition: Condition, symbol: Symbol, first: int, last: int) -> tuple[list[int], int]:
    """The numbers from one to another that meet a condition on one symbol, and up to which they were tried.

    All are, but for those from the first on for which numbers become too long, and only the first ones of what is no
    whole number, which takes time to compare.
    """
    if not all(is_integer(relation.left) and is_integer(relation.right) for relation in relations([condition])):
        last = min(last, first + MOST_NOT_WHOLE - 1)
    box = NumberBox({symbol: range(first, last + 1)})
    try:
        return [int(number) for block in box.blocks(condition) for number in block.points[0].tolist()], last
    except LimitError:
        if first == last:
            return [], first - 1
    middle = (first + last) // 2
    found, tried = meeting(condition, symbol, first, middle)
    if tried < middle:
        return found, tried
    more, tried = meeting(condition, symbol, middle + 1, last)
    return [*found, *more], tried


@lru_cache(maxsize=256)
def _compiled_condition(condition: Condition, names: tuple[tuple[str, str], ...]) -> Callable[..., Any]:
    known = dict(names)
    asked = {s.name: s.name for s in symbols_in([condition])}
    assert asked.keys() <= known.keys()
    return eval(condition_source(condition, known), dict(OPERATIONS))


@lru_cache(maxsize=256)
def _compiled_values(values: tuple[Quantity, ...], names: tuple[tuple[str, str], ...]) -> Callable[..., Any]:
    space: dict[str, Any] = dict(OPERATIONS)
    exec(function_source("output", dict(names), values), space)
    return space["output"]

"""How far each of several unknowns has to be looked for: what is asked of it, and what closed forms prove."""

from __future__ import annotations

from collections.abc import Mapping

from ..closed_forms.conditions import Condition, with_values
from ..closed_forms.polynomial import Symbol, expression
from ..compiled.scanning import NumberBox
from ..errors import LimitError, SymparamsError, listing
from .ranges import Numbers

MOST_POINTS = 50_000_000
MOST_SLICES = 1_000
FARTHEST = 2**62


def box_of(
    condition: Condition, symbols: tuple[Symbol, ...], over: Mapping[str, range | Numbers], multiple_of: int
) -> tuple[NumberBox, list[NumberBox]]:
    """The box that holds all answers, or all that are asked for, and boxes within that hold them too.

    Raises SymparamsError where it has no end, or is too large.
    """
    ranges: dict[Symbol, range | Numbers] = {}
    endless = []
    for symbol in symbols:
        if symbol.name in over:
            ranges[symbol] = _admitted(over[symbol.name], symbol, multiple_of)
            continue
        last = last_possible(condition, symbol)
        if last is None:
            endless.append(symbol.name)
        else:
            ranges[symbol] = _multiples(range(symbol.lower or 0, last + 1), multiple_of)
    if endless:
        example = " ".join(f"--over {name}=1:100" for name in endless)
        raise SymparamsError(f"the question does not bound {listing(endless)}", None, f"say how far to look: {example}")
    box = NumberBox(ranges)
    if box.size <= MOST_POINTS:
        return box, [box]
    slices = _slices(condition, ranges, over, multiple_of)
    if sum(part.size for part in slices) > MOST_POINTS:
        raise LimitError(
            f"there are {box.size:,} combinations to try, more than {MOST_POINTS:,}", None, _fewer(box.ranges)
        )
    return box, slices


def _slices(
    condition: Condition,
    ranges: Mapping[Symbol, range | Numbers],
    over: Mapping[str, range | Numbers],
    multiple_of: int,
) -> list[NumberBox]:
    """A box for each number of the unknown that has the fewest, which leaves less for the others."""
    symbol = min(ranges, key=lambda symbol: len(ranges[symbol]))
    if len(ranges[symbol]) > MOST_SLICES:
        return [NumberBox(ranges)]
    found = []
    for number in ranges[symbol]:
        left = _left(condition, symbol, number)
        within: dict[Symbol, range | Numbers] = {}
        for other, numbers in ranges.items():
            last = None if other is symbol or other.name in over else last_possible(left, other)
            within[other] = numbers if last is None else _multiples(range(other.lower or 0, last + 1), multiple_of)
        found.append(NumberBox({**within, symbol: range(number, number + 1)}))
    return found


def _left(condition: Condition, symbol: Symbol, number: int) -> Condition:
    """What is left of the condition where an unknown is a number; all of it where something has no value there."""
    try:
        return with_values(condition, {symbol: number})
    except SymparamsError:
        return condition


def _fewer(ranges: Mapping[Symbol, range | Numbers]) -> str:
    """Shorter ranges for the widest of the symbols, so that what is left can be tried."""
    left, shorter = MOST_POINTS, []
    for place, (symbol, numbers) in enumerate(sorted(ranges.items(), key=lambda item: len(item[1]))):
        most = int(left ** (1 / (len(ranges) - place)) * 0.99)
        if len(numbers) > most:
            shorter.append(f"--over {symbol.name}={numbers[0]}:{numbers[0] + most - 1}")
        left //= min(len(numbers), most)
    return f"look at fewer: {' '.join(shorter)}"


def _admitted(numbers: range | Numbers, symbol: Symbol, multiple_of: int) -> range | Numbers:
    lowest = symbol.lower or 0
    if isinstance(numbers, range) and multiple_of == 1:
        return numbers if not numbers or numbers[0] >= lowest else numbers[-(-(lowest - numbers[0]) // numbers.step) :]
    return tuple(n for n in numbers if n >= lowest and n % multiple_of == 0)


def _multiples(numbers: range, multiple_of: int) -> range:
    first = -(-numbers.start // multiple_of) * multiple_of
    return range(first, numbers.stop, multiple_of)


def last_possible(condition: Condition, symbol: Symbol) -> int | None:
    """A number above which the condition is proved never to hold, whatever the others are; None where none is seen."""
    low, high = (symbol.lower or 0) - 1, symbol.lower or 0
    while not _fails_from(condition, symbol, high + 1):
        low, high = high, 2 * high + 1
        if high > FARTHEST:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _fails_from(condition, symbol, middle + 1) else (middle, high)
    return high


def _fails_from(condition: Condition, symbol: Symbol, number: int) -> bool:
    try:
        return with_values(condition, {symbol: expression(Symbol(symbol.name, number))}) is False
    except SymparamsError:
        return False

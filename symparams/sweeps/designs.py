"""The networks of a sweep: one with symbols for what is swept, or one for each number that decides about layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..closed_forms.conditions import as_meant, symbols_in, with_values
from ..closed_forms.magnitudes import surely_holds
from ..closed_forms.polynomial import Symbol
from ..compiled.arrays import refused
from ..core.network import CoreNetwork
from ..errors import LimitError, SymparamsError, UsageFault
from ..evaluate.fitting import numbers_for
from ..questions.ranges import USUAL, Numbers
from ..questions.unknowns import decisions_on, unknowns

MOST_DESIGNS = 2_000
# The layer whose conditions tell for which turns a closed form holds, which the network may have without it.
REPEAT = "repeat"

Ranges = Mapping[str, "range | Numbers"]


class Design(NamedTuple):
    """A network in which some of the swept names have a number, and the others are symbols that go through theirs."""

    net: CoreNetwork
    fixed: dict[str, int]
    axes: dict[str, range | Numbers]


def designs(net: CoreNetwork, over: Ranges) -> list[Design]:
    """The networks of a sweep. Raises SymparamsError for a name that the network has not, or a number it refuses."""
    if not over:
        raise UsageFault("a sweep has to know what it goes through", None, USUAL)
    found: list[Design] = []
    faults: list[SymparamsError] = []
    for design in _designs(net, over, {}, faults):
        found.append(design)
        if len(found) > MOST_DESIGNS:
            raise LimitError(
                f"which layers there are differs in more than {MOST_DESIGNS:,} ways", None, "shorter ranges"
            )
    if not found:
        raise faults[0]
    return found


def _designs(net: CoreNetwork, over: Ranges, fixed: dict[str, int], faults: list[SymparamsError]) -> Iterator[Design]:
    free, deciding = _freed(net, over)
    numbers = over[deciding] if deciding else ()
    if deciding is None:
        deciding, numbers, runs = _beyond_formulas(free, over)
        if deciding is None:
            yield Design(free, fixed, dict(over))
            return
        for run in runs:
            yield from _designs(net, {**over, deciding: run}, fixed, faults)
    rest = {name: own for name, own in over.items() if name != deciding}
    for number in numbers:
        try:
            put = net(**{deciding: number})
        except LimitError:
            raise
        except SymparamsError as error:
            faults.append(error)
            continue
        yield from _designs(put, rest, {**fixed, deciding: number}, faults)


def _freed(net: CoreNetwork, over: Ranges) -> tuple[CoreNetwork, str | None]:
    """The network with all of the names as symbols; with the name, if there is one, that has to be a number first."""
    parameters = {p.name for p in net.program.parameters if p.default is not None}
    free = net
    for name, numbers in over.items():
        try:
            found = unknowns(free, [name])
        except SymparamsError:
            if name in parameters and name not in net.values:
                return net, name
            raise
        _check_admitted(found.symbols[0], numbers)
        if decisions_on(found.net, found.symbols[0]):
            return net, name
        free = found.net
    decided = [{s.name for s in symbols_in([c])} & over.keys() for c in free.symbols_.decided_ever]
    together = [min(names, key=lambda name: (len(over[name]), name)) for names in decided if names]
    return free, together[0] if together else None


def _beyond_formulas(net: CoreNetwork, over: Ranges) -> tuple[str | None, Numbers, list[range | Numbers]]:
    """An axis on which the closed form of a loop's turns does not hold everywhere: the numbers for which it does not,
    which have to be put in, and runs of those for which it does."""
    ends = {name: (numbers[0], numbers[-1]) for name, numbers in over.items()}
    for guard in dict.fromkeys(g for stage in net.stages for g in stage.all_guards if g.layer == REPEAT):
        condition = as_meant(guard.condition)
        swept = [s for s in symbols_in([condition]) if s.name in over]
        if not swept or surely_holds(condition, ends):
            continue
        symbol = min(swept, key=lambda s: (len(over[s.name]), s.name))
        numbers = over[symbol.name]
        if len(symbols_in([condition])) > 1:
            return symbol.name, tuple(numbers[: MOST_DESIGNS + 1]), []
        holds = [with_values(condition, {symbol: number}) is True for number in numbers]
        if not all(holds):
            changes = [i for i in range(len(holds)) if not i or holds[i] != holds[i - 1]]
            runs = [numbers[i:j] for i, j in zip(changes, [*changes[1:], len(holds)]) if holds[i]]
            return symbol.name, tuple(n for n, does in zip(numbers, holds) if not does), runs
    return None, (), []


def _check_admitted(symbol: Symbol, numbers: range | Numbers) -> None:
    if not symbol.integer:
        raise SymparamsError(f"{symbol.name} is {numbers_for(symbol)}; a sweep goes through whole numbers")
    if numbers and numbers[0] < (symbol.lower or 0):
        raise refused(symbol.name, symbol, numbers[0])

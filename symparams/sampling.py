"""Numbers for the symbols of a network, drawn at random among those that meet its conditions."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, Union

from .closed_forms.conditions import Condition, divisibility, lesser_and_greater, relations, symbols_in, with_values
from .closed_forms.polynomial import Quantity, Symbol, expression, symbols_of
from .core.network import CoreNetwork
from .errors import SymparamsError, listing

Number = Union[int, Fraction]

MOST_CHECKS = 20_000
FEW_FAILURES = 4
MOST_TRIALS = 12
# What stands in exercises for names that mean the same everywhere; the others are sizes, in capitals, or small numbers.
_USUAL: dict[str, Sequence[int]] = {
    "k": (2, 3, 5),
    "s": (1, 2),
    "p": (0, 1, 2),
    "g": (1, 2, 4),
    "G": (1, 2, 4),
    "d": (8, 12, 16, 24, 32),
    "h": (2, 3, 4),
    "n": (2, 3, 4, 5, 10),
    "L": (2, 3, 4),
    "T": (5, 8, 10, 12),
    "V": (50, 100, 200),
}
_SIZES = (8, 10, 12, 16, 20, 24, 28, 32, 48, 64)
_SMALL = (1, 2, 3, 4, 5, 6, 8)
_RATIOS = (Fraction(1), Fraction(2), Fraction(1, 2), Fraction(1, 4))


class Taste(NamedTuple):
    """What is drawn first: usual values for symbols by their names, and symbols that are to be as large as another."""

    usual: Mapping[str, Sequence[Number]]
    alike: Mapping[str, str]


NO_TASTE = Taste({}, {})


def admissible(
    net: CoreNetwork, choice: random.Random, taste: Taste = NO_TASTE
) -> tuple[dict[str, Number], CoreNetwork]:
    """Values for the symbols of a network, and the network with them; the same for the same state of `choice`.

    Raises SymparamsError where none are found.
    """
    symbols = net.symbols._symbols
    if not symbols:
        return {}, net
    sizes = {s.name for shape in net.input_shapes.values() for size in shape for s in symbols_of(size)}
    guards = [_in_symbols(condition, symbols) for condition in net.guards]
    search = _Search(_with_divisors_first(list(symbols.values()), guards), guards, sizes, choice, taste)
    trials = 0
    while search.checks < MOST_CHECKS and trials < MOST_TRIALS:
        found = search.one_by_one()
        if found is None:
            continue
        values = {name: found[symbol] for name, symbol in symbols.items()}
        try:
            return values, net(**values)
        except SymparamsError:
            trials += 1
    hint = "set some of them: --set NAME=NUMBER"
    raise SymparamsError(f"no numbers for {listing(symbols)} were found that meet the conditions", None, hint)


class _Search:
    """Gives each symbol in its turn a value that those before it allow."""

    def __init__(
        self,
        order: Sequence[Symbol],
        guards: Sequence[Condition],
        sizes: set[str],
        choice: random.Random,
        taste: Taste,
    ):
        self.order = order
        self.taste = taste
        self.guards = guards
        self.sizes = sizes
        self.divisors = {s for c in relations(guards) if (pair := divisibility(c)) for s in symbols_of(pair[0])}
        self.choice = choice
        self.checks = 0
        self.failures = 0

    def one_by_one(self) -> dict[Symbol, Number] | None:
        """A value for each symbol; None where one finds none."""
        found: dict[Symbol, Number] = {}
        pending = list(self.guards)
        for symbol in self.order:
            own = [c for c in pending if not isinstance(c, bool) and symbol in c.symbols]
            value = next((value for value in self.candidates(symbol, found) if self.allows(own, symbol, value)), None)
            if value is None:
                self.failures += 1
                return None
            found[symbol] = value
            put: dict[Symbol, Quantity] = {symbol: value}
            pending = [c for c in pending if c not in own] + [with_values(c, put) for c in own]
        return found

    def allows(self, conditions: Iterable[Condition], symbol: Symbol, value: Number) -> bool:
        """Whether a value breaks none of the conditions; those in later symbols are still open."""
        self.checks += 1
        try:
            return all(with_values(condition, {symbol: value}) is not False for condition in conditions)
        except SymparamsError:
            return False  # such as a division by 0

    def candidates(self, symbol: Symbol, found: Mapping[Symbol, Number]) -> Iterator[Number]:
        """What suits the taste; then usual values in random order, then small ones, then larger ones.

        Small ones go first where usual ones fail.
        """
        like = self.taste.alike.get(symbol.name)
        yield from (value for other, value in found.items() if other.name == like)
        wanted = self.taste.usual.get(symbol.name, ())
        yield from self.choice.sample(wanted, len(wanted))
        if not symbol.integer:
            yield from self.choice.sample(_RATIOS, len(_RATIOS))
            return
        least = symbol.lower or 0
        head = symbol.name.split("_")[0]
        is_size = symbol.name in self.sizes or (head[:1].isupper() and symbol not in self.divisors)
        others = _SIZES if is_size else _SMALL
        first = _USUAL.get(head, others)
        if self.failures > FEW_FAILURES and self.choice.random() < 0.5:
            first = range(least, 13)
        tried: set[int] = set()
        for values in (first, range(least, 65), range(65, 513), range(576, 4097, 64)):
            fresh = [value for value in values if value >= least and value not in tried]
            yield from self.choice.sample(fresh, len(fresh))
            tried |= set(fresh)


def _in_symbols(condition: Condition, symbols: Mapping[str, Symbol]) -> Condition:
    """The condition in the network's own symbols, of which more may be known than where it arose."""
    others = [s for s in symbols_in([condition]) if symbols.get(s.name, s) != s]
    return with_values(condition, {other: expression(symbols[other.name]) for other in others})


def _with_divisors_first(symbols: Sequence[Symbol], conditions: Iterable[Condition]) -> list[Symbol]:
    """The symbols in an order in which a later one can suit those before: what divides, what is to be the smaller."""
    after: dict[Symbol, set[Symbol]] = {symbol: set() for symbol in symbols}
    for condition in relations(conditions):
        lesser, greater = lesser_and_greater(condition)
        for symbol in greater - lesser:
            after[symbol] |= lesser
    order: dict[Symbol, None] = {}
    opened: set[Symbol] = set()
    for symbol in symbols:
        path = [symbol]
        while path:
            last = path[-1]
            opened.add(last)
            first = next((other for other in sorted(after[last] - opened, key=symbols.index)), None)
            if first is None:
                order[path.pop()] = None
            else:
                path.append(first)
    return list(order)

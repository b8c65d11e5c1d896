"""Loops of a rule with a symbolic number of turns, such as those over the layers of a recurrent network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..closed_forms.polynomial import Quantity, Symbol
from ..language import syntax
from .axes import Interval, Value
from .domain import is_symbolic, symbols_of
from .expressions import Scope, evaluate

MAX_FIRST_TURNS = 2


class OpenLoop(NamedTuple):
    """How the turns of a loop are worked out: the `first` ones one by one, those that are left as one with a number."""

    start: Quantity
    first: int
    number: Symbol
    turn: Quantity
    left: Quantity

    def values(self) -> Iterator[Quantity]:
        """What the loop's name stands for in the turns that are worked out; the last stands for all that are left."""
        yield from (self.start + turn for turn in range(self.first))
        yield self.start + self.first + self.turn


def open_loops(statement: syntax.RuleLoop, scope: Scope) -> Iterator[OpenLoop]:
    """Ways to work out a loop over a range with a symbolic end, with more and more turns apart; none for others."""
    ends = evaluate(statement.values, scope)
    if not isinstance(ends, Interval) or not (is_symbolic(ends.start) or is_symbolic(ends.stop)):
        return
    number = Symbol(_unused(statement.targets[0], scope), 0)
    for first in range(MAX_FIRST_TURNS + 1):
        yield OpenLoop(ends.start, first, number, scope.work.domain.expression(number), ends.stop - ends.start - first)


def _unused(name: str, scope: Scope) -> str:
    names = {symbol.name for value in scope.names.values() for symbol in _symbols(value)}
    while name in names:
        name += "_"
    return name


def _symbols(value: Value) -> Iterator[Symbol]:
    if is_symbolic(value):
        yield from symbols_of(value)
    elif isinstance(value, tuple):
        for part in value:
            yield from _symbols(part)

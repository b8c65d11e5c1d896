"""One unknown: the exact set of whole numbers that answer a question, with the figures at its borders."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ..cached import cached_property
from ..closed_forms.conditions import Condition, all_of, negate, symbols_in, with_values
from ..closed_forms.polynomial import Quantity, Symbol, expression, symbols_of
from ..closed_forms.powers import substitute
from ..closed_forms.whole_solutions import WholeSolutions, whole_solutions
from ..compiled.scanning import meeting
from ..core.network import CoreNetwork
from ..errors import SymparamsError
from .asking import Asked, Compared, asked_of

MOST_CONFIRMED = 12


class AnswerSet:
    """The answers: `in`, `len` and iteration go over the numbers, which may have no end."""

    def __init__(self, net: CoreNetwork, symbol: Symbol, asked: Asked, multiple_of: int = 1):
        self.net = net
        self.symbol = symbol
        self.asked = asked
        self.notes = asked.notes
        self.multiple_of = multiple_of
        guards = asked_of(asked, net)
        self.about = [c for c in guards if symbols_in([c]) == {symbol}]
        # Conditions that other symbols decide as well: they are part of the answer.
        self.where = [c for c in guards if symbol in symbols_in([c]) and symbols_in([c]) != {symbol}]

    @cached_property
    def answering(self) -> Condition:
        return all_of([*self.about, *self.asked.premises, self.asked.condition])

    @cached_property
    def solutions(self) -> WholeSolutions:
        return self._numbers(self.answering)

    @cached_property
    def left_out(self) -> WholeSolutions:
        """The multiples that are no answers."""
        return self._numbers(negate(self.answering))

    @cached_property
    def refused(self) -> WholeSolutions:
        """Those of them that the network allows, and that have a figure."""
        return self._numbers(*self.about, *self.asked.premises, negate(self.asked.condition))

    def _numbers(self, *conditions: Condition) -> WholeSolutions:
        domain = self.symbol.lower or 0, None
        return whole_solutions(all_of(conditions), self.symbol, domain, meeting, self.multiple_of)

    # The answer as a set

    @property
    def is_proved(self) -> bool:
        """Whether there are no answers but these, however large."""
        return self.solutions.decided_below is None

    @property
    def count(self) -> int | None:
        """How many there are, None where there is no end to them."""
        return self.solutions.number

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and number in self.solutions

    def __iter__(self) -> Iterator[int]:
        return self.solutions.up()

    def __len__(self) -> int:
        if self.count is None:
            raise SymparamsError("there is no end to the answers", None, "itertools.islice takes the first of them")
        return self.count

    def __bool__(self) -> bool:
        return next(iter(self), None) is not None

    @cached_property
    def least(self) -> int | None:
        return next(iter(self), None)

    @cached_property
    def greatest(self) -> int | None:
        return None if self.count is None else next(self.solutions.down(), None)

    @cached_property
    def after(self) -> int | None:
        """The first number above all answers that is refused."""
        return None if self.greatest is None else next(self.refused.up(self.greatest), None)

    @cached_property
    def before(self) -> int | None:
        """The last number below all answers that is refused."""
        return None if self.least is None else next(self.refused.down(self.least - 1), None)

    @property
    def is_interval(self) -> bool:
        """Whether the answers are all multiples from the least to the greatest."""
        if self.least is None or not self.is_proved or self.left_out.decided_below is not None:
            return False
        between = next(self.left_out.up(self.least), None)
        return between is None or (self.greatest is not None and between > self.greatest)

    def first(self, most: int) -> list[int]:
        return list(islice(self, most))

    def confirm(self) -> None:
        """Put in the first answers, the last one and those refused beside them. Raises SymparamsError for one wrong."""
        answers = [*self.first(MOST_CONFIRMED), *([] if self.greatest is None else [self.greatest])]
        refused = [n for n in (self.before, self.after) if n is not None]
        for number, wrong in (*((n, False) for n in answers), *((n, True) for n in refused)):
            if with_values(self.answering, {self.symbol: number}) is wrong:
                raise SymparamsError(f"{self.symbol.name} = {number} was not confirmed")

    # Figures

    @property
    def measured(self) -> Compared | None:
        """The comparison whose left side is worth showing at the borders: one with a bound, of more than the symbol."""
        if len(self.asked.compared) != 1 or self.asked.compared[0].operator in ("==", "!="):
            return None
        compared = self.asked.compared[0]
        for side, _ in ((compared.left, compared.right), (compared.right, compared.left)):
            if not isinstance(side, tuple) and symbols_of(side) == {self.symbol} and side != expression(self.symbol):
                return compared._replace(left=side)
        return None

    def value_at(self, number: int) -> Quantity | None:
        """The figure that is asked about, where the unknown is this number."""
        return None if self.measured is None else substitute(self.measured.left, {self.symbol: number})

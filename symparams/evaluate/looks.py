"""Which places of the input a place of an output sees, axis by axis: windows, and what layers do to them."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd
from typing import NamedTuple

from ..closed_forms.polynomial import Quantity
from ..errors import SymparamsError
from ..formula import text
from .domain import ceiling, divide, floor_divide, is_at_least, is_integer, largest, numerator_and_denominator, smallest


class Look(NamedTuple):
    """Place o sees those from jump*((steps*o + early)//spread) + first to jump*((steps*o + late)//spread) + last.

    `spread` is 1 until a layer makes an axis longer; steps and spread have no factor in common. `axis` is where the
    axis of the input stands in what flows, None where it is gone.
    """

    axis: int | None
    jump: Quantity = 1
    first: Quantity = 0
    last: Quantity = 0
    steps: Quantity = 1
    spread: Quantity = 1
    early: Quantity = 0
    late: Quantity = 0

    @property
    def size(self) -> Quantity:
        """The places of the largest window."""
        return self.last - self.first + 1 + self.jump * ceiling(divide(self.late - self.early, self.spread))

    @property
    def stride(self) -> Quantity:
        """How far apart the windows of two neighbours are."""
        return divide(self.jump * self.steps, self.spread)

    @property
    def start(self) -> Quantity:
        """Where the first window starts; before 0 it reaches into the padding."""
        return self.jump * floor_divide(self.early, self.spread) + self.first

    @property
    def is_whole(self) -> bool:
        return self.jump == 0

    def whole(self, size: Quantity) -> Look:
        """Every place of an axis of this size is seen."""
        return Look(self.axis, 0, 0, size - 1)

    def through(self, reach: Quantity, step: Quantity, before: Quantity) -> Look:
        """Seen through windows that reach over so many places, each so far from the one before."""
        ahead = reach - 1 - before
        if self.spread == 1:
            first, last = self.first - self.jump * before, self.last + self.jump * ahead
            return self._replace(jump=self.jump * step, first=first, last=last)
        return self._replace(
            steps=self.steps * step, early=self.early - self.steps * before, late=self.late + self.steps * ahead
        )._reduced()

    def spread_out(self, taps: Quantity, factor: Quantity, before: Quantity) -> Look:
        """Seen where each place adds to `taps` places, `factor` further than the one before: the step is a part of 1.

        With a factor of 1 it is what is seen through windows that reach over `taps` places.
        """
        if self.is_whole:
            return self
        if self.steps != 1:
            raise SymparamsError("no receptive field is known where an axis grows by a part of what it has grown by")
        return self._replace(
            spread=self.spread * factor,
            early=factor - 1 - before + factor * self.early,
            late=taps - 1 - before + factor * self.late,
        )._reduced()

    def _reduced(self) -> Look:
        """With steps and spread free of common factors, and without a spread of 1."""
        common = _common_factor(self.steps, self.spread)
        steps, spread = divide(self.steps, common), divide(self.spread, common)
        early, late = floor_divide(self.early, common), floor_divide(self.late, common)
        if spread != 1:
            return self._replace(steps=steps, spread=spread, early=early, late=late)
        jump = self.jump
        return Look(self.axis, jump * steps, self.first + jump * early, self.last + jump * late)

    def contains(self, other: Look) -> bool:
        """Whether each place is known to see all that it sees in the other."""
        if self.is_whole or self == other:
            return True
        if self.stride != other.stride:
            return False
        (_, latest_first), (earliest_last, _) = self._ends()
        (earliest_first, _), (_, latest_last) = other._ends()
        return is_at_least(earliest_first - latest_first, 0) and is_at_least(earliest_last - latest_last, 0)

    def _ends(self) -> tuple[tuple[Quantity, Quantity], tuple[Quantity, Quantity]]:
        """Between what the first and the last place seen are, counted from where the place itself stands."""
        slack = divide(self.jump * (self.spread - 1), self.spread)
        first = divide(self.jump * self.early, self.spread) + self.first
        last = divide(self.jump * self.late, self.spread) + self.last
        return (first - slack, first), (last - slack, last)


def together(looks: Sequence[Look]) -> Look:
    """What is seen through any of several. Raises SymparamsError where that is not known."""
    for look in looks:
        if all(look.contains(other) for other in looks):
            return look
    one = looks[0]
    if all(look.spread == 1 and look.jump == one.jump for look in looks):
        return one._replace(first=smallest(*(x.first for x in looks)), last=largest(*(x.last for x in looks)))
    if all(look._replace(early=one.early, late=one.late) == one for look in looks):
        return one._replace(early=smallest(*(x.early for x in looks)), late=largest(*(x.late for x in looks)))
    raise SymparamsError("no receptive field is known where branches see different windows at different distances")


def _common_factor(a: Quantity, b: Quantity) -> Quantity:
    if isinstance(a, int) and isinstance(b, int):
        return gcd(a, b)
    if a == 1 or b == 1:
        return 1
    if is_integer(divide(a, b)) and numerator_and_denominator(divide(a, b))[1] == 1:
        return b
    fault = f"what divides both {text.inline(a)} and {text.inline(b)} is not known"
    raise SymparamsError(f"no receptive field is known: {fault}", None, "put values in")

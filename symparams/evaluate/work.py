"""What one evaluation has worked out so far: how much, and on which premises."""

from __future__ import annotations

from ..errors import LimitError, Span
from .domain import CLOSED_FORMS, Domain
from .premises import Premises

MAX_WORK = 200_000


class Work:
    """Counts the calls of functions and the statements of rules, so that no program computes without end.

    `domain` is that of the values; `premises` are what must hold for the values that were worked out to be there.
    """

    def __init__(self, domain: Domain = CLOSED_FORMS) -> None:
        self.domain = domain
        self.left = MAX_WORK
        self.premises = Premises()

    def spend(self, span: Span) -> None:
        self.left -= 1
        if self.left < 0:
            raise LimitError(f"the program takes more than {MAX_WORK:,} steps to work out", span)

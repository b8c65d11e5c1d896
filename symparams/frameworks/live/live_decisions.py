"""Which way the code of a live module goes where that depends on symbols.

Code that runs shows one way only. So a decision that is not generic is tried both ways, and one behind which the code
raises is taken back: what the code refuses is not meant.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, Union

from ...closed_forms.conditions import Condition
from ...errors import LimitError, Source, SymparamsError
from ...evaluate import domain
from ..graph.growing_program import GrowingProgram

MAX_TRIES = 40
# A decision is one way, or the other, or free: it makes no difference.
Way = Union[bool, None]


class Undecided(BaseException):
    """Nothing says which way the code goes."""

    def __init__(self, error: SymparamsError):
        super().__init__(error.message)
        self.error = error


class CodeRaised(BaseException):
    """The code has raised an exception, after decisions that may be other ones."""

    def __init__(self, error: SymparamsError):
        super().__init__(error.message)
        self.error = error


class Decisions:
    """What is decided in one run of the code: first as planned, then as is generic."""

    def __init__(self, program: GrowingProgram, interpreter: Any, planned: list[Way]):
        self.program = program
        self.interpreter = interpreter
        self.planned = planned
        self.made: list[Way] = []
        self.free: set[Condition] = set()

    def decide(self, condition: Any) -> bool:
        settled = self.program.settled(condition)
        if isinstance(settled, bool) or settled in self.free:
            return settled is not False
        taken: Way
        if len(self.made) < len(self.planned):
            taken = self.planned[len(self.made)]
            if taken is None:
                self.free.add(settled)
            else:
                self.program.assume(settled if taken else domain.negate(settled))
        else:
            try:
                taken = self.interpreter.known(settled, None)
            except SymparamsError as error:
                error.hint = "give numbers in the shape"
                raise Undecided(error) from None
        self.made.append(taken)
        return taken is not False


class DecidedRun(Protocol):
    """A run of the code, and the program that it has come to."""

    written: Source


class Tries:
    """Runs of the code with several decisions, of which those count that do not raise."""

    def __init__(self, run: Callable[[list[Way]], DecidedRun], made: Callable[[], list[Way]]):
        self.run = run
        self.made = made
        self.count = 0

    def result(self, planned: list[Way]) -> DecidedRun:
        """The run of those that begins with these decisions. Raises SymparamsError, and CodeRaised."""
        self.count += 1
        if self.count > MAX_TRIES:
            raise LimitError("the code of the module decides too often by sizes that are symbols")
        try:
            return self.run(planned)
        except Undecided as undecided:
            return self.either(self.made(), undecided.error)
        except CodeRaised as raised:
            return self.other(planned, self.made(), raised)

    def either(self, made: list[Way], error: SymparamsError) -> DecidedRun:
        """The only one of two ways that does not raise, or both where they come to the same."""
        found: list[DecidedRun] = []
        for way in (True, False):
            try:
                found.append(self.result([*made, way]))
            except CodeRaised as raised:
                ended = raised
        if not found:
            raise ended
        if len(found) == 1:
            return found[0]
        if len({_without_assumptions(run.written) for run in found}) > 1:
            raise error
        return self.result([*made, None])

    def other(self, planned: list[Way], made: list[Way], raised: CodeRaised) -> DecidedRun:
        """A run with the last generic decision taken back, or the one before it."""
        for place in reversed(range(len(planned), len(made))):
            try:
                return self.result([*made[:place], not made[place]])
            except CodeRaised:
                continue
        raise raised


def _without_assumptions(source: Source) -> str:
    return "\n".join(line for line in source.text.split("\n") if not line.startswith("assume "))

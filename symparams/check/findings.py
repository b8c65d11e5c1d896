"""What a check finds, as values: false equalities, claims that differ from a network, what was not read."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple


class Used(NamedTuple):
    """A number that stands in a text."""

    start: int
    end: int
    value: Fraction


@dataclass
class Equality:
    """Two sides that a text says to be equal, with the numbers that stand in each and what they come to."""

    line: int
    column: int
    start: int
    end: int
    left: str
    right: str
    left_value: Any
    right_value: Any
    holds: bool
    # Values of names at which symbolic sides differ.
    where: dict[str, Fraction] = field(default_factory=dict)
    inputs: list[Used] = field(default_factory=list)
    results: list[Used] = field(default_factory=list)
    # The right side's tree, and the left's, for what mends it.
    sides: tuple[Any, Any] | None = None
    is_total: bool = False
    follows: list[int] = field(default_factory=list)

    def record(self) -> dict[str, Any]:
        return {
            "line": self.line,
            "column": self.column,
            "left": self.left,
            "right": self.right,
            "left_value": plain(self.left_value),
            "right_value": plain(self.right_value),
            "follows": self.follows,
        }


class Claim(NamedTuple):
    """What a text says of a layer of a network, and what the network has."""

    line: int
    layer: str
    claimed: int
    network: int

    def record(self) -> dict[str, Any]:
        return self._asdict()


class Unread(NamedTuple):
    """A line that could not be read, or not be judged, and why."""

    line: int
    text: str
    why: str

    def record(self) -> dict[str, Any]:
        return self._asdict()


@dataclass
class Findings:
    """All that a check found; `equalities` are those that were evaluated, in the order of the text."""

    equalities: list[Equality] = field(default_factory=list)
    against: list[Claim] = field(default_factory=list)
    not_read: list[Unread] = field(default_factory=list)

    @property
    def checked(self) -> int:
        return len(self.equalities)

    @property
    def false(self) -> list[Equality]:
        return [equality for equality in self.equalities if not equality.holds]

    @property
    def is_true(self) -> bool:
        """Whether nothing is false and no claim differs."""
        return not self.false and not self.against

    def record(self) -> dict[str, Any]:
        """The findings as JSON has them."""
        return {
            "checked": self.checked,
            "false": [equality.record() for equality in self.false],
            "against": [claim.record() for claim in self.against],
            "not_read": [unread.record() for unread in self.not_read],
        }


def plain(value: Any) -> Any:
    """A value as JSON has it: a whole number, a decimal where it is one, else a fraction or a formula as text."""
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    if isinstance(value, (int, Fraction)):
        fraction = Fraction(value)
        if fraction.denominator == 1:
            return fraction.numerator
        rest = fraction.denominator
        for prime in (2, 5):
            while rest % prime == 0:
                rest //= prime
        short = rest == 1 and fraction.denominator <= 10**12
        return float(fraction) if short or fraction.denominator > 10**12 else f"{fraction}"
    return None if value is None else str(value)

"""Sets of whole numbers as runs from a least number to a greatest one, the last of them perhaps without an end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

Run = tuple[int, "int | None"]
Runs = tuple[Run, ...]


def joined(runs: Iterable[Run]) -> Runs:
    """The same numbers in runs that neither meet nor touch, in order."""
    found: list[Run] = []
    for first, last in sorted(runs, key=lambda run: run[0]):
        if last is not None and last < first:
            continue
        if found and (found[-1][1] is None or first <= found[-1][1] + 1):
            before = found[-1][1]
            found[-1] = (found[-1][0], None if before is None or last is None else max(before, last))
        else:
            found.append((first, last))
    return tuple(found)


def shared(a: Runs, b: Runs) -> Runs:
    """The numbers that are in both, each of them with its runs joined and in order."""
    found: list[Run] = []
    i = j = 0
    while i < len(a) and j < len(b):
        (p, q), (r, s) = a[i], b[j]
        last = _lesser(q, s)
        if last is None or max(p, r) <= last:
            found.append((max(p, r), last))
        if last is None or last == q:
            i += 1
        if last is None or last == s:
            j += 1
    return joined(found)


def left_out(domain: Run, runs: Runs) -> Runs:
    """The numbers of a domain that are in none of the runs."""
    found: list[Run] = []
    start: int | None = domain[0]
    for first, last in runs:
        if start is not None:
            found.append((start, first - 1))
            start = None if last is None else last + 1
    return shared((domain,), joined([*found, (start, None)] if start is not None else found))


def _lesser(a: int | None, b: int | None) -> int | None:
    return b if a is None else a if b is None else min(a, b)


def has(runs: Runs, number: int) -> bool:
    return any(first <= number and (last is None or number <= last) for first, last in runs)


class Known(NamedTuple):
    """What is known of a set within a domain: the numbers that are in it, and those of which it is not decided."""

    domain: Run
    members: Runs
    undecided: Runs = ()

    def also(self, other: Known) -> Known:
        """What is in both."""
        members = shared(self.members, other.members)
        possible = shared(self._possible, other._possible)
        return Known(self.domain, members, shared(possible, left_out(self.domain, members)))

    def or_else(self, other: Known) -> Known:
        """What is in one of them."""
        members = joined([*self.members, *other.members])
        undecided = joined([*self.undecided, *other.undecided])
        return Known(self.domain, members, shared(undecided, left_out(self.domain, members)))

    def over(self, domain: Run) -> Known:
        """The same in a wider domain, outside of which nothing is in it."""
        return self._replace(domain=domain)

    @property
    def _possible(self) -> Runs:
        return joined([*self.members, *self.undecided])

    @property
    def hull(self) -> Run | None:
        """From the first number that may be in it to the last one; None where none may."""
        possible = self._possible
        return (possible[0][0], possible[-1][1]) if possible else None

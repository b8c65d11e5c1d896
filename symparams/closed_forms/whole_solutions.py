"""For which whole numbers a condition on one symbol holds: found, and proved beyond all that can be tried.

A bound on what only grows ends where a search by halves finds its end. A polynomial is monotone between the changes of
sign of its differences. Floors and remainders by numbers go once the symbol is written as m*q + r, for each r. What is
left is tried number by number up to where the bounds of closed forms decide the rest, or it stays undecided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import merge
from itertools import count
from math import lcm
from typing import NamedTuple

from ..errors import LimitError, SymparamsError
from .choices import choice
from .conditions import AllOf, Condition, Relation, relations, with_values
from .irrational import sign
from .periods import period
from .polynomial import Number, Quantity, Symbol, expression, terms_of
from .powers import opened, substitute
from .sign_changes import Stretch, of_polynomial, where_growing
from .trends import trend
from .whole_runs import Known, Run, Runs, has, joined, left_out

MOST_TRIED = 1_000_000
FARTHEST = 2**256
MOST_CLASSES = 720
HIGHEST_DEGREE = 60
MOST_CASES = 16
FIRST_STEPS = (1, 2, 8, 64, 1024)

# Which of the numbers from one to another meet a condition on a symbol, and up to which they were tried.
Trial = Callable[[Condition, Symbol, int, int], "tuple[list[int], int]"]


class Trying(NamedTuple):
    """How numbers are tried, and how many at the most."""

    work: Trial
    most: int


_SIGNS = {">=": (0, 1), "<": (-1,), "==": (0,), "!=": (-1, 1)}


class WholeSolutions(NamedTuple):
    """The numbers step*(m*q + r) with q in the set of r, for each remainder r."""

    modulus: int
    classes: tuple[Known, ...]
    step: int = 1

    def __contains__(self, number: object) -> bool:
        assert isinstance(number, int)
        turns, rest = divmod(number, self.step)
        quotient, place = divmod(turns, self.modulus)
        return not rest and has(self.classes[place].members, quotient)

    @property
    def number(self) -> int | None:
        """How many there are, None where there is no end to them."""
        found = 0
        for known in self.classes:
            for first, last in known.members:
                if last is None:
                    return None
                found += last - first + 1
        return found

    @property
    def decided_below(self) -> int | None:
        """The first number of which it is not decided whether it is one, None where it is of all."""
        places = enumerate(self.classes)
        return min((self.at(place, known.undecided[0][0]) for place, known in places if known.undecided), default=None)

    def at(self, place: int, quotient: int) -> int:
        return self.step * (quotient * self.modulus + place)

    def up(self, start: int | None = None) -> Iterator[int]:
        """From the least on, or from a number on."""
        return merge(*(self._up(place, known, start) for place, known in enumerate(self.classes)))

    def _up(self, place: int, known: Known, start: int | None) -> Iterator[int]:
        for first, last in known.members:
            if start is not None:
                first = max(first, -((self.at(place, 0) - start) // (self.step * self.modulus)))
            quotients = count(first) if last is None else range(first, last + 1)
            yield from (self.at(place, q) for q in quotients)

    def down(self, start: int | None = None) -> Iterator[int]:
        """From the greatest on, or from a number on; there has to be one."""
        backwards = (self._down(place, known, start) for place, known in enumerate(self.classes))
        return (-number for number in merge(*backwards))

    def _down(self, place: int, known: Known, start: int | None) -> Iterator[int]:
        below = None if start is None else (start - self.at(place, 0)) // (self.step * self.modulus)
        for first, last in reversed(known.members):
            end = min(e for e in (last, below) if e is not None)
            yield from (-self.at(place, q) for q in range(end, first - 1, -1))


def whole_solutions(condition: Condition, symbol: Symbol, domain: Run, trial: Trial, step: int = 1) -> WholeSolutions:
    """The multiples of a step within the domain for which a condition on this symbol alone holds."""
    if step > 1:
        first, last = domain
        domain = -(-first // step), None if last is None else last // step
        turns = Symbol(symbol.name, domain[0])
        condition, symbol = with_values(condition, {symbol: step * expression(turns)}), turns
    modulus = _modulus(condition, symbol, domain)
    trying = Trying(trial, MOST_TRIED // modulus)
    classes = tuple(_class(condition, symbol, domain, modulus, place, trying) for place in range(modulus))
    return WholeSolutions(modulus, classes, step)


def _modulus(condition: Condition, symbol: Symbol, domain: Run) -> int:
    """The least common period of what neither grows nor shrinks; 1 where it is too long to go through."""
    here = Symbol(symbol.name, domain[0])
    modulus = 1
    for relation in relations([with_values(condition, {symbol: expression(here)})]):
        if trend(relation.difference, here) is None:
            longer = lcm(modulus, period(relation, here) or 1)
            modulus = longer if longer <= MOST_CLASSES else modulus
    return modulus


def _class(condition: Condition, symbol: Symbol, domain: Run, modulus: int, rest: int, trying: Trying) -> Known:
    first, last = domain
    within = -(-(first - rest) // modulus), None if last is None else (last - rest) // modulus
    if within[1] is not None and within[1] < within[0]:
        return Known(within, ())
    quotient = Symbol(symbol.name, within[0])
    inside = with_values(condition, {symbol: modulus * expression(quotient) + rest})
    return known_of(inside, quotient, within, trying)


def known_of(condition: Condition, symbol: Symbol, domain: Run, trying: Trying) -> Known:
    """What is known of the numbers of a domain that meet a condition."""
    if isinstance(condition, bool):
        return Known(domain, (domain,) if condition else ())
    if isinstance(condition, Relation):
        return _of_relation(condition, symbol, domain, trying)
    if isinstance(condition, AllOf):
        return _of_all(condition, symbol, domain, trying)
    found = Known(domain, ())
    for part in condition.conditions:
        found = found.or_else(known_of(part, symbol, domain, trying))
    return found


def _of_all(condition: AllOf, symbol: Symbol, domain: Run, trying: Trying) -> Known:
    """Each part is looked at where the parts before it leave something."""
    found = Known(domain, (domain,))
    for part in sorted(condition.conditions, key=lambda part: _is_hard(part, symbol)):
        hull = found.hull
        if hull is None:
            break
        found = found.also(known_of(part, symbol, hull, trying).over(domain))
    return found


def _is_hard(condition: Condition, symbol: Symbol) -> bool:
    return not isinstance(condition, Relation) or trend(condition.difference, symbol) is None


def _of_relation(relation: Relation, symbol: Symbol, domain: Run, trying: Trying) -> Known:
    here = Symbol(symbol.name, domain[0])
    seen = with_values(relation, {symbol: expression(here)})
    if not isinstance(seen, Relation):
        return known_of(seen, here, domain, trying)
    stretches = _stretches(seen.difference, here, domain)
    if stretches is not None:
        return Known(domain, _wanted(stretches, seen.operator))
    if domain[1] is None and trend(seen.difference, here) is not None:
        return _up_to_limit(seen, here, domain, trying)
    return (
        _by_cases(seen, here, domain, trying)
        or _monotone_later(seen, here, domain, trying)
        or _tried(seen, here, domain, trying)
    )


def _by_cases(relation: Relation, symbol: Symbol, domain: Run, trying: Trying) -> Known | None:
    """Where one part of a maximum is the greater one, and where another is; None where that is not seen."""
    found = choice(relation, symbol)
    if found is None:
        return None
    where = known_of(found.condition, symbol, domain, trying)
    if where.undecided or len(where.members) > MOST_CASES:
        return None
    result = Known(domain, ())
    cases = (where.members, found.where_it_holds), (left_out(domain, where.members), found.elsewhere)
    for runs, case in cases:
        for run in runs:
            result = result.or_else(known_of(case, symbol, run, trying).over(domain))
    return result


def _up_to_limit(relation: Relation, symbol: Symbol, domain: Run, trying: Trying) -> Known:
    """Of what grows or shrinks towards a limit: up to where the rest is decided."""
    end, holds = _decided_end(relation, symbol, domain, FARTHEST)
    if end is None:
        return _tried(relation, symbol, domain, trying)
    known = known_of(relation, symbol, (domain[0], end), trying)
    return known.or_else(Known(domain, ((end + 1, None),) if holds else ())).over(domain)


def _wanted(stretches: list[Stretch], operator: str) -> Runs:
    return joined((first, last) for first, last, sign in stretches if sign in _SIGNS[operator])


def _monotone_later(relation: Relation, symbol: Symbol, domain: Run, trying: Trying) -> Known | None:
    """Number by number up to where the difference begins to grow or to shrink; None where that is not seen."""
    first, last = domain
    for step in FIRST_STEPS:
        if last is not None and first + step > last:
            return None
        later = Symbol(symbol.name, first + step)
        seen = with_values(relation, {symbol: expression(later)})
        if not isinstance(seen, Relation):
            return None
        beyond = _stretches(seen.difference, later, (first + step, last))
        if beyond is not None:
            found, tried_to = trying.work(relation, symbol, first, first + step - 1)
            members = joined([*((n, n) for n in found), *_wanted(beyond, seen.operator)])
            return Known(domain, members, joined([(tried_to + 1, first + step - 1)]))
    return None


def _stretches(difference: Quantity, symbol: Symbol, domain: Run) -> list[Stretch] | None:
    """Where a difference is negative, 0 and positive; None where that is not seen from its form."""
    coefficients = polynomial_in(opened(difference), symbol)
    if coefficients is not None:
        return of_polynomial(coefficients, domain)
    direction = trend(difference, symbol)
    if direction is None:
        return None
    turned = -1 if direction < 0 else 1
    try:
        found = where_growing(lambda number: turned * sign_at(difference, symbol, number), domain)
    except LimitError:
        if domain[1] is not None:
            raise
        return None
    return found and [(first, last, turned * sign) for first, last, sign in found]


def sign_at(value: Quantity, symbol: Symbol, number: int) -> int:
    """The sign of a value where the symbol is this number."""
    return sign(substitute(value, {symbol: number}))


def polynomial_in(value: Quantity, symbol: Symbol) -> list[Number] | None:
    """The coefficients in the order of the powers from 0, of what is a polynomial in one symbol alone."""
    found: dict[int, Number] = {}
    for monomial, coefficient in terms_of(value):
        if len(monomial) > 1 or (monomial and (monomial[0][0] is not symbol or monomial[0][1] < 0)):
            return None
        found[monomial[0][1] if monomial else 0] = coefficient
    highest = max(found, default=0)
    return [found.get(power, 0) for power in range(highest + 1)] if highest <= HIGHEST_DEGREE else None


def _tried(relation: Relation, symbol: Symbol, domain: Run, trying: Trying) -> Known:
    """Number by number, up to the end or to where the rest is decided; what is too far is undecided."""
    first, last = domain
    most = first + trying.most - 1
    end, beyond = last, False
    if last is None or last > most:
        end, beyond = _decided_end(relation, symbol, domain, trying.most)
    stop = most if end is None else end
    found, tried_to = trying.work(relation, symbol, first, stop)
    members = [(n, n) for n in found]
    if end is None:
        return Known(domain, joined(members), joined([(tried_to + 1, last)]))
    rest: Run = end + 1, last
    return Known(domain, joined([*members, rest] if beyond else members), joined([(tried_to + 1, end)]))


def _decided_end(relation: Relation, symbol: Symbol, domain: Run, most: int) -> tuple[int | None, bool]:
    """The last number that has to be tried, and whether the condition holds beyond; None where that is not seen."""
    first, last = domain
    step = 1
    while step <= most and (last is None or first + step <= last):
        beyond = Symbol(symbol.name, first + step)
        try:
            seen = with_values(relation, {symbol: expression(beyond)})
        except SymparamsError:
            seen = relation
        if isinstance(seen, bool):
            return first + step - 1, seen
        step *= 2
    return None, False

"""Whether a quantity is never negative, seen from what is known of its atoms."""

from __future__ import annotations

from collections import defaultdict
from math import comb, prod

from .floors import Floor
from .polynomial import Expr, Monomial, Number, Quantity, collected, is_at_least, is_integer, multiply, total
from .quotients import divide, numerator_and_denominator
from .signs import divides_positively

MAX_SHIFTED = 1_000


def never_negative(value: Quantity) -> bool:
    """Whether the value is seen to be >= 0 for all admissible values of its symbols. False means "not seen"."""
    if not isinstance(value, Expr):
        return value >= 0
    if is_at_least(value, 0):
        return True
    value, under = numerator_and_denominator(value)
    if not divides_positively(under):
        return False
    if _shifted_is_positive(value):
        return True
    bounded = _floors_at_their_worst(value) if isinstance(value, Expr) else None
    return bounded is not None and _shifted_is_positive(numerator_and_denominator(bounded)[0])


def _shifted_is_positive(value: Quantity) -> bool:
    """Whether all coefficients are >= 0 once every atom is written as its lower bound and what it has above it."""
    if not isinstance(value, Expr):
        return value >= 0
    if any(atom.lower is None for atom in value.atoms()) or _terms_when_shifted(value) > MAX_SHIFTED:
        return False
    shifted: dict[Monomial, Number] = defaultdict(int)
    for monomial, coefficient in value.terms.items():
        for rest, factor in _shifted(monomial):
            shifted[rest] += coefficient * factor
    return all(coefficient >= 0 for coefficient in shifted.values())


def _terms_when_shifted(value: Expr) -> int:
    """How many terms there are at the most once every atom is written as a sum of two."""
    return sum(prod(abs(exponent) + 1 for _, exponent in monomial) for monomial in value.terms)


def _shifted(monomial: Monomial) -> list[tuple[Monomial, int]]:
    """The terms of a monomial in what its atoms have above their lower bounds; what is divided by stays as it is."""
    terms: list[tuple[Monomial, int]] = [((), 1)]
    for atom, exponent in monomial:
        lower = atom.lower or 0
        if exponent > 0 and lower:
            above = [(e, comb(exponent, e) * lower ** (exponent - e)) for e in range(exponent + 1)]
        else:
            above = [(exponent, 1)]
        terms = [(((*rest, (atom, e)) if e else rest), a * b) for rest, a in terms for e, b in above]
    return terms


def _floors_at_their_worst(value: Expr) -> Quantity | None:
    """The value with each floor(n/d) replaced by the least that it may be where more would help, else by n/d."""
    if not any(isinstance(atom, Floor) for atom in value.atoms()):
        return None
    results: list[Quantity] = []
    for monomial, coefficient in value.terms.items():
        floors = [(a, e) for a, e in monomial if isinstance(a, Floor)]
        if not floors:
            results.append(collected({monomial: coefficient}))
            continue
        others = tuple((a, e) for a, e in monomial if not isinstance(a, Floor))
        if len(floors) > 1 or floors[0][1] != 1 or any((a.lower or 0) < 0 or a.lower is None for a, _ in others):
            return None
        atom = floors[0][0]
        assert isinstance(atom, Floor)
        if not divides_positively(atom.denominator):
            return None
        least_rest = int(is_integer(atom.numerator) and is_integer(atom.denominator))
        worst = atom.numerator - atom.denominator + least_rest if coefficient > 0 else atom.numerator
        results.append(multiply(collected({others: coefficient}), divide(worst, atom.denominator)))
    return total(results)

"""Proof that two quantities are equal: a normal form in which only whole, reduced floors and symbols are left.

Arithmetic keeps a size the way it came about. Here the same size always has the same form: sums are multiplied out,
remainders written as floors, and each floor(n/d) is divided out, so that no term of n is a multiple of the first of d.
"""

from __future__ import annotations

from functools import reduce
from math import gcd

from ..errors import SymparamsError
from .floors import Floor, Remainder, floor_divide, lowest_terms, single_floor
from .polynomial import (
    Atom,
    Expr,
    Monomial,
    Number,
    Quantity,
    collected,
    expression,
    inverse,
    is_at_least,
    is_integer,
    multiply,
    terms_of,
    times,
    total,
)
from .powers import map_atoms, meant, opened
from .quotients import divide, numerator_and_denominator, rank
from .recurrences import same_size

MAX_STEPS = 200


def equal(a: Quantity, b: Quantity) -> bool:
    """Whether two quantities are proved to be equal wherever both have a value; False means "not proved"."""
    a, b = meant(a), meant(b)
    if a == b or opened(a) == opened(b) or same_size(a, b):
        return True
    try:
        return opened(numerator_and_denominator(normal(a) - normal(b))[0]) == 0
    except SymparamsError:
        return False


def normal(value: Quantity) -> Quantity:
    """The quantity in normal form. Raises SymparamsError where it divides by what is always 0."""
    return opened(map_atoms(opened(meant(value)), _normal_atom))


def _normal_atom(atom: Atom) -> Quantity:
    parts = tuple(map(normal, atom.parts()))
    if isinstance(atom, Floor):
        return _normal_floor(*parts)
    if isinstance(atom, Remainder):
        dividend, divisor = parts
        return opened(dividend - multiply(divisor, _normal_floor(dividend, divisor)))
    return atom.rebuild(parts) if parts else expression(atom)


def _normal_floor(over: Quantity, under: Quantity) -> Quantity:
    """floor(over/under) as a whole part and the floor of a fraction that cannot be divided further."""
    if under == 0 or not (is_integer(over) and is_integer(under)):
        return _real_floor(over, under)
    if isinstance(under, int) and under < 0:
        over, under = -over, -under
    quotient, rest = _divided(opened(over), opened(under))
    if rest == 0:
        return quotient
    if is_at_least(under, 0):
        joined = _joined(rest, under)
        if joined != (rest, under):
            return quotient + _normal_floor(*joined)
        content = reduce(gcd, (c.numerator for _, c in terms_of(under)))
        if isinstance(under, Expr) and content > 1:
            return quotient + _normal_floor(_normal_floor(rest, content), divide(under, content))
    if isinstance(rest, Expr):
        rest, under = lowest_terms(rest, under)
    if not (isinstance(rest, Expr) or isinstance(under, Expr)):
        return quotient + floor_divide(rest, under)
    return quotient + expression(Floor(rest, under))


def _real_floor(over: Quantity, under: Quantity) -> Quantity:
    """floor(over/under) of real numbers: their whole terms, and the floor of the others in lowest terms."""
    terms = [collected({monomial: coefficient}) for monomial, coefficient in terms_of(opened(divide(over, under)))]
    whole_terms = total(term for term in terms if is_integer(term))
    rest = total(term for term in terms if not is_integer(term))
    return whole_terms + floor_divide(*numerator_and_denominator(rest))


def _joined(over: Quantity, under: Quantity) -> tuple[Quantity, Quantity]:
    """The fraction with no floor in its numerator, but that of a number below where symbols stand below the fraction.

    So a number below comes first and the symbols after it, however the size came about.
    """
    inner = single_floor(over)
    if inner is None or (isinstance(under, Expr) and not isinstance(inner.denominator, Expr)):
        return over, under
    rest = multiply(inner.denominator, over - expression(inner))
    return _joined(opened(inner.numerator + rest), opened(multiply(inner.denominator, under)))


def _divided(over: Quantity, under: Quantity) -> tuple[Quantity, Quantity]:
    """Whole quotient and rest of polynomials: no term of the rest is a multiple of the first term of the divisor."""
    leading, divisor = max(terms_of(under), key=lambda term: rank(term[0]))
    quotient: Quantity = 0
    for _ in range(MAX_STEPS):
        step = _step(over, leading, divisor)
        if step == 0:
            break
        quotient, over = quotient + step, opened(over - multiply(step, under))
    return quotient, over


def _step(over: Quantity, leading: Monomial, divisor: Number) -> Quantity:
    """What the largest term of `over` that can be divided has to be divided by."""
    for monomial, coefficient in sorted(terms_of(over), key=lambda term: rank(term[0]), reverse=True):
        above = times(monomial, inverse(leading))
        turns = coefficient // divisor
        if turns and all(e > 0 for _, e in above):
            return collected({above: turns})
    return 0

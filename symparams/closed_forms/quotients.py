"""Quotients of quantities: divided where that goes, and as a numerator over a denominator."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm
from typing import Any

from ..errors import SymparamsError
from .polynomial import (
    Atom,
    Expr,
    Monomial,
    Number,
    Quantity,
    Sum,
    by_order,
    collected,
    inverse,
    terms_of,
    times,
    whole,
)


def divide(a: Quantity, b: Quantity) -> Quantity:
    """The exact quotient. Raises SymparamsError for a divisor of 0."""
    if not isinstance(b, Expr):
        if b == 0:
            raise SymparamsError("division by 0")
        return whole(Fraction(a) / b) if not isinstance(a, Expr) else a * whole(1 / Fraction(b))
    if len(b.terms) == 1:
        ((monomial, coefficient),) = b.terms.items()
        return Expr({inverse(monomial): whole(1 / Fraction(coefficient))}) * a
    quotient = exact_quotient(a, b)
    if quotient is not None:
        return quotient
    content, primitive = split_content(b)
    return divide(Expr({((Sum(primitive), -1),): 1}) * a, content)


def split_content(value: Expr) -> tuple[Quantity, Expr]:
    """`value` as a monomial times a sum whose terms share no factor, the first coefficient positive."""
    number, shared = content(value), common_monomial(value)
    rest = collected({times(m, inverse(shared)): c / number for m, c in value.terms.items()})
    assert isinstance(rest, Expr)
    return collected({shared: number}), rest


def content(value: Expr) -> Fraction:
    """What the coefficients share, with the sign of the first one of the highest degree."""
    coefficients = [Fraction(c) for c in value.terms.values()]
    shared = Fraction(gcd(*(c.numerator for c in coefficients)), lcm(*(c.denominator for c in coefficients)))
    first = min(value.terms, key=lambda m: (-sum(e for _, e in m), [(atom.order, -e) for atom, e in m]))
    return shared if value.terms[first] > 0 else -shared


def common_monomial(value: Expr) -> Monomial:
    """The largest monomial that divides every term."""
    monomials = [dict(m) for m in value.terms]
    lowest = ((atom, min(m.get(atom, 0) for m in monomials)) for atom in value.atoms())
    return tuple((a, e) for a, e in lowest if e)


def rank(monomial: Monomial) -> tuple[int, list[tuple[tuple[Any, ...], int]]]:
    """The place of a monomial in an order that multiplication keeps: by degree, then by the atoms."""
    return sum(e for _, e in monomial), [(atom.order, e) for atom, e in reversed(monomial)]


def exact_quotient(a: Quantity, b: Expr) -> Quantity | None:
    """a / b where the division of polynomials leaves no remainder."""
    if a == 0:
        return 0
    if len(b.terms) == 1:
        quotient = divide(a, b)
        return quotient if all(e > 0 for m, _ in terms_of(quotient) for _, e in m) else None

    leading = max(b.terms, key=rank)
    quotients: dict[Monomial, Number] = {}
    rest = a
    for _ in range(200):
        if rest == 0:
            return collected(quotients)
        if not isinstance(rest, Expr):
            return None
        top = max(rest.terms, key=rank)
        step = times(top, inverse(leading))
        if any(e < 0 for _, e in step):
            return None
        factor = Fraction(rest.terms[top]) / b.terms[leading]
        quotients[step] = whole(factor)
        rest = rest - b * collected({step: factor})
    return None


def numerator_and_denominator(value: Quantity) -> tuple[Quantity, Quantity]:
    """The value as a fraction of two sums without fractions or negative exponents, both whole where the atoms are."""
    if not isinstance(value, Expr):
        return value.numerator, value.denominator
    scale = lcm(*(c.denominator for c in value.terms.values()))
    lowest: dict[Atom, int] = {}
    for monomial in value.terms:
        for atom, exponent in monomial:
            lowest[atom] = min(lowest.get(atom, 0), exponent)
    under = tuple(sorted(((a, -e) for a, e in lowest.items() if e < 0), key=by_order))
    if scale == 1 and not under:
        return value, 1
    over = collected({times(m, under): c * scale for m, c in value.terms.items()})
    return over, collected({under: scale})

"""Whether a quantity is seen to be positive."""

from __future__ import annotations

from .polynomial import Atom, Expr, Quantity, Symbol, is_at_least, terms_of


def divides_positively(value: Quantity) -> bool:
    """Whether the value is seen at once to be positive wherever it can divide."""
    if is_at_least(value, 0):
        return True
    ((monomial, coefficient), *others) = terms_of(value)
    alone = coefficient > 0 and not others
    return alone and all(e % 2 == 0 or (atom.lower is not None and atom.lower >= 0) for atom, e in monomial)


def is_positive(value: Quantity) -> bool:
    """Whether the value is seen at once to be positive."""
    if is_at_least(value, 1):
        return True
    if not isinstance(value, Expr):
        return value > 0
    parts = [all(_is_positive_atom(atom) for atom, _ in monomial) for monomial in value.terms]
    return is_at_least(value, 0) and value.constant >= 0 and any(parts)


def _is_positive_atom(atom: Atom) -> bool:
    return (atom.lower or 0) >= 1 or (isinstance(atom, Symbol) and atom.positive)

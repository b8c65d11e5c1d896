"""Whether values are of the kind that they should be, and the conditions under which symbolic ones are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..closed_forms.bounds import never_negative
from ..closed_forms.conditions import AllOf, AnyOf, Condition, Relation, all_of, compare, is_whole
from ..closed_forms.polynomial import (
    Atom,
    Expr,
    Quantity,
    Symbol,
    divides_positively,
    expression,
    is_at_least,
    is_integer,
    numerator_and_denominator,
)
from ..language.kinds import FROM_ZERO, POSITIVE, POSITIVE_REAL, REAL, REAL_FROM_ZERO, WHOLE, Domain, Kind
from .arguments import is_number
from .expressions import Value


def of_kind(value: Value, kind: Kind) -> Condition:
    """The condition under which a value that is no tuple is of this kind."""
    if isinstance(kind.values, Domain):
        return is_number(value) and in_domain(value, kind.values)  # type: ignore[arg-type]
    if kind.values is bool:
        return isinstance(value, (bool, Relation, AnyOf, AllOf))
    return isinstance(value, str)


def in_domain(value: Quantity, domain: Domain) -> Condition:
    return _is_seen(value, domain) or all_of(_conditions(value, domain))


def _is_seen(value: Quantity, domain: Domain) -> bool:
    """Whether the value is seen at once to be in the domain."""
    if not isinstance(value, Expr):
        return domain.has(value)
    least = domain.first_whole
    bounded = least is None or is_at_least(value, least)
    return bounded and domain.greatest is None and (not domain.whole or is_integer(value))


def _conditions(value: Quantity, domain: Domain) -> Iterable[Condition]:
    if domain.whole:
        yield is_whole(value)
    if domain == POSITIVE:
        yield from _is_positive(value)
    elif domain.least is not None:
        yield compare(">" if domain.above else ">=", value, domain.least)
    if domain.greatest is not None:
        yield compare("<=", value, domain.greatest)


def _is_positive(size: Quantity) -> Iterable[Condition]:
    """The conditions under which a whole size is at least 1: of a product of whole factors, that each of them is.

    Two that are never positive, as ceilings are that are written as floors, are positive together.
    """
    over, under = numerator_and_denominator(size)
    if not divides_positively(under):
        return (compare(">=", size, 1),)
    if isinstance(over, Expr) and len(over.terms) == 1:
        ((monomial, coefficient),) = over.terms.items()
        factors = [-expression(atom) if never_positive(atom) else expression(atom) for atom, _ in monomial]
        turned = sum(exponent for atom, exponent in monomial if never_positive(atom))
        if coefficient * (-1) ** turned > 0 and all(atom.integer for atom, _ in monomial):
            return (compare(">=", factor, 1) for factor in factors)
    return (compare(">=", over if is_whole(size) is not True else size, 1),)


def never_positive(atom: Atom) -> bool:
    """Whether a factor is seen to be 0 or less."""
    return atom.lower is None and never_negative(-expression(atom))


def domain_of(symbol: Symbol) -> Domain:
    """The domain of a symbol that stands for a name; what is assumed of it besides is a condition."""
    if symbol.integer:
        return WHOLE if symbol.lower is None else FROM_ZERO if symbol.lower == 0 else POSITIVE
    return POSITIVE_REAL if symbol.positive else REAL if symbol.lower is None else REAL_FROM_ZERO


def symbol_in(domain: Domain, name: str) -> Symbol:
    return Symbol(name, domain.least, domain.whole, None if domain.whole or domain.above else False)


def parts(value: Value) -> Iterator[Value]:
    """The values inside of tuples, however deep."""
    if isinstance(value, tuple):
        for item in value:
            yield from parts(item)
    else:
        yield value

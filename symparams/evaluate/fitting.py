"""Whether values are of the kind that they should be, and the conditions under which symbolic ones are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..closed_forms.conditions import Condition
from ..closed_forms.polynomial import Quantity, Symbol
from ..language.kinds import FROM_ZERO, POSITIVE, POSITIVE_REAL, REAL, REAL_FROM_ZERO, WHOLE, Kind, Numbers
from .axes import Value
from .domain import (
    all_of,
    compare,
    is_at_least,
    is_condition,
    is_integer,
    is_number,
    is_symbolic,
    is_whole,
    positive_conditions,
)


def of_kind(value: Value, kind: Kind) -> Condition:
    """The condition under which a value that is no tuple is of this kind."""
    if isinstance(kind.values, Numbers):
        return is_number(value) and belongs(value, kind.values)
    if kind.values is bool:
        return is_condition(value)
    return isinstance(value, str)


def belongs(value: Quantity, numbers: Numbers) -> Condition:
    return _is_seen(value, numbers) or all_of(_conditions(value, numbers))


def _is_seen(value: Quantity, numbers: Numbers) -> bool:
    """Whether the value is seen at once to be among the numbers."""
    if not is_symbolic(value):
        return numbers.has(value)
    least = numbers.first_whole
    bounded = least is None or is_at_least(value, least)
    return bounded and numbers.greatest is None and (not numbers.whole or is_integer(value))


def _conditions(value: Quantity, numbers: Numbers) -> Iterable[Condition]:
    if numbers.whole:
        yield is_whole(value)
    if numbers == POSITIVE:
        yield from positive_conditions(value)
    elif numbers.least is not None:
        yield compare(">" if numbers.above else ">=", value, numbers.least)
    if numbers.greatest is not None:
        yield compare("<=", value, numbers.greatest)


def numbers_for(symbol: Symbol) -> Numbers:
    """The numbers that a symbol stands for; what is assumed of it besides is a condition."""
    if symbol.integer:
        return WHOLE if symbol.lower is None else FROM_ZERO if symbol.lower == 0 else POSITIVE
    return POSITIVE_REAL if symbol.positive else REAL if symbol.lower is None else REAL_FROM_ZERO


def symbol_among(numbers: Numbers, name: str) -> Symbol:
    return Symbol(name, numbers.least, numbers.whole, None if numbers.whole or numbers.above else False)


def parts(value: Value) -> Iterator[Value]:
    """The values inside of tuples, however deep."""
    if isinstance(value, tuple):
        for item in value:
            yield from parts(item)
    else:
        yield value

"""What may be put in for a parameter: numbers of the sort that its default is, element by element in a tuple."""

from __future__ import annotations

from collections.abc import Container, Sequence
from fractions import Fraction
from typing import Union

from ..closed_forms.polynomial import Quantity
from ..errors import listing
from ..language import syntax
from ..language.kinds import FROM_ZERO, POSITIVE, POSITIVE_REAL, REAL, REAL_FROM_ZERO, WHOLE, Numbers
from .axes import Value
from .domain import is_at_least, is_integer, is_number, is_symbolic, symbols_of
from .fitting import belongs

# A list has the sorts of a tuple's elements. The type bool stands for truth values, None for words, which give no hint.
Sort = Union[Numbers, "list[Sort]", "type[bool]", None]


def sort_of(default: syntax.Node, value: Value, decimals: Container[str]) -> Sort:
    """The sort of a default, from its value; `decimals` are the parameters before it that are no whole numbers."""
    if isinstance(value, tuple):
        return [sort_of(node, item, decimals) for node, item in zip(_elements(default, len(value)), value)]
    if is_symbolic(value):
        return _sort_of_formula(value)
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        return _sort_of_number(value, isinstance(value, Fraction) or _is_decimal(default, decimals))
    return None if isinstance(value, str) else bool


def _elements(default: syntax.Node, count: int) -> Sequence[syntax.Node]:
    """The nodes of the elements of a tuple, where it is written out."""
    items = default.items if isinstance(default, (syntax.Tuple, syntax.List)) else ()
    return items if len(items) == count else [default] * count


def _sort_of_number(value: int | Fraction, decimal: bool) -> Numbers:
    if value > 0:
        return POSITIVE_REAL if decimal else POSITIVE
    if value == 0:
        return REAL_FROM_ZERO if decimal else FROM_ZERO
    return REAL if decimal else WHOLE


def _sort_of_formula(value: Quantity) -> Numbers:
    """The sort of a default that is made of symbols: whole where they are, from 0 where it can be 0."""
    if not all(symbol.integer for symbol in symbols_of(value)):
        return POSITIVE_REAL
    return FROM_ZERO if is_integer(value) and not is_at_least(value, 1) else POSITIVE


def _is_decimal(node: syntax.Node, decimals: Container[str]) -> bool:
    """Whether an expression has a decimal in it that no function has rounded: 1.0, 2*0.5."""
    if isinstance(node, syntax.Number):
        return node.decimal
    if isinstance(node, syntax.Name):
        return node.name in decimals
    arithmetic = isinstance(node, (syntax.Sign, syntax.Addition, syntax.Multiplication, syntax.Exponent))
    return arithmetic and any(_is_decimal(operand, decimals) for operand in node.children())


def admits(sort: Sort, value: Value) -> bool:
    """Whether a value can be put in; one for each axis may stand for one number, and the other way round."""
    if sort is None or isinstance(value, str):
        return sort is not bool
    if isinstance(value, tuple):
        each = sort if isinstance(sort, list) and len(sort) == len(value) else [sort] * len(value)
        return all(map(admits, each, value))
    if isinstance(sort, list):
        return any(admits(part, value) for part in sort)
    if isinstance(sort, Numbers):
        return is_number(value) and belongs(value, sort) is not False
    return isinstance(value, bool)


def described(sort: Sort) -> str:
    """What a value of this sort is: `a positive whole number`."""
    if isinstance(sort, list):
        return listing(dict.fromkeys(map(described, sort)), "or")
    return str(sort) if isinstance(sort, Numbers) else "true or false"

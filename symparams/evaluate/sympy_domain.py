"""Values that are sympy's: the same operations as on closed forms, all of them worked out by sympy.

Floors, remainders, extremes and sums are the sympy functions of `closed_forms.sympy_functions`. What sympy leaves as
it is stays so, nested floors too; so conditions are more than those of the closed forms, and none is joined to another.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy

from ..closed_forms.sympy_functions import ExactAbs, ExactFloor, ExactMax, ExactMin
from ..closed_forms.sympy_proofs import is_whole
from . import sympy_conditions, sympy_repeats
from .domain import OPERATIONS, Domain, add_domain
from .sympy_arithmetic import as_one_fraction, ceiling, divide, logarithm, power, remainder, square_root
from .sympy_values import (
    SympyCondition,
    SympyValue,
    as_value,
    expression,
    held,
    never_negative,
    substitute,
    symbols_of,
)


def _on_values(work: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *values: as_value(work(*map(held, values)))


# What is known of a value


def is_integer(value: Any) -> bool:
    return bool(is_whole(held(value)))


def is_at_least(value: Any, bound: int) -> bool:
    return never_negative(held(value) - bound)


def is_positive(value: Any) -> bool:
    found = held(value)
    return bool(found.is_positive) or (is_integer(value) and never_negative(found - 1))


def numerator_and_denominator(value: Any) -> tuple[Any, Any]:
    over, under = as_one_fraction(held(value))
    return as_value(over), as_value(under)


def with_remainder(plain: Any, divisor: Any, rest: int, least: int) -> Any:
    """The symbol itself: what is known of its remainder is a fact beside it."""
    return plain


OF_SYMPY = Domain("sympy", expression, with_remainder, frozenset({SympyValue}), frozenset({SympyCondition}))


_OPERATIONS: dict[str, Callable[..., Any]] = {
    "multiply": _on_values(lambda a, b: a * b),
    "divide": _on_values(divide),
    "power": _on_values(power),
    "floor_divide": _on_values(lambda a, b: ExactFloor(divide(a, b))),
    "remainder": _on_values(remainder),
    "floor": _on_values(ExactFloor),
    "ceiling": _on_values(ceiling),
    "rounded": _on_values(lambda value: ExactFloor(value + sympy.Rational(1, 2))),
    "absolute": _on_values(ExactAbs),
    "square_root": _on_values(square_root),
    "logarithm": _on_values(logarithm),
    "largest": _on_values(ExactMax),
    "smallest": _on_values(ExactMin),
    "total": lambda values: as_value(sympy.Add(*map(held, values))),
    **dict.fromkeys(("product", "size_product"), lambda values: as_value(sympy.Mul(*map(held, values)))),
    **dict.fromkeys(("absorbed", "meant", "shortest", "normal", "as_meant"), lambda value: value),
    **dict.fromkeys(("substitute", "with_values"), substitute),
    "for_each_axis": lambda value, axes: (value,) * axes,
    "trend": lambda value, index: None if index in symbols_of(value) else 0,
    "is_integer": is_integer,
    "is_at_least": is_at_least,
    "is_positive": is_positive,
    "symbols_of": symbols_of,
    "numerator_and_denominator": numerator_and_denominator,
}
for _name in OPERATIONS - _OPERATIONS.keys():
    _OPERATIONS[_name] = getattr(sympy_conditions, _name, None) or getattr(sympy_repeats, _name)

add_domain(OF_SYMPY, _OPERATIONS)

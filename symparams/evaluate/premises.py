"""What must hold for an operation to have a value: no divisor is 0, and no root is taken of a negative number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from ..closed_forms.conditions import Condition
from ..closed_forms.polynomial import Quantity
from .domain import any_of, compare, is_at_least, is_integer, is_not_zero, is_positive, is_symbolic


class Premises:
    """The conditions of the operations that were carried out and that no stage has taken over."""

    def __init__(self) -> None:
        self.open: dict[Condition, None] = {}

    def taken(self) -> Iterable[Condition]:
        taken, self.open = self.open, {}
        return taken

    @contextmanager
    def apart(self) -> Iterator[Premises]:
        """Those of what is worked out inside alone."""
        before, self.open = self.open, {}
        try:
            yield self
        finally:
            self.open = before


def _divides(_: Any, divisors: Any) -> Iterable[Condition]:
    return (is_not_zero(divisor) for divisor in _formulas(divisors))


def _have_powers(bases: Any, exponents: Any) -> Iterable[Condition]:
    return (_has_power(base, exponent) for base in _formulas(bases) for exponent in _quantities(exponents))


def _has_power(base: Quantity, exponent: Quantity) -> Condition:
    if is_positive(base) or (is_integer(exponent) and is_at_least(exponent, 0)):
        return True
    if is_integer(exponent):
        return any_of((compare(">=", exponent, 0), is_not_zero(base)))
    return any_of((compare(">=", exponent, 0), is_not_zero(base))) if is_at_least(base, 0) else compare(">", base, 0)


def _quantities(value: Any) -> Iterator[Quantity]:
    if isinstance(value, tuple):
        for item in value:
            yield from _quantities(item)
    else:
        yield value


def _formulas(value: Any) -> Iterator[Quantity]:
    return filter(is_symbolic, _quantities(value))


# What must hold for an operator or a function of certain values to have a value; the others have one for all.
OF_OPERATORS: dict[str, Callable[[Any, Any], Iterable[Condition]]] = {
    **dict.fromkeys(("/", "//", "%"), _divides),
    "**": _have_powers,
}
OF_FUNCTIONS: dict[str, Callable[[Any], Iterable[Condition]]] = {
    "sqrt": lambda values: (compare(">=", value, 0) for value in _formulas(values)),
    "log2": lambda values: (is_positive(value) or compare(">", value, 0) for value in _formulas(values)),
}

"""Arithmetic on sympy's expressions, within limits: no number grows beyond what can be written."""

from __future__ import annotations

from math import comb, inf, log2
from typing import Any

import sympy

from ..closed_forms.polynomial import MAX_BITS
from ..closed_forms.sympy_functions import ExactFloor, ExactLog2, ExactMod
from ..closed_forms.sympy_proofs import is_whole
from ..errors import LimitError, SymparamsError

MOST_TERMS = 2_000


def expanded(value: Any) -> Any:
    """The value multiplied out; as it is where that would be long."""
    return sympy.expand(value) if _terms(value) <= MOST_TERMS else value


def as_one_fraction(value: Any) -> tuple[Any, Any]:
    """Numerator and denominator of the value; itself over 1 where a fraction would be long."""
    return sympy.together(value).as_numer_denom() if _terms(value) <= MOST_TERMS else (value, sympy.Integer(1))


def _terms(value: Any) -> float:
    """At most how many terms there are when the value is multiplied out."""
    if value.is_Add:
        return min(MOST_TERMS + 1, sum(map(_terms, value.args)))
    if value.is_Mul:
        found = 1.0
        for factor in value.args:
            found = min(MOST_TERMS + 1, found * _terms(factor))
        return found
    if value.is_Pow and value.exp.is_Integer:
        base, turns = _terms(value.base), abs(int(value.exp))
        if base == 1:
            return 1
        return MOST_TERMS + 1 if turns > MOST_TERMS or base > MOST_TERMS else comb(turns + int(base) - 1, turns)
    return max([1, *map(_terms, value.args)])


def power(base: Any, exponent: Any) -> Any:
    """base**exponent. Raises LimitError for a number with more digits than the tool writes."""
    if base.is_number and exponent.is_number and abs(_size(exponent)) * _bits(base) > MAX_BITS:
        raise LimitError(f"a power would have more than {MAX_BITS * 3 // 10:,} digits")
    return base**exponent


def _bits(number: Any) -> float:
    """About how many binary digits a number has before or behind the point."""
    if number.is_Rational:
        digits = max(abs(number.p), number.q).bit_length()
        return digits if digits > 1 else 0
    size = abs(_size(abs(number)))
    return abs(log2(size)) if 0 < size < inf else 0 if size == 0 or not number.is_finite else MAX_BITS


def _size(number: Any) -> float:
    try:
        return float(number.evalf(10))
    except OverflowError:
        return inf
    except TypeError:
        return 0


def ceiling(value: Any) -> Any:
    """The least whole number that is not below the value: a floor, as in the tables."""
    over, under = value.as_numer_denom()
    if is_whole(over) and is_whole(under) and under.is_positive:
        return ExactFloor((over + under - 1) / under)
    return -ExactFloor(-value)


def divide(a: Any, b: Any) -> Any:
    if b == 0:
        raise SymparamsError("division by 0")
    return a / b


def remainder(a: Any, b: Any) -> Any:
    if b == 0:
        raise SymparamsError("division by 0")
    return ExactMod(a, b)


def square_root(value: Any) -> Any:
    if value.is_number and value < 0:
        raise SymparamsError("a negative number has no square root")
    return sympy.sqrt(value)


def logarithm(value: Any) -> Any:
    if value.is_number and value <= 0:
        raise SymparamsError("only a positive number has a logarithm")
    return ExactLog2(value) if value.free_symbols else sympy.log(value, 2)

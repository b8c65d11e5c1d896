"""What sympy worked out, written as the tables write it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from ..errors import LimitError, SymparamsError
from ..formula import latex, text
from ..formula.sympy_tree import tree_of
from ..formula.tree import Order
from .solving import MOST_TRIED, Tried

MAX_DIGITS = 4_000
DECIMALS = 12
MOST_SHOWN = 12


def shown(value: Any, order: Order) -> str:
    """A value as text: numbers with thousands in groups and as decimals where they are not whole."""
    if isinstance(value, Tried):
        return _tried(value)
    if isinstance(value, tuple):
        items = [shown(item, order) for item in value]
        return items[0] if len(items) == 1 else text.tuple_of(items) if items else "none"
    if not getattr(value, "is_number", False):
        return text.render(tree_of(value, order))
    if value.is_finite is None or value in (sympy.zoo, sympy.nan):
        raise SymparamsError("this has no value")
    if value.is_Rational:
        return _number(Fraction(int(value.p), int(value.q)))
    if value.is_Float:
        return str(value)
    decimal = str(sympy.N(value, 7))
    if value.has(sympy.CRootOf):
        return f"≈ {decimal}"
    exact = text.render(tree_of(value, order))
    return exact if exact == decimal else f"{exact} ≈ {decimal}"


def _tried(value: Tried) -> str:
    """Solutions that were found by trying."""
    more = f" and {len(value) - MOST_SHOWN:,} others" if len(value) > MOST_SHOWN else ""
    numbers = ", ".join(text.number(int(number)) for number in value[:MOST_SHOWN])
    return f"{numbers}{more}, of the whole numbers up to {MOST_TRIED:,}"


def in_latex(value: Any, order: Order, names: latex.Names | None = None) -> str:
    if isinstance(value, tuple):
        return latex.tuple_of([in_latex(item, order, names) for item in value])
    return latex.render(tree_of(value, order), names)


def _number(value: Fraction) -> str:
    if max(abs(value.numerator), value.denominator) >= 10**MAX_DIGITS:
        raise LimitError(f"the number has more than {MAX_DIGITS:,} digits")
    if value.denominator == 1:
        return text.number(value.numerator).replace("-", "−")
    decimal = _decimal(value)
    if decimal:
        return decimal
    about = f"{float(sympy.N(sympy.Rational(value.numerator, value.denominator), 7)):.6g}"
    return f"{value} ≈ {about.replace('e-0', 'e-').replace('e+0', 'e+')}"


def _decimal(value: Fraction) -> str:
    """The number as a decimal where it has few digits behind the point."""
    scaled = value * 10**DECIMALS
    if scaled.denominator != 1:
        return ""
    whole, behind = divmod(abs(scaled.numerator), 10**DECIMALS)
    return f"{'−' if value < 0 else ''}{whole:,}.{behind:0{DECIMALS}d}".rstrip("0")
